/**
 * What is felt about each topic. A mention takes the polarity of its phrase and the valence terms of its clause that stand nearer to
 * it than to a mention of another topic; mentions of a topic add up. Together with the rest of the clause and what is felt in the
 * whole text, that makes the log-odds of good against bad.
 */
import type { SentimentLabel, Span, TopicMention } from '../../feedback.js';
import { PARAMETERS as P } from '../sentiment/parameters.js';
import type { Contribution, Scored } from '../sentiment/score.js';
import type { Units } from '../text/units.js';
import type { Mention } from './matcher.js';
import type { Taxonomy } from './taxonomy.js';

/**
 * Weights of the log-odds: own terms and phrases, the other terms of the clause (both squashed to [-1, 1]), the score of the text.
 * Fitted on the aspects of the `train` rows of hoasa-id and casa-id (logistic regression), and rounded.
 */
const OWN = 2.1;
const REST = 0.9;
const TEXT = 1;
/** Neutral where the log-odds of the text being neutral exceed this and the size of the above. Set, seen to hold on the project's own sentences. */
const NEUTRAL = 0.9;
/** Mixed where mentions on both sides are this strong, and the weaker has this share of the stronger. Set: a phrase weighs 1.6. */
const MIXED = 1.5;
const MIXED_SHARE = 0.55;
/** Mentions looked at on either side of a term for the nearest. */
const NEIGHBOURS = 8;
/** Evidence kept of a topic. */
const MOST_SPANS = 10;

const squash = (sum: number): number => sum / Math.sqrt(sum * sum + P.spread / 2);
export const round = (x: number): number => Math.round(x * 1_000) / 1_000;

/** One part of a text, read in its language. */
export interface TopicPart {
  units: Units;
  scored: Scored;
  mentions: readonly Mention[];
}

/** Probabilities of the whole text: negative, neutral, positive. */
export type TextSentiment = readonly [negative: number, neutral: number, positive: number];

interface Sums {
  positive: number;
  negative: number;
  rest: number;
  mentions: number;
}

/** Label, and score in [-1, 1]: the chance of good minus that of bad. */
function judge({ positive, negative, rest }: Sums, [bad, neither, good]: TextSentiment): { label: SentimentLabel; score: number } {
  const odds = OWN * squash(positive - negative) + REST * squash(rest) + TEXT * (good - bad);
  const score = round(Math.tanh(odds / 2));
  if (Math.min(positive, negative) >= Math.max(MIXED, MIXED_SHARE * Math.max(positive, negative))) return { label: 'mixed', score };
  const neutral = Math.log((neither + 0.01) / (1.01 - neither)) > NEUTRAL + Math.abs(odds);
  return { label: neutral || score === 0 ? 'neutral' : score > 0 ? 'positive' : 'negative', score };
}

/** Leaf topics strongest first, and their areas. Spans in UTF-16 code units of the text. */
export function topicSentiments(
  parts: readonly TopicPart[],
  taxonomy: Taxonomy,
  text: TextSentiment,
): { topics: TopicMention[]; areas: Omit<TopicMention, 'evidence'>[] } {
  const byTopic = new Map<number, Sums & { evidence: Span[] }>();
  for (const part of parts) addMentions(part, byTopic);
  const topics: (TopicMention & { strength: number })[] = [];
  const areas = new Map<string, Sums>();
  for (const [index, sums] of byTopic) {
    const topic = taxonomy.topics[index]!;
    const { positive, negative, rest, mentions, evidence } = sums;
    topics.push({ id: topic.id, ...judge(sums, text), evidence, strength: positive + negative + mentions });
    const area = areas.get(topic.area);
    if (area === undefined) areas.set(topic.area, { positive, negative, rest, mentions });
    else {
      area.positive += positive;
      area.negative += negative;
      area.rest += rest;
    }
  }
  topics.sort((a, b) => b.strength - a.strength || (a.id < b.id ? -1 : 1));
  return {
    topics: topics.map(({ strength: _, ...topic }) => topic),
    areas: [...areas].map(([id, sums]) => ({ id, ...judge(sums, text) })),
  };
}

function addMentions({ units, mentions, scored }: TopicPart, byTopic: Map<number, Sums & { evidence: Span[] }>): void {
  if (mentions.length === 0) return;
  const { own, rest } = attribute(units, scored, mentions);
  mentions.forEach((mention, k) => {
    let sums = byTopic.get(mention.topic);
    if (sums === undefined) byTopic.set(mention.topic, (sums = { positive: 0, negative: 0, rest: 0, mentions: 0, evidence: [] }));
    const sum = own[k]! + mention.polarity * P.topicPhrase;
    if (sum > 0) sums.positive += sum;
    else sums.negative -= sum;
    sums.rest += rest[k]!;
    sums.mentions++;
    if (sums.evidence.length < MOST_SPANS) sums.evidence.push({ start: units.start[mention.start]!, end: units.end[mention.end - 1]! });
  });
}

/** By mention: the weights of its clauses that are nearest to it or to one of its own topic, and the others of its clauses. */
function attribute(units: Units, scored: Scored, mentions: readonly Mention[]): { own: Float64Array; rest: Float64Array } {
  const own = new Float64Array(mentions.length);
  const rest = new Float64Array(mentions.length);
  const order = mentions.map((_, k) => k).sort((a, b) => mentions[a]!.start - mentions[b]!.start);
  const clauseTotals = new Float64Array(scored.clauses);
  let next = 0;
  for (const contribution of scored.contributions) {
    // What stands for a phrase's own polarity is counted with the phrase.
    if (contribution.rule === 'topic-phrase') continue;
    clauseTotals[contribution.clause]! += contribution.weight;
    while (next < order.length && mentions[order[next]!]!.start <= contribution.start) next++;
    const near = nearest(units, scored, mentions, order, next, contribution);
    for (const k of near) own[k]! += contribution.weight;
  }
  mentions.forEach(({ start, end }, k) => {
    let total = 0;
    for (let clause = scored.clauseOf[start]!; clause <= scored.clauseOf[end - 1]!; clause++) total += clauseTotals[clause]!;
    rest[k] = total - own[k]!;
  });
  return { own, rest };
}

/** The mentions of the term's clause that are nearest to it in words; several where they are equally near. */
function nearest(
  units: Units,
  { clauseOf }: Scored,
  mentions: readonly Mention[],
  order: readonly number[],
  next: number,
  { start, end, clause }: Contribution,
): number[] {
  let best = Infinity;
  let found: number[] = [];
  const last = Math.min(order.length, next + NEIGHBOURS);
  for (let at = Math.max(0, next - NEIGHBOURS); at < last; at++) {
    const k = order[at]!;
    const mention = mentions[k]!;
    if (clauseOf[mention.start]! > clause || clauseOf[mention.end - 1]! < clause) continue;
    const before = units.ordinal[start]! - units.ordinal[mention.end - 1]!;
    const behind = units.ordinal[mention.start]! - units.ordinal[end - 1]!;
    const distance = Math.max(0, before, behind);
    if (distance > best) continue;
    if (distance < best) found = [];
    best = distance;
    found.push(k);
  }
  return found;
}
