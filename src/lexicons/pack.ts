/** Run by `npm run build`: compiles every lexicon once, so that no process has to. Fails on a fault in any file. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileLexicon } from '../analysis/lexicon/compile.js';
import { parseTaxonomy } from '../analysis/topics/taxonomy.js';
import { fingerprint, loadLexiconFiles, packedFolder } from './load.js';

const files = loadLexiconFiles();
const folder = packedFolder();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const taxonomy = parseTaxonomy(files.texts.get('taxonomy.yaml') ?? '');
for (const name of files.texts.keys()) {
  const [language, file] = name.split('/') as [string, string | undefined];
  if (file === 'sentiment.tsv') writeFileSync(join(folder, `${language}.bin`), compileLexicon(language, files, taxonomy.index));
}
writeFileSync(join(folder, 'fingerprint'), fingerprint(files.texts));
