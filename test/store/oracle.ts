/** What a store should answer, computed the slow and plain way over all rows. */
import { ALL_TOPICS, mondayOf, versionsKey, type AnalyzedFeedback, type Label, type Rollup } from '../../src/feedback.js';
import type { FeedbackFilter, SortOrder } from '../../src/store/port.js';

interface Mention {
  id: string;
  label: Label;
  score: number;
}

const mentionsOf = ({ analysis }: AnalyzedFeedback): Mention[] => [...analysis.topics, ...analysis.areas];
const own = ({ analysis }: AnalyzedFeedback): Mention => ({ id: ALL_TOPICS, ...analysis.sentiment });

/** The mentions that the filter asks about and finds. */
function asked(item: AnalyzedFeedback, filter: FeedbackFilter): Mention[] {
  const { topics, labels, scoreMin = -1, scoreMax = 1 } = filter;
  const candidates = topics === undefined ? [own(item)] : mentionsOf(item).filter(({ id }) => topics.includes(id));
  return candidates.filter((m) => (labels === undefined || labels.includes(m.label)) && m.score >= scoreMin && m.score <= scoreMax);
}

const among = (list: readonly string[] | undefined, value: string | undefined): boolean =>
  list === undefined || (value !== undefined && list.includes(value));

export function matches(item: AnalyzedFeedback, filter: FeedbackFilter): boolean {
  const { rating = NaN } = item;
  return (
    asked(item, filter).length > 0 &&
    among(filter.ids, item.id) &&
    among(filter.days, item.day) &&
    among(filter.languages, item.analysis.language.code) &&
    among(filter.sources, item.source) &&
    among(filter.kinds, item.kind) &&
    among(filter.channels, item.channel) &&
    among(filter.products, item.product) &&
    among(filter.customers, item.customer) &&
    (filter.flags === undefined || item.analysis.flags.some((flag) => filter.flags?.includes(flag))) &&
    (filter.since === undefined || item.createdAt >= filter.since) &&
    (filter.until === undefined || item.createdAt < filter.until) &&
    (filter.ratingMin === undefined || rating >= filter.ratingMin) &&
    (filter.ratingMax === undefined || rating <= filter.ratingMax) &&
    (filter.contains === undefined || item.text.toLowerCase().includes(filter.contains.toLowerCase()))
  );
}

export const byId = (a: AnalyzedFeedback, b: AnalyzedFeedback): number => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));

export function sorted(items: AnalyzedFeedback[], filter: FeedbackFilter, sort: SortOrder): AnalyzedFeedback[] {
  const worst = (item: AnalyzedFeedback): number => Math.min(...asked(item, filter).map(({ score }) => score));
  const newest = (a: AnalyzedFeedback, b: AnalyzedFeedback): number => Date.parse(b.createdAt) - Date.parse(a.createdAt) || byId(a, b);
  return items
    .filter((item) => matches(item, filter))
    .sort((a, b) => (sort === 'severity' ? worst(a) - worst(b) || newest(a, b) : newest(a, b)));
}

/** Groups of rows that share a key, also by way of others, found by spreading the lowest place of a row until nothing changes. */
export function groupsOf(items: AnalyzedFeedback[]): AnalyzedFeedback[][] {
  const place = items.map((_, i) => i);
  for (let changed = true; changed;) {
    changed = false;
    items.forEach((a, i) =>
      items.forEach((b, j) => {
        if (place[j]! <= place[i]! || !a.duplicateKeys.some((key) => b.duplicateKeys.includes(key))) return;
        place[j] = place[i]!;
        changed = true;
      }),
    );
  }
  return [...new Set(place)].map((first) => items.filter((_, i) => place[i] === first));
}

const DIMENSIONS = ['day', 'source', 'kind', 'channel', 'language', 'product', 'versions', 'topic'] as const;

/** How often the author speaks of the topic in the week of the item, with a sentiment that is known. */
function timesSaid(items: AnalyzedFeedback[], { customer, day }: AnalyzedFeedback, topic: string): number {
  if (customer === undefined) return 1;
  const theirs = items.filter((other) => other.customer === customer && mondayOf(other.day) === mondayOf(day));
  return theirs.flatMap((item) => [own(item), ...mentionsOf(item)]).filter(({ id, label }) => id === topic && label !== 'unsupported')
    .length;
}

export function rollupsOf(items: AnalyzedFeedback[]): Rollup[] {
  const rows = new Map<string, Rollup>();
  for (const item of items) {
    for (const mention of [own(item), ...mentionsOf(item)]) {
      const dimensions = {
        day: item.day,
        source: item.source,
        kind: item.kind,
        channel: item.channel ?? '',
        language: item.analysis.language.code,
        product: item.product ?? '',
        versions: versionsKey(item.versions),
        topic: mention.id,
      };
      const key = JSON.stringify(dimensions);
      const row = rows.get(key) ?? {
        ...dimensions,
        ...{ n: 0, negative: 0, neutral: 0, positive: 0, mixed: 0, unsupported: 0, scoreSum: 0, voices: 0, negativeVoices: 0 },
        ...{ npsPromoters: 0, npsPassives: 0, npsDetractors: 0, csatN: 0, csatSum: 0, cesN: 0, cesSum: 0 },
      };
      rows.set(key, row);
      row.n += 1;
      row[mention.label] += 1;
      row.scoreSum += mention.score;
      const voice = mention.label === 'unsupported' ? 0 : 1 / timesSaid(items, item, mention.id);
      row.voices += voice;
      if (mention.label === 'negative') row.negativeVoices += voice;
      if (item.nps !== undefined) row[item.nps >= 9 ? 'npsPromoters' : item.nps >= 7 ? 'npsPassives' : 'npsDetractors'] += 1;
      if (item.csat !== undefined) {
        row.csatN += 1;
        row.csatSum += item.csat;
      }
      if (item.ces !== undefined) {
        row.cesN += 1;
        row.cesSum += item.ces;
      }
    }
  }
  const order = (row: Rollup): string => DIMENSIONS.map((dimension) => row[dimension]).join('\u0000');
  return [...rows.values()]
    .map((row) => ({
      ...row,
      voices: round(row.voices),
      negativeVoices: round(row.negativeVoices),
      scoreSum: round(row.scoreSum),
      csatSum: round(row.csatSum),
      cesSum: round(row.cesSum),
    }))
    .sort((a, b) => Buffer.compare(Buffer.from(order(a)), Buffer.from(order(b))));
}

const round = (sum: number): number => Number(sum.toFixed(6)) + 0;
