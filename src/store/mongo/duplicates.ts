/** What folding asks of MongoDB. `folding.ts` makes groups of the answers. */
import type { Document, Filter } from 'mongodb';
import { DuplicateCounter, type Member } from '../folding.js';
import type { FeedbackFilter } from '../port.js';
import { patiently, type Connection } from './connection.js';
import { duplicateMark, type FeedbackDocument } from './documents.js';
import { toQuery, worstScore } from './filter.js';

/** Keys asked for at once. */
const KEYS = 500;

type Found = Pick<FeedbackDocument, '_id' | 'createdAt' | 'duplicateKeys'> & { score?: number };

/** All documents that match and have one of the keys. `byMention`: their score is that of the mentions asked about. */
export async function withKeys(connection: Connection, filter: FeedbackFilter, byMention: boolean, keys: string[]): Promise<Member[]> {
  const members: Member[] = [];
  const score = byMention ? worstScore(filter) : '$analysis.sentiment.score';
  for (let at = 0; at < keys.length; at += KEYS) {
    for (const { _id, createdAt, duplicateKeys, ...rest } of await find(connection, filter, keys.slice(at, at + KEYS), { score }))
      members.push({ position: { score: rest.score ?? 0, created: createdAt.getTime(), id: _id }, keys: duplicateKeys });
  }
  return members;
}

function find({ collections }: Connection, filter: FeedbackFilter, keys: string[], more: Document): Promise<Found[]> {
  const query = { $and: [toQuery(filter), { mentionKeys: { $in: keys.map(duplicateMark) } }] } as Filter<FeedbackDocument>;
  return patiently(() =>
    collections.feedback.aggregate<Found>([{ $match: query }, { $project: { createdAt: 1, duplicateKeys: 1, ...more } }]).toArray(),
  );
}

export async function duplicates(connection: Connection, filter: FeedbackFilter): Promise<number> {
  const { feedback } = connection.collections;
  const repeated = await patiently(() =>
    feedback
      .aggregate<{ _id: string }>(
        [
          { $match: toQuery(filter) },
          { $project: { duplicateKeys: 1 } },
          { $unwind: '$duplicateKeys' },
          { $group: { _id: '$duplicateKeys', n: { $sum: 1 } } },
          { $match: { n: { $gt: 1 } } },
        ],
        { allowDiskUse: true },
      )
      .toArray(),
  );
  const counter = new DuplicateCounter<string>();
  const keys = repeated.map(({ _id }) => _id);
  for (let at = 0; at < keys.length; at += KEYS) {
    for (const { _id, duplicateKeys } of await find(connection, filter, keys.slice(at, at + KEYS), {}))
      for (const key of duplicateKeys) counter.add(key, _id);
  }
  return counter.duplicates;
}
