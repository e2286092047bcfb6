/** Counting feedback into the documents of `rollups`: one for each day and combination of dimensions, its topics inside. Pure. */
import { ALL_TOPICS, Rollup, type Label } from '../../feedback.js';
import { roundSum, roundSums } from '../paging.js';
import type { FeedbackDocument } from './feedback-document.js';

type Dimensions = Pick<Rollup, 'day' | 'source' | 'kind' | 'channel' | 'language' | 'product'>;
export type Counts = Omit<Rollup, keyof Dimensions | 'topic'>;
/** Counts that are 0 are left out: most are, and a sum reads them as 0. */
export type TopicCounts = { topic: string } & Partial<Counts>;
export type CountedDay = Dimensions & Counts & { topics: TopicCounts[] };

/** What the counts need of a document. */
export const COUNTED_FIELDS = {
  ...{ day: 1, source: 1, kind: 1, channel: 1, product: 1, nps: 1, csat: 1, ces: 1, 'analysis.language.code': 1, 'analysis.areas': 1 },
  ...{ 'analysis.sentiment.label': 1, 'analysis.sentiment.score': 1 },
  ...{ 'analysis.topics.id': 1, 'analysis.topics.label': 1, 'analysis.topics.score': 1 },
} as const;

// Written out, since spreading objects would cost more than the counting.
const none = (): Counts => ({
  n: 0,
  negative: 0,
  neutral: 0,
  positive: 0,
  mixed: 0,
  unsupported: 0,
  scoreSum: 0,
  npsPromoters: 0,
  npsPassives: 0,
  npsDetractors: 0,
  csatN: 0,
  csatSum: 0,
  cesN: 0,
  cesSum: 0,
});

export class Counter {
  private readonly groups = new Map<string, { dimensions: Dimensions; topics: Map<string, Counts> }>();

  add(document: FeedbackDocument): void {
    const { day, source, kind, channel = '', product = '', analysis } = document;
    const dimensions: Dimensions = { day, source, kind, channel, language: analysis.language.code, product };
    const id = countedId(dimensions);
    let group = this.groups.get(id);
    if (group === undefined) this.groups.set(id, (group = { dimensions, topics: new Map<string, Counts>() }));
    count(group.topics, ALL_TOPICS, analysis.sentiment, document);
    for (const mention of analysis.topics) count(group.topics, mention.id, mention, document);
    for (const mention of analysis.areas) count(group.topics, mention.id, mention, document);
  }

  /** The documents, by their ids. */
  *documents(): Iterable<[id: string, document: CountedDay]> {
    for (const [id, { dimensions, topics }] of this.groups) {
      const names = [...topics.keys()].filter((name) => name !== ALL_TOPICS).sort();
      yield [
        id,
        {
          ...dimensions,
          ...roundSums(topics.get(ALL_TOPICS) ?? none()),
          topics: names.map((topic) => topicCounts(topic, topics.get(topic) ?? none())),
        },
      ];
    }
  }
}

function count(
  topics: Map<string, Counts>,
  topic: string,
  { label, score }: { label: Label; score: number },
  document: FeedbackDocument,
): void {
  let counts = topics.get(topic);
  if (counts === undefined) topics.set(topic, (counts = none()));
  const { nps, csat, ces } = document;
  counts.n += 1;
  counts[label] += 1;
  counts.scoreSum += score;
  if (nps !== undefined) counts[nps >= 9 ? 'npsPromoters' : nps >= 7 ? 'npsPassives' : 'npsDetractors'] += 1;
  if (csat !== undefined) {
    counts.csatN += 1;
    counts.csatSum += csat;
  }
  if (ces !== undefined) {
    counts.cesN += 1;
    counts.cesSum += ces;
  }
}

function topicCounts(topic: string, counts: Counts): TopicCounts {
  const result: TopicCounts = { topic };
  for (const name in counts) {
    const value = counts[name as keyof Counts];
    if (value !== 0) result[name as keyof Counts] = name.endsWith('Sum') ? roundSum(value) : value;
  }
  return result;
}

export const countedId = ({ day, source, kind, channel, language, product }: Dimensions): string =>
  JSON.stringify([day, source, kind, channel, language, product]);

/** The rows of a document in the port's shape, in order of topic: first `*`, which sorts before letters. */
export function* rowsOf({ topics = [], ...own }: CountedDay): Iterable<Rollup> {
  yield Rollup.parse({ ...own, topic: ALL_TOPICS });
  for (const counts of topics) yield Rollup.parse({ ...own, ...none(), ...counts });
}
