/** The clauses' sums -> one score and label for the text, with a confidence. */
import type { SentimentLabel } from '../../feedback.js';
import type { Units } from '../text/units.js';
import type { Mention } from '../topics/matcher.js';
import { PARAMETERS as P } from './parameters.js';
import type { Scored } from './score.js';

export interface DocumentSentiment {
  label: SentimentLabel;
  score: number;
  confidence: number;
}

export function documentSentiment(units: Units, scored: Scored, mentions: readonly Mention[]): DocumentSentiment {
  addTopicPhrases(scored, mentions);
  let positive = 0;
  let negative = 0;
  for (const { weight } of scored.contributions) {
    if (weight > 0) positive += weight;
    else negative -= weight;
  }
  const words = units.length === 0 ? 0 : units.ordinal[units.length - 1]! + 1;
  const sum = positive - negative;
  const damped = sum / Math.max(1, words / P.typicalWords) ** P.lengthPower;
  const score = sum / Math.sqrt(sum * sum + P.spread);
  const both = Math.min(positive, negative);
  let label: SentimentLabel;
  if (both >= P.mixedStrength && both >= P.mixedShare * Math.max(positive, negative)) label = 'mixed';
  else label = damped > P.neutralBelow ? 'positive' : damped < P.neutralAbove ? 'negative' : 'neutral';
  return { label, score: Math.round(score * 1_000) / 1_000, confidence: confidence(damped, label, scored.contributions.length) };
}

/** A topic phrase that says by itself that something went wrong or right counts where its clause holds no valence term. */
function addTopicPhrases(scored: Scored, mentions: readonly Mention[]): void {
  const claimed = new Set<number>();
  const before = scored.contributions.length;
  for (const { polarity, start, end } of mentions) {
    const clause = scored.clauseOf[start]!;
    if (polarity === 0 || claimed.has(clause)) continue;
    if (scored.contributions.some((c) => c.clause === clause && c.rule !== 'bare-negation')) continue;
    claimed.add(clause);
    const weight = polarity * P.topicPhrase;
    scored.contributions.push({ start, end, clause, base: weight, weight, rule: 'topic-phrase' });
    scored.clauseSums[clause]! += weight;
  }
  if (scored.contributions.length > before) scored.contributions.sort((a, b) => a.start - b.start);
}

/** Distance from the nearest band edge, squashed; without any evidence a text is neutral at best by default. Hand-set. */
function confidence(damped: number, label: SentimentLabel, evidence: number): number {
  if (evidence === 0) return 0.4;
  const edge = label === 'positive' ? damped - P.neutralBelow : label === 'negative' ? P.neutralAbove - damped : 0.5;
  return Math.round(Math.min(0.97, 0.5 + 0.45 * (1 - Math.exp(-Math.max(0, edge) / 2))) * 100) / 100;
}
