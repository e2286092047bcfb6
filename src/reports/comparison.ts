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

export interface Tally {
  n: number;
  negative: number;
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

/** Compares each pair, as one family; undefined where there is not enough data, and such pairs do not count as tested. */
export function compareFamily(pairs: readonly { current: Tally; baseline: Tally }[]): (Comparison | undefined)[] {
  const enough = pairs.filter(({ current, baseline }) => current.n >= MIN_WEEK_N && baseline.n >= MIN_BASELINE_N);
  const pValues = enough.map(({ current, baseline }) => twoProportionTest(current.negative, current.n, baseline.negative, baseline.n));
  const qValues = benjaminiHochberg(pValues);
  const compared = new Map(
    enough.map((pair, i): [unknown, Comparison] => {
      const { current, baseline } = pair;
      const interval = newcombe(current.negative, current.n, baseline.negative, baseline.n);
      const share = baseline.negative / baseline.n;
      const q = qValues[i]!;
      return [
        pair,
        {
          baseline: { n: baseline.n, negative: baseline.negative, share },
          delta: current.negative / current.n - share,
          deltaLow: interval.low,
          deltaHigh: interval.high,
          p: pValues[i]!,
          q,
          significant: q <= SIGNIFICANT_Q,
        },
      ];
    }),
  );
  return pairs.map((pair) => compared.get(pair));
}
