/**
 * Daily counts: a week's feedback is read, what the counts need of it, counted here and compared with what is stored, so that only
 * what changed is written. (Counting by an aggregation with `$merge` on FerretDB over DocumentDB cost three times as much; and where
 * the server had no statistics yet of a collection that just grew, `$merge` took a minute for 8,000 rows.)
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyBulkWriteOperation, Document } from 'mongodb';
import { ALL_TOPICS, mondaysOf, type Day, type Rollup } from '../../feedback.js';
import type { DayRange, FeedbackStore } from '../port.js';
import { isDuplicate, patiently, type Connection } from './connection.js';
import { COUNTED_FIELDS, Counter, rowsOf } from './counts.js';
import { versioned, type RollupDocument } from './documents.js';

type RollupFilter = Parameters<FeedbackStore['rollups']>[1];

const DAY_MS = 86_400_000;
/** Zones reach from 12 hours behind UTC to 14 before it. */
const ZONE_MS = 14 * 3_600_000;
const LOCK = 'rollups';
const LEASE_MS = 20_000;
/** Documents read or written at once. */
const CHUNK = 500;

/** One process at a time: were two to refresh a day at once, the slower could put its older counts over the newer ones. */
export async function refreshRollups(connection: Connection, days: Day[]): Promise<void> {
  if (days.length === 0) return;
  await locked(connection, async () => {
    for (const monday of mondaysOf(days)) await patiently(() => refresh(connection, weekFrom(monday)));
  });
}

async function refresh({ collections: { feedback, rollups } }: Connection, days: Day[]): Promise<void> {
  const starts = days.map((day) => Date.parse(day));
  const createdAt = { $gte: new Date(Math.min(...starts) - ZONE_MS), $lt: new Date(Math.max(...starts) + DAY_MS + ZONE_MS) };
  const counter = new Counter();
  for await (const document of feedback.find({ createdAt, day: { $in: days } }, { projection: COUNTED_FIELDS }).batchSize(CHUNK)) {
    counter.add(document);
  }
  const stored = new Map<string, string>();
  for await (const { _id, ...rest } of rollups.find({ day: { $in: days } }).batchSize(CHUNK)) stored.set(_id, JSON.stringify(rest));
  let operations: AnyBulkWriteOperation<RollupDocument>[] = [];
  const write = async (): Promise<void> => {
    if (operations.length > 0) await rollups.bulkWrite(operations, { ordered: false });
    operations = [];
  };
  for (const [_id, counted] of counter.documents()) {
    const document = versioned(counted);
    const before = stored.get(_id);
    stored.delete(_id);
    if (before === JSON.stringify(document)) continue;
    if (before === undefined) operations.push({ insertOne: { document: { _id, ...document } } });
    else operations.push({ replaceOne: { filter: { _id }, replacement: document } });
    if (operations.length >= CHUNK) await write();
  }
  await write();
  // Of dimensions that nothing of these days has any more.
  const stale = [...stored.keys()];
  for (let at = 0; at < stale.length; at += CHUNK) await rollups.deleteMany({ _id: { $in: stale.slice(at, at + CHUNK) } });
}

const weekFrom = (monday: Day): Day[] =>
  Array.from({ length: 7 }, (_, i) => new Date(Date.parse(monday) + i * DAY_MS).toISOString().slice(0, 10));

/** Holds the lock on roll-ups while working; one left by a process that died is free after 20 seconds. */
async function locked(connection: Connection, work: () => Promise<void>): Promise<void> {
  const { locks } = connection.collections;
  const owner = randomUUID();
  const until = (): Date => new Date(Date.now() + LEASE_MS);
  const take = async (): Promise<boolean> => {
    try {
      await locks.updateOne(
        { _id: LOCK, $or: [{ until: { $lt: new Date() } }, { owner }] },
        { $set: { owner, until: until() } },
        { upsert: true },
      );
      return true;
    } catch (error) {
      // Someone holds it, so the upsert met a key that exists.
      if (isDuplicate(error)) return false;
      throw error;
    }
  };
  while (!(await patiently(take))) await sleep(100 + Math.random() * 100);
  const renew = setInterval(
    () => void locks.updateOne({ _id: LOCK, owner }, { $set: { until: until() } }).catch(() => undefined),
    LEASE_MS / 4,
  );
  renew.unref();
  try {
    await work();
  } finally {
    clearInterval(renew);
    await patiently(() => locks.deleteOne({ _id: LOCK, owner }));
  }
}

const DIMENSIONS = [
  ['sources', 'source'],
  ['kinds', 'kind'],
  ['channels', 'channel'],
  ['languages', 'language'],
  ['products', 'product'],
] as const;

export async function* rollups({ collections }: Connection, { from, to }: DayRange, filter: RollupFilter): AsyncIterable<Rollup> {
  const query: Document = {};
  if (from !== undefined || to !== undefined) query['day'] = { ...(from && { $gte: from }), ...(to && { $lte: to }) };
  for (const [field, path] of DIMENSIONS) {
    if (filter[field] !== undefined) query[path] = { $in: filter[field] };
  }
  const { topics } = filter;
  const isAsked = ({ topic }: Rollup): boolean => topics === undefined || topics.some((t) => topic === t || topic.startsWith(`${t}.`));
  // The counts of all topics are most of a document.
  const projection = topics !== undefined && topics.every((topic) => topic === ALL_TOPICS) ? { topics: 0 } : {};
  const order = { day: 1, source: 1, kind: 1, channel: 1, language: 1, product: 1, versions: 1 } as const;
  for await (const document of collections.rollups.find(query, { projection }).sort(order).batchSize(CHUNK)) {
    for (const row of rowsOf(document)) if (isAsked(row)) yield row;
  }
}
