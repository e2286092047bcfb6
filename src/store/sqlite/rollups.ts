/** Daily counts: recomputed from what is stored, a day a statement, whole weeks at a time for the sake of the voices. */
import { setImmediate } from 'node:timers/promises';
import { LABELS, mondaysOf, Rollup, type Day } from '../../feedback.js';
import { roundSums } from '../paging.js';
import type { DayRange, FeedbackStore, SummableDimension } from '../port.js';
import type { Connection } from './connection.js';
import type { SqliteDatabase } from './driver.js';
import { Conditions, dimensionConditions } from './filter.js';
import { DAY_MS, dayName, dayNumber } from './tables.js';

type RollupFilter = Parameters<FeedbackStore['rollups']>[1];

const byLabel = LABELS.map((_, code) => `sum(m.value ->> 1 = ${code})`).join(', ');

/** A day of the shop's zone lies within the UTC days beside it, which is what the index knows. */
const daysFrom = (first: string, last: string): string =>
  `f.created / ${DAY_MS} BETWEEN ${first} - 1 AND ${last} + 1 AND f.day BETWEEN ${first} AND ${last}`;
const UNSUPPORTED = LABELS.indexOf('unsupported');
const NEGATIVE = LABELS.indexOf('negative');

/** Authors who spoke more than once of a topic in the week from the Monday ?1, and how often. */
export const REPEATED = `SELECT f.customer, m.value ->> 0 AS topic, count(*) AS n
  FROM feedback f, json_each(f.mentions) m
  WHERE ${daysFrom('?1', '?1 + 6')} AND m.value ->> 1 <> ${UNSUPPORTED}
    AND f.customer IN (SELECT f.customer FROM feedback f WHERE ${daysFrom('?1', '?1 + 6')} AND f.customer IS NOT NULL GROUP BY f.customer HAVING count(*) > 1)
  GROUP BY f.customer, topic HAVING n > 1`;

const VOICE = '1.0 / coalesce(r.n, 1)';

/** The counts of the day ?1; ?2 are the rows of REPEATED as JSON. */
export const REFRESH_DAY = `INSERT INTO rollup
  WITH repeated AS MATERIALIZED (SELECT value ->> 0 AS customer, value ->> 1 AS about, value ->> 2 AS n FROM json_each(?2))
  SELECT f.day, f.dimension, m.value ->> 0 AS topic, count(*), ${byLabel}, total(m.value ->> 2),
    total(CASE WHEN m.value ->> 1 <> ${UNSUPPORTED} THEN ${VOICE} END), total(CASE WHEN m.value ->> 1 = ${NEGATIVE} THEN ${VOICE} END),
    total(f.nps >= 9), total(f.nps >= 7 AND f.nps < 9), total(f.nps < 7), count(f.csat), total(f.csat), count(f.ces), total(f.ces)
  FROM feedback f, json_each(f.mentions) m LEFT JOIN repeated r ON r.customer = f.customer AND r.about = m.value ->> 0
  WHERE ${daysFrom('?1', '?1')}
  GROUP BY f.dimension, topic`;

export async function refreshRollups(connection: Connection, days: Day[]): Promise<void> {
  for (const monday of mondaysOf(days)) {
    const first = dayNumber(monday);
    // What arrives before the last day is written is refreshed by whoever brought it.
    const repeated = connection.database.prepare(REPEATED).all([first]).map(({ customer, topic, n }) => [customer, topic, n]); // prettier-ignore
    const list = JSON.stringify(repeated);
    for (let day = first; day < first + 7; day++) {
      await connection.write((database) => {
        database.prepare('DELETE FROM rollup WHERE day = ?').run([day]);
        database.prepare(REFRESH_DAY).run([day, list]);
      });
      await setImmediate();
    }
  }
}

/** Day by day: one day's rows are sorted and held at a time. */
export async function* rollups(
  database: SqliteDatabase,
  range: DayRange,
  filter: RollupFilter,
  tellApart: readonly SummableDimension[] = SUMMABLE,
): AsyncIterable<Rollup> {
  const { sql, parameters } = rollupQuery(filter, tellApart);
  const last = range.to === undefined ? Number.MAX_SAFE_INTEGER : dayNumber(range.to);
  let day = range.from === undefined ? Number.MIN_SAFE_INTEGER : dayNumber(range.from);
  for (;;) {
    const found = database.prepare('SELECT min(day) AS day FROM rollup WHERE day >= ?').get([day])?.['day'];
    if (found == null || Number(found) > last) return;
    day = Number(found);
    for (const row of database.prepare(sql).all([day, ...parameters])) yield roundSums(Rollup.parse({ ...row, day: dayName(day) }));
    day += 1;
    await setImmediate();
  }
}

const SUMMABLE: readonly SummableDimension[] = ['source', 'channel', 'language', 'product', 'versions'];

const COUNTS = [
  ['n', 'n'],
  ...LABELS.map((label) => [label, label] as const),
  ['score_sum', 'scoreSum'],
  ['voices', 'voices'],
  ['negative_voices', 'negativeVoices'],
  ['nps_promoters', 'npsPromoters'],
  ['nps_passives', 'npsPassives'],
  ['nps_detractors', 'npsDetractors'],
  ['csat_n', 'csatN'],
  ['csat_sum', 'csatSum'],
  ['ces_n', 'cesN'],
  ['ces_sum', 'cesSum'],
] as const;

/** Sums in the database over what is not told apart: handing a row over costs far more than adding it up. */
export function rollupQuery(
  filter: RollupFilter,
  tellApart: readonly SummableDimension[] = SUMMABLE,
): { sql: string; parameters: (string | number | Uint8Array | null)[] } {
  const where = new Conditions();
  const dimensions = dimensionConditions(filter);
  if (!dimensions.empty) where.add(`r.dimension IN (SELECT d.id FROM dimension d WHERE ${dimensions.sql})`, ...dimensions.parameters);
  if (filter.topics !== undefined) {
    // An area means its leaves too; `/` is the character after the dot between them.
    const asked = new Conditions();
    const parts = filter.topics.map((topic) => {
      asked.add('', topic, `${topic}.`, `${topic}/`);
      return 't.name = ? OR (t.name > ? AND t.name < ?)';
    });
    where.add(`r.topic IN (SELECT t.id FROM topic t WHERE ${parts.length > 0 ? parts.join(' OR ') : '0'})`, ...asked.parameters);
  }
  const apart = SUMMABLE.every((dimension) => tellApart.includes(dimension));
  const column = (dimension: SummableDimension): string => (tellApart.includes(dimension) ? `d.${dimension}` : `'' AS ${dimension}`);
  const counts = COUNTS.map(([stored, name]) => (apart ? `r.${stored} AS ${name}` : `sum(r.${stored}) AS ${name}`));
  return {
    sql: `SELECT ${SUMMABLE.map(column).join(', ')}, d.kind, t.name AS topic, ${counts.join(', ')}
      FROM rollup r CROSS JOIN dimension d ON d.id = r.dimension CROSS JOIN topic t ON t.id = r.topic
      WHERE r.day = ? AND ${where.sql}
      ${apart ? '' : `GROUP BY ${[...tellApart.map((dimension) => `d.${dimension}`), 'd.kind', 'r.topic'].join(', ')}`}
      ORDER BY source, d.kind, channel, language, product, versions, topic`,
    parameters: where.parameters,
  };
}
