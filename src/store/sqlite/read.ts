/** Search, count and stream: which rows, in order, first; their documents after. */
import { setImmediate } from 'node:timers/promises';
import type { AnalyzedFeedback, Day } from '../../feedback.js';
import { parseStored } from '../migrations.js';
import { foldedPage, type Foldable, type Row } from '../folding.js';
import { containsPattern, encodeCursor, readPage, type Position } from '../paging.js';
import type { FeedbackFilter, Page, PageRequest, SortOrder } from '../port.js';
import type { Query, SqliteDatabase } from './driver.js';
import { withKeys } from './duplicates.js';
import { asksAboutMentions, Conditions, feedbackConditions, hasMention, mentionConditions, timeConditions, topicCodes } from './filter.js';
import { DAY_MS, dayName } from './tables.js';

/** Rows fetched at once: they are held in memory, and the process does nothing else meanwhile. */
const CHUNK = 500;

export async function search(database: SqliteDatabase, filter: FeedbackFilter, request: PageRequest): Promise<Page<AnalyzedFeedback>> {
  const { limit, sort, after } = readPage(request);
  if (request.fold === true) {
    const foldable: Foldable = {
      rows: (from, size) => take(walk(database, filter, sort, from, size), size),
      withKeys: async (keys) => withKeys(database, filter, sort, keys),
    };
    return foldedPage(foldable, { limit, sort, ...(after && { after }) });
  }
  const found = await take(walk(database, filter, sort, after, limit + 1), limit + 1);
  const items = found.slice(0, limit).map(({ item }) => item);
  const last = found[limit - 1];
  return found.length > limit && last !== undefined ? { items, next: encodeCursor(sort, last.position) } : { items };
}

async function take<T>(items: AsyncIterable<T>, limit: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) if (taken.push(item) === limit) break;
  return taken;
}

/** What matches, in the order asked for, from after a position. */
async function* walk(
  database: SqliteDatabase,
  filter: FeedbackFilter,
  sort: SortOrder,
  after: Position | undefined,
  chunk: number,
): AsyncIterable<Row> {
  const fits = textFits(filter);
  let from = after;
  for (;;) {
    const { sql, parameters } = pageQuery(database, filter, sort, from, chunk);
    const rows = database.prepare(sql).all(parameters);
    for (const row of rows) {
      from = { score: Number(row['score']), created: Number(row['created']), id: String(row['id']) };
      const item = parseStored(JSON.parse(String(row['doc'])));
      if (fits(item.text)) yield { position: from, item, keys: item.duplicateKeys };
    }
    if (rows.length < chunk) return;
    await setImmediate();
  }
}

const textFits = ({ contains }: FeedbackFilter): ((text: string) => boolean) => {
  if (contains === undefined) return () => true;
  // SQLite folds the case of ASCII only.
  const pattern = containsPattern(contains);
  return (text) => pattern.test(text);
};

/** The rows of a page. The order by day or period comes from the index; only rows of the same one are sorted. */
export function pageQuery(
  database: SqliteDatabase,
  filter: FeedbackFilter,
  sort: SortOrder,
  after: Position | undefined,
  limit: number,
): Query {
  const where = new Conditions();
  const byMention = asksAboutMentions(filter) || sort === 'severity';
  let from: string;
  let columns: string;
  let group = '';
  let order: string;
  if (byMention) {
    const topics = topicCodes(database, filter);
    where.addAll(mentionConditions(filter, topics));
    // CROSS JOIN tells SQLite to keep to this order.
    from = 'mention m CROSS JOIN feedback f ON f.seq = m.seq';
    columns = 'm.seq, m.created, m.score, f.id';
    order = sort === 'severity' ? 'm.score, m.created DESC, f.id' : 'm.period DESC, m.created DESC, f.id';
    if (topics.length > 1) {
      columns = 'm.seq, m.created, min(m.score) AS score, f.id';
      group = 'GROUP BY m.seq';
      order = order.replace('m.score', 'min(m.score)');
    }
  } else {
    where.addAll(timeConditions(filter));
    from = 'feedback f';
    columns = 'f.seq, f.created, 0 AS score, f.id';
    order = `f.created / ${DAY_MS} DESC, f.created DESC, f.id`;
  }
  where.addAll(feedbackConditions(filter));
  let having = '';
  const keyset = new Conditions();
  if (after !== undefined) {
    const created = byMention ? 'm.created' : 'f.created';
    const newer = `(${created} < ? OR (${created} = ? AND f.id > ?))`;
    if (sort === 'newest') keyset.add(newer, after.created, after.created, after.id);
    else {
      const score = group === '' ? 'm.score' : 'min(m.score)';
      keyset.add(`(${score} > ? OR (${score} = ? AND ${newer}))`, after.score, after.score, after.created, after.created, after.id);
    }
    if (sort === 'newest' && byMention) where.add('m.created <= ?', after.created);
    if (sort === 'newest' && !byMention) where.add(`f.created / ${DAY_MS} <= ?`, Math.trunc(after.created / DAY_MS));
    if (group !== '' && sort === 'severity') having = `HAVING ${keyset.sql}`;
    else where.addAll(keyset);
  }
  const parameters = having === '' ? where.parameters : [...where.parameters, ...keyset.parameters];
  return {
    sql: `SELECT x.*, (SELECT doc FROM feedback WHERE seq = x.seq) AS doc
      FROM (SELECT ${columns} FROM ${from} WHERE ${where.sql} ${group} ${having} ORDER BY ${order} LIMIT ?) x
      ORDER BY ${sort === 'severity' ? 'x.score, ' : ''}x.created DESC, x.id`,
    parameters: [...parameters, limit],
  };
}

