/** Reads the folder `lexicons/`; the analysis itself does no I/O. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LexiconFiles } from '../analysis/types.js';

/** Raised whenever the compiler lays a lexicon out differently. */
const LAYOUT = 5;

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

/** Where `npm run build` leaves the compiled lexicons, and a stamp of what it made them from. */
export const packedFolder = (): string => join(projectFolder(), 'dist', 'lexicons');

/** What the compiled lexicons were made from: sizes and times of every file, and the version these have together. */
export interface Stamp {
  layout: number;
  files: Record<string, [size: number, mtimeMs: number]>;
  version: string;
}

/** Names of the .tsv and .yaml files, sorted. */
function textNames(folder: string): string[] {
  const names: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      for (const name of readdirSync(join(folder, entry.name))) if (name.endsWith('.tsv')) names.push(`${entry.name}/${name}`);
    } else if (/\.(tsv|yaml)$/.test(entry.name)) names.push(entry.name);
  }
  return names.sort(); // prettier-ignore
}

export function stampOf(folder: string, version: string): Stamp {
  const files: Stamp['files'] = {};
  for (const name of textNames(folder)) {
    const { size, mtimeMs } = statSync(join(folder, name));
    files[name] = [size, Math.floor(mtimeMs)];
  }
  return { layout: LAYOUT, files, version };
}

/** Version of the lexicons: a hash of all but the taxonomy, which has one of its own; scoring.yaml names the models by their hashes. */
export function lexiconVersion(files: Pick<LexiconFiles, 'names' | 'text'>): string {
  const hash = createHash('sha256');
  for (const name of files.names) if (name !== 'taxonomy.yaml') hash.update(name).update(files.text(name));
  return hash.digest('hex').slice(0, 8);
}

/** The files of the folder; each is read when asked for. */
export function loadLexiconFiles(folder: string = lexiconFolder()): LexiconFiles {
  const names = textNames(folder);
  const bytes = (path: string): Uint8Array | undefined => (existsSync(path) ? readFileSync(path) : undefined);
  const text = (name: string): string => (names.includes(name) ? readFileSync(join(folder, name), 'utf8') : '');
  const model = (name: string): Uint8Array | undefined => bytes(join(folder, name));
  // Compiled from these very files, or not used at all: an edited word must count at once.
  const packed = packedFolder();
  const stampFile = join(packed, 'stamp.json');
  if (folder === lexiconFolder() && existsSync(stampFile)) {
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8')) as Stamp;
    if (JSON.stringify(stampOf(folder, stamp.version)) === JSON.stringify(stamp)) {
      return { names, text, model, version: stamp.version, packed: (language) => bytes(join(packed, `${language}.bin`)) };
    }
  }
  return { names, text, model, version: lexiconVersion({ names, text }) };
}
