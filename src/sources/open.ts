/** Sources by their configuration, and configurations for paths given by hand. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { FilesSource, type SourceConfig } from '../config.js';
import { UnreadableSource } from './errors.js';
import { FilesReader } from './files.js';
import { isGlob } from './paths.js';
import type { Source } from './port.js';
import type { ReadOptions } from './record-file.js';

export { UnreadableSource } from './errors.js';

export function openSource(config: SourceConfig, options: ReadOptions): Source {
  return new FilesReader(config, options);
}

/**
 * A source for each file, folder or glob, named after it: `test/samples` is `samples`, `exports/2026 reviews.csv.gz` is
 * `s2026-reviews`; a name that is taken gets `-2`, `-3` ...
 * @throws UnreadableSource for a path that is not there.
 */
export function sourcesFromPaths(paths: string[]): SourceConfig[] {
  const taken = new Set<string>();
  return paths.map((path) => {
    if (!isGlob(path) && !existsSync(path)) throw new UnreadableSource(`${path}: expected a file or folder, found nothing there`);
    const base = nameFromPath(path);
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
    taken.add(name);
    return FilesSource.parse({ name, path: resolve(path) });
  });
}

/** The last part of the path that is no pattern, without extensions, as a source's name may be. */
export function nameFromPath(path: string): string {
  const segments = resolve(path)
    .split(/[\\/]/)
    .filter((segment) => segment !== '' && (!isGlob(segment) || existsSync(path)));
  const name = basename(segments.at(-1) ?? '')
    .replace(/\.(csv|tsv|txt|ndjson|jsonl|json)(\.gz)?$/i, '')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return /^[A-Za-z]/.test(name) ? name : name === '' ? 'files' : `s${name}`;
}