export async function count(database: SqliteDatabase, filter: FeedbackFilter): Promise<number> {
  if (filter.contains !== undefined) {
    let n = 0;
    for await (const _item of stream(database, filter)) n += 1;
    return n;
  }
  const { sql, parameters } = countQuery(database, filter);
  return Number(database.prepare(sql).get(parameters)?.['n']);
}

export function countQuery(database: SqliteDatabase, filter: FeedbackFilter): Query {
  const ofFeedback = feedbackConditions(filter);
  if (!asksAboutMentions(filter)) {
    const where = timeConditions(filter);
    where.addAll(ofFeedback);
    return { sql: `SELECT count(*) AS n FROM feedback f WHERE ${where.sql}`, parameters: where.parameters };
  }
  const topics = topicCodes(database, filter);
  const where = mentionConditions(filter, topics);
  const join = ofFeedback.empty ? '' : 'CROSS JOIN feedback f ON f.seq = m.seq';
  where.addAll(ofFeedback);
  return {
    sql: `SELECT count(${topics.length > 1 ? 'DISTINCT m.seq' : '*'}) AS n FROM mention m ${join} WHERE ${where.sql}`,
    parameters: where.parameters,
  };
}

/** By chunks in id order, so that no read holds the file between them. */
export async function* stream(database: SqliteDatabase, filter: FeedbackFilter, from?: string): AsyncIterable<AnalyzedFeedback> {
  const fits = textFits(filter);
  let after = from;
  for (;;) {
    const { sql, parameters } = streamQuery(database, filter, after);
    const rows = database.prepare(sql).all(parameters);
    for (const row of rows) {
      const item = parseStored(JSON.parse(String(row['doc'])));
      after = item.id;
      if (fits(item.text)) yield item;
    }
    if (rows.length < CHUNK) return;
    await setImmediate();
  }
}

export function streamQuery(database: SqliteDatabase, filter: FeedbackFilter, after: string | undefined): Query {
  const where = new Conditions();
  if (after !== undefined) where.add('f.id > ?', after);
  if (asksAboutMentions(filter)) where.addAll(hasMention(filter, topicCodes(database, filter)));
  const { since, until } = filter;
  // Without the index on days: the order of ids is what is asked for.
  if (since !== undefined) where.add('f.created >= ?', Date.parse(since));
  if (until !== undefined) where.add('f.created < ?', Date.parse(until));
  where.addAll(feedbackConditions(filter));
  return { sql: `SELECT f.doc FROM feedback f WHERE ${where.sql} ORDER BY f.id LIMIT ?`, parameters: [...where.parameters, CHUNK] };
}

/** Days differ from UTC's by one at most, so the newest is among the last two of these. */
export const NEWEST_DAY = `SELECT max(day) AS day FROM feedback
  WHERE created / ${DAY_MS} >= (SELECT max(created / ${DAY_MS}) FROM feedback) - 1`;

export function newestDay(database: SqliteDatabase): Day | undefined {
  const day = database.prepare(NEWEST_DAY).get()?.['day'];
  return day == null ? undefined : dayName(Number(day));
}
