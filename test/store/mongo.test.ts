import { MongoClient } from 'mongodb';
import { describe } from 'vitest';
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
});
