/** The folder of the shop's own lexicon, for the commands that write into it. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { shopLexiconsBeside, type LoadedConfig } from '../config.js';
import { isOurs } from '../lexicons/overlay.js';
import { UsageError } from './exit.js';

/** Where the shop's own lexicon is or will be; undefined where nothing says it. @throws UsageError where that is our own. */
export function shopFolder({ config, file }: LoadedConfig): string | undefined {
  const folder = config.lexicons ?? (file === undefined ? undefined : shopLexiconsBeside(file));
  if (folder !== undefined && isOurs(folder)) {
    throw new UsageError(`lexicons: ${folder} is Undertone's own lexicon. Set lexicons in undertone.yaml to a folder of the shop's`);
  }
  return folder;
}

/** Whole or not at all: a night that reads it meanwhile finds the old one or the new one. */
export function writeWhole(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const making = `${path}.${process.pid}`;
  writeFileSync(making, content);
  renameSync(making, path);
}
