/**
 * `npm run fit`: fits the n-gram models, lexicons/<language>/ngrams.bin, on the project's own labelled sentences and on the `train`
 * rows of the outside sets whose licence allows it, where these are at hand. Deterministic: the same input gives the same bytes.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Units } from '../src/analysis/text/units.js';
import { tokenize, tokenizeThai } from '../src/analysis/text/tokenize.js';
import { WordCache } from '../src/analysis/text/words.js';
import { createAnalyzer, type UndertoneAnalyzer } from '../src/analysis/analyzer.js';
import { FEATURES, documentFeatures } from '../src/analysis/sentiment/features.js';
import { BUCKETS, NgramModel, textFeatures } from '../src/analysis/sentiment/ngrams.js';
import { loadLexiconFiles } from '../src/lexicons/load.js';
import { createHash } from 'node:crypto';
import { fitLanguages, knownWords } from './fit-languages.js';
import { isHeldOut } from '../src/accuracy/held-out.js';

const OWN = new URL('../test/accuracy/own/', import.meta.url).pathname;
const OUTSIDE = process.env['UNDERTONE_EVAL'] ?? new URL('../../shared/eval/', import.meta.url).pathname;
/** Licences: lexicons/README.md. */
const OUTSIDE_SETS: Record<string, string[]> = { id: ['smsa-id'], th: ['wisesight-th'], en: ['nusax-en'] };

export interface Example {
  text: string;
  label: 'negative' | 'neutral' | 'positive' | 'mixed';
}

const lines = (file: string): (Example & { split?: string })[] =>
  readFileSync(file, 'utf8').split('\n').filter((l) => l !== '').map((l) => JSON.parse(l) as Example); // prettier-ignore

export function examples(language: string, part: 'fit' | 'held-out'): Example[] {
  const own = readdirSync(join(OWN, language)).filter((f) => f.endsWith('.ndjson')).sort().flatMap((file) => lines(join(OWN, language, file))); // prettier-ignore
  const rows = own.filter((row) => isHeldOut(row.text) === (part === 'held-out'));
  if (part === 'held-out') return rows;
  for (const set of OUTSIDE_SETS[language] ?? []) {
    const file = join(OUTSIDE, `${set}.jsonl`);
    if (existsSync(file)) rows.push(...lines(file).filter((row) => row.split === 'train' && row.label !== null));
    else process.stderr.write(`${language}: ${set} is not at hand; fitted without it\n`);
  }
  return rows;
}

const units = new Units();
const cache = new WordCache();
export function featuresOf(language: string, text: string): number[] {
  if (language === 'th') tokenizeThai(text, units, cache);
  else tokenize(text, units, cache, language === 'fr' || language === 'it');
  return textFeatures(language, units);
}

/** Logistic regression by AdaGrad with L2, on features each worth 1 / sqrt(how many the text has). */
export function fitLogistic(data: { features: number[]; y: 0 | 1 }[], epochs: number, rate: number, l2: number): { weights: Float64Array; bias: number } {
  const weights = new Float64Array(BUCKETS);
  const squares = new Float64Array(BUCKETS).fill(1e-8);
  let bias = 0;
  let biasSquare = 1e-8;
  let seed = 20_240_611;
  const random = (): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff) / 0x7fffffff;
  const order = data.map((_, i) => i);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (const i of order) {
      const { features, y } = data[i]!;
      if (features.length === 0) continue;
      const value = 1 / Math.sqrt(features.length);
      let z = bias;
      for (const f of features) z += weights[f]! * value;
      const error = 1 / (1 + Math.exp(-z)) - y;
      for (const f of features) {
        const gradient = error * value + l2 * weights[f]!;
        squares[f]! += gradient * gradient;
        weights[f]! -= (rate * gradient) / Math.sqrt(squares[f]!);
      }
      biasSquare += error * error;
      bias -= (rate * error) / Math.sqrt(biasSquare);
    }
  }
  return { weights, bias };
}

const quantise = (weights: Float64Array): { bytes: Int8Array; scale: number } => {
  const sorted = Float64Array.from(weights, Math.abs).filter((w) => w > 0).sort(); // prettier-ignore
  const top = sorted[Math.floor(sorted.length * 0.9995)] ?? 1;
  const scale = top / 127;
  return { bytes: Int8Array.from(weights, (w) => Math.max(-127, Math.min(127, Math.round(w / scale)))), scale };
};

/** Chosen on the held-out fifth and found to matter little. */
export const SETTINGS = { epochs: 12, rate: 0.1, l2: 2e-4 };

