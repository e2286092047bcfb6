/** `undertone trends`: how the share of negatives moves from week to week, from the daily roll-ups. */
import { ALL_TOPICS, type Day, type Rollup } from '../feedback.js';
import type { FeedbackStore } from '../store/port.js';
import {
  BASELINE_WEEKS,
  compareFamily,
  complaintsOf,
  lastWholeWeek,
  type Comparison,
  type Measure,
  type Pair,
  type Tally,
} from './comparison.js';
import type { RollupFilter } from './filter.js';
import { addDays, weekOf } from './periods.js';
import { wilson } from './statistics/wilson.js';

export const TREND_DIMENSIONS = ['topic', 'language', 'channel', 'product', 'source', 'stage'] as const;
export type TrendDimension = (typeof TREND_DIMENSIONS)[number];

/**
 * One key in one ISO week. `n` counts the feedback whose sentiment is known: negative, neutral, positive and mixed. Of these only
 * `negative` is in the share: a mixed text also praises, so the share is a floor. Feedback in a language without a lexicon is in
 * neither; `unsupported` says how much there is.
 *
 * By topic and by stage, `n` counts mentions and the sentiment is that of the mention. One text can mention several topics, so keys
 * overlap; an area (`delivery`) counts each text once, a stage each of its topics. The unit is the message, not its author.
 */
export interface TrendLine extends Partial<Comparison> {
  by: TrendDimension;
  /** Topic, language code, name ...; empty where the feedback names none. */
  key: string;
  /** ISO week, `2026-W47`. */
  period: string;
  /** First and last day, both inclusive. */
  start: Day;
  end: Day;
  n: number;
  negative: number;
  /** negative / n; null where n is 0. */
  share: number | null;
  /** 95 % Wilson interval of the share. */
  low: number;
  high: number;
  unsupported?: number;
  /** On the newest week while it lasts: it is shown and not tested. */
  unfinished?: true;
  /** On the last whole week where too little was said for the comparison that stands there otherwise. */
  note?: 'not enough data';
  /** By topic, on the last whole week: the negative mentions among all feedback, where there are enough to test. */
  complaints?: Measure;
}

export interface TrendOptions {
  by: TrendDimension;
  /** ISO weeks shown, the one that holds `asOf` included. Weeks before the first feedback are left out. */
  weeks: number;
  /** What counts as today; absent: the newest day in the data. Later feedback is ignored. */
  asOf?: Day;
  filter?: RollupFilter;
  /** Topic -> its journey stages, from the taxonomy; for `by: 'stage'`. */
  stages?: ReadonlyMap<string, readonly string[]>;
}

type WeekTally = Tally & { unsupported: number };
/** Key -> first day of the week -> counts. */
type Series = Map<string, Map<Day, WeekTally>>;

/**
 * A line per key and week, oldest first, then by key. The last whole week is compared with the eight before it (see Comparison for
 * the methods); the shares of all keys of the call are one family of tests, the complaints another.
 */
