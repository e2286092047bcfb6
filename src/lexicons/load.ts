/** Reads the folder `lexicons/`; the analysis itself does no I/O. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LexiconFiles } from '../analysis/types.js';

/** The project's own lexicons, beside package.json wherever this file was compiled to. */
export function lexiconFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const up = dirname(folder);
    if (up === folder) throw new Error(`lexicons/: no package.json above ${fileURLToPath(import.meta.url)}`);
    folder = up;
  }
  return join(folder, 'lexicons');
}

/** Every .tsv and .yaml file; models are read when asked for. */
export function loadLexiconFiles(folder: string = lexiconFolder()): LexiconFiles {
  const texts = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      for (const name of readdirSync(join(folder, entry.name)).sort()) {
        if (name.endsWith('.tsv')) texts.set(`${entry.name}/${name}`, readFileSync(join(folder, entry.name, name), 'utf8'));
      }
    } else if (/\.(tsv|yaml)$/.test(entry.name)) texts.set(entry.name, readFileSync(join(folder, entry.name), 'utf8'));
  }
  return {
    texts,
    model: (name) => {
      const path = join(folder, name);
      return existsSync(path) ? readFileSync(path) : undefined;
    },
  };
}
