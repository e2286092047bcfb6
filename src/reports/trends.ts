/** `undertone trends`: how the share of negatives moves from week to week, day to day or month to month, from the daily roll-ups. */
import { ALL_TOPICS, type Day, type Rollup } from '../feedback.js';
import type { FeedbackStore, SummableDimension } from '../store/port.js';
import {
  addRollup,
  addTallies,
  BASELINE_WEEKS,
  compareFamily,
  complaintsOf,
  nothing,
  settled,
  type Comparison,
  type Measure,
  type Pair,
  type Tally,
} from './comparison.js';
import type { RollupFilter } from './filter.js';
import { lastWholePeriod, periodOf, shiftPeriod, type Period, type PeriodLength } from './periods.js';
import { wilson } from './statistics/wilson.js';

export const TREND_DIMENSIONS = ['topic', 'language', 'channel', 'product', 'source', 'stage'] as const;
export type TrendDimension = (typeof TREND_DIMENSIONS)[number];

/**
 * One key in one period. `n` counts the feedback whose sentiment is known: negative, neutral, positive and mixed. Of these only
 * `negative` is in the share: a mixed text also praises, so the share is a floor. Feedback in a language without a lexicon is in
 * neither; `unsupported` says how much there is.
 *
 * `n` and `negative` count messages, `share`, its interval and the tests people: `negativeVoices` of `voices` (see Rollup in
 * feedback.ts). Where every message has an author of its own the two are the same.
 *
 * By topic and by stage, `n` counts mentions and the sentiment is that of the mention. One text can mention several topics, so keys
 * overlap; an area (`delivery`) counts each text once, a stage each of its topics.
 */
export interface TrendLine extends Partial<Comparison> {
  by: TrendDimension;
  /** Topic, language code, name ...; empty where the feedback names none. */
  key: string;
  /** ISO week, `2026-W47`; or a day or month. */
  period: string;
  /** First and last day, both inclusive. */
  start: Day;
  end: Day;
  n: number;
  negative: number;
  voices: number;
  negativeVoices: number;
  /** negativeVoices / voices; null where there are none. */
  share: number | null;
  /** 95 % Wilson interval of the share. */
  low: number;
  high: number;
  /** Positive less negative, of n: -1 to 1; null where n is 0. */
  net: number | null;
  unsupported?: number;
  /** On the newest period while it lasts: it is shown and not tested. */
  unfinished?: true;
  /** On the last whole period where too little was said for the comparison that stands there otherwise. */
  note?: 'not enough data';
  /** By topic, on the last whole period: the negative mentions among all feedback, where there are enough to test. */
  complaints?: Measure;
  /**
   * On the last whole period, where it and its baseline were not all tagged alike: a change may be that of the lexicon. The versions
   * found on either side, as `versionsKey` writes them.
   */
  broken?: { before: string[]; now: string[] };
}

export interface TrendOptions {
  by: TrendDimension;
  /** Length of a period; absent: weeks. */
  every?: PeriodLength;
  /** Periods shown, the one that holds `asOf` included. Those before the first feedback are left out. */
  periods: number;
  /** What counts as today; absent: the newest day in the data. Later feedback is ignored. */
  asOf?: Day;
  filter?: RollupFilter;
  /** Topic -> its journey stages, from the taxonomy; for `by: 'stage'`. */
  stages?: ReadonlyMap<string, readonly string[]>;
}

type PeriodTally = Tally & { positive: number; unsupported: number; versions: Set<string> };
/** Key -> first day of the period -> counts. */
type Series = Map<string, Map<Day, PeriodTally>>;

/**
 * A line per key and period, oldest first, then by key. The last whole period is compared with the eight before it (see Comparison for
 * the methods); the shares of all keys of the call are one family of tests, the complaints another.
 */
