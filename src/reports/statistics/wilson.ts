import { normalQuantile } from './normal.js';

export interface Interval {
  low: number;
  high: number;
}

export const CONFIDENCE = 0.95;

/**
 * Score interval for a share `count / n`, both ends in [0, 1]; with n = 0 nothing is known: 0 to 1.
 * Source: Wilson 1927, "Probable inference, the law of succession, and statistical inference", JASA 22:209-212; method 3 of
 * Newcombe 1998, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17:857-872.
 */
export function wilson(count: number, n: number, confidence: number = CONFIDENCE): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const z = normalQuantile(1 - (1 - confidence) / 2);
  const centre = 2 * count + z * z;
  const spread = z * Math.sqrt(z * z + 4 * count * (1 - count / n));
  const scale = 2 * (n + z * z);
  // At the ends the formula gives 0 and 1 but for rounding; nobody should read 1e-17.
  return { low: count === 0 ? 0 : (centre - spread) / scale, high: count === n ? 1 : (centre + spread) / scale };
}
