/** What tuning gains on texts that it has not seen: figures before and after, and how sure the difference is. */
import { classify, type Class } from '../accuracy/measure.js';
import { hash32, randomFrom } from './folds.js';

/** A text with its weak label and the analyzer's score before and after, each in [-1, 1]. */
export interface Judged {
  author: string;
  positive: boolean;
  before: number;
  after: number;
}

export interface Figures {
  /** Of two classes, in [0, 1]; a score of zero is an error. */
  macroF1: number;
  accuracy: number;
}

export interface Gain {
  texts: number;
  before: Figures;
  after: Figures;
  /** Of the difference in macro-F1: 95% interval by bootstrap over the authors. */
  low: number;
  high: number;
  /** Wrong before and right after, and the other way round. */
  mended: number;
  broken: number;
}

const RESAMPLES = 1_000;
const TAIL = 0.025;

const predicted = (score: number): string => (score > 0 ? 'positive' : score < 0 ? 'negative' : 'none');

export function gainOf(judged: readonly Judged[]): Gain {
  const figures = (score: (j: Judged) => number): Figures => {
    const { macroF1, accuracy } = classify(judged.map((j): [Class, string] => [j.positive ? 'positive' : 'negative', predicted(score(j))]));
    return { macroF1, accuracy };
  };
  const right = (j: Judged, score: number): boolean => (j.positive ? score > 0 : score < 0);
  const [low, high] = interval(judged);
  return {
    texts: judged.length,
    before: figures((j) => j.before),
    after: figures((j) => j.after),
    low,
    high,
    mended: judged.filter((j) => !right(j, j.before) && right(j, j.after)).length,
    broken: judged.filter((j) => right(j, j.before) && !right(j, j.after)).length,
  };
}

/** Counts by label and answer, before and then after: negative taken for negative, positive, nothing; positive for the same. */
const CELLS = 6;
const cell = (positive: boolean, score: number): number => (positive ? 3 : 0) + (score < 0 ? 0 : score > 0 ? 1 : 2);

/** Percentile bootstrap (Efron 1979), whole authors at a time: the texts of one are not independent. */
function interval(judged: readonly Judged[]): [number, number] {
  const byAuthor = new Map<string, Int32Array>();
  for (const { author, positive, before, after } of judged) {
    let counts = byAuthor.get(author);
    if (counts === undefined) byAuthor.set(author, (counts = new Int32Array(2 * CELLS)));
    counts[cell(positive, before)]!++;
    counts[CELLS + cell(positive, after)]!++;
  }
  const authors = [...byAuthor.values()];
  const random = randomFrom(hash32(`bootstrap ${judged.length}`));
  const sum = new Int32Array(2 * CELLS);
  const differences = Float64Array.from({ length: RESAMPLES }, () => {
    sum.fill(0);
    for (let i = 0; i < authors.length; i++) {
      const counts = authors[Math.floor(random() * authors.length)]!;
      for (let c = 0; c < sum.length; c++) sum[c]! += counts[c]!;
    }
    return macroF1(sum.subarray(CELLS)) - macroF1(sum.subarray(0, CELLS));
  }).sort();
  return [differences[Math.floor(TAIL * RESAMPLES)]!, differences[Math.ceil((1 - TAIL) * RESAMPLES) - 1]!];
}

function macroF1(counts: Int32Array): number {
  const [nn, np, n0, pn, pp, p0] = counts as unknown as [number, number, number, number, number, number];
  const f1 = (hit: number, gold: number, answered: number): number => (gold + answered === 0 ? 0 : (2 * hit) / (gold + answered));
  return (f1(nn, nn + np + n0, nn + pn) + f1(pp, pn + pp + p0, np + pp)) / 2;
}
