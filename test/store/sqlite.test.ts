import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/store/open.js';
import type { FeedbackFilter, FeedbackStore, SortOrder } from '../../src/store/port.js';
import { openDatabase } from '../../src/store/sqlite/driver.js';
import { REPEATED_KEYS, rowsOfKeysQuery, withKeysQuery } from '../../src/store/sqlite/duplicates.js';
import { countQuery, NEWEST_DAY, pageQuery, streamQuery } from '../../src/store/sqlite/read.js';
import { REFRESH_DAY, REPEATED, rollupQuery } from '../../src/store/sqlite/rollups.js';
import { conformance } from './conformance.js';
import { collect } from './conformance/place.js';
import { generate } from './generate.js';

const folder = mkdtempSync(join(tmpdir(), 'undertone-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const fresh = (): string => join(folder, `${(count += 1)}.db`);

describe('SQLite', () => {
  conformance({
    fresh: async () => `sqlite:${fresh()}`,
    drop: async (url) => {
      for (const end of ['', '-wal', '-shm']) rmSync(url.slice('sqlite:'.length) + end, { force: true });
    },
    rewrite: async (url, version, change) => {
      const database = new Database(url.slice('sqlite:'.length));
      const update = database.prepare('UPDATE feedback SET doc = ? WHERE seq = ?');
      const rows = database.prepare('SELECT seq, doc FROM feedback').all() as { seq: number; doc: string }[];
      database.exec('BEGIN');
      for (const { seq, doc } of rows) update.run([JSON.stringify(change(JSON.parse(doc) as Record<string, unknown>)), seq]);
      database.prepare("UPDATE setting SET value = ? WHERE name = 'schemaVersion'").run([String(version)]);
      database.exec('COMMIT');
      database.close();
    },
    atomic: true,
  });
});

test('a file with the tables of version 2 gets those of today, filled', async () => {
  const file = fresh();
  const rows = generate(0, 60, 4, { days: 9 });
  const days = [...new Set(rows.map(({ day }) => day))];
  const first = await openStore(`sqlite:${file}`);
  await first.commit(rows);
  await first.refreshRollups(days);
  const expected = await collect(first.rollups({}, {}));
  await first.close();
  const database = new Database(file);
  database.exec(`DROP VIEW v_feedback; DROP VIEW v_mention; DROP VIEW v_rollup; DROP TABLE record; DROP TABLE rollup; DROP TABLE dimension;
    ALTER TABLE feedback DROP COLUMN customer; ALTER TABLE feedback DROP COLUMN rating;
    CREATE TABLE dimension (id INTEGER PRIMARY KEY, source TEXT, kind TEXT, channel TEXT, language TEXT, product TEXT);
    INSERT INTO dimension (source, kind, channel, language, product) VALUES ('x', 'review', '', 'en', '');
    CREATE TABLE rollup (day INTEGER, dimension INTEGER, topic INTEGER, n INTEGER);
    UPDATE feedback SET doc = json_set(doc, '$.schemaVersion', 2); UPDATE setting SET value = '2' WHERE name = 'schemaVersion'`);
  database.close();
  const store = await openStore(`sqlite:${file}`);
  expect(await collect(store.rollups({}, {}))).toEqual(expected);
  const customer = rows.find((row) => row.customer !== undefined)!.customer!;
  expect(await store.count({ customers: [customer] })).toBe(rows.filter((row) => row.customer === customer).length);
  expect(await store.commit(rows)).toMatchObject({ unchanged: rows.length });
  await store.commit(generate(60, 70, 4));
  expect(await store.count({})).toBe(70);
  await store.close();
});

describe('every question has an index', () => {
  const file = fresh();
  let store: FeedbackStore;
  const database = openDatabase(file);
  beforeAll(async () => {
    store = await openStore(`sqlite:${file}`);
    const rows = generate(0, 500);
    await store.commit(rows);
    await store.refreshRollups([...new Set(rows.map(({ day }) => day))]);
  });
  afterAll(async () => {
    database.close();
    await store.close();
  });

  const plan = ({ sql, parameters }: { sql: string; parameters: (string | number | Uint8Array | null)[] }): string[] =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(parameters)
      .map(({ detail }) => String(detail));

  const negative: FeedbackFilter = { topics: ['delivery'], labels: ['negative'] };
  const window: FeedbackFilter = { since: '2026-09-10T00:00:00.000Z', until: '2026-09-17T00:00:00.000Z' };
  test.each([
    ['the newest', {}, 'newest', 'SCAN f USING INDEX feedback_day'],
    ['a window, newest', window, 'newest', 'SEARCH f USING INDEX feedback_day (<expr>>? AND <expr><?)'],
    ['a topic and label, newest', negative, 'newest', 'SEARCH m USING PRIMARY KEY (topic=?)'],
    ['a topic in a window, newest', { ...negative, ...window }, 'newest', 'SEARCH m USING PRIMARY KEY (topic=? AND period>? AND period<?)'],
    ['a topic and label, worst', negative, 'severity', 'SEARCH m USING PRIMARY KEY (topic=?)'],
    ['a label of the document', { labels: ['negative'] }, 'newest', 'SEARCH m USING PRIMARY KEY (topic=?)'],
    ['the worst of all', {}, 'severity', 'SEARCH m USING PRIMARY KEY (topic=?)'],
  ] as [string, FeedbackFilter, SortOrder, string][])('search: %s', (_what, filter, sort, expected) => {
    const details = plan(pageQuery(database, filter, sort, undefined, 50));
    expect(details).toContain(expected);
    expect(details.filter((detail) => /^SCAN (m|f)$/.test(detail))).toEqual([]);
  });

  test('search by time sorts only within a day or a quarter', () => {
    expect(plan(pageQuery(database, {}, 'newest', undefined, 50))).toContain('USE TEMP B-TREE FOR RIGHT PART OF ORDER BY');
    expect(plan(pageQuery(database, negative, 'newest', undefined, 50))).toContain('USE TEMP B-TREE FOR RIGHT PART OF ORDER BY');
  });

  test.each([
    ['all', {}, []],
    ['a window', window, ['SEARCH f USING INTEGER PRIMARY KEY (rowid=?)']],
    [
      'a topic and label',
      negative,
      ['SEARCH f USING INTEGER PRIMARY KEY (rowid=?)', 'SEARCH m USING PRIMARY KEY (topic=? AND period=? AND seq=?)'],
    ],
  ] as [string, FeedbackFilter, string[]][])('near-duplicates: %s', (_what, filter, expected) => {
    const byKey = plan(rowsOfKeysQuery(database, filter, ['a', 'b']));
    expect(byKey).toEqual(expect.arrayContaining(['SEARCH d USING PRIMARY KEY (key=?)', ...expected]));
    expect(byKey.filter((detail) => /^SCAN (?!json_each)|TEMP B-TREE/.test(detail))).toEqual([]);
    const folding = plan(withKeysQuery(database, filter, 'newest', ['a', 'b']));
    expect(folding).toEqual(expect.arrayContaining(['SEARCH duplicate USING PRIMARY KEY (key=?)', ...expected]));
    expect(plan({ sql: REPEATED_KEYS, parameters: [''] })).toEqual(['SEARCH duplicate USING PRIMARY KEY (key>?)']);
  });

  test('count, stream, newest day, roll-ups', () => {
    expect(plan(countQuery(database, negative))[0]).toBe('SEARCH m USING PRIMARY KEY (topic=?)');
    expect(plan(countQuery(database, window))).toContain('SEARCH f USING INDEX feedback_day (<expr>>? AND <expr><?)');
    expect(plan(streamQuery(database, { ids: ['a', 'b'] }, 'a'))).toContain('SEARCH f USING INDEX sqlite_autoindex_feedback_1 (id=?)');
    const rest = plan(streamQuery(database, negative, 'a'));
    expect(rest).toContain('SEARCH f USING INDEX sqlite_autoindex_feedback_1 (id>?)');
    expect(rest).toContain('SEARCH m USING PRIMARY KEY (topic=? AND period=? AND seq=?)');
    expect(plan({ sql: NEWEST_DAY, parameters: [] }).join()).toMatch(/SEARCH feedback USING (COVERING )?INDEX feedback_day/);
    expect(plan({ sql: REFRESH_DAY, parameters: [20_000, '[]'] })).toContain('SEARCH f USING INDEX feedback_day (<expr>>? AND <expr><?)');
    expect(plan({ sql: REPEATED, parameters: [20_000] }).filter((line) => line.includes('SCAN f'))).toEqual([]);
    const { sql, parameters } = rollupQuery({ topics: ['delivery'], languages: ['de'] });
    expect(plan({ sql, parameters: [20_000, ...parameters] }).join()).toContain('SEARCH r USING PRIMARY KEY (day=?');
  });
});

describe('the file', () => {
  test('is not touched where there is nothing to write', async () => {
    const file = fresh();
    const store = await openStore(`sqlite:${file}`);
    await store.commit(generate(0, 50));
    const watcher = new Database(file);
    const version = (): unknown => (watcher.prepare('PRAGMA data_version').get() as { data_version: number }).data_version;
    const before = version();
    await store.commit(generate(0, 50));
    expect(version()).toEqual(before);
    await store.commit(generate(50, 51));
    expect(version()).not.toEqual(before);
    watcher.close();
    await store.close();
  });

  test('is durable at each commit', async () => {
    const file = fresh();
    const store = await openStore(`sqlite:${file}`);
    await store.commit(generate(0, 50));
    // What a kill at this moment leaves: the file and its log as they are on disk.
    const copy = fresh();
    for (const end of ['', '-wal']) writeFileSync(copy + end, readFileSync(file + end));
    const survivor = await openStore(`sqlite:${copy}`);
    expect(await survivor.count({})).toBe(50);
    await survivor.close();
    await store.close();
  });

  test.each([
    ['in a folder that does not exist', () => join(folder, 'no', 'x.db'), /expected a folder .*no, it does not exist/],
    [
      'that is no database',
      () => {
        const file = fresh();
        writeFileSync(file, 'id,text\n1,good\n'.repeat(100));
        return file;
      },
      /expected a store of Undertone or no file, got file is not a database/,
    ],
    [
      "that is another program's database",
      () => {
        const file = fresh();
        const database = new Database(file);
        database.exec('CREATE TABLE customers (id)');
        database.close();
        return file;
      },
      /expected a store of Undertone or no file, got another program's database/,
    ],
  ])('%s is refused', async (_what, make, message) => {
    await expect(openStore(`sqlite:${make()}`)).rejects.toThrow(message);
  });
});
