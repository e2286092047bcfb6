/**
 * The n-gram model of a language: a linear model over words, pairs of words and the letters inside words, which hears complaints
 * that use no valence word ("ordered three, got one"). Fitted by `npm run fit`; its file is lexicons/<language>/ngrams.bin.
 *
 * Two outputs for a text: `sign`, the log-odds of positive against negative, and `neutral`, the log-odds of neutral against
 * either. Each is the bias plus the sum of the weights of the features divided by the square root of their number, words and pairs
 * counted more often than pieces of words.
 */
import { fold, shortenRuns } from '../text/fold.js';
import type { Units } from '../text/units.js';
import type { NgramWord, Word } from '../text/words.js';

/** Buckets a feature is hashed into. A power of two; two outputs of one byte each make 256 kB a language. */
export const BUCKETS = 1 << 17;
const MAGIC = 0x31474e55; // "UNG1"
const HEADER = 24;
const SHORTEST = 2;
const LONGEST = 5;
/**
 * How often a word as such, and a pair of words, count beside the pieces of words, which are many more. Chosen among 1, 2, 3, 5, 7 and
 * 9 on held-out own sentences and the sets that may be looked at: 77.1 two-way on average against 75.7 with 1.
 */
const WORD_COUNTS = 5;
const PAIR_COUNTS = 5;

const FNV = 0x811c9dc5;
const mix = (h: number, code: number): number => Math.imul(h ^ code, 0x01000193);
const finish = (h: number): number => {
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  return h >>> 0;
};

/** Hash of a whole word, for pairs. */
export function wordHash(folded: string): number {
  let h = FNV;
  for (let i = 0; i < folded.length; i++) h = mix(h, folded.charCodeAt(i));
  return finish(h);
}

/** Where `wordFeatures` writes: a word has at most 40 letters, and five n-grams a letter. */
export const scratchFeatures = new Int32Array(256);

/**
 * Buckets of one word, written to `scratchFeatures`: the word itself and its letter n-grams, `<` and `>` marking its ends.
 * @returns how many
 */
export function wordFeatures(folded: string): number {
  const shortened = shortenRuns(folded)[0] ?? folded;
  const text = `<${shortened}>`.slice(0, 40);
  const length = text.length;
  scratchFeatures[0] = wordHash(shortened) % BUCKETS;
  let count = 1;
  for (let start = 0; start < length; start++) {
    let h = FNV ^ 0x5bd1e995;
    const last = Math.min(LONGEST, length - start);
    for (let n = 1; n <= last; n++) {
      h = mix(h, text.charCodeAt(start + n - 1));
      if (n >= SHORTEST && n < length) scratchFeatures[count++] = finish(h) % BUCKETS;
    }
  }
  return count;
}

export const pairFeature = (first: number, second: number): number => finish(Math.imul(first, 0x9e3779b1) ^ second) % BUCKETS;

/** What pairs with the first and the last word of a clause. */
export const EDGE = 0x2545f491;

const HAS_DIGIT = /\d/;

/** The form of a word the model reads: folded, digits all alike. */
export const ngramForm = (language: string, surface: string): string => {
  const folded = fold(language, surface);
  return HAS_DIGIT.test(folded) ? folded.replace(/\d/g, '0') : folded;
};

/** Every feature of a text, as the model reads it: for fitting. Same walk as `NgramModel.score`. */
export function textFeatures(language: string, units: Units): number[] {
  const out: number[] = [];
  let before = EDGE;
  for (let i = 0; i < units.tokenCount; i++) {
    const word = units.token[i];
    if (word === undefined) continue;
    const form = ngramForm(language, word.surface);
    const hash = wordHash(form);
    if (units.tokenBreak[i] !== 0) before = EDGE;
    const count = wordFeatures(form);
    for (let k = 0; k < count; k++) out.push(scratchFeatures[k]!);
    for (let k = 1; k < WORD_COUNTS; k++) out.push(scratchFeatures[0]!);
    const pair = pairFeature(before, hash);
    for (let k = 0; k < PAIR_COUNTS; k++) out.push(pair);
    before = hash;
  }
  return out;
}

export interface NgramScore {
  /** Log-odds of positive against negative. */
  sign: number;
  /** Log-odds of neutral against either. */
  neutral: number;
}

export class NgramModel {
  constructor(
    readonly language: string,
    /** Place of this model in the caches of the words: one of its own. */
    readonly index: number,
    readonly sign: Int8Array,
    readonly neutral: Int8Array,
    /** Weight of one step of a byte, per output. */
    readonly signScale: number,
    readonly neutralScale: number,
    readonly signBias: number,
    readonly neutralBias: number,
  ) {}

