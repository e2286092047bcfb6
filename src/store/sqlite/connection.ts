/** The open file: its settings, its one transaction at a time, and its tables. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy, openDatabase, type SqliteDatabase } from './driver.js';
import { APPLICATION_ID, TABLES } from './tables.js';

/** How long one writer waits for the others before it gives up. */
const WAIT_MS = 60_000;

export class Connection {
  readonly database: SqliteDatabase;
  /** `SQLite 3.45.1 (./undertone.db)`. */
  readonly name: string;

  /** @throws Error where the folder does not exist or the file is not a database. */
  constructor(readonly file: string) {
    const folder = dirname(resolve(file));
    if (file !== ':memory:' && !existsSync(folder)) throw new Error(`sqlite:${file}: expected a folder ${folder}, it does not exist`);
    try {
      this.database = openDatabase(file);
      const version = this.database.prepare('SELECT sqlite_version() AS version').get();
      this.name = `SQLite ${String(version?.['version'])} (${file})`;
      // A short wait inside SQLite, which blocks the process; `write` waits longer without blocking.
      this.database.exec('PRAGMA busy_timeout = 250');
      const id = Number(this.database.prepare('PRAGMA application_id').get()?.['application_id']);
      const tables = Number(this.database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n']);
      if (id !== APPLICATION_ID && tables > 0) throw new Error("another program's database");
    } catch (error) {
      throw new Error(`sqlite:${file}: expected a store of Undertone or no file, got ${(error as Error).message}`, { cause: error });
    }
  }

  /** Makes the tables where they are missing. Safe while other processes do the same. */
  async init(): Promise<void> {
    await this.patiently(() => {
      // Durable at every commit. Pages of 8 KB hold several documents; checkpoints come every 32 MB of log, since each rewrites the
      // pages that many batches have touched.
      this.database.exec(`
        PRAGMA page_size = 8192;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 4000;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA cache_size = -20000;
        PRAGMA temp_store = FILE;`);
    });
    await this.write(() => {
      this.database.exec(`PRAGMA application_id = ${APPLICATION_ID}; ${TABLES}`);
    });
  }

  /** Runs the work in one transaction, alone among all writers on the file. @throws Error where another holds the file for a minute. */
  async write<T>(work: (database: SqliteDatabase) => T): Promise<T> {
    return this.patiently(() => {
      this.database.exec('BEGIN IMMEDIATE');
      // From here to the end without a pause: another task of this process would find itself inside this transaction.
      try {
        const result = work(this.database);
        this.database.exec('COMMIT');
        return result;
      } catch (error) {
        try {
          this.database.exec('ROLLBACK');
        } catch {
          // SQLite has undone the transaction itself (disk full).
        }
        throw error;
      }
    });
  }

  /** Repeats what found the file locked, without blocking the process in between. */
  private async patiently<T>(work: () => T): Promise<T> {
    const end = Date.now() + WAIT_MS;
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (Date.now() > end)
          throw new Error(`sqlite:${this.file}: another process has held the file for ${WAIT_MS / 1_000} s`, { cause: error });
        await sleep(1 + Math.random() * 10);
      }
    }
  }
}
