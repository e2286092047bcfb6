/** The filters of the command line -> FeedbackFilter. */
import { DateTime } from 'luxon';
import { KINDS, LABELS, type Day } from '../feedback.js';
import type { FeedbackFilter } from '../store/port.js';
import { LANGUAGE_CODE } from '../config.js';
import { addDays, parsePeriod, startOfDay } from './periods.js';

/**
 * Filters as typed, one or many strings each. Lists are repeated options or commas (`\,` is a comma in a value); any value of a
 * list may match, and all options must.
 */
export interface FilterOptions {
  topic?: string | string[];
  sentiment?: string | string[];
  lang?: string | string[];
  source?: string | string[];
  kind?: string | string[];
  channel?: string | string[];
  product?: string | string[];
  customer?: string | string[];
  flag?: string | string[];
  rating?: string;
  score?: string;
  since?: string;
  until?: string;
  contains?: string;
}

export interface FilterContext {
  /** The shop's zone: where the days, weeks and months of `since` and `until` begin. */
  timeZone: string;
  /** The last day of `7d` and `4w`. */
  today: Day;
  /** Topics and areas there are; given, another name is an error rather than an empty answer. */
  topics?: ReadonlySet<string>;
}

/** The filters that daily counts can answer. */
export type RollupFilter = Pick<FeedbackFilter, 'topics' | 'languages' | 'sources' | 'kinds' | 'channels' | 'products'>;

export class FilterError extends Error {
  override name = 'FilterError';
  constructor(
    readonly option: string,
    readonly value: string,
    readonly expected: string,
  ) {
    super(`--${option}: expected ${expected}, not ${JSON.stringify(value)}`);
  }
}

/** @throws FilterError at the first value that is not understood. */
export function parseFilter(options: FilterOptions, context: FilterContext): FeedbackFilter {
  const filter: FeedbackFilter = {};
  const { topics } = context;
  if (options.topic !== undefined) {
    filter.topics = list('topic', options.topic, 'an area (delivery) or a topic (delivery.speed)', (t) =>
      /^[a-z0-9_-]+(\.[a-z0-9_-]+)?$/.test(t),
    );
    const unknown = filter.topics.find((topic) => topics !== undefined && !topics.has(topic));
    if (unknown !== undefined) throw new FilterError('topic', unknown, `one of ${neighbours(unknown, topics!).join(', ')}`);
  }
  if (options.sentiment !== undefined) filter.labels = oneOf('sentiment', options.sentiment, LABELS);
  if (options.lang !== undefined) filter.languages = list('lang', options.lang, 'a language code such as de', (c) => LANGUAGE_CODE.test(c));
  if (options.source !== undefined) filter.sources = list('source', options.source, 'the name of a source');
  if (options.kind !== undefined) filter.kinds = oneOf('kind', options.kind, KINDS);
  if (options.channel !== undefined) filter.channels = list('channel', options.channel, 'a channel');
  if (options.product !== undefined) filter.products = list('product', options.product, 'a product');
  if (options.customer !== undefined) {
    filter.customers = list('customer', options.customer, 'a pseudonym as `query --json` shows it (c_ and 24 hex digits)', (c) =>
      /^c_[0-9a-f]{24}$/.test(c),
    );
  }
  if (options.flag !== undefined) filter.flags = list('flag', options.flag, 'a flag such as rating-disagrees');
  if (options.rating !== undefined) assignRange(filter, 'rating', options.rating, '1-2, <=2, >=4 or 3', () => true);
  if (options.score !== undefined) {
    assignRange(filter, 'score', options.score, '<=-0.5, -0.8..-0.2 or >=0.3, between -1 and 1', (bound) => Math.abs(bound) <= 1);
  }
  if (options.since !== undefined) filter.since = parseTime('since', options.since, context);
  if (options.until !== undefined) filter.until = parseTime('until', options.until, context);
  if (filter.since !== undefined && filter.until !== undefined && filter.since >= filter.until) {
    throw new FilterError('until', options.until!, `a time after --since ${options.since}`);
  }
  if (options.contains !== undefined) {
    if (options.contains === '') throw new FilterError('contains', '', 'some text');
    filter.contains = options.contains;
  }
  return filter;
}

const NOT_IN_ROLLUPS = ['sentiment', 'customer', 'flag', 'rating', 'score', 'since', 'until', 'contains'] as const;

