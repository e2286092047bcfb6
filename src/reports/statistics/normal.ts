/* eslint-disable no-loss-of-precision -- the coefficients stand as published */
/** The standard normal distribution. */

/**
 * Φ(x): the probability of a value at or below x. Relative error below 1e-12 into the far tail; 0 below -37.
 * Source: Hart et al. 1968, "Computer Approximations", algorithm 5666, as given by West 2005,
 * "Better approximations to cumulative normal functions", Wilmott Magazine, 70-76.
 */
export function normalCdf(x: number): number {
  const lower = lowerTail(Math.abs(x));
  return x > 0 ? 1 - lower : lower;
}

/** The chance of a value at least as far from 0 as z, on either side: the p-value of a two-sided z test. */
export const twoSidedP = (z: number): number => 2 * lowerTail(Math.abs(z));

const NUMERATOR = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931, 220.206867912376,
] as const; // prettier-ignore
const DENOMINATOR = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831, 793.826512519948,
  440.413735824752,
] as const; // prettier-ignore

function lowerTail(x: number): number {
  if (x > 37) return 0;
  const density = Math.exp((-x * x) / 2);
  if (x < 7.07106781186547) return (density * polynomial(NUMERATOR, x)) / polynomial(DENOMINATOR, x);
  // A continued fraction: the rational form loses its digits out here.
  return density / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) / Math.sqrt(2 * Math.PI);
}

/** Coefficients from the highest power to the constant. */
const polynomial = (coefficients: readonly number[], x: number): number => coefficients.reduce((sum, c) => sum * x + c, 0);

/**
 * The x with Φ(x) = p; ±Infinity at p = 1 and 0, NaN outside [0, 1]. Relative error about 1e-16.
 * Source: Wichura 1988, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37:477-484,
 * routine PPND16.
 */
export function normalQuantile(p: number): number {
  if (Number.isNaN(p) || p < 0 || p > 1) return NaN;
  if (p === 0 || p === 1) return p === 0 ? -Infinity : Infinity;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE[0], r)) / polynomial(CENTRE[1], r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const x =
    r <= 5 ? polynomial(SHOULDER[0], r - 1.6) / polynomial(SHOULDER[1], r - 1.6) : polynomial(TAIL[0], r - 5) / polynomial(TAIL[1], r - 5);
  return q < 0 ? -x : x;
}

// Numerator and denominator of the rational approximation in each region, highest power first.
const CENTRE = [
  [
    2.5090809287301226727e3, 3.3430575583588128105e4, 6.726577092700870085e4, 4.5921953931549871457e4, 1.3731693765509461125e4,
    1.9715909503065514427e3, 1.3314166789178437745e2, 3.387132872796366608,
  ],
  [
    5.226495278852854561e3, 2.8729085735721942674e4, 3.930789580009271061e4, 2.1213794301586595867e4, 5.3941960214247511077e3,
    6.8718700749205790830e2, 4.2313330701600911252e1, 1,
  ],
] as const; // prettier-ignore
const SHOULDER = [
  [
    7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1, 1.27045825245236838258, 3.64784832476320460504,
    5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
  ],
  [
    1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2, 1.4810397642748007459e-1, 6.8976733498510000455e-1,
    1.6763848301838038494, 2.05319162663775882187, 1,
  ],
] as const; // prettier-ignore
const TAIL = [
  [
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3, 2.6532189526576123093e-2, 2.9656057182850489123e-1,
    1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
  ],
  [
    2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4, 1.48753612908506148525e-2,
    1.3692988092273580531e-1, 5.9983220655588793769e-1, 1,
  ],
] as const; // prettier-ignore
