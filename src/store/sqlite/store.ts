/** The embedded store: one file, through libsql. */
import { statfs, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Checkpoint, RejectedRow, SCHEMA_VERSION, type AnalyzedFeedback, type Day } from '../../feedback.js';
import { migrate, needsMigration, type LoadMigrations } from '../migrations.js';
import type { CheckpointArgument } from '../paging.js';
import type { CommitCounts, FeedbackFilter, FeedbackStore, Page, PageRequest, SettingStore } from '../port.js';
import { Codes } from './codes.js';
import { commitBatch, hasNewKeys, rewrite, sortKeys } from './commit.js';
import { Connection } from './connection.js';
import { duplicates } from './duplicates.js';
import { count, newestDay, search, stream } from './read.js';
import { SqliteRecords } from './records.js';
import { refreshRollups, rollups } from './rollups.js';
import { SqliteRuns } from './runs.js';
import { dayName, upgradeTables } from './tables.js';

const VERSION = 'schemaVersion';
const CHUNK = 500;
const LITTLE_DISK = 1e9;

export function openSqliteStore(file: string, migrations: LoadMigrations): FeedbackStore {
  return new SqliteStore(new Connection(file), migrations);
}

class SqliteStore implements FeedbackStore {
  readonly name: string;
  readonly runs: SqliteRuns;
  readonly settings: SettingStore;
  readonly records: SqliteRecords;
  private readonly codes: Codes;

  constructor(
    private readonly connection: Connection,
    private readonly migrations: LoadMigrations,
  ) {
    this.name = connection.name;
    this.runs = new SqliteRuns(connection);
    this.settings = new SqliteSettings(connection);
    this.records = new SqliteRecords(connection);
    this.codes = new Codes(connection.database);
  }

  async init(): Promise<void> {
    await this.connection.init();
    const stored = Number(await this.settings.setOnce(VERSION, String(SCHEMA_VERSION)));
    if (!needsMigration(stored, this.name)) return;
    const migrations = await this.migrations();
    await this.write(upgradeTables);
    this.codes.forget();
    let last: number | undefined = 0;
    while (last !== undefined) {
      const after: number = last;
      last = await this.write((database) => {
        const rows = database.prepare('SELECT seq, doc FROM feedback WHERE seq > ? ORDER BY seq LIMIT ?').all([after, CHUNK]);
        const documents = rows.map(({ doc }) => migrate(JSON.parse(String(doc)) as Record<string, unknown>, migrations));
        const sequences = rows.map(({ seq }) => Number(seq));
        rewrite(database, this.codes, documents, sequences);
        return sequences.at(-1);
      });
    }
    const days = this.connection.database.prepare('SELECT DISTINCT day FROM feedback').all().map(({ day }) => dayName(Number(day))); // prettier-ignore
    await refreshRollups(this.connection, days);
    await this.settings.set(VERSION, String(SCHEMA_VERSION));
  }

  async commit(batch: AnalyzedFeedback[], checkpoint?: CheckpointArgument, replaces?: ReadonlyMap<string, string>): Promise<CommitCounts> {
    return this.write((database) => commitBatch(database, this.codes, batch, checkpoint, replaces));
  }

  async quarantine(rows: RejectedRow[]): Promise<void> {
    await this.write((database) => {
      const insert = database.prepare('REPLACE INTO reject (id, source, file, "row", doc) VALUES (?, ?, ?, ?, ?)');
      for (const row of rows) insert.run([row.id, row.source, row.file, row.row, JSON.stringify(row)]);
    });
  }

  async *rejects({ sources }: { sources?: string[] }): AsyncIterable<RejectedRow> {
    const { database } = this.connection;
    const some = sources === undefined ? '1' : 'source IN (SELECT value FROM json_each(?1))';
    let after: RejectedRow | undefined;
    for (;;) {
      const rows = database
        .prepare(
          `SELECT doc FROM reject WHERE ${some} AND (source, file, "row", id) > (?2, ?3, ?4, ?5) ORDER BY source, file, "row", id LIMIT ?6`,
        )
        .all([JSON.stringify(sources ?? []), after?.source ?? '', after?.file ?? '', after?.row ?? -1, after?.id ?? '', CHUNK]);
      for (const { doc } of rows) {
        after = RejectedRow.parse(JSON.parse(String(doc)));
        yield after;
      }
      if (rows.length < CHUNK) return;
    }
  }

