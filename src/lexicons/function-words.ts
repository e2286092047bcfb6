/** lexicons/function-words.txt: words of which no term is made. No part of the analysis, and so not of its version. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fold } from '../analysis/text/fold.js';
import { lexiconFolder } from './load.js';

/** Folded, as words of a text are. @throws Error for a language the file does not have. */
export function functionWords(language: string): Set<string> {
  const lines = readFileSync(join(lexiconFolder(), 'function-words.txt'), 'utf8').split('\n');
  const words = lines.find((line) => line.startsWith(`${language}\t`))?.split('\t')[1];
  if (words === undefined) throw new Error(`lexicons/function-words.txt: expected a line for ${language}, found none`);
  return new Set(words.split(' ').filter((word) => word !== '').map((word) => (language === 'th' ? [...word] : [word]).map((part) => fold(language, part)).join(''))); // prettier-ignore
}
