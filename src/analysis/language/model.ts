/**
 * A linear model over words and the letters inside them that tells the languages apart that have a lexicon, and those that are most often taken for them.
 * Fitted by `npm run fit` on the project's own sentences; its file is lexicons/languages.bin. What it makes of a word is kept
 * with the word, so a text costs a few additions a word.
 */
import { cyrillicToLatin } from '../text/fold.js';
import type { Units } from '../text/units.js';
import type { Word } from '../text/words.js';
import { scratchFeatures, wordFeatures } from '../sentiment/ngrams.js';

export const LANGUAGE_BUCKETS = 1 << 16;
const MAGIC = 0x314c4e55; // "UNL1"
const HEADER = 16;

const ASCII = /^[\x20-\x7e]*$/;

/** Lower case, accents kept (they tell languages apart), Cyrillic in Latin letters. */
export const languageForm = (surface: string): string => {
  const lower = surface.toLowerCase();
  if (ASCII.test(lower)) return lower;
  const composed = lower.normalize('NFC');
  return /[а-џ]/.test(composed) ? cyrillicToLatin(composed) : composed;
};

/** Buckets of a word, for fitting. */
export const languageFeatures = (form: string): Int32Array => scratchFeatures.slice(0, wordFeatures(form)).map((bucket) => bucket & (LANGUAGE_BUCKETS - 1)); // prettier-ignore

const HAS_LETTER = /\p{L}/u;
/** Words whose evidence is kept: one table, since an array a word costs more than what it holds. Refilled when full. */
const TABLE_WORDS = 40_000;
const NO_LETTERS = -1;

export class LanguageModel {
  readonly #table: Float32Array;
  #next = 0;
  #filling = 1;

  constructor(
    readonly languages: readonly string[],
    /** languages.length weights a bucket. */
    readonly weights: Int8Array,
    readonly scale: number,
    readonly bias: Float32Array,
  ) {
    this.#table = new Float32Array(TABLE_WORDS * (languages.length + 1));
  }

  /** @throws Error where the bytes are no model of this version. */
  static parse(bytes: Uint8Array): LanguageModel {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < HEADER || view.getUint32(0, true) !== MAGIC)
      throw new Error('lexicons/languages.bin: expected a language model; run `npm run fit`');
    const count = view.getUint32(4, true);
    const scale = view.getFloat32(8, true);
    const bias = Float32Array.from({ length: count }, (_, i) => view.getFloat32(HEADER + 4 * i, true));
    const names = HEADER + 4 * count;
    const languages = Array.from({ length: count }, (_, i) => String.fromCharCode(bytes[names + 2 * i]!, bytes[names + 2 * i + 1]!));
    const weights = new Int8Array(bytes.buffer, bytes.byteOffset + names + 2 * count, LANGUAGE_BUCKETS * count);
    return new LanguageModel(languages, weights, scale, bias);
  }

  serialise(): Uint8Array {
    const count = this.languages.length;
    const names = HEADER + 4 * count;
    const bytes = new Uint8Array(names + 2 * count + this.weights.length);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, MAGIC, true);
    view.setUint32(4, count, true);
    view.setFloat32(8, this.scale, true);
    this.bias.forEach((b, i) => view.setFloat32(HEADER + 4 * i, b, true));
    this.languages.forEach((code, i) => bytes.set([code.charCodeAt(0), code.charCodeAt(1)], names + 2 * i));
    bytes.set(new Uint8Array(this.weights.buffer, this.weights.byteOffset, this.weights.length), names + 2 * count);
    return bytes;
  }

  /** Logits by language into `out`, of the tokens from `from` up to `to`; returns how many words had letters. */
  logits(units: Units, from: number, to: number, out: Float64Array): number {
    out.fill(0);
    const table = this.#table;
    let features = 0;
    let words = 0;
    for (let i = from; i < to; i++) {
      const word = units.token[i];
      if (word === undefined) continue;
      const at = word.votesFilling === this.#filling ? word.votesAt : this.#votes(word);
      if (at === NO_LETTERS) continue;
      words++;
      features += table[at + out.length]!;
      for (let k = 0; k < out.length; k++) out[k]! += table[at + k]!;
    }
    const norm = features === 0 ? 0 : this.scale / Math.sqrt(features);
    for (let k = 0; k < out.length; k++) out[k] = out[k]! * norm + this.bias[k]!;
    return words;
  }

  /** Puts the word's sums by language into the table, and behind them its number of features; returns where. */
  #votes(word: Word): number {
    const n = this.languages.length;
    if (this.#next === TABLE_WORDS) {
      this.#next = 0;
      this.#filling++;
    }
    word.votesFilling = this.#filling;
    if (!HAS_LETTER.test(word.surface)) return (word.votesAt = NO_LETTERS);
    const at = this.#next++ * (n + 1);
    const { weights } = this;
    const table = this.#table.fill(0, at, at + n);
    const features = wordFeatures(languageForm(word.surface));
    for (let f = 0; f < features; f++) {
      const row = (scratchFeatures[f]! & (LANGUAGE_BUCKETS - 1)) * n;
      for (let k = 0; k < n; k++) table[at + k]! += weights[row + k]!;
    }
    table[at + n] = features;
    return (word.votesAt = at);
  }
}
