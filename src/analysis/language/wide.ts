/** The wide detector's answer, and franc in its place where none is given. */
import { francAll } from 'franc';
import { ISO1, ISO3 } from './codes.js';

export interface LanguageGuess {
  code: string;
  /** 0 to 1. */
  share: number;
}

/** How undivided Serbo-Croatian (`sh`) is shared out. Set. */
const SERBO_CROATIAN = [
  ['sr', 0.4],
  ['hr', 0.3],
  ['bs', 0.3],
] as const;

export function sharesOf(guesses: readonly LanguageGuess[]): Map<string, number> {
  const shares = new Map<string, number>();
  const add = (code: string, share: number): void => void shares.set(code, (shares.get(code) ?? 0) + share);
  for (const { code, share } of guesses) {
    if (code === 'sh') for (const [member, part] of SERBO_CROATIAN) add(member, share * part);
    else add(code, share);
  }
  return shares;
}

/** franc among all the languages it and we know. */
export function francGuesses(text: string): LanguageGuess[] {
  const ranked = francAll(text.slice(0, 600), { only: Object.values(ISO3), minLength: 3 }).filter(([code]) => code !== 'und');
  // franc's best is always 1: the distance to it is all it says.
  const weights = ranked.slice(0, 5).map(([, score]) => Math.exp(20 * (score - 1)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return ranked.slice(0, 5).map(([code], i) => ({ code: ISO1.get(code) ?? code, share: weights[i]! / sum }));
}
