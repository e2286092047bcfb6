/** Words and phrases of a text, as keys that can be counted. */

/** One word of a text, as the reader of the language gives it. */
export interface TermWord {
  /** UTF-16 code units, end exclusive. */
  start: number;
  end: number;
  /** What it is counted as: equal for its inflected forms. Empty where it can be in no term: a number, the shop's name. */
  stem: string;
  /** It carries meaning: it may stand alone, and begin or end a phrase. */
  content: boolean;
  /** It may begin a phrase although it cannot stand alone: a negator. */
  opens: boolean;
  /** Nothing but space between the word before and this one. */
  joined: boolean;
}

/** Splits the part of a text from `from` up to `to` into words, in any language. */
export type ReadWords = (language: string, text: string, from: number, to: number) => TermWord[];

/** Words in the longest phrase. */
export const LONGEST = 3;

/** A word or phrase where it stands. */
export interface TermPlace {
  /** Whole, from 1 up to 2^52: a hash of language and stems. At 30 million different terms about one pair in all shares one. */
  key: number;
  /** Words in it. */
  length: number;
  /** Positions in the list of words, end exclusive. */
  from: number;
  to: number;
}

/** Every term of the text, repeats included. A phrase does not cross the end of a clause, and begins and ends with a word of meaning. */
export function termsOf(language: string, words: readonly TermWord[]): TermPlace[] {
  const places: TermPlace[] = [];
  const seed = hashOf(language, 0x811c9dc5, 0x9747b28c);
  for (let from = 0; from < words.length; from++) {
    const first = words[from]!;
    if (first.stem === '' || !(first.content || first.opens)) continue;
    let hash = seed;
    for (let to = from; to < words.length && to < from + LONGEST; to++) {
      const last = words[to]!;
      if (last.stem === '' || (to > from && !last.joined)) break;
      hash = hashOf(last.stem, hash[0], hash[1]);
      if (last.content) places.push({ key: keyOf(hash), length: to - from + 1, from, to: to + 1 });
    }
  }
  return places;
}

type Hash = readonly [number, number];

/** Two hashes (FNV-1a and one with another multiplier) that go on from where they were; a space ends each word. */
function hashOf(text: string, first: number, second: number): Hash {
  let [a, b] = [first, second];
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : 32;
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul((b ^ code) + (b >>> 15), 0x85ebca6b);
  }
  return [a, b];
}

const mixed = (x: number): number => {
  const y = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  const z = Math.imul(y ^ (y >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
};

const keyOf = ([a, b]: Hash): number => mixed(a) * 0x100000 + (mixed(b) & 0xfffff) + 1;

/** Of any text, such as an author's pseudonym; whole, from 1 up to 2^52. */
export const keyOfText = (text: string): number => keyOf(hashOf(text, 0x811c9dc5, 0x9747b28c));

/** Of two keys in this order. */
export const keyOfPair = (a: number, b: number): number =>
  keyOf([Math.imul((a % 0x100000000) ^ Math.imul(b % 0x100000000, 0x9e3779b1), 0x01000193), (a / 0x100000) ^ Math.imul((b / 0x100000) | 0, 0xc2b2ae35)]); // prettier-ignore
