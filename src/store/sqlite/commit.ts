/** Writing a batch: at most a few statements for all its rows, because a call into SQLite costs more than a row. */
import type { AnalyzedFeedback, Checkpoint, Day } from '../../feedback.js';
import { lastOfEach, resolveCheckpoint, type CheckpointArgument } from '../paging.js';
import type { CommitCounts } from '../port.js';
import { labelCode, type Codes } from './codes.js';
import type { SqliteDatabase, SqlValue } from './driver.js';
import { ALL, dayName, dayNumber, PERIOD_MS, periodOf } from './tables.js';

interface Known {
  hash: string;
  seq: number;
}

/** Rows an INSERT takes at once. */
const ROWS = 25;
const valuesOf = (rows: number): string =>
  Array.from({ length: rows }, () => '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT))').join(', ');
/** By name: a file that was upgraded has them in another order. */
const COLUMNS = 'seq, id, content_hash, created, day, dimension, customer, rating, nps, csat, ces, mentions, doc';
const MANY = valuesOf(ROWS);

/** A topic that an analysis lists twice is kept once. */
const INSERT_MENTIONS = `INSERT OR IGNORE INTO mention
  SELECT m.value ->> 0, f.created / ${PERIOD_MS}, f.seq, f.created, m.value ->> 1, m.value ->> 2
  FROM feedback f, json_each(f.mentions) m
  WHERE f.seq IN (SELECT value FROM json_each(?))`;

/** A key that a row has twice is kept once. */
const INSERT_KEYS = 'INSERT OR IGNORE INTO duplicate_new (key, seq) SELECT value ->> 0, value ->> 1 FROM json_each(?)';
const DELETE_KEYS = `DELETE FROM duplicate WHERE (key, seq) IN (
  SELECT k.value, f.seq FROM feedback f, json_each(f.doc, '$.duplicateKeys') k WHERE f.seq IN (SELECT value FROM json_each(?)))`;

/** Writes what is new or changed, then the checkpoint. Inside a write transaction. */
export function commitBatch(
  database: SqliteDatabase,
  codes: Codes,
  given: AnalyzedFeedback[],
  argument: CheckpointArgument,
  replaces?: ReadonlyMap<string, string>,
): CommitCounts {
  const batch = lastOfEach(given);
  const known = batch.length === 0 ? new Map<string, Known>() : findKnown(database, batch);
  const added: AnalyzedFeedback[] = [];
  const changed: AnalyzedFeedback[] = [];
  for (const row of batch) {
    const stored = known.get(row.id);
    if (replaces !== undefined && (stored === undefined || stored.hash !== replaces.get(row.id))) continue;
    if (stored === undefined) added.push(row);
    else if (stored.hash !== row.contentHash) changed.push(row);
  }
  const days = new Set<Day>();
  for (const row of [...added, ...changed]) days.add(row.day);
  if (changed.length > 0) {
    const sequences = changed.map(({ id }) => known.get(id)?.seq as number);
    for (const day of rewrite(database, codes, changed, sequences)) days.add(day);
  }
  if (added.length > 0) {
    const last = Number(database.prepare('SELECT max(seq) AS last FROM feedback').get()?.['last'] ?? 0);
    insertRows(database, codes, added, added.map((_, i) => last + 1 + i), 'INSERT'); // prettier-ignore
    if (last - oldestNewKey(database) > ROWS_UNSORTED) sortKeys(database);
  }
  const counts: CommitCounts = {
    inserted: added.length,
    updated: changed.length,
    unchanged: given.length - added.length - changed.length,
    days: [...days].sort(),
  };
  const checkpoint = resolveCheckpoint(argument, counts);
  if (checkpoint !== undefined) writeCheckpoint(database, checkpoint);
  return counts;
}

/** Puts rows in the place of those with the same `seq`. @returns the days that these had. */
export function rewrite(database: SqliteDatabase, codes: Codes, rows: AnalyzedFeedback[], sequences: number[]): Day[] {
  const days = removeKeys(database, sequences);
  insertRows(database, codes, rows, sequences, 'REPLACE');
  return days;
}

function findKnown(database: SqliteDatabase, batch: AnalyzedFeedback[]): Map<string, Known> {
  const rows = database
    .prepare('SELECT id, content_hash AS hash, seq FROM feedback WHERE id IN (SELECT value FROM json_each(?))')
    .all([JSON.stringify(batch.map(({ id }) => id))]);
  return new Map(rows.map(({ id, hash, seq }) => [String(id), { hash: String(hash), seq: Number(seq) }]));
}

