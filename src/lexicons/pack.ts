/** Run by `npm run build`: compiles every lexicon once, so that no process has to. Fails on a fault in any file. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileLexicon } from '../analysis/lexicon/compile.js';
import { parseTaxonomy } from '../analysis/topics/taxonomy.js';
import { lexiconFolder, loadLexiconFiles, packedFolder, stampOf } from './load.js';

const folder = packedFolder();
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const files = loadLexiconFiles();
const taxonomy = parseTaxonomy(files.text('taxonomy.yaml'));
for (const name of files.names) {
  const [language, file] = name.split('/') as [string, string | undefined];
  if (file === 'sentiment.tsv') writeFileSync(join(folder, `${language}.bin`), compileLexicon(language, files, taxonomy.index));
}
writeFileSync(join(folder, 'stamp.json'), JSON.stringify(stampOf(lexiconFolder(), files.version)));
