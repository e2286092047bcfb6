/** A filter as SQL. Questions about topics, labels and scores start from `mention`, the others from `feedback`. */

import { instant } from '../paging.js';
import type { FeedbackFilter } from '../port.js';
import { labelCode } from './codes.js';
import type { SqliteDatabase, SqlValue } from './driver.js';
import { ALL, DAY_MS, dayNumber, PERIOD_MS, periodOf, utcDayOf } from './tables.js';

/** Conditions joined by AND, with their parameters in order. */
export class Conditions {
  private readonly parts: string[] = [];
  readonly parameters: SqlValue[] = [];

  add(sql: string, ...parameters: SqlValue[]): void {
    this.parts.push(sql);
    this.parameters.push(...parameters);
  }

  addAll(other: Conditions): void {
    this.parts.push(...other.parts);
    this.parameters.push(...other.parameters);
  }

  get empty(): boolean {
    return this.parts.length === 0;
  }

  get sql(): string {
    return this.empty ? '1' : this.parts.join(' AND ');
  }
}

const ANY = '(SELECT value FROM json_each(?))';
const list = (values: readonly (string | number)[]): string => JSON.stringify(values);

/** Does the filter ask about mentions? The label and score of a document as such are those of its mention of topic 0. */
export const asksAboutMentions = ({ topics, labels, scoreMin, scoreMax }: FeedbackFilter): boolean =>
  topics !== undefined || labels !== undefined || scoreMin !== undefined || scoreMax !== undefined;

/** Codes of the topics asked about; those never seen have none. */
export function topicCodes(database: SqliteDatabase, { topics }: FeedbackFilter): number[] {
  if (topics === undefined) return [ALL];
  return database.prepare(`SELECT id FROM topic WHERE name IN ${ANY}`).all([list(topics)]).map(({ id }) => Number(id)); // prettier-ignore
}

/** Conditions on a row `m` of `mention`, its topic and time included. */
export function mentionConditions(filter: FeedbackFilter, topics: number[]): Conditions {
  const { labels, scoreMin, scoreMax, since, until } = filter;
  const where = new Conditions();
  const [only] = topics;
  if (topics.length === 1 && only !== undefined) where.add('m.topic = ?', only);
  else where.add(`m.topic IN ${ANY}`, list(topics));
  if (labels !== undefined) where.add(`m.label IN ${ANY}`, list(labels.map(labelCode)));
  if (scoreMin !== undefined) where.add('m.score >= ?', scoreMin);
  if (scoreMax !== undefined) where.add('m.score <= ?', scoreMax);
  if (since !== undefined) where.add('m.period >= ? AND m.created >= ?', periodOf(instant(since)), instant(since));
  if (until !== undefined) where.add('m.period <= ? AND m.created < ?', periodOf(instant(until)), instant(until));
  return where;
}

/** Conditions on the time of a row `f` of `feedback`, by the index on days. */
export function timeConditions({ since, until }: FeedbackFilter): Conditions {
  const where = new Conditions();
  if (since !== undefined) where.add(`f.created / ${DAY_MS} >= ? AND f.created >= ?`, utcDayOf(instant(since)), instant(since));
  if (until !== undefined) where.add(`f.created / ${DAY_MS} <= ? AND f.created < ?`, utcDayOf(instant(until)), instant(until));
  return where;
}

const DIMENSIONS = [
  ['source', 'sources'],
  ['kind', 'kinds'],
  ['channel', 'channels'],
  ['language', 'languages'],
  ['product', 'products'],
] as const;

/** Conditions on a row `d` of `dimension`. */
export function dimensionConditions(filter: FeedbackFilter): Conditions {
  const where = new Conditions();
  for (const [column, field] of DIMENSIONS) {
    const values = filter[field];
    if (values !== undefined) where.add(`d.${column} IN ${ANY}`, list(values));
  }
  return where;
}

/** Conditions on a row `f` of `feedback`, but for its time, mentions and `contains`. */
export function feedbackConditions(filter: FeedbackFilter): Conditions {
  const { ids, days, customers, flags, ratingMin, ratingMax } = filter;
  const where = new Conditions();
  if (ids !== undefined) where.add(`f.id IN ${ANY}`, list(ids));
  if (days !== undefined) where.add(`f.day IN ${ANY}`, list(days.map(dayNumber)));
  const dimensions = dimensionConditions(filter);
  if (!dimensions.empty) where.add(`f.dimension IN (SELECT d.id FROM dimension d WHERE ${dimensions.sql})`, ...dimensions.parameters);
  if (customers !== undefined) where.add(`f.customer IN ${ANY}`, list(customers));
  if (flags !== undefined) where.add(`EXISTS (SELECT 1 FROM json_each(f.doc, '$.analysis.flags') WHERE value IN ${ANY})`, list(flags));
  if (ratingMin !== undefined) where.add('f.rating >= ?', ratingMin);
  if (ratingMax !== undefined) where.add('f.rating <= ?', ratingMax);
  return where;
}

/** Is there a mention `m` of the row `f` that fits? By the primary key of `mention`. */
export function hasMention(filter: FeedbackFilter, topics: number[]): Conditions {
  const { since: _since, until: _until, ...untimed } = filter;
  const mention = mentionConditions(untimed, topics);
  const where = new Conditions();
  where.add(
    `EXISTS (SELECT 1 FROM mention m WHERE ${mention.sql} AND m.period = f.created / ${PERIOD_MS} AND m.seq = f.seq)`,
    ...mention.parameters,
  );
  return where;
}
