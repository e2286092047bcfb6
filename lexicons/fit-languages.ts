/** Fits lexicons/languages.bin: softmax regression on the project's own sentences, whole and cut into snippets. Deterministic. */
import { tokenize } from '../src/analysis/text/tokenize.js';
import { Units } from '../src/analysis/text/units.js';
import { WordCache } from '../src/analysis/text/words.js';
import { isWrittenIn } from '../src/analysis/language/scripts.js';
import { LANGUAGE_BUCKETS, LanguageModel, languageFeatures, languageForm } from '../src/analysis/language/model.js';

const EPOCHS = 4;
const RATE = 0.15;
/** Examples drawn for each language, and at most this many of one text. */
const EXAMPLES = 7_000;
const MOST_OFTEN = 12;
/** Share of the examples that are whole texts; the others are one to five words in a row. */
const WHOLE = 0.25;
/** Share typed without accents, in the languages where that is common. */
const PLAIN = 0.35;
/** Languages often typed without their accents: fitted on both spellings. */
const PLAIN_TOO = new Set(['sr', 'pt', 'es', 'fr', 'it', 'sv', 'de', 'da', 'nb']);

const units = new Units();
const cache = new WordCache();

/** Feature lists of the words of a text that have letters. */
function wordsOf(text: string): Int32Array[] {
  tokenize(text, units, cache, false);
  const out: Int32Array[] = [];
  for (let i = 0; i < units.tokenCount; i++) {
    const surface = units.token[i]?.surface;
    if (surface !== undefined && /\p{L}/u.test(surface)) out.push(languageFeatures(languageForm(surface)));
  }
  return out;
}

/** Rarer words may be misspelt, or of another language. */
const SEEN = 3;

/** Content of a language's words.tsv: the words its sentences use, commonest first. */
export function knownWords(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) {
    tokenize(text, units, cache, false);
    for (let i = 0; i < units.tokenCount; i++) {
      const surface = units.token[i]?.surface;
      if (surface === undefined || !/\p{L}/u.test(surface)) continue;
      const form = languageForm(surface);
      counts.set(form, (counts.get(form) ?? 0) + 1);
    }
  }
  const words = [...counts].filter(([, n]) => n >= SEEN).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)); // prettier-ignore
  return `# Words the language's own sentences use three times or more, commonest first: how much of a text they cover tells whether it is in this language at all.\n${words.map(([word]) => `${word}\n`).join('')}`;
}

const withoutAccents = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/ø/g, 'o').replace(/æ/g, 'ae').replace(/đ/g, 'dj').replace(/ß/g, 'ss'); // prettier-ignore

export function fitLanguages(sentences: ReadonlyMap<string, string[]>): LanguageModel {
  const languages = [...sentences.keys()].sort();
  const n = languages.length;
  let seed = 1_234_567;
  const random = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x7fffffff;
  // A text is only ever held against the languages of its script; Serbian is in both.
  const latin = languages.flatMap((code, k) => (isWrittenIn('Latin', code) ? [k] : []));
  const cyrillic = languages.flatMap((code, k) => (isWrittenIn('Cyrillic', code) ? [k] : []));
  const data: { features: Int32Array; y: number; rivals: readonly number[] }[] = [];
  const add = (words: readonly Int32Array[], y: number): void => {
    if (words.length === 0) return;
    const features = Int32Array.from(words.flatMap((w) => [...w]));
    if (latin.includes(y)) data.push({ features, y, rivals: latin });
    if (cyrillic.includes(y)) data.push({ features, y, rivals: cyrillic });
  };
  languages.forEach((language, y) => {
    const texts = sentences.get(language)!.map((text) => {
      const words = wordsOf(text);
      return { words, plain: PLAIN_TOO.has(language) ? wordsOf(withoutAccents(text)) : words };
    });
    // Every language gets the same number of examples, or the model would lean to the one with the most sentences.
    const count = Math.min(EXAMPLES, MOST_OFTEN * texts.length);
    for (let i = 0; i < count; i++) {
      const { words, plain } = texts[i % texts.length]!;
      const source = random() < PLAIN ? plain : words;
      if (random() < WHOLE) add(source, y);
      else {
        const length = 1 + Math.floor(random() * 5);
        const from = Math.floor(random() * Math.max(1, source.length - length + 1));
        add(source.slice(from, from + length), y);
      }
    }
  });
  const weights = new Float64Array(LANGUAGE_BUCKETS * n);
  const squares = new Float64Array(LANGUAGE_BUCKETS * n).fill(1e-8);
  const bias = new Float64Array(n);
  const z = new Float64Array(n);
  const order = data.map((_, i) => i);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (const i of order) {
      const { features, y, rivals } = data[i]!;
      const value = 1 / Math.sqrt(features.length);
      let top = -Infinity;
      for (const k of rivals) {
        let logit = 0;
        for (const f of features) logit += weights[f * n + k]!;
        z[k] = logit = bias[k]! + logit * value;
        if (logit > top) top = logit;
      }
      let sum = 0;
      for (const k of rivals) sum += z[k] = Math.exp(z[k]! - top);
      for (const k of rivals) {
        const error = z[k]! / sum - (k === y ? 1 : 0);
        if (Math.abs(error) < 1e-3) continue;
        const gradient = error * value;
        for (const f of features) {
          const at = f * n + k;
          squares[at]! += gradient * gradient;
          weights[at]! -= (RATE * gradient) / Math.sqrt(squares[at]!);
        }
        bias[k]! -= 0.002 * error;
      }
    }
  }
  const sizes = Float64Array.from(weights, Math.abs).filter((w) => w > 0).sort(); // prettier-ignore
  const scale = (sizes[Math.floor(sizes.length * 0.999)] ?? 1) / 127;
  const bytes = Int8Array.from(weights, (w) => Math.max(-127, Math.min(127, Math.round(w / scale))));
  return new LanguageModel(languages, bytes, scale, Float32Array.from(bias));
}
