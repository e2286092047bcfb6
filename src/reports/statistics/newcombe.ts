import { CONFIDENCE, wilson, type Interval } from './wilson.js';

/**
 * Hybrid-score interval for the difference of two independent shares, `count1/n1 - count2/n2`, both ends in [-1, 1].
 * Needs n1 and n2 above 0. Keeps its coverage near 0 and 1, where the textbook (Wald) interval does not.
 * Source: Newcombe 1998, "Interval estimation for the difference between independent proportions: comparison of eleven
 * methods", Statistics in Medicine 17:873-890, method 10.
 */
export function newcombe(count1: number, n1: number, count2: number, n2: number, confidence: number = CONFIDENCE): Interval {
  const p1 = count1 / n1;
  const p2 = count2 / n2;
  const first = wilson(count1, n1, confidence);
  const second = wilson(count2, n2, confidence);
  return {
    low: p1 - p2 - Math.hypot(p1 - first.low, second.high - p2),
    high: p1 - p2 + Math.hypot(first.high - p1, p2 - second.low),
  };
}
