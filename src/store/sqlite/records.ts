/** Records by kind and key, one row each. */
import { LAST } from '../paging.js';
import type { RecordStore, StoredRecord } from '../port.js';
import type { Connection } from './connection.js';
import type { SqlRow } from './driver.js';

export class SqliteRecords implements RecordStore {
  constructor(private readonly connection: Connection) {}

  async get(kind: string, key: string): Promise<StoredRecord | undefined> {
    const row = this.connection.database.prepare('SELECT key, revision, doc FROM record WHERE kind = ? AND key = ?').get([kind, key]);
    return row === undefined ? undefined : toRecord(row);
  }

  async list(kind: string, prefix = ''): Promise<StoredRecord[]> {
    return this.connection.database
      .prepare('SELECT key, revision, doc FROM record WHERE kind = ? AND key >= ? AND key < ? ORDER BY key')
      .all([kind, prefix, prefix + LAST])
      .map(toRecord);
  }

  async put(kind: string, key: string, document: unknown, revision = 0): Promise<number | undefined> {
    const doc = JSON.stringify(document);
    return this.connection.write((database) => {
      const stored = database.prepare('SELECT revision FROM record WHERE kind = ? AND key = ?').get([kind, key]);
      if (Number(stored?.['revision'] ?? 0) !== revision) return undefined;
      database.prepare('REPLACE INTO record VALUES (?, ?, ?, ?)').run([kind, key, revision + 1, doc]);
      return revision + 1;
    });
  }

  async remove(kind: string, key: string): Promise<boolean> {
    return this.connection.write((database) => {
      if (database.prepare('SELECT 1 FROM record WHERE kind = ? AND key = ?').get([kind, key]) === undefined) return false;
      database.prepare('DELETE FROM record WHERE kind = ? AND key = ?').run([kind, key]);
      return true;
    });
  }
}

const toRecord = ({ key, revision, doc }: SqlRow): StoredRecord => ({
  key: String(key),
  revision: Number(revision),
  document: JSON.parse(String(doc)) as unknown,
});
