/** Tables as likely as the observed one count as such despite rounding: the tolerance of R's `fisher.test`. */
const TOLERANCE = 1 + 1e-7;

/**
 * Two-sided p-value of Fisher's exact test of the 2x2 table [[a, b], [c, d]]: the probability, with the margins fixed, of all
 * tables no likelier than this one. Source: Fisher 1935, "The logic of inductive inference", JRSS 98:39-82; the two-sided rule is
 * that of Freeman & Halton 1951, Biometrika 38:141-149.
 */
export function fisherExact(a: number, b: number, c: number, d: number): number {
  const row = a + b;
  const column = a + c;
  const rest = d - a; // n - row - column: what links the first cell to the last
  const least = Math.max(0, -rest);
  const most = Math.min(row, column);
  // Probabilities relative to the mode, each from its neighbour: no factorials, and only what is negligible underflows.
  const mode = Math.min(most, Math.max(least, Math.floor(((row + 1) * (column + 1)) / (row + column + rest + 2))));
  const likelihoods = new Map<number, number>([[mode, 1]]);
  for (let x = mode, value = 1; x < most; x++) {
    value *= ((row - x) * (column - x)) / ((x + 1) * (rest + x + 1));
    likelihoods.set(x + 1, value);
  }
  for (let x = mode, value = 1; x > least; x--) {
    value *= (x * (rest + x)) / ((row - x + 1) * (column - x + 1));
    likelihoods.set(x - 1, value);
  }
  const limit = likelihoods.get(a)! * TOLERANCE;
  let total = 0;
  let tail = 0;
  for (const value of likelihoods.values()) {
    total += value;
    if (value <= limit) tail += value;
  }
  return Math.min(1, tail / total);
}
