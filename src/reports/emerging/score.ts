/** Which terms rise by more than chance. */
import { benjaminiHochberg } from '../statistics/benjamini-hochberg.js';
import { binomialUpperTail } from '../statistics/binomial.js';
import { logOddsDirichlet } from '../statistics/log-odds.js';
import type { Counts } from './count.js';
import type { TermCount } from './tables.js';

/** False-discovery rate: of the terms named, at most this share is expected to be noise. */
export const RISING_Q = 0.05;
/** The rise must be this many standard errors of the log-odds as well: the prior is the more careful of the two where there was nothing before. */
const RISING_Z = 2;
/** And at least half again as frequent: with much feedback, a rise of some percent is beyond chance too, and no news. */
const RISING_RATIO = 1.5;
/** A word that more than half of all authors use says nothing about any of them. */
const COMMON = 0.5;

export interface Score {
  term: TermCount;
  /** Log-odds in the period minus those in the baseline. */
  delta: number;
  z: number;
  /** One-sided, exact: the chance of so many of the term's uses in the period if it were used as often as before. */
  p: number;
  /** Benjamini-Hochberg over all terms tested, of all languages. */
  q: number;
}

/**
 * Scores every term of a language. The corpus of a term is all terms of as many words that the authors used, so that neither more nor
 * longer feedback makes everything rise. The prior is the term's share of period and baseline together, and weighs as much as the
 * period.
 *
 * z is for the order; the test is exact, since z is a normal approximation that is poor at the five to ten uses a new word has.
 * Which terms are tested is decided by the sum of their uses, on which the test conditions; never by their uses in the period.
 */
export function scoreTerms({ languages, terms }: Counts): { tested: number; scores: Score[] } {
  const scores: Score[] = [];
  for (const term of terms) {
    const { authors, baselineAuthors, size, baselineSize } = languages[term.language]!;
    const uses = term.count + term.baseline;
    if (uses > COMMON * (authors + baselineAuthors)) continue;
    const [now, before] = [size[term.length - 1]!, baselineSize[term.length - 1]!];
    const prior = { count: (now * uses) / (now + before), total: now };
    const { delta, z } = logOddsDirichlet({ count: term.count, total: now }, { count: term.baseline, total: before }, prior);
    // Falling terms are part of the family; how far they fall makes no difference to it.
    const p = delta > 0 ? binomialUpperTail(term.count, uses, now / (now + before)) : 1;
    scores.push({ term, delta, z, p, q: 1 });
  }
  benjaminiHochberg(scores.map(({ p }) => p)).forEach((q, i) => (scores[i]!.q = q));
  return { tested: scores.length, scores };
}

/** Terms that rise, highest z first. @param minAuthors who must have used it in the period */
export function rising({ languages }: Counts, scores: readonly Score[], minAuthors: number): Score[] {
  return scores
    .filter(({ term, z, q }) => term.count >= minAuthors && q <= RISING_Q && z >= RISING_Z && ratioOf(term, languages[term.language]!) >= RISING_RATIO)
    .sort((a, b) => b.z - a.z || b.term.length - a.term.length || a.term.key - b.term.key); // prettier-ignore
}

/** How many times as many of all authors use it now. */
const ratioOf = ({ count, baseline }: TermCount, { authors, baselineAuthors }: Counts['languages'][number]): number =>
  count / authors / (baseline / baselineAuthors);

/** Whether so many uses, were these all, would be a rise: for what is left of a term without the authors of another. */
export const risesBy = (count: number, baseline: number, share: number): boolean =>
  binomialUpperTail(count, count + baseline, share) <= 0.01;
