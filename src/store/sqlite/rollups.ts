/** Daily counts: recomputed from what is stored, a day a statement. */
import { setImmediate } from 'node:timers/promises';
import { LABELS, Rollup, type Day } from '../../feedback.js';
import { roundSums } from '../paging.js';
import type { DayRange, FeedbackStore, SummableDimension } from '../port.js';
import type { Connection } from './connection.js';
import type { SqliteDatabase } from './driver.js';
import { Conditions, dimensionConditions } from './filter.js';
import { DAY_MS, dayName, dayNumber } from './tables.js';

type RollupFilter = Parameters<FeedbackStore['rollups']>[1];

const byLabel = LABELS.map((_, code) => `sum(m.value ->> 1 = ${code})`).join(', ');

/** A day of the shop's zone lies within the UTC days beside it, which is what the index knows. */
export const REFRESH_DAY = `INSERT INTO rollup
  SELECT f.day, f.dimension, m.value ->> 0 AS topic, count(*), ${byLabel}, total(m.value ->> 2),
    total(f.nps >= 9), total(f.nps >= 7 AND f.nps < 9), total(f.nps < 7), count(f.csat), total(f.csat), count(f.ces), total(f.ces)
  FROM feedback f, json_each(f.mentions) m
  WHERE f.created / ${DAY_MS} BETWEEN ?1 - 1 AND ?1 + 1 AND f.day = ?1
  GROUP BY f.dimension, topic`;

export async function refreshRollups(connection: Connection, days: Day[]): Promise<void> {
  for (const day of [...new Set(days)].sort()) {
    const number = dayNumber(day);
    await connection.write((database) => {
      database.prepare('DELETE FROM rollup WHERE day = ?').run([number]);
      database.prepare(REFRESH_DAY).run([number]);
    });
    await setImmediate();
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

const SUMMABLE: readonly SummableDimension[] = ['source', 'channel', 'language', 'product'];

const COUNTS = [
  ['n', 'n'],
  ...LABELS.map((label) => [label, label] as const),
  ['score_sum', 'scoreSum'],
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
      ORDER BY source, d.kind, channel, language, product, topic`,
    parameters: where.parameters,
  };
}
