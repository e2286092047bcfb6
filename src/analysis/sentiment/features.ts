/**
 * What is known of a text's sentiment, as named numbers: the sums of the lexicon, the two outputs of the n-gram model, and a few
 * facts of its form. The final model (document.ts) is linear in them, so each can be shown with its share of the result.
 */
import type { Units } from '../text/units.js';
import type { NgramScore } from './ngrams.js';
import type { Scored } from './score.js';

export const FEATURES = [
  /** Sums of the positive and of the negative contributions, damped by length. */
  'positive',
  'negative',
  /** Their difference, squashed to [-1, 1], and its size. */
  'balance',
  'strength',
  /** The strongest contribution, and its size; the first and last clauses that say anything; all squashed. */
  'peak',
  'peakSize',
  'first',
  'last',
  /** Negations of nothing in the lexicon; topic phrases that take a side where no valence term stands. Damped. */
  'bareNegation',
  'topicPhrase',
  'topicPhraseSize',
  /** Log-odds of the n-gram model. */
  'ngramSign',
  'ngramSize',
  'ngramNeutral',
  /** 1 where the lexicon found nothing, and what the n-grams say then. */
  'nothing',
  'nothingSign',
  'nothingNeutral',
  /** Log of the length against a typical one. */
  'length',
  'question',
  'exclamation',
  /** The weaker side's share of the stronger: both present. */
  'both',
] as const;
export type Feature = (typeof FEATURES)[number];

/** Words of a typical text: up to here the sums are not damped. */
const TYPICAL = 12;
const POWER = 0.5;

const squash = (x: number): number => x / Math.sqrt(x * x + 6);

/** One part of a text, read in its language. */
export interface FeaturePart {
  units: Units;
  scored: Scored;
  ngrams: NgramScore;
}

/** Values in the order of FEATURES, into `out`, of the parts of a text together; most texts are one part. */
export function documentFeatures(parts: readonly FeaturePart[], out: Float64Array): Float64Array {
  let positive = 0;
  let negative = 0;
  let bare = 0;
  let terms = 0;
  let peak = 0;
  let phrases = 0;
  let first = 0;
  let last = 0;
  let words = 0;
  let marks = 0;
  let sign = 0;
  let neutral = 0;
  for (const { units, scored, ngrams } of parts) {
    for (const { weight, rule } of scored.contributions) {
      if (rule === 'bare-negation') {
        bare++;
        continue;
      }
      if (rule === 'topic-phrase') {
        phrases += Math.sign(weight);
        continue;
      }
      terms++;
      if (weight > 0) positive += weight;
      else negative -= weight;
      if (Math.abs(weight) > Math.abs(peak)) peak = weight;
    }
    for (const sum of scored.clauseSums) {
      if (sum === 0) continue;
      if (first === 0) first = sum;
      last = sum;
    }
    const here = units.length === 0 ? 0 : units.ordinal[units.length - 1]! + 1;
    words += here;
    marks |= units.marks;
    // Each model speaks for the words of its own part.
    const share = parts.length === 1 ? 1 : here;
    sign += ngrams.sign * share;
    neutral += ngrams.neutral * share;
  }
  if (parts.length > 1) {
    sign /= Math.max(1, words);
    neutral /= Math.max(1, words);
  }
  const damp = Math.max(1, words / TYPICAL) ** POWER;
  const balance = squash((positive - negative) / damp);
  const nothing = terms === 0 ? 1 : 0;
  const values: Record<Feature, number> = {
    positive: Math.min(8, positive / damp),
    negative: Math.min(10, negative / damp),
    balance,
    strength: Math.abs(balance),
    peak: squash(peak),
    peakSize: Math.abs(squash(peak)),
    first: squash(first),
    last: squash(last),
    bareNegation: bare / damp,
    topicPhrase: phrases / damp,
    topicPhraseSize: Math.abs(phrases) / damp,
    ngramSign: sign,
    ngramSize: Math.abs(sign),
    ngramNeutral: neutral,
    nothing,
    nothingSign: nothing * sign,
    nothingNeutral: nothing * neutral,
    length: Math.log(Math.max(1, words) / TYPICAL),
    question: marks & 1,
    exclamation: (marks >> 1) & 1,
    both: Math.min(positive, negative) / (Math.max(positive, negative) + 1),
  };
  FEATURES.forEach((name, i) => {
    out[i] = values[name];
  });
  return out;
}
