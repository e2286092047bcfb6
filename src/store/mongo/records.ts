/** Records by kind and key, one document each. */
import { LAST } from '../paging.js';
import type { RecordStore, StoredRecord } from '../port.js';
import { isDuplicate, patiently, type Connection } from './connection.js';
import type { RecordDocument } from './documents.js';

const idOf = (kind: string, key: string): string => `${kind}/${key}`;

export class MongoRecords implements RecordStore {
  constructor(private readonly connection: Connection) {}

  async get(kind: string, key: string): Promise<StoredRecord | undefined> {
    const { records } = this.connection.collections;
    const document = await patiently(() => records.findOne({ _id: idOf(kind, key) }));
    return document === null ? undefined : toRecord(document);
  }

  async list(kind: string, prefix = ''): Promise<StoredRecord[]> {
    const { records } = this.connection.collections;
    const from = idOf(kind, prefix);
    const query = { _id: { $gte: from, $lt: from + LAST } };
    return (await patiently(() => records.find(query).sort({ _id: 1 }).toArray())).map(toRecord);
  }

  async put(kind: string, key: string, document: unknown, revision = 0): Promise<number | undefined> {
    const { records } = this.connection.collections;
    const next: RecordDocument = { _id: idOf(kind, key), revision: revision + 1, document: JSON.stringify(document) };
    return patiently(async (attempt) => {
      if (await write()) return next.revision;
      // An earlier attempt may have arrived, and only its answer got lost.
      const stored = attempt > 1 ? await records.findOne({ _id: next._id }) : null;
      return stored?.revision === next.revision && stored.document === next.document ? next.revision : undefined;
    });
    async function write(): Promise<boolean> {
      if (revision > 0) return (await records.replaceOne({ _id: next._id, revision }, next)).matchedCount === 1;
      try {
        await records.insertOne(next);
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    }
  }

  async remove(kind: string, key: string): Promise<boolean> {
    const { records } = this.connection.collections;
    return (await patiently(() => records.deleteOne({ _id: idOf(kind, key) }))).deletedCount === 1;
  }
}

const toRecord = ({ _id, revision, document }: RecordDocument): StoredRecord => ({
  key: _id.slice(_id.indexOf('/') + 1),
  revision,
  document: JSON.parse(document) as unknown,
});