  async removeRejects(ids: string[]): Promise<void> {
    await this.write((database) => {
      database.prepare('DELETE FROM reject WHERE id IN (SELECT value FROM json_each(?))').run([JSON.stringify(ids)]);
    });
  }

  async checkpoint(source: string, part: string): Promise<Checkpoint | undefined> {
    const row = this.connection.database.prepare('SELECT doc FROM checkpoint WHERE source = ? AND part = ?').get([source, part]);
    return row === undefined ? undefined : Checkpoint.parse(JSON.parse(String(row['doc'])));
  }

  async refreshRollups(days: Day[]): Promise<void> {
    await refreshRollups(this.connection, days);
    await this.sortKeys();
  }

  rollups(...question: Parameters<FeedbackStore['rollups']>): ReturnType<FeedbackStore['rollups']> {
    return rollups(this.connection.database, ...question);
  }

  async search(filter: FeedbackFilter, page: PageRequest): Promise<Page<AnalyzedFeedback>> {
    if (page.fold === true) await this.sortKeys();
    return search(this.connection.database, filter, page);
  }

  count(filter: FeedbackFilter): Promise<number> {
    return count(this.connection.database, filter);
  }

  async duplicates(filter: FeedbackFilter): Promise<number> {
    await this.sortKeys();
    return duplicates(this.connection.database, filter);
  }

  stream(filter: FeedbackFilter, after?: string): AsyncIterable<AnalyzedFeedback> {
    return stream(this.connection.database, filter, after);
  }

  async newestDay(): Promise<Day | undefined> {
    return newestDay(this.connection.database);
  }

  async health(): Promise<{ ok: boolean; detail: string; advice?: string }> {
    const { file } = this.connection;
    try {
      await this.connection.write(() => undefined);
      const version = (await this.settings.get(VERSION)) ?? 'none';
      const detail = `${this.name}, schema version ${version}`;
      if (file === ':memory:') return { ok: true, detail };
      const [{ size }, disk] = await Promise.all([stat(file), statfs(dirname(resolve(file)))]);
      const free = disk.bavail * disk.bsize;
      const full = `${detail}, ${(size / 1e6).toFixed(1)} MB, ${(free / 1e9).toFixed(1)} GB free`;
      if (free < LITTLE_DISK)
        return { ok: true, detail: full, advice: `little space is left beside ${file}: a million rows take about 3 GB` };
      return { ok: true, detail: full };
    } catch (error) {
      return { ok: false, detail: `${this.name}: ${(error as Error).message}`, advice: `check that ${file} and its folder can be written` };
    }
  }

  async close(): Promise<void> {
    this.connection.database.close();
  }

  /** A row that comes between this and a question stands alone in the answer. */
  private async sortKeys(): Promise<void> {
    if (hasNewKeys(this.connection.database)) await this.write(sortKeys);
  }

  private async write<T>(work: Parameters<typeof this.connection.write<T>>[0]): Promise<T> {
    try {
      return await this.connection.write(work);
    } catch (error) {
      this.codes.forget();
      throw error;
    }
  }
}

class SqliteSettings implements SettingStore {
  constructor(private readonly connection: Connection) {}

  async get(name: string): Promise<string | undefined> {
    const row = this.connection.database.prepare('SELECT value FROM setting WHERE name = ?').get([name]);
    return row === undefined ? undefined : String(row['value']);
  }

  async setOnce(name: string, value: string): Promise<string> {
    return this.connection.write((database) => {
      database.prepare('INSERT OR IGNORE INTO setting VALUES (?, ?)').run([name, value]);
      return String(database.prepare('SELECT value FROM setting WHERE name = ?').get([name])?.['value']);
    });
  }

  async set(name: string, value: string): Promise<void> {
    await this.connection.write((database) => database.prepare('REPLACE INTO setting VALUES (?, ?)').run([name, value]));
  }
}
