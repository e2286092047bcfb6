/** How differently two corpora use a word, with a prior that keeps rare words from winning by chance. */

/** Uses of the word, and of all words counted, in one corpus. */
export interface Uses {
  count: number;
  total: number;
}

export interface LogOddsRatio {
  /** Log-odds of the word in the first corpus minus that in the second. */
  delta: number;
  variance: number;
  /** delta over its standard error: above 0 where the first corpus uses the word more. */
  z: number;
}

/**
 * Log-odds ratio with an informative Dirichlet prior. `prior` is the word's part of the prior and the whole of it, in uses.
 * Source: Monroe, Colaresi & Quinn 2008, "Fightin' Words", Political Analysis 16:372-403, equations 15 to 22: the point estimate is
 * (16), its approximate variance (20), the z-score (22).
 */
export function logOddsDirichlet(first: Uses, second: Uses, prior: Uses): LogOddsRatio {
  const logOdds = ({ count, total }: Uses): number => Math.log((count + prior.count) / (total + prior.total - count - prior.count));
  const delta = logOdds(first) - logOdds(second);
  const variance = 1 / (first.count + prior.count) + 1 / (second.count + prior.count);
  return { delta, variance, z: delta / Math.sqrt(variance) };
}
