/**
 * Distinct surface forms seen lately, each with what was worked out about it. Feedback repeats its words, so lower-casing,
 * folding and dictionary look-ups are paid once a form and not once a token. Bounded: emptied when it is full.
 */
import { DIGIT, KIND_OF, LETTER, MARK } from './characters.js';

const CAPACITY = 80_000;
/** A power of two, well above the capacity. */
const SLOTS = 1 << 17;

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

/** A slice keeps the text it was cut from alive: of a longer text the words are copied. */
const SLICE_OF = 4_000;

function newWord(text: string, start: number, end: number): Word {
  const slice = text.slice(start, end);
  const surface = text.length > SLICE_OF ? Buffer.from(slice, 'utf16le').toString('utf16le') : slice;
  const kind = KIND_OF[surface.charCodeAt(0)];
  return {
    surface,
    isWord: kind === LETTER || kind === DIGIT || kind === MARK || /^[\p{L}\p{M}\p{N}]/u.test(surface),
    mark: kind === DIGIT ? markOf(surface) : Number.NaN,
    capitals: surface.length > 1 && surface === surface.toUpperCase() && surface !== surface.toLowerCase(),
    symbols: [],
    ngrams: [],
    votesAt: -1,
    votesFilling: 0,
    known: undefined,
    markers: undefined,
  };
}

/** A hash table keyed by the characters where they stand in the text: the usual look-up cuts no string out. */
export class WordCache {
  readonly #slots = new Int32Array(SLOTS);
  readonly #hashes = new Int32Array(CAPACITY);
  #words: Word[] = [];

  /** The word from `start` up to `end` of a text. */
  get(text: string, start = 0, end = text.length): Word {
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash ^= hash >>> 15;
    const slots = this.#slots;
    let slot = hash & (SLOTS - 1);
    for (let number = slots[slot]!; number !== 0; number = slots[slot]!) {
      if (this.#hashes[number - 1] === hash) {
        const word = this.#words[number - 1]!;
        if (sameText(word.surface, text, start, end)) return word;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (this.#words.length === CAPACITY) {
      slots.fill(0);
      this.#words = [];
      slot = hash & (SLOTS - 1);
    }
    const word = newWord(text, start, end);
    this.#hashes[this.#words.length] = hash;
    slots[slot] = this.#words.push(word);
    return word;
  }
}

function sameText(surface: string, text: string, start: number, end: number): boolean {
  if (surface.length !== end - start) return false;
  for (let i = 0; i < surface.length; i++) if (surface.charCodeAt(i) !== text.charCodeAt(start + i)) return false;
  return true;
}
