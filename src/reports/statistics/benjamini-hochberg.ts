/**
 * q-values of a family of tests, in the order given: the smallest false-discovery rate at which each would be called a find.
 * Calling every q <= 0.10 keeps the expected share of false finds at or below 10 % for independent or positively dependent tests.
 * Source: Benjamini & Hochberg 1995, "Controlling the false discovery rate", JRSS B 57:289-300 (the step-up rule, as adjusted
 * p-values); the dependence condition is that of Benjamini & Yekutieli 2001, Annals of Statistics 29:1165-1188.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[b]! - pValues[a]!);
  const q = new Array<number>(pValues.length);
  let smallest = 1;
  order.forEach((index, fromLargest) => {
    smallest = Math.min(smallest, (pValues[index]! * pValues.length) / (pValues.length - fromLargest));
    q[index] = smallest;
  });
  return q;
}
