/** The store on a server that speaks MongoDB's protocol. Needs no transactions, change streams, validators or collations of it. */
import { RejectedRow, SCHEMA_VERSION, type AnalyzedFeedback, type Checkpoint, type Day } from '../../feedback.js';
import { migrate, needsMigration, type LoadMigrations } from '../migrations.js';
import type { CheckpointArgument } from '../paging.js';
import type { CommitCounts, DayRange, FeedbackFilter, FeedbackStore, Page, PageRequest, SettingStore } from '../port.js';
import { commit, readCheckpoint } from './commit.js';
import { Connection, isDuplicate, patiently } from './connection.js';
import { duplicates } from './duplicates.js';
import { FORMER_INDEXES, fromDocument, INDEXES, toDocument, versioned, type Collections } from './documents.js';
import { count, newestDay, search, stream } from './read.js';
import { refreshRollups, rollups } from './rollups.js';
import { MongoRecords } from './records.js';
import { MongoRuns } from './runs.js';

const VERSION = 'schemaVersion';
const CHUNK = 500;

export async function openMongoStore(url: string, migrations: LoadMigrations): Promise<FeedbackStore> {
  return new MongoStore(await Connection.open(url), migrations);
}

class MongoStore implements FeedbackStore {
  readonly name: string;
  readonly runs: MongoRuns;
  readonly settings: SettingStore;
  readonly records: MongoRecords;

  constructor(
    private readonly connection: Connection,
    private readonly migrations: LoadMigrations,
  ) {
    this.name = connection.name;
    this.runs = new MongoRuns(connection);
    this.settings = new MongoSettings(connection);
    this.records = new MongoRecords(connection);
  }

  async init(): Promise<void> {
    const { collections } = this.connection;
    const stored = Number(await this.settings.setOnce(VERSION, String(SCHEMA_VERSION)));
    const old = needsMigration(stored, this.name);
    for (const [name, indexes] of Object.entries(INDEXES)) {
      await patiently(() => collections[name as keyof Collections].createIndexes(indexes));
    }
    if (!old) return;
    const migrations = await this.migrations();
    const { feedback } = collections;
    for (;;) {
      const documents = await feedback.find({ schemaVersion: { $lt: SCHEMA_VERSION } as never }).limit(CHUNK).toArray(); // prettier-ignore
      if (documents.length === 0) break;
      await feedback.bulkWrite(
        documents.map((document) => ({
          replaceOne: {
            // Not where another process was faster.
            filter: { _id: document._id, schemaVersion: document.schemaVersion },
            replacement: toDocument(migrate(fromDocument(document), migrations)),
          },
        })),
        { ordered: false },
      );
    }
    await this.dropFormerIndexes();
    await refreshRollups(this.connection, await feedback.distinct('day'));
    await this.settings.set(VERSION, String(SCHEMA_VERSION));
  }

  private async dropFormerIndexes(): Promise<void> {
    for (const [name, former] of Object.entries(FORMER_INDEXES)) {
      const collection = this.connection.collections[name as keyof Collections];
      // Another process may have been faster.
      for (const index of former) if (await collection.indexExists(index)) await collection.dropIndex(index).catch(() => undefined);
    }
  }

  commit(batch: AnalyzedFeedback[], checkpoint?: CheckpointArgument, replaces?: ReadonlyMap<string, string>): Promise<CommitCounts> {
    return commit(this.connection, batch, checkpoint, replaces);
  }

  async quarantine(rows: RejectedRow[]): Promise<void> {
    if (rows.length === 0) return;
    const { collections } = this.connection;
    const operations = rows.map(({ id, ...row }) => ({ replaceOne: { filter: { _id: id }, replacement: versioned(row), upsert: true } }));
    const write = (): Promise<unknown> => patiently(() => collections.rejects.bulkWrite(operations, { ordered: false }));
    try {
      await write();
    } catch (error) {
      // Two upserts of one key at once: the one that lost finds it there the second time.
      if (!isDuplicate(error)) throw error;
      await write();
    }
  }

  async *rejects({ sources }: { sources?: string[] }): AsyncIterable<RejectedRow> {
    const query = sources === undefined ? {} : { source: { $in: sources } };
    const cursor = this.connection.collections.rejects.find(query).sort({ source: 1, file: 1, row: 1, _id: 1 });
    for await (const { _id, ...row } of cursor) yield RejectedRow.parse({ ...row, id: _id });
  }

  async removeRejects(ids: string[]): Promise<void> {
    const { collections } = this.connection;
    await patiently(() => collections.rejects.deleteMany({ _id: { $in: ids } }));
  }

  checkpoint(source: string, part: string): Promise<Checkpoint | undefined> {
    return readCheckpoint(this.connection, source, part);
  }

  refreshRollups(days: Day[]): Promise<void> {
    return refreshRollups(this.connection, days);
  }

  rollups(range: DayRange, filter: Parameters<FeedbackStore['rollups']>[1]): ReturnType<FeedbackStore['rollups']> {
    return rollups(this.connection, range, filter);
  }

  search(filter: FeedbackFilter, page: PageRequest): Promise<Page<AnalyzedFeedback>> {
    return search(this.connection, filter, page);
  }

  count(filter: FeedbackFilter): Promise<number> {
    return count(this.connection, filter);
  }

  duplicates(filter: FeedbackFilter): Promise<number> {
    return duplicates(this.connection, filter);
  }

  stream(filter: FeedbackFilter, after?: string): AsyncIterable<AnalyzedFeedback> {
    return stream(this.connection, filter, after);
  }

  newestDay(): Promise<Day | undefined> {
    return newestDay(this.connection);
  }

  async health(): Promise<{ ok: boolean; detail: string; advice?: string }> {
    try {
      const start = performance.now();
      await this.connection.database.command({ ping: 1 });
      const version = (await this.settings.get(VERSION)) ?? 'none';
      return { ok: true, detail: `${this.name}, schema version ${version}, answers in ${Math.ceil(performance.now() - start)} ms` };
    } catch (error) {
      const advice = 'start the server, or check its address and credentials and that this machine may reach it';
      return { ok: false, detail: `${this.name}: ${(error as Error).message}`, advice };
    }
  }

  async close(): Promise<void> {
    await this.connection.client.close();
  }
}

class MongoSettings implements SettingStore {
  constructor(private readonly connection: Connection) {}

  async get(name: string): Promise<string | undefined> {
    const { collections } = this.connection;
    return (await patiently(() => collections.settings.findOne({ _id: name })))?.value;
  }

  async setOnce(name: string, value: string): Promise<string> {
    const { collections } = this.connection;
    try {
      await patiently(() => collections.settings.insertOne({ _id: name, value }));
      return value;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      return (await this.get(name)) ?? value;
    }
  }

  async set(name: string, value: string): Promise<void> {
    const { collections } = this.connection;
    await patiently(() => collections.settings.replaceOne({ _id: name }, { value }, { upsert: true }));
  }
}
