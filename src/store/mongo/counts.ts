/**
 * Counting feedback into the documents of `rollups`: one for each day and combination of dimensions, its topics inside. Pure.
 * All feedback of an ISO week has to be counted together, since an author's voice is shared over it.
 */
import { ALL_TOPICS, Rollup, versionsKey, type Label } from '../../feedback.js';
import { roundSum, roundSums } from '../paging.js';
import type { FeedbackDocument } from './feedback-document.js';

type Dimensions = Pick<Rollup, 'day' | 'source' | 'kind' | 'channel' | 'language' | 'product' | 'versions'>;
export type Counts = Omit<Rollup, keyof Dimensions | 'topic'>;
/** Counts that are 0 are left out: most are, and a sum reads them as 0. */
export type TopicCounts = { topic: string } & Partial<Counts>;
export type CountedDay = Dimensions & Counts & { topics: TopicCounts[] };

/** What the counts need of a document. */
export const COUNTED_FIELDS = {
  ...{ customer: 1, versions: 1 },
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
  voices: 0,
  negativeVoices: 0,
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
  private readonly byAuthor = new Map<string, FeedbackDocument[]>();

  add(document: FeedbackDocument): void {
    const { customer } = document;
    const others = customer === undefined ? undefined : this.byAuthor.get(customer);
    if (others !== undefined) others.push(document);
    else if (customer !== undefined) this.byAuthor.set(customer, [document]);
    else this.count(document, () => 1);
  }

  private count(document: FeedbackDocument, voiceOf: (topic: string) => number): void {
    const { day, source, kind, channel = '', product = '', analysis, versions } = document;
    const dimensions: Dimensions = {
      day,
      source,
      kind,
      channel,
      language: analysis.language.code,
      product,
      versions: versionsKey(versions),
    };
    const id = countedId(dimensions);
    let group = this.groups.get(id);
    if (group === undefined) this.groups.set(id, (group = { dimensions, topics: new Map<string, Counts>() }));
    for (const mention of mentionsOf(document)) count(group.topics, mention, document, voiceOf(mention.id));
  }

  /** The documents, by their ids; after the last `add`. */
  *documents(): Iterable<[id: string, document: CountedDay]> {
    for (const written of this.byAuthor.values()) {
      if (written.length === 1) {
        this.count(written[0]!, () => 1);
        continue;
      }
      const mentions = written.flatMap(mentionsOf).filter(({ label }) => label !== 'unsupported');
      const times = new Map<string, number>();
      for (const { id } of mentions) times.set(id, (times.get(id) ?? 0) + 1);
      for (const document of written) this.count(document, (topic) => 1 / (times.get(topic) ?? 1));
    }
    this.byAuthor.clear();
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

interface Mention {
  id: string;
  label: Label;
  score: number;
}

/** The document as such, then its topics and areas. */
const mentionsOf = ({ analysis: { sentiment, topics, areas } }: FeedbackDocument): Mention[] => [
  { id: ALL_TOPICS, label: sentiment.label, score: sentiment.score },
  ...topics,
  ...areas,
];

function count(topics: Map<string, Counts>, { id, label, score }: Mention, { nps, csat, ces }: FeedbackDocument, voice: number): void {
  let counts = topics.get(id);
  if (counts === undefined) topics.set(id, (counts = none()));
  counts.n += 1;
  counts[label] += 1;
  counts.scoreSum += score;
  if (label !== 'unsupported') counts.voices += voice;
  if (label === 'negative') counts.negativeVoices += voice;
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
    if (value !== 0) result[name as keyof Counts] = FRACTIONS.has(name) ? roundSum(value) : value;
  }
  return result;
}

const FRACTIONS: ReadonlySet<string> = new Set(['scoreSum', 'voices', 'negativeVoices', 'csatSum', 'cesSum']);

export const countedId = ({ day, source, kind, channel, language, product, versions }: Dimensions): string =>
  JSON.stringify([day, source, kind, channel, language, product, versions]);

/** The rows of a document in the port's shape, in order of topic: first `*`, which sorts before letters. */
export function* rowsOf({ topics = [], ...own }: CountedDay): Iterable<Rollup> {
  yield Rollup.parse({ ...own, topic: ALL_TOPICS });
  for (const counts of topics) yield Rollup.parse({ ...own, ...none(), ...counts });
}