/** Takes the mentions and duplicate keys of these rows out. @returns the days the rows have had. */
function removeKeys(database: SqliteDatabase, sequences: number[]): Day[] {
  const list = JSON.stringify(sequences);
  const days = new Set<Day>();
  const keys: number[][] = [];
  for (const row of database
    .prepare('SELECT seq, created, day, mentions FROM feedback WHERE seq IN (SELECT value FROM json_each(?))')
    .all([list])) {
    days.add(dayName(Number(row['day'])));
    const period = periodOf(Number(row['created']));
    for (const [topic] of JSON.parse(String(row['mentions'])) as [number][]) keys.push([topic, period, Number(row['seq'])]);
  }
  database
    .prepare('DELETE FROM mention WHERE (topic, period, seq) IN (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?))')
    .run([JSON.stringify(keys)]);
  database.prepare(DELETE_KEYS).run([list]);
  database.prepare('DELETE FROM duplicate_new WHERE seq IN (SELECT value FROM json_each(?))').run([list]);
  return [...days];
}

function insertRows(
  database: SqliteDatabase,
  codes: Codes,
  rows: AnalyzedFeedback[],
  sequences: number[],
  verb: 'INSERT' | 'REPLACE',
): void {
  for (let at = 0; at < rows.length; at += ROWS) {
    const values: SqlValue[] = [];
    const group = rows.slice(at, at + ROWS);
    const documents = encode(group);
    group.forEach((row, i) => {
      values.push(
        sequences[at + i] as number,
        row.id,
        row.contentHash,
        Date.parse(row.createdAt),
        dayNumber(row.day),
        codes.dimension(row),
      );
      values.push(row.customer ?? null, row.rating ?? null, row.nps ?? null, row.csat ?? null, row.ces ?? null, mentionsOf(row, codes)); // prettier-ignore
      values.push(documents[i] as Uint8Array);
    });
    database.prepare(`${verb} INTO feedback (${COLUMNS}) VALUES ${group.length === ROWS ? MANY : valuesOf(group.length)}`).run(values);
  }
  // Taken from the rows just written: that is cheaper than handing them over again.
  database.prepare(INSERT_MENTIONS).run([JSON.stringify(sequences)]);
  const keys = rows.flatMap(({ duplicateKeys }, i) => duplicateKeys.map((key) => [key, sequences[i]]));
  if (keys.length > 0) database.prepare(INSERT_KEYS).run([JSON.stringify(keys)]);
}

/** Topic, label and score of the document as such and of each of its topics and areas: `[[0,1,0],[7,0,-0.5]]`. */
function mentionsOf({ analysis }: AnalyzedFeedback, codes: Codes): string {
  const { sentiment, topics, areas } = analysis;
  let list = `[${ALL},${labelCode(sentiment.label)},${sentiment.score}]`;
  for (const { id, label, score } of topics) list += `,[${codes.topic(id)},${labelCode(label)},${score}]`;
  for (const { id, label, score } of areas) list += `,[${codes.topic(id)},${labelCode(label)},${score}]`;
  return `[${list}]`;
}

let scratch = Buffer.alloc(0);

/** The documents as UTF-8, in one buffer that is used again: the driver would encode each string more slowly by itself. */
function encode(rows: AnalyzedFeedback[]): Uint8Array[] {
  const texts = rows.map((row) => JSON.stringify(row));
  // A UTF-16 unit takes at most three bytes.
  const size = texts.reduce((sum, text) => sum + text.length * 3, 0);
  if (scratch.length < size) scratch = Buffer.alloc(size);
  let at = 0;
  return texts.map((text) => {
    const start = at;
    at += scratch.write(text, at);
    return scratch.subarray(start, at);
  });
}

/** Rows whose keys may wait: a night of them is sorted in a few times, and a query that comes in between sorts them in a moment. */
const ROWS_UNSORTED = 50_000;

function oldestNewKey(database: SqliteDatabase): number {
  return Number(database.prepare('SELECT min(seq) AS seq FROM duplicate_new').get()?.['seq'] ?? Infinity);
}

export const hasNewKeys = (database: SqliteDatabase): boolean => oldestNewKey(database) < Infinity;

/** Takes the keys that wait into `duplicate`, where they can be asked for. Inside a write transaction. */
export function sortKeys(database: SqliteDatabase): void {
  database.prepare('INSERT OR IGNORE INTO duplicate (key, seq) SELECT key, seq FROM duplicate_new ORDER BY key, seq').run();
  database.prepare('DELETE FROM duplicate_new').run();
}

export function writeCheckpoint(database: SqliteDatabase, checkpoint: Checkpoint): void {
  database.prepare('REPLACE INTO checkpoint VALUES (?, ?, ?)').run([checkpoint.source, checkpoint.part, JSON.stringify(checkpoint)]);
}
