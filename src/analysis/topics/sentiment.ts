/** What is felt about each topic: a mention takes the sentiment of its own clause and its phrase; mentions of a topic combine. */
import type { SentimentLabel, Span, TopicMention } from '../../feedback.js';
import { PARAMETERS as P } from '../sentiment/parameters.js';
import type { Scored } from '../sentiment/score.js';
import type { Units } from '../text/units.js';
import type { Mention } from './matcher.js';
import type { Taxonomy } from './taxonomy.js';

/** Below this a topic's sum is neutral. Set. */
const NEUTRAL = 0.5;
/** What a clause without any valence takes from the rest of its sentence. Set. */
const FROM_SENTENCE = 0.5;

const squash = (sum: number): number => round(sum / Math.sqrt(sum * sum + P.spread / 2));
export const round = (x: number): number => Math.round(x * 1_000) / 1_000;

export function labelOf(positive: number, negative: number): SentimentLabel {
  if (positive >= 1 && negative >= 1 && Math.min(positive, negative) >= P.mixedShare * Math.max(positive, negative)) return 'mixed';
  const sum = positive - negative;
  return sum > NEUTRAL ? 'positive' : sum < -NEUTRAL ? 'negative' : 'neutral';
}

interface Sums {
  positive: number;
  negative: number;
  mentions: number;
  evidence: Span[];
}

/** One part of a text, read in its language. */
export interface TopicPart {
  units: Units;
  scored: Scored;
  mentions: readonly Mention[];
}

/** Evidence kept of a topic. */
const MOST_SPANS = 10;

/** Leaf topics strongest first, and their areas. Spans in UTF-16 code units of the text. */
export function topicSentiments(
  parts: readonly TopicPart[],
  taxonomy: Taxonomy,
): { topics: TopicMention[]; areas: Omit<TopicMention, 'evidence'>[] } {
  const byTopic = new Map<number, Sums>();
  for (const part of parts) addMentions(part, byTopic);
  const topics: (TopicMention & { strength: number })[] = [];
  const areas = new Map<string, { positive: number; negative: number }>();
  for (const [index, { positive, negative, mentions, evidence }] of byTopic) {
    const topic = taxonomy.topics[index]!;
    const strength = positive + negative + mentions;
    topics.push({ id: topic.id, label: labelOf(positive, negative), score: squash(positive - negative), evidence, strength });
    const area = areas.get(topic.area);
    if (area === undefined) areas.set(topic.area, { positive, negative });
    else {
      area.positive += positive;
      area.negative += negative;
    }
  }
  topics.sort((a, b) => b.strength - a.strength || (a.id < b.id ? -1 : 1));
  return {
    topics: topics.map(({ strength: _, ...topic }) => topic),
    areas: [...areas].map(([id, { positive, negative }]) => ({
      id,
      label: labelOf(positive, negative),
      score: squash(positive - negative),
    })),
  };
}

function addMentions({ units, mentions, scored }: TopicPart, byTopic: Map<number, Sums>): void {
  if (mentions.length === 0) return;
  const sentenceSums: number[] = [];
  scored.clauseSums.forEach((sum, clause) => {
    const sentence = scored.sentenceOfClause[clause]!;
    sentenceSums[sentence] = (sentenceSums[sentence] ?? 0) + sum;
  });
  for (const mention of mentions) {
    const first = scored.clauseOf[mention.start]!;
    const last = scored.clauseOf[mention.end - 1]!;
    let sum = mention.polarity * P.topicPhrase;
    let found = false;
    for (let clause = first; clause <= last; clause++) {
      const here = scored.clauseSums[clause]!;
      if (here !== 0) found = true;
      // The phrase's own word is in both; a polarity that the clause denies gives way to it.
      sum += here;
    }
    if (!found && mention.polarity === 0) sum = (sentenceSums[scored.sentenceOfClause[first]!] ?? 0) * FROM_SENTENCE;
    let sums = byTopic.get(mention.topic);
    if (sums === undefined) byTopic.set(mention.topic, (sums = { positive: 0, negative: 0, mentions: 0, evidence: [] }));
    if (sum > 0) sums.positive += sum;
    else sums.negative -= sum;
    sums.mentions++;
    if (sums.evidence.length < MOST_SPANS) sums.evidence.push({ start: units.start[mention.start]!, end: units.end[mention.end - 1]! });
  }
}
