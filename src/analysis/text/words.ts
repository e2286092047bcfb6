/**
 * Distinct surface forms seen lately, each with what was worked out about it. Feedback repeats its words, so lower-casing,
 * folding and dictionary look-ups are paid once a form and not once a token. Bounded: twice the capacity at most.
 */
const CAPACITY = 40_000;

/** Sums over the features of one word, and its hash for pairs. */
export interface NgramWord {
  hash: number;
  features: number;
  sign: number;
  neutral: number;
}

export interface Word {
  readonly surface: string;
  /** Letters or digits, not an emoji or emoticon. */
  readonly isWord: boolean;
  /** `9/10`, `2/5`: the share given, 0 to 1; NaN for every other word. */
  readonly mark: number;
  /** Two or more letters, all of them capitals. */
  readonly capitals: boolean;
  /** Per language (index of the language): the dictionary symbols this word can stand for. Filled by the lexicon. */
  readonly symbols: (Int32Array | undefined)[];
  /** Per language: what the n-gram model makes of the word. Filled by the model. */
  readonly ngrams: (NgramWord | undefined)[];
  /** Where the language model keeps its evidence on the word (-1: it has no letters), and in which filling of its table. */
  votesAt: number;
  votesFilling: number;
  /** Filled by the language detector: bits of the languages that know the word. */
  known: number | undefined;
  /** Filled by the language detector: languages it speaks for among their relatives, with weights. */
  markers: readonly (readonly [string, number])[] | undefined;
}

function markOf(surface: string): number {
  if (surface.length > 7 || !surface.includes('/')) return Number.NaN;
  const [, given, most] = /^(\d{1,3}(?:[.,]\d)?)\/(5|10|100)$/.exec(surface) ?? [];
  if (given === undefined) return Number.NaN;
  const share = Number(given.replace(',', '.')) / Number(most);
  return share <= 1 ? share : Number.NaN;
}

export class WordCache {
  /** Words seen since the last turn, and those seen before it: frequent ones move over, rare ones fall out at the next turn. */
  #young = new Map<string, Word>();
  #old = new Map<string, Word>();

  get(surface: string): Word {
    const known = this.#young.get(surface);
    if (known !== undefined) return known;
    let word = this.#old.get(surface);
    if (word === undefined) {
      // A slice of a large text would keep the whole text alive: this makes a flat copy.
      const copy = surface.length > 12 ? Buffer.from(surface, 'utf16le').toString('utf16le') : surface;
      word = {
        surface: copy,
        isWord: /^[\p{L}\p{M}\p{N}]/u.test(copy),
        mark: markOf(copy),
        capitals: surface.length > 1 && copy === copy.toUpperCase() && copy !== copy.toLowerCase(),
        symbols: [],
        ngrams: [],
        votesAt: -1,
        votesFilling: 0,
        known: undefined,
        markers: undefined,
      };
    }
    if (this.#young.size >= CAPACITY) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(word.surface, word);
    return word;
  }
}