export async function trends(store: Pick<FeedbackStore, 'rollups' | 'newestDay'>, options: TrendOptions): Promise<TrendLine[]> {
  const asOf = options.asOf ?? (await store.newestDay());
  if (asOf === undefined) return [];
  const newest = weekOf(asOf);
  const tested = lastWholeWeek(asOf);
  const baselineStart = addDays(tested.start, -7 * BASELINE_WEEKS);
  const firstShown = addDays(newest.start, -7 * (options.weeks - 1));
  const series = await readSeries(store, { from: firstShown < baselineStart ? firstShown : baselineStart, to: asOf }, options);

  const pairOf = (key: string): Pair => ({
    current: series.get(key)?.get(tested.start) ?? nothing(),
    baseline: sum([...(series.get(key) ?? [])].filter(([week]) => week >= baselineStart && week < tested.start).map(([, tally]) => tally)),
  });
  const keys = [...series.keys()].filter((key) => options.by !== 'topic' || key !== ALL_TOPICS).sort();
  const shares = compareFamily(keys.map(pairOf));
  const all = pairOf(ALL_TOPICS);
  const complaints = compareFamily(keys.map((key) => (options.by === 'topic' ? complaintsOf(pairOf(key), all) : undefined)));
  const firstOfData = [...series.values()].flatMap((weeks) => [...weeks.keys()]).reduce((a, b) => (a < b ? a : b), newest.start);
  const lines: TrendLine[] = [];
  for (let start = firstShown > firstOfData ? firstShown : firstOfData; start <= newest.start; start = addDays(start, 7)) {
    keys.forEach((key, i) => {
      const line = trendLine(options.by, key, start, series.get(key)!.get(start) ?? nothing());
      if (line.end > asOf) line.unfinished = true;
      if (start === tested.start) {
        Object.assign(line, shares[i] ?? { note: 'not enough data' });
        if (complaints[i] !== undefined) line.complaints = complaints[i];
      }
      lines.push(line);
    });
  }
  return lines;
}

function trendLine(by: TrendDimension, key: string, start: Day, { n, negative, unsupported }: WeekTally): TrendLine {
  const period = weekOf(start);
  const share = n === 0 ? null : negative / n;
  const line: TrendLine = { by, key, period: period.key, start, end: period.end, n, negative, share, ...wilson(negative, n) };
  return unsupported > 0 ? { ...line, unsupported } : line;
}

async function readSeries(store: Pick<FeedbackStore, 'rollups'>, range: { from: Day; to: Day }, options: TrendOptions): Promise<Series> {
  const keysOf = keysBy(options);
  const asked = options.filter?.topics;
  const filter = { ...options.filter };
  // The row of all topics counts each text once. Complaints are measured against it, whatever topics are asked for.
  if (options.by === 'topic' && asked !== undefined) filter.topics = [...asked, ALL_TOPICS];
  if (options.by !== 'topic' && options.by !== 'stage') filter.topics = asked ?? [ALL_TOPICS];
  const weekStarts = new Map<Day, Day>();
  const series: Series = new Map();
  for await (const row of store.rollups(range, filter, options.by === 'topic' || options.by === 'stage' ? [] : [options.by])) {
    for (const key of keysOf(row)) {
      const start = getOrMake(weekStarts, row.day, () => weekOf(row.day).start);
      const weeks = getOrMake(series, key, () => new Map<Day, WeekTally>());
      add(getOrMake(weeks, start, nothing), row);
    }
  }
  return series;
}

/** Which keys a roll-up counts for. */
function keysBy({ by, filter, stages }: TrendOptions): (row: Rollup) => readonly string[] {
  const asked = filter?.topics;
  const isAsked = (topic: string): boolean => asked === undefined || asked.some((t) => topic === t || topic.startsWith(`${t}.`));
  switch (by) {
    case 'topic':
      return (row) => (row.topic === ALL_TOPICS || isAsked(row.topic) ? [row.topic] : []);
    case 'stage':
      return (row) => (isAsked(row.topic) ? (stages?.get(row.topic) ?? []) : []);
    default: {
      // An area's own row counts its texts once; its leaves would count them again.
      const rows = new Set(asked ?? [ALL_TOPICS]);
      return (row) => (rows.has(row.topic) ? [row[by]] : []);
    }
  }
}

const nothing = (): WeekTally => ({ n: 0, negative: 0, unsupported: 0 });

function add(tally: WeekTally, row: Rollup): void {
  tally.n += row.negative + row.neutral + row.positive + row.mixed;
  tally.negative += row.negative;
  tally.unsupported += row.unsupported;
}

function sum(tallies: readonly WeekTally[]): Tally {
  return tallies.reduce((a, b) => ({ n: a.n + b.n, negative: a.negative + b.negative }), { n: 0, negative: 0 });
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
