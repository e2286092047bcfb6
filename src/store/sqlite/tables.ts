/**
 * Tables of the embedded store; docs/store.md tells analysts about them, with views (`v_...`) that spell the codes out.
 *
 * What the layout is for: a night writes 10,000 rows a second and more, however large the file is. So rows go to the end of their
 * B-trees and not to random places: feedback by arrival (`seq`), mentions by topic, quarter and arrival. Names that repeat are
 * codes, and everything that is only shown stays in the document. Duplicate keys come in no order at all: they gather in
 * `duplicate_new` and are sorted into `duplicate` many at once, or every batch would write most pages of that anew.
 */
import { LABELS } from '../../feedback.js';
import type { SqliteDatabase } from './driver.js';

/** Marks the file as ours ("Undt"), so that a mistyped path does not put tables into another program's file. */
export const APPLICATION_ID = 0x556e6474;

export const DAY_MS = 86_400_000;
/** A mention is filed under its quarter, so that a question about recent weeks does not read the years before. */
export const PERIOD_MS = 91 * DAY_MS;

/** Rounds towards zero, as `/` between integers does in SQL. */
export const periodOf = (created: number): number => Math.trunc(created / PERIOD_MS);
export const utcDayOf = (created: number): number => Math.trunc(created / DAY_MS);

/** Days are stored as whole days since 1970. */
export const dayNumber = (day: string): number => Date.parse(day) / DAY_MS;
export const dayName = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);

const labelName = (column: string): string => `CASE ${column} ${LABELS.map((label, code) => `WHEN ${code} THEN '${label}'`).join(' ')} END`;

/** Topic 0 is the document as such: `*`. */
export const ALL = 0;

export const TABLES = `
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS dimension (
  id INTEGER PRIMARY KEY, source TEXT NOT NULL, kind TEXT NOT NULL, channel TEXT NOT NULL, language TEXT NOT NULL, product TEXT NOT NULL,
  versions TEXT NOT NULL, UNIQUE (source, kind, channel, language, product, versions));
CREATE TABLE IF NOT EXISTS topic (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
INSERT OR IGNORE INTO topic VALUES (${ALL}, '*');
CREATE TABLE IF NOT EXISTS feedback (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, content_hash TEXT NOT NULL, created INTEGER NOT NULL, day INTEGER NOT NULL,
  dimension INTEGER NOT NULL, customer TEXT, rating REAL, nps REAL, csat REAL, ces REAL, mentions TEXT NOT NULL, doc TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS feedback_day ON feedback (created / ${DAY_MS}, day);
CREATE TABLE IF NOT EXISTS mention (
  topic INTEGER NOT NULL, period INTEGER NOT NULL, seq INTEGER NOT NULL, created INTEGER NOT NULL, label INTEGER NOT NULL, score REAL NOT NULL,
  PRIMARY KEY (topic, period, seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS duplicate (key TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (key, seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS duplicate_new (seq INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (seq, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS rollup (
  day INTEGER NOT NULL, dimension INTEGER NOT NULL, topic INTEGER NOT NULL, n INTEGER NOT NULL, negative INTEGER NOT NULL,
  neutral INTEGER NOT NULL, positive INTEGER NOT NULL, mixed INTEGER NOT NULL, unsupported INTEGER NOT NULL, score_sum REAL NOT NULL,
  voices REAL NOT NULL, negative_voices REAL NOT NULL,
  nps_promoters INTEGER NOT NULL, nps_passives INTEGER NOT NULL, nps_detractors INTEGER NOT NULL, csat_n INTEGER NOT NULL,
  csat_sum REAL NOT NULL, ces_n INTEGER NOT NULL, ces_sum REAL NOT NULL,
  PRIMARY KEY (day, dimension, topic)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS record (kind TEXT NOT NULL, key TEXT NOT NULL, revision INTEGER NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS checkpoint (source TEXT NOT NULL, part TEXT NOT NULL, doc TEXT NOT NULL, PRIMARY KEY (source, part)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reject (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, file TEXT NOT NULL, "row" INTEGER NOT NULL, doc TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS reject_place ON reject (source, file, "row", id);
CREATE TABLE IF NOT EXISTS run (
  id TEXT PRIMARY KEY, status TEXT NOT NULL, started_at TEXT NOT NULL, closed_at TEXT, sources TEXT NOT NULL, error TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS run_started ON run (started_at, id);
CREATE TABLE IF NOT EXISTS run_part (
  run TEXT NOT NULL, number INTEGER NOT NULL, source TEXT NOT NULL, "key" TEXT NOT NULL, fingerprint TEXT NOT NULL, spec TEXT NOT NULL,
  status TEXT NOT NULL, counts TEXT NOT NULL, days TEXT NOT NULL, error TEXT, PRIMARY KEY (run, number)) WITHOUT ROWID;

CREATE VIEW IF NOT EXISTS v_feedback AS
SELECT f.id, strftime('%Y-%m-%dT%H:%M:%fZ', f.created / 1000.0, 'unixepoch') AS created_at, date(f.day * 86400, 'unixepoch') AS day,
  d.source, d.kind, d.channel, d.language, d.product, ${labelName('m.label')} AS label, m.score,
  f.rating, f.nps, f.csat, f.ces, f.customer, d.versions, f.doc ->> '$.text' AS text, f.doc
FROM feedback f JOIN dimension d ON d.id = f.dimension JOIN mention m ON m.topic = ${ALL} AND m.period = f.created / ${PERIOD_MS} AND m.seq = f.seq;
CREATE VIEW IF NOT EXISTS v_mention AS
SELECT t.name AS topic, f.id AS feedback_id, date(f.day * 86400, 'unixepoch') AS day, ${labelName('m.label')} AS label, m.score,
  d.source, d.kind, d.channel, d.language, d.product
FROM mention m JOIN topic t ON t.id = m.topic JOIN feedback f ON f.seq = m.seq JOIN dimension d ON d.id = f.dimension
WHERE m.topic <> ${ALL};
CREATE VIEW IF NOT EXISTS v_rollup AS
SELECT date(r.day * 86400, 'unixepoch') AS day, d.source, d.kind, d.channel, d.language, d.product, d.versions, t.name AS topic,
  r.n, r.negative, r.neutral, r.positive, r.mixed, r.unsupported, r.score_sum, r.voices, r.negative_voices, r.nps_promoters, r.nps_passives, r.nps_detractors,
  r.csat_n, r.csat_sum, r.ces_n, r.ces_sum
FROM rollup r JOIN dimension d ON d.id = r.dimension JOIN topic t ON t.id = r.topic;
`;

/**
 * Gives a file of before schema version 3 the tables of today. Its rows are to be written anew afterwards and its days rolled up; done twice it does nothing
 * the second time. Inside a write transaction.
 */
export function upgradeTables(database: SqliteDatabase): void {
  const columns = database.prepare("SELECT name FROM pragma_table_info('feedback')").all().map(({ name }) => String(name)); // prettier-ignore
  if (columns.includes('customer')) return;
  database.exec(`
    DROP VIEW IF EXISTS v_feedback; DROP VIEW IF EXISTS v_mention; DROP VIEW IF EXISTS v_rollup;
    DROP TABLE dimension; DROP TABLE rollup;
    ALTER TABLE feedback ADD COLUMN customer TEXT; ALTER TABLE feedback ADD COLUMN rating REAL;
    ${TABLES}`);
}