/**
 * The filter of a question that is answered from daily counts (trends).
 * @throws FilterError also for an option that daily counts do not know, rather than leaving it out.
 */
export function parseRollupFilter(options: FilterOptions, context: FilterContext): RollupFilter {
  const stray = NOT_IN_ROLLUPS.find((option) => options[option] !== undefined);
  if (stray !== undefined) {
    throw new FilterError(stray, String(options[stray]), 'no such filter here: trends know topic, lang, source, kind, channel and product');
  }
  return parseFilter(options, context);
}

/** A calendar day given to an option such as `--as-of`. @throws FilterError */
export function parseDay(option: string, value: string): Day {
  const period = parsePeriod(value);
  if (period === undefined || period.start !== value) throw new FilterError(option, value, 'a day as 2026-11-24');
  return value;
}

function list(option: string, value: string | string[], expected: string, valid: (item: string) => boolean = () => true): string[] {
  const items = [value].flat().flatMap((text) => text.split(/(?<!\\),/).map((item) => item.replaceAll('\\,', ',').trim()));
  const wrong = items.find((item) => item === '' || !valid(item));
  if (wrong !== undefined) throw new FilterError(option, wrong, expected);
  return [...new Set(items)];
}

function oneOf<T extends string>(option: string, value: string | string[], known: readonly T[]): T[] {
  return list(option, value, `one of ${known.join(', ')}`, (item) => (known as readonly string[]).includes(item)) as T[];
}

const NUMBER = String.raw`-?\d+(?:\.\d+)?`;
const RANGE = new RegExp(`^(?:(<=|>=)(${NUMBER})|(${NUMBER})(?:(?:\\.\\.|-)(${NUMBER}))?)$`);

/** `<=2`, `>=4`, `1-2`, `1..2` or `3`; both ends included. */
function assignRange(
  filter: FeedbackFilter,
  option: 'rating' | 'score',
  value: string,
  expected: string,
  valid: (bound: number) => boolean,
): void {
  const [, sign, bound, from, to] = RANGE.exec(value.replaceAll(' ', '')) ?? [];
  const lowest = sign === '>=' ? bound : from;
  const highest = sign === '<=' ? bound : (to ?? from);
  const bounds = [lowest, highest].filter((text) => text !== undefined).map(Number);
  if (bounds.length === 0 || !bounds.every(valid) || bounds[0]! > bounds.at(-1)!) throw new FilterError(option, value, expected);
  if (lowest !== undefined) filter[`${option}Min`] = Number(lowest);
  if (highest !== undefined) filter[`${option}Max`] = Number(highest);
}

/**
 * `7d` and `4w` are the last 7 days and 28 days, today included: `--since 7d` begins with them, `--until 7d` ends before them. A day,
 * week or month begins `since` with its first day and is included whole by `until`. An instant is itself, in the shop's zone where
 * it names no offset; `until` excludes it.
 */
function parseTime(option: 'since' | 'until', value: string, { timeZone, today }: FilterContext): string {
  const [, count, unit] = /^(\d{1,4})([dw])$/.exec(value) ?? [];
  if (count !== undefined && Number(count) > 0) return startOfDay(addDays(today, 1 - Number(count) * (unit === 'w' ? 7 : 1)), timeZone);
  const period = parsePeriod(value);
  if (period !== undefined) return startOfDay(option === 'since' ? period.start : addDays(period.end, 1), timeZone);
  const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value) ? DateTime.fromISO(value, { zone: timeZone }) : undefined;
  if (instant?.isValid === true) return new Date(instant.toMillis()).toISOString();
  throw new FilterError(option, value, '7d, 4w, 2026-11-24, 2026-W47, 2026-11 or an ISO 8601 time');
}

/** What a mistyped topic may have meant: the topics of its area, else those that share its beginning, else the areas. */
function neighbours(topic: string, topics: ReadonlySet<string>): string[] {
  const all = [...topics].sort();
  const area = topic.split('.')[0]!;
  const near = topics.has(area)
    ? all.filter((t) => t.startsWith(`${area}.`))
    : all.filter((t) => t.split('.').some((part) => part.slice(0, 3) === area.slice(0, 3)));
  return near.length > 0 ? near : all.filter((t) => !t.includes('.'));
}