export function fitModel(language: string, index: number, rows: readonly Example[], settings = SETTINGS): NgramModel {
  const data = rows.filter((r) => r.label !== 'mixed').map((r) => ({ features: featuresOf(language, r.text), label: r.label }));
  const { epochs, rate, l2 } = settings;
  const sign = fitLogistic(
    data.filter((d) => d.label !== 'neutral').map((d) => ({ features: d.features, y: d.label === 'positive' ? 1 : 0 })),
    epochs, rate, l2,
  ); // prettier-ignore
  const neutral = fitLogistic(
    data.map((d) => ({ features: d.features, y: d.label === 'neutral' ? 1 : 0 })),
    epochs, rate, l2,
  ); // prettier-ignore
  const [s, n] = [quantise(sign.weights), quantise(neutral.weights)];
  return new NgramModel(language, index, s.bytes, n.bytes, s.scale, n.scale, sign.bias, neutral.bias);
}

/** Rows of the outside sets are real feedback: they count this often. Chosen among 3, 6 and 10 by what the sets that may be read gained together. */
const OUTSIDE_WEIGHT = 6;
const FOLDS = 4;
const CLASS = { negative: 0, neutral: 1, mixed: 1, positive: 2 } as const;

interface Row {
  values: Float64Array;
  y: 0 | 1 | 2;
  weight: number;
}

/** The values of FEATURES of each example, the n-grams' part from a model that has not seen it. */
function documentRows(analyzer: UndertoneAnalyzer, language: string, rows: readonly Example[], nextIndex: () => number): Row[] {
  const lexicon = analyzer.lexicon(language)!;
  const out: Row[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = fitModel(language, nextIndex(), rows.filter((_, i) => i % FOLDS !== fold)); // prettier-ignore
    rows.forEach((row, i) => {
      if (i % FOLDS !== fold) return;
      const { units, scored } = analyzer.read(row.text, lexicon);
      const values = documentFeatures([{ units, scored, ngrams: model.score(units) }], new Float64Array(FEATURES.length));
      out.push({ values, y: CLASS[row.label], weight: 'split' in row ? OUTSIDE_WEIGHT : 1 });
    });
  }
  return out;
}

/** Multinomial logistic regression by accelerated gradient descent on standardised features; L2 of 1 / rows. */
function fitDocuments(rows: readonly Row[], iterations = 500): Fitted[] {
  const k = FEATURES.length;
  const total = rows.reduce((sum, r) => sum + r.weight, 0);
  const mean = new Float64Array(k);
  const spread = new Float64Array(k);
  for (const { values, weight } of rows) for (let j = 0; j < k; j++) mean[j]! += (weight * values[j]!) / total;
  for (const { values, weight } of rows) for (let j = 0; j < k; j++) spread[j]! += (weight * (values[j]! - mean[j]!) ** 2) / total;
  for (let j = 0; j < k; j++) spread[j] = Math.sqrt(spread[j]!) || 1;
  const x = rows.map(({ values }) => Float64Array.from([...values].map((v, j) => (v - mean[j]!) / spread[j]!).concat(1)));
  const size = 3 * (k + 1);
  let at = new Float64Array(size);
  let before = new Float64Array(size);
  const step = 1.2;
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const momentum = (iteration - 1) / (iteration + 2);
    const ahead = at.map((v, i) => v + momentum * (v - before[i]!));
    const gradient = new Float64Array(size);
    rows.forEach(({ y, weight }, r) => {
      const xr = x[r]!;
      const z = [0, 0, 0];
      for (let c = 0; c < 3; c++) for (let j = 0; j <= k; j++) z[c]! += ahead[c * (k + 1) + j]! * xr[j]!;
      const top = Math.max(...z);
      const e = z.map((v) => Math.exp(v - top));
      const sum = e[0]! + e[1]! + e[2]!;
      for (let c = 0; c < 3; c++) {
        const error = (weight / total) * (e[c]! / sum - (c === y ? 1 : 0));
        for (let j = 0; j <= k; j++) gradient[c * (k + 1) + j]! += error * xr[j]!;
      }
    });
    before = at;
    at = ahead.map((v, i) => v - (step / 4) * (gradient[i]! + v / total));
  }
  return [0, 1, 2].map((c) => {
    const weights = Array.from({ length: k }, (_, j) => at[c * (k + 1) + j]! / spread[j]!);
    return { weights, bias: at[c * (k + 1) + k]! - weights.reduce((sum, w, j) => sum + w * mean[j]!, 0) };
  });
}

function withoutNeutrality(rows: readonly Row[]): Row[] {
  return rows.map((row) => ({ ...row, values: row.values.map((v, j) => (NEUTRALITY.has(FEATURES[j]!) ? 0 : v)) }));
}

/** Features that say how neutral the n-grams find a text. What is neutral in the project's own sentences is narrower than in the world. */
const NEUTRALITY = new Set<string>(['ngramNeutral', 'nothingNeutral', 'ngramSize']);
/** How far the weights with those features are trusted: wholly where rows of real feedback with neutral labels were fitted on. */
const TRUST_REAL = 1;
const TRUST_OWN = 0.3;