export async function trends(store: Pick<FeedbackStore, 'rollups' | 'newestDay'>, options: TrendOptions): Promise<TrendLine[]> {
  const asOf = options.asOf ?? (await store.newestDay());
  if (asOf === undefined) return [];
  const every = options.every ?? 'week';
  const newest = periodOf(every, asOf);
  const tested = lastWholePeriod(every, asOf);
  const baseline = shiftPeriod(every, tested, -BASELINE_WEEKS);
  const firstShown = shiftPeriod(every, newest, 1 - options.periods);
  const from = firstShown.start < baseline.start ? firstShown.start : baseline.start;
  const series = await readSeries(store, { from, to: asOf }, every, options);

  const before = (key: string): PeriodTally[] =>
    [...(series.get(key) ?? [])].filter(([start]) => start >= baseline.start && start < tested.start).map(([, tally]) => tally);
  const now = (key: string): PeriodTally => series.get(key)?.get(tested.start) ?? none();
  const pairOf = (key: string): Pair => ({ current: now(key), baseline: before(key).reduce<Tally>(addTallies, nothing()) });
  const keys = [...series.keys()].filter((key) => options.by !== 'topic' || key !== ALL_TOPICS).sort();
  const shares = compareFamily(keys.map(pairOf));
  const all = pairOf(ALL_TOPICS);
  const complaints = compareFamily(keys.map((key) => (options.by === 'topic' ? complaintsOf(pairOf(key), all) : undefined)));
  const firstOfData = [...series.values()].flatMap((periods) => [...periods.keys()]).reduce((a, b) => (a < b ? a : b), newest.start);
  const lines: TrendLine[] = [];
  let period = firstShown.start > firstOfData ? firstShown : periodOf(every, firstOfData);
  for (; period.start <= newest.start; period = shiftPeriod(every, period, 1)) {
    keys.forEach((key, i) => {
      const line = trendLine(options.by, key, period, series.get(key)!.get(period.start) ?? none());
      if (line.end > asOf) line.unfinished = true;
      if (period.start === tested.start) {
        Object.assign(line, shares[i] ?? { note: 'not enough data' });
        if (complaints[i] !== undefined) line.complaints = complaints[i];
        const broken = breakBetween(before(key), now(key));
        if (broken !== undefined) line.broken = broken;
      }
      lines.push(line);
    });
  }
  return lines;
}

function trendLine(by: TrendDimension, key: string, period: Period, tally: PeriodTally): TrendLine {
  const { n, negative, positive, unsupported } = tally;
  const people = settled(tally);
  const { voices, negativeVoices } = people;
  const line: TrendLine = {
    ...{ by, key, period: period.key, start: period.start, end: period.end },
    ...people,
    share: voices === 0 ? null : negativeVoices / voices,
    ...wilson(negativeVoices, voices),
    net: n === 0 ? null : (positive - negative) / n,
  };
  return unsupported > 0 ? { ...line, unsupported } : line;
}

/** Undefined where all is tagged alike, or there is nothing on one side. */
function breakBetween(before: readonly PeriodTally[], now: PeriodTally): TrendLine['broken'] {
  const older = new Set(before.flatMap(({ versions }) => [...versions]));
  if (older.size === 0 || now.versions.size === 0 || new Set([...older, ...now.versions]).size === 1) return undefined;
  return { before: [...older].sort(), now: [...now.versions].sort() };
}

async function readSeries(
  store: Pick<FeedbackStore, 'rollups'>,
  range: { from: Day; to: Day },
  every: PeriodLength,
  options: TrendOptions,
): Promise<Series> {
  const keysOf = keysBy(options);
  const asked = options.filter?.topics;
  const filter = { ...options.filter };
  // The row of all topics counts each text once. Complaints are measured against it, whatever topics are asked for.
  if (options.by === 'topic' && asked !== undefined) filter.topics = [...asked, ALL_TOPICS];
  if (options.by !== 'topic' && options.by !== 'stage') filter.topics = asked ?? [ALL_TOPICS];
  const named: SummableDimension[] = options.by === 'topic' || options.by === 'stage' ? [] : [options.by];
  const starts = new Map<Day, Day>();
  const series: Series = new Map();
  for await (const row of store.rollups(range, filter, [...named, 'versions'])) {
    for (const key of keysOf(row)) {
      const start = getOrMake(starts, row.day, () => periodOf(every, row.day).start);
      const periods = getOrMake(series, key, () => new Map<Day, PeriodTally>());
      add(getOrMake(periods, start, none), row);
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

const none = (): PeriodTally => ({ ...nothing(), positive: 0, unsupported: 0, versions: new Set() });

function add(tally: PeriodTally, row: Rollup): void {
  addRollup(tally, row);
  tally.positive += row.positive;
  tally.unsupported += row.unsupported;
  tally.versions.add(row.versions);
}

function getOrMake<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
