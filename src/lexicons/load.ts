/** Reads the folder `lexicons/`; the analysis itself does no I/O. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LexiconFiles } from '../analysis/types.js';

/** Raised whenever the compiler lays a lexicon out differently. */
const LAYOUT = 1;

/** The project's own folder, the one with package.json, wherever this file was compiled to. */
function projectFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const up = dirname(folder);
    if (up === folder) throw new Error(`lexicons/: no package.json above ${fileURLToPath(import.meta.url)}`);
    folder = up;
  }
  return folder;
}

/** The lexicons themselves, as people edit them. */
export const lexiconFolder = (): string => join(projectFolder(), 'lexicons');

/** Where `npm run build` leaves the compiled lexicons. */
export const packedFolder = (): string => join(projectFolder(), 'dist', 'lexicons');

/** Names what the compiled lexicons were made from. */
export function fingerprint(texts: ReadonlyMap<string, string>): string {
  const hash = createHash('sha1').update(`layout ${LAYOUT}`);
  for (const [name, content] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) hash.update(name).update(content);
  return hash.digest('hex');
}

/** Every .tsv and .yaml file; models and compiled lexicons are read when asked for. */
export function loadLexiconFiles(folder: string = lexiconFolder()): LexiconFiles {
  const texts = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      for (const name of readdirSync(join(folder, entry.name)).sort()) {
        if (name.endsWith('.tsv')) texts.set(`${entry.name}/${name}`, readFileSync(join(folder, entry.name, name), 'utf8'));
      }
    } else if (/\.(tsv|yaml)$/.test(entry.name)) texts.set(entry.name, readFileSync(join(folder, entry.name), 'utf8'));
  }
  // Compiled from these very files, or not used at all: an edited word must count at once.
  const packed = packedFolder();
  const stamp = join(packed, 'fingerprint');
  const fresh = existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(texts);
  const bytes = (path: string): Uint8Array | undefined => (existsSync(path) ? readFileSync(path) : undefined);
  return {
    texts,
    model: (name) => bytes(join(folder, name)),
    ...(fresh ? { packed: (language: string) => bytes(join(packed, `${language}.bin`)) } : {}),
  };
}