interface Fitted {
  bias: number;
  weights: number[];
}
const CLASSES = ['negative', 'neutral', 'positive'];

function classesYaml(fitted: Fitted[]): string {
  return CLASSES.map((name, c) => {
    const lines = FEATURES.map((f, j) => `      ${f}: ${fitted[c]!.weights[j]!.toFixed(4)}`);
    return `  ${name}:\n    bias: ${fitted[c]!.bias.toFixed(4)}\n    weights:\n${lines.join('\n')}\n`;
  }).join('');
}

const nothing: Fitted = { bias: 0, weights: FEATURES.map(() => 0) };
/** Written into scoring.yaml as it stands: the project's sentences do not say what kind of source they are from. */
const KINDS = `# By kind of source, what it adds to the neutral class, in log-odds. Set: who reviews without being asked has an opinion, who opens a ticket
# often only has a question.
kinds: { review: -0.3, survey: 0, ticket: 0.3 }
`;
const UNFITTED = `full:\n${classesYaml([nothing, nothing, nothing])}guarded:\n${classesYaml([nothing, nothing, nothing])}${KINDS}models: {}\n`;

function scoringYaml(full: Fitted[], guarded: Fitted[], models: Record<string, string>, rows: number): string {
  const languages = Object.entries(models).map(([code, hash]) => `  ${code}: { trust: ${OUTSIDE_SETS[code]?.some((s) => s !== 'nusax-en') === true ? TRUST_REAL : TRUST_OWN}, hash: "${hash}" }\n`); // prettier-ignore
  return `# How the features of a text (src/analysis/sentiment/features.ts says what each is) make its label: a multinomial logistic model
# for every language. A class's logit is its bias plus the sum of weight x feature; the probabilities are their softmax.
# Fitted by \`npm run fit\` on ${rows} labelled texts of all languages together, twice: with all features, and guarded, without those by
# which the n-grams say how neutral a text is. A language's weights are trust x full + (1 - trust) x guarded; the trust is 1 where
# real feedback with neutral labels was fitted on, else ${TRUST_OWN} (chosen among 0, 0.3, 0.5 and 1). Do not edit by hand.
full:
${classesYaml(full)}guarded:
${classesYaml(guarded)}${KINDS}# By language: that trust, and the hash of the n-gram model fitted with it, which is part of the lexicon's version.
models:
${languages.join('')}`;
}

/** Sentences by language: what the detector is fitted on. Nynorsk counts as Norwegian, as its feedback is read with that lexicon. */
export function sentencesByLanguage(): Map<string, string[]> {
  const sentences = new Map<string, string[]>();
  const add = (code: string, texts: string[]): void => void sentences.set(code, [...(sentences.get(code) ?? []), ...texts]);
  // Thai owns its script.
  for (const code of readdirSync(OWN).sort()) if (code !== 'th') add(code, examples(code, 'fit').filter((e) => !('split' in e)).map((e) => e.text)); // prettier-ignore
  const others = new URL('./other-languages/', import.meta.url).pathname;
  for (const file of readdirSync(others).sort()) {
    const texts = readFileSync(join(others, file), 'utf8').split('\n').filter((l) => l !== '' && !l.startsWith('#')); // prettier-ignore
    add(file === 'nn.txt' ? 'nb' : file.replace('.txt', ''), texts);
  }
  return sentences;
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const sentences = sentencesByLanguage();
  writeFileSync(new URL('./languages.bin', import.meta.url), fitLanguages(sentences).serialise());
  for (const [language, texts] of sentences) {
    if (existsSync(new URL(`./${language}/sentiment.tsv`, import.meta.url))) writeFileSync(new URL(`./${language}/words.tsv`, import.meta.url), knownWords(texts));
  }
  const files = loadLexiconFiles();
  const analyzer = createAnalyzer({ ...files, text: (name) => (name === 'scoring.yaml' ? UNFITTED : files.text(name)), model: (name) => (name === 'languages.bin' ? files.model(name) : undefined) });
  let index = analyzer.languages.length;
  const rows: Row[] = [];
  const models: Record<string, string> = {};
  for (const language of analyzer.languages) {
    const own = examples(language, 'fit');
    const bytes = fitModel(language, index++, own).serialise();
    writeFileSync(new URL(`./${language}/ngrams.bin`, import.meta.url), bytes);
    models[language] = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    rows.push(...documentRows(analyzer, language, own, () => index++));
    process.stderr.write(`${language}: fitted on ${own.length} texts\n`);
  }
  writeFileSync(new URL('./scoring.yaml', import.meta.url), scoringYaml(fitDocuments(rows), fitDocuments(withoutNeutrality(rows)), models, rows.length));
}
