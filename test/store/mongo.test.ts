import { MongoClient } from 'mongodb';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/store/open.js';
import { fromDocument, type FeedbackDocument } from '../../src/store/mongo/documents.js';
import { freshDatabase, mongoServer } from '../servers.js';
import { conformance } from './conformance.js';

const server = await mongoServer();

async function onDatabase(url: string, work: (client: MongoClient) => Promise<unknown>): Promise<void> {
  const client = new MongoClient(url);
  await work(client);
  await client.close();
}

describe.skipIf(server === undefined)(server?.name ?? 'MongoDB', () => {
  conformance({
    fresh: async () => freshDatabase(server?.url ?? ''),
    drop: (url) => onDatabase(url, (client) => client.db().dropDatabase()),
    rewrite: (url, version, change) =>
      onDatabase(url, async (client) => {
        const feedback = client.db().collection<FeedbackDocument>('feedback');
        const operations = (await feedback.find().toArray()).map((document) => {
          const { id: _id, createdAt: _at, ...rest } = change(fromDocument(document));
          return { replaceOne: { filter: { _id: document._id }, replacement: { ...document, ...rest } } };
        });
        if (operations.length > 0) await feedback.bulkWrite(operations, { ordered: false });
        await client
          .db()
          .collection<{ _id: string }>('settings')
          .updateOne({ _id: 'schemaVersion' }, { $set: { value: String(version) } });
      }),
    atomic: false,
  });

  test('a store of version 2 opens though its indexes had other keys, and keeps none that nobody needs', async () => {
    const url = freshDatabase(server?.url ?? '');
    await onDatabase(url, async (client) => {
      await client.db().collection('rollups').createIndex({ day: 1, source: 1 }, { name: 'order' });
      await client.db().collection<{ _id: string; value: string }>('settings').insertOne({ _id: 'schemaVersion', value: '2' });
    });
    const store = await openStore(url);
    expect((await store.health()).detail).toContain('schema version 3');
    await store.close();
    await onDatabase(url, async (client) => {
      const names = (await client.db().collection('rollups').indexes()).map(({ name }) => name);
      expect(names.sort()).toEqual(['_id_', 'dimensions']);
      await client.db().dropDatabase();
    });
  });
});
