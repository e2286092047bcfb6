/** What folding asks of SQLite. `folding.ts` makes groups of the answers. */
import { setImmediate } from 'node:timers/promises';
import { DuplicateCounter, type Member } from '../folding.js';
import { containsPattern } from '../paging.js';
import type { FeedbackFilter, SortOrder } from '../port.js';
import type { Query, SqliteDatabase } from './driver.js';
import { asksAboutMentions, Conditions, feedbackConditions, mentionConditions, timeConditions, topicCodes } from './filter.js';
import { PERIOD_MS } from './tables.js';

/** Keys looked at at once. */
const KEYS = 1_000;

/** Joins rows `d` with what the filter asks about. CROSS JOIN tells SQLite to keep to this order. */
function matching(
  database: SqliteDatabase,
  filter: FeedbackFilter,
  byMention: boolean,
): { from: string; where: Conditions; topics: number } {
  const where = new Conditions();
  if (!byMention) {
    where.addAll(timeConditions(filter));
    where.addAll(feedbackConditions(filter));
    return { from: 'CROSS JOIN feedback f ON f.seq = d.seq', where, topics: 0 };
  }
  const topics = topicCodes(database, filter);
  where.addAll(mentionConditions(filter, topics));
  where.addAll(feedbackConditions(filter));
  const from = `CROSS JOIN feedback f ON f.seq = d.seq CROSS JOIN mention m ON m.seq = f.seq AND m.period = f.created / ${PERIOD_MS}`;
  return { from, where, topics: topics.length };
}

/** All rows that match and have one of the keys. */
export function withKeys(database: SqliteDatabase, filter: FeedbackFilter, sort: SortOrder, keys: string[]): Member[] {
  const { sql, parameters } = withKeysQuery(database, filter, sort, keys);
  const pattern = filter.contains === undefined ? undefined : containsPattern(filter.contains);
  return database
    .prepare(sql)
    .all(parameters)
    .filter(({ text }) => pattern === undefined || pattern.test(String(text)))
    .map((row) => ({
      position: { score: Number(row['score']), created: Number(row['created']), id: String(row['id']) },
      keys: JSON.parse(String(row['keys'])) as string[],
    }));
}

export function withKeysQuery(database: SqliteDatabase, filter: FeedbackFilter, sort: SortOrder, keys: string[]): Query {
  const byMention = asksAboutMentions(filter) || sort === 'severity';
  const { from, where, topics } = matching(database, filter, byMention);
  const score = byMention ? (topics > 1 ? 'min(m.score)' : 'm.score') : '0';
  const text = filter.contains === undefined ? 'NULL' : "f.doc ->> '$.text'";
  return {
    sql: `SELECT f.id, f.created, ${score} AS score, f.doc ->> '$.duplicateKeys' AS keys, ${text} AS text
      FROM (SELECT DISTINCT seq FROM duplicate WHERE key IN (SELECT value FROM json_each(?))) d ${from}
      WHERE ${where.sql} ${topics > 1 ? 'GROUP BY d.seq' : ''}`,
    parameters: [JSON.stringify(keys), ...where.parameters],
  };
}

export async function duplicates(database: SqliteDatabase, filter: FeedbackFilter): Promise<number> {
  const counter = new DuplicateCounter<number>();
  const pattern = filter.contains === undefined ? undefined : containsPattern(filter.contains);
  for (let after = ''; ;) {
    const keys = database.prepare(REPEATED_KEYS).all([after]).map(({ key }) => String(key)); // prettier-ignore
    const { sql, parameters } = rowsOfKeysQuery(database, filter, keys);
    for (const { key, seq, text } of database.prepare(sql).all(parameters)) {
      if (pattern === undefined || pattern.test(String(text))) counter.add(String(key), Number(seq));
    }
    const last = keys.at(-1);
    if (keys.length < KEYS || last === undefined) return counter.duplicates;
    after = last;
    await setImmediate();
  }
}

/** Keys that more than one row has, by the primary key of `duplicate`. */
export const REPEATED_KEYS = `SELECT key FROM duplicate WHERE key > ? GROUP BY key HAVING count(*) > 1 ORDER BY key LIMIT ${KEYS}`;

/** The rows of each key that match. */
export function rowsOfKeysQuery(database: SqliteDatabase, filter: FeedbackFilter, keys: string[]): Query {
  const { from, where } = matching(database, filter, asksAboutMentions(filter));
  const { contains } = filter;
  const text = contains === undefined ? 'NULL' : "f.doc ->> '$.text'";
  return {
    sql: `SELECT d.key, d.seq, ${text} AS text FROM duplicate d ${where.empty && contains === undefined ? '' : from}
      WHERE d.key IN (SELECT value FROM json_each(?)) AND ${where.sql}`,
    parameters: [JSON.stringify(keys), ...where.parameters],
  };
}
