/** Fits lexicons/languages.bin: softmax regression on the project's own sentences, whole and cut into snippets. Deterministic. */
import { tokenize } from '../src/analysis/text/tokenize.js';
import { Units } from '../src/analysis/text/units.js';
import { WordCache } from '../src/analysis/text/words.js';
import { LANGUAGE_BUCKETS, LanguageModel, languageFeatures, languageForm } from '../src/analysis/language/model.js';

const EPOCHS = 4;
const RATE = 0.15;
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

const withoutAccents = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/ø/g, 'o').replace(/æ/g, 'ae').replace(/đ/g, 'dj').replace(/ß/g, 'ss'); // prettier-ignore

export function fitLanguages(sentences: ReadonlyMap<string, string[]>): LanguageModel {
  const languages = [...sentences.keys()].sort();
  const n = languages.length;
  let seed = 1_234_567;
  const random = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x7fffffff;
  const most = Math.max(...[...sentences.values()].map((s) => s.length));
  const data: { features: Int32Array; y: number }[] = [];
  const add = (words: readonly Int32Array[], y: number): void => {
    if (words.length > 0) data.push({ features: Int32Array.from(words.flatMap((w) => [...w])), y });
  };
  languages.forEach((language, y) => {
    const texts = sentences.get(language)!;
    // Every language weighs about the same, however many sentences it has.
    const repeat = Math.max(1, Math.min(8, Math.round(most / texts.length)));
    for (const text of texts) {
      const words = wordsOf(text);
      add(words, y);
      const plain = PLAIN_TOO.has(language) ? wordsOf(withoutAccents(text)) : words;
      for (let k = 0; k < repeat; k++) {
        const source = k % 2 === 1 ? plain : words;
        const length = 1 + Math.floor(random() * 5);
        const from = Math.floor(random() * Math.max(1, source.length - length + 1));
        add(source.slice(from, from + length), y);
      }
      if (plain !== words && random() < 0.3) add(plain, y);
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
      const { features, y } = data[i]!;
      const value = 1 / Math.sqrt(features.length);
      z.set(bias);
      for (const f of features) for (let k = 0; k < n; k++) z[k]! += weights[f * n + k]! * value;
      const top = Math.max(...z);
      let sum = 0;
      for (let k = 0; k < n; k++) sum += z[k] = Math.exp(z[k]! - top);
      for (let k = 0; k < n; k++) {
        const error = z[k]! / sum - (k === y ? 1 : 0);
        if (Math.abs(error) < 1e-4) continue;
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
