import { fisherExact } from './fisher.js';
import { twoSidedP } from './normal.js';

/**
 * Two-sided p-value of the two-proportion z test with the pooled share and no continuity correction; its square is Pearson's
 * chi-squared of the 2x2 table. Source: Fleiss, Levin & Paik 2003, "Statistical Methods for Rates and Proportions", 3rd ed.,
 * chapter 3; Pearson 1900, Philosophical Magazine 50:157-175.
 */
export function twoProportionZ(count1: number, n1: number, count2: number, n2: number): number {
  const pooled = (count1 + count2) / (n1 + n2);
  if (pooled === 0 || pooled === 1) return 1;
  return twoSidedP((count1 / n1 - count2 / n2) / Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2)));
}

/** Below this expected count in any cell of the 2x2 table the normal approximation is not to be trusted (Cochran 1954, Biometrics 10:417-451). */
const LEAST_EXPECTED = 5;

/** Two-sided p-value that two shares differ by chance alone: Fisher's exact test where an expected cell is below 5, else the z test. */
export function twoProportionTest(count1: number, n1: number, count2: number, n2: number): number {
  const count = count1 + count2;
  const total = n1 + n2;
  const leastExpected = (Math.min(n1, n2) * Math.min(count, total - count)) / total;
  if (leastExpected < LEAST_EXPECTED) return fisherExact(count1, n1 - count1, count2, n2 - count2);
  return twoProportionZ(count1, n1, count2, n2);
}
