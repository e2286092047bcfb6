/** This week against the weeks before it: is a share of negatives higher than chance alone would make it? */
import type { Rollup } from '../feedback.js';
import { benjaminiHochberg } from './statistics/benjamini-hochberg.js';
import { newcombe } from './statistics/newcombe.js';
import { twoProportionTest } from './statistics/proportions.js';

/** Weeks before the tested one that it is compared with. */
export const BASELINE_WEEKS = 8;
/** Fewer than this in the tested week, or in the baseline, is "not enough data": a share of so few says little whatever its p-value. */
export const MIN_WEEK_N = 5;
export const MIN_BASELINE_N = 10;
/** False-discovery rate: of the changes called significant, at most this share is expected to be noise. */
export const SIGNIFICANT_Q = 0.1;

/** A test of complaints needs this many in the week and its baseline together; complaints of most topics are rarer and would only crowd the family. */
export const MIN_COMPLAINTS = 5;

/** What is known of a key in a stretch of time. */
export interface Tally {
  /** Messages (or mentions) whose sentiment is known. */
  n: number;
  negative: number;
  /** The same of people, see Rollup in feedback.ts: shares and tests are of these, since the messages of one author are not independent. */
  voices: number;
  negativeVoices: number;
}

export const nothing = (): Tally => ({ n: 0, negative: 0, voices: 0, negativeVoices: 0 });

export function addRollup(tally: Tally, row: Rollup): void {
  tally.n += row.negative + row.neutral + row.positive + row.mixed;
  tally.negative += row.negative;
  tally.voices += row.voices;
  tally.negativeVoices += row.negativeVoices;
}

export const addTallies = (a: Tally, b: Tally): Tally => ({
  n: a.n + b.n,
  negative: a.negative + b.negative,
  voices: a.voices + b.voices,
  negativeVoices: a.negativeVoices + b.negativeVoices,
});

/** The tally with its voices cleared of what summing fractions leaves behind, and no more of them negative than there are. */
export function settled({ n, negative, voices, negativeVoices }: Tally): Tally {
  const all = clear(voices);
  return { n, negative, voices: all, negativeVoices: Math.min(all, clear(negativeVoices)) };
}

const clear = (voices: number): number => Math.round(voices * 1e4) / 1e4;

/** The same thing counted in the tested week and in its baseline. */
export interface Pair {
  current: Tally;
  baseline: Tally;
}

export interface Comparison {
  baseline: Tally & { share: number };
  /** Share now minus share in the baseline, with its 95 % interval (Newcombe). */
  delta: number;
  deltaLow: number;
  deltaHigh: number;
  /** Two-sided: Fisher's exact test where a cell is expected below 5, else the two-proportion z test. */
  p: number;
  /** Benjamini-Hochberg over the family: everything compared in one call. */
  q: number;
  /** q <= 0.10. Says that there is a change, not how large: that is `deltaLow` to `deltaHigh`. */
  significant: boolean;
}

/** One measure in the tested week, and against its baseline. */
export type Measure = Tally & { share: number } & Comparison;

/**
 * Compares each pair, as one family of tests; undefined where there is not enough data or no pair. These do not count as tested, so
 * they cost the others nothing: what decides is how much was said, never how it came out.
 */
export function compareFamily(pairs: readonly (Pair | undefined)[]): (Measure | undefined)[] {
  const all = pairs.map((pair) => pair && { current: settled(pair.current), baseline: settled(pair.baseline) });
  const isEnough = (pair: Pair | undefined): pair is Pair =>
    pair !== undefined && pair.current.voices >= MIN_WEEK_N && pair.baseline.voices >= MIN_BASELINE_N;
  const tested = all.filter(isEnough);
  const pValues = tested.map(({ current, baseline }) => twoProportionTest(...wholePeople(current), ...wholePeople(baseline)));
  const qValues = benjaminiHochberg(pValues);
  const measures = new Map(tested.map((pair, i) => [pair, measure(pair, pValues[i]!, qValues[i]!)]));
  return all.map((pair) => pair && measures.get(pair));
}

/** Negative of all; an exact test counts no fractions. */
const wholePeople = ({ voices, negativeVoices }: Tally): [negative: number, all: number] => [
  Math.round(negativeVoices),
  Math.round(voices),
];

function measure({ current, baseline }: Pair, p: number, q: number): Measure {
  const interval = newcombe(current.negativeVoices, current.voices, baseline.negativeVoices, baseline.voices);
  const share = current.negativeVoices / current.voices;
  const before = baseline.negativeVoices / baseline.voices;
  return {
    ...current,
    share,
    baseline: { ...baseline, share: before },
    delta: share - before,
    deltaLow: interval.low,
    deltaHigh: interval.high,
    p,
    q,
    significant: q <= SIGNIFICANT_Q,
  };
}

/**
 * A topic gets worse in two ways: its mentions turn negative, or there are more complaints. This is the second: the negative mentions
 * of the topic among all feedback. Undefined where complaints are too few to test.
 */
export function complaintsOf(topic: Pair, all: Pair): Pair | undefined {
  if (topic.current.negative + topic.baseline.negative < MIN_COMPLAINTS) return undefined;
  return {
    current: among(topic.current, all.current),
    baseline: among(topic.baseline, all.baseline),
  };
}

const among = ({ negative, negativeVoices }: Tally, { n, voices }: Tally): Tally => ({ n, negative, voices, negativeVoices });