  /** @throws Error where the bytes are no model of this version. */
  static parse(language: string, index: number, bytes: Uint8Array): NgramModel {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length !== HEADER + 2 * BUCKETS || view.getUint32(0, true) !== MAGIC) {
      throw new Error(
        `lexicons/${language}/ngrams.bin: expected an n-gram model of ${HEADER + 2 * BUCKETS} bytes, got ${bytes.length}; run \`npm run fit\``,
      );
    }
    const part = (offset: number): Int8Array => new Int8Array(bytes.buffer, bytes.byteOffset + offset, BUCKETS);
    return new NgramModel(
      language,
      index,
      part(HEADER),
      part(HEADER + BUCKETS),
      view.getFloat32(4, true),
      view.getFloat32(8, true),
      view.getFloat32(12, true),
      view.getFloat32(16, true),
    );
  }

  /** A model that knows nothing: a language before its first fit. */
  static empty(language: string, index: number): NgramModel {
    return new NgramModel(language, index, new Int8Array(BUCKETS), new Int8Array(BUCKETS), 1, 1, 0, 0);
  }

  serialise(): Uint8Array {
    const bytes = new Uint8Array(HEADER + 2 * BUCKETS);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, MAGIC, true);
    [this.signScale, this.neutralScale, this.signBias, this.neutralBias].forEach((x, i) => view.setFloat32(4 + 4 * i, x, true));
    bytes.set(new Uint8Array(this.sign.buffer, this.sign.byteOffset, BUCKETS), HEADER);
    bytes.set(new Uint8Array(this.neutral.buffer, this.neutral.byteOffset, BUCKETS), HEADER + BUCKETS);
    return bytes;
  }

  score(units: Units): NgramScore {
    let sign = 0;
    let neutral = 0;
    let features = 0;
    let before = EDGE;
    for (let i = 0; i < units.tokenCount; i++) {
      const word = units.token[i];
      if (word === undefined) continue;
      const known = word.ngrams[this.index] ?? this.#word(word);
      if (units.tokenBreak[i] !== 0) before = EDGE;
      const pair = pairFeature(before, known.hash);
      sign += known.sign + PAIR_COUNTS * this.sign[pair]!;
      neutral += known.neutral + PAIR_COUNTS * this.neutral[pair]!;
      features += known.features + PAIR_COUNTS;
      before = known.hash;
    }
    const norm = features === 0 ? 0 : 1 / Math.sqrt(features);
    return { sign: this.signBias + sign * norm * this.signScale, neutral: this.neutralBias + neutral * norm * this.neutralScale };
  }

  #word(word: Word): NgramWord {
    const form = ngramForm(this.language, word.surface);
    const features = wordFeatures(form);
    const whole = scratchFeatures[0]!;
    let sign = (WORD_COUNTS - 1) * this.sign[whole]!;
    let neutral = (WORD_COUNTS - 1) * this.neutral[whole]!;
    for (let k = 0; k < features; k++) {
      sign += this.sign[scratchFeatures[k]!]!;
      neutral += this.neutral[scratchFeatures[k]!]!;
    }
    const known: NgramWord = { hash: wordHash(form), features: features + WORD_COUNTS - 1, sign, neutral };
    while (word.ngrams.length < this.index) word.ngrams.push(undefined);
    word.ngrams[this.index] = known;
    return known;
  }

  /** The words that speak most for one side, at most `most`, with their share of the log-odds. */
  strongest(units: Units, side: 1 | -1, most: number): { start: number; end: number; weight: number; rule: string }[] {
    let features = 0;
    const found: { start: number; end: number; weight: number; rule: string }[] = [];
    let first = 0;
    for (let i = 0; i < units.tokenCount; i++) {
      const word = units.token[i];
      // A token of Thai spans several units; elsewhere it is one.
      const start = first;
      while (first < units.length && units.ordinal[first] === units.ordinal[start]) first++;
      if (word === undefined) continue;
      const known = word.ngrams[this.index] ?? this.#word(word);
      features += known.features + PAIR_COUNTS;
      if (known.sign * side > 0)
        found.push({ start: units.start[start]!, end: units.end[first - 1]!, weight: known.sign * this.signScale, rule: 'ngram' });
    }
    const norm = features === 0 ? 0 : 1 / Math.sqrt(features);
    for (const word of found) word.weight = Math.round(word.weight * norm * 100) / 100;
    return found
      .filter((w) => w.weight !== 0)
      .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.start - b.start)
      .slice(0, most)
      .sort((a, b) => a.start - b.start);
  }
}
