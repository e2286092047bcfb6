/** This week against the weeks before it: is a share of negatives higher than chance alone would make it? */
import type { Day } from '../feedback.js';
import { addDays, weekOf, type Period } from './periods.js';
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

export interface Tally {
  n: number;
  negative: number;
}

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

/** The newest week that has ended by the day; a week is whole on its Sunday. */
export function lastWholeWeek(asOf: Day): Period {
  const week = weekOf(asOf);
  return week.end === asOf ? week : weekOf(addDays(week.start, -1));
}

/** One measure in the tested week, and against its baseline. */
export type Measure = Tally & { share: number } & Comparison;

/**
 * Compares each pair, as one family of tests; undefined where there is not enough data or no pair. These do not count as tested, so
 * they cost the others nothing: what decides is how much was said, never how it came out.
 */
export function compareFamily(pairs: readonly (Pair | undefined)[]): (Measure | undefined)[] {
  const isEnough = (pair: Pair | undefined): pair is Pair =>
    pair !== undefined && pair.current.n >= MIN_WEEK_N && pair.baseline.n >= MIN_BASELINE_N;
  const tested = pairs.filter(isEnough);
  const pValues = tested.map(({ current, baseline }) => twoProportionTest(current.negative, current.n, baseline.negative, baseline.n));
  const qValues = benjaminiHochberg(pValues);
  const measures = new Map(tested.map((pair, i) => [pair, measure(pair, pValues[i]!, qValues[i]!)]));
  return pairs.map((pair) => (pair === undefined ? undefined : measures.get(pair)));
}

function measure({ current, baseline }: Pair, p: number, q: number): Measure {
  const interval = newcombe(current.negative, current.n, baseline.negative, baseline.n);
  const share = current.negative / current.n;
  const before = baseline.negative / baseline.n;
  return {
    n: current.n,
    negative: current.negative,
    share,
    baseline: { n: baseline.n, negative: baseline.negative, share: before },
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
    current: { n: all.current.n, negative: topic.current.negative },
    baseline: { n: all.baseline.n, negative: topic.baseline.negative },
  };
}
