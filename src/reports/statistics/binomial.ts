/**
 * P(X >= k) of a binomial with n trials of chance p (0 < p < 1): the exact one-sided p-value of k successes. For two Poisson counts
 * k and n - k with exposures in the ratio p to 1 - p it is their exact comparison (Przyborowski & Wilenski 1940, Biometrika
 * 31:313-323).
 */
export function binomialUpperTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n) return 0;
  // The tail that is away from the mean falls from term to term, so that its sum can stop early.
  if (k <= (n + 1) * p) return 1 - lowerTail(k - 1, n, p);
  return lowerTail(n - k, n, 1 - p);
}

/** P(X <= k), k below the mode: from the largest term down. */
function lowerTail(k: number, n: number, p: number): number {
  let term = 1;
  let sum = 1;
  for (let x = k; x > 0 && term > sum * 1e-17; x--) {
    term *= (x * (1 - p)) / ((n - x + 1) * p);
    sum += term;
  }
  return Math.min(1, sum * Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p)));
}

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

const FACTORIALS = 256;
const logFactorials = [0];
for (let i = 1; i < FACTORIALS; i++) logFactorials.push(logFactorials[i - 1]! + Math.log(i));

/** Exact sums while they are short, then Stirling's series, whose error is below 1e-15 from here on. */
function logFactorial(n: number): number {
  if (n < FACTORIALS) return logFactorials[n]!;
  const x = n + 1;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
}
