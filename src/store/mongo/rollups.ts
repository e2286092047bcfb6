/**
 * Daily counts: grouped by the server, where the data is, and compared here with what is stored, so that only rows that changed are
 * written. (`$merge` would write them all; where a server has no statistics yet of a collection that just grew, it took a minute for
 * 8,000 rows.)
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyBulkWriteOperation, Document } from 'mongodb';
import { ALL_TOPICS, LABELS, Rollup, type Day } from '../../feedback.js';
import { roundSums } from '../paging.js';
import type { DayRange, FeedbackStore } from '../port.js';
import { isDuplicate, patiently, type Connection } from './connection.js';
import { rollupId, versioned, type RollupDocument } from './documents.js';

type RollupFilter = Parameters<FeedbackStore['rollups']>[1];

const DAY_MS = 86_400_000;
/** Zones reach from 12 hours behind UTC to 14 before it. */
const ZONE_MS = 14 * 3_600_000;
const LOCK = 'rollups';
const LEASE_MS = 20_000;
/** Rows written at once. */
const CHUNK = 1_000;

/** One process at a time: were two to refresh a day at once, the slower could put its older counts over the newer ones. */
export async function refreshRollups(connection: Connection, days: Day[]): Promise<void> {
  if (days.length === 0) return;
  await locked(connection, async () => {
    for (const group of consecutive(days)) await patiently(() => refresh(connection, group));
  });
}

async function refresh({ collections: { feedback, rollups } }: Connection, days: Day[]): Promise<void> {
  const stored = new Map<string, string>();
  for await (const row of rollups.find({ day: { $in: days } }).batchSize(CHUNK)) stored.set(row._id, fingerprint(row));
  let operations: AnyBulkWriteOperation<RollupDocument>[] = [];
  const write = async (): Promise<void> => {
    if (operations.length > 0) await rollups.bulkWrite(operations, { ordered: false });
    operations = [];
  };
  for await (const { _id: dimensions, ...counts } of feedback.aggregate<Counted>(refreshPipeline(days)).batchSize(CHUNK)) {
    const row = roundSums({ ...dimensions, ...counts });
    const _id = rollupId(row);
    const before = stored.get(_id);
    stored.delete(_id);
    if (before === fingerprint(row)) continue;
    const document = { _id, ...versioned(row) };
    if (before === undefined) operations.push({ insertOne: { document } });
    else operations.push({ replaceOne: { filter: { _id }, replacement: document } });
    if (operations.length >= CHUNK) await write();
  }
  await write();
  // Of topics or dimensions that nothing of these days has any more.
  const stale = [...stored.keys()];
  for (let at = 0; at < stale.length; at += CHUNK) await rollups.deleteMany({ _id: { $in: stale.slice(at, at + CHUNK) } });
}

type Dimension = 'day' | 'source' | 'kind' | 'channel' | 'language' | 'product' | 'topic';
type Counted = Omit<Rollup, Dimension> & { _id: Pick<Rollup, Dimension> };

const FIELDS = Object.keys(Rollup.shape) as (keyof Rollup)[];
/** All that a row says, to tell whether it changed. */
const fingerprint = (row: Rollup): string => FIELDS.map((field) => row[field]).join();

/** Runs of days, so that each is one range of the index on time; at most a week. */
function consecutive(days: Day[]): Day[][] {
  const groups: Day[][] = [];
  for (const day of [...new Set(days)].sort()) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (group !== undefined && last !== undefined && group.length < 7 && Date.parse(day) - Date.parse(last) === DAY_MS) group.push(day);
    else groups.push([day]);
  }
  return groups;
}

const sumIf = (condition: Document): Document => ({ $sum: { $cond: [condition, 1, 0] } });
/** A missing score is below every number in the order of BSON. */
const isNumber = (path: string): Document => ({ $gte: [path, 0] });

export function refreshPipeline(days: Day[]): Document[] {
  const starts = days.map((day) => Date.parse(day));
  const from = new Date(Math.min(...starts) - ZONE_MS);
  const to = new Date(Math.max(...starts) + DAY_MS + ZONE_MS);
  const byLabel = Object.fromEntries(LABELS.map((label) => [label, sumIf({ $eq: ['$mention.label', label] })]));
  return [
    { $match: { createdAt: { $gte: from, $lt: to }, day: { $in: days } } },
    {
      $project: {
        day: 1,
        source: 1,
        kind: 1,
        channel: { $ifNull: ['$channel', ''] },
        language: '$analysis.language.code',
        product: { $ifNull: ['$product', ''] },
        nps: 1,
        csat: 1,
        ces: 1,
        mention: {
          $concatArrays: [
            [{ id: { $literal: ALL_TOPICS }, label: '$analysis.sentiment.label', score: '$analysis.sentiment.score' }],
            '$analysis.topics',
            '$analysis.areas',
          ],
        },
      },
    },
    { $unwind: '$mention' },
    {
      $group: {
        _id: {
          day: '$day',
          source: '$source',
          kind: '$kind',
          channel: '$channel',
          language: '$language',
          product: '$product',
          topic: '$mention.id',
        },
        n: { $sum: 1 },
        ...byLabel,
        scoreSum: { $sum: '$mention.score' },
        npsPromoters: sumIf({ $gte: ['$nps', 9] }),
        npsPassives: sumIf({ $and: [{ $gte: ['$nps', 7] }, { $lt: ['$nps', 9] }] }),
        npsDetractors: sumIf({ $and: [isNumber('$nps'), { $lt: ['$nps', 7] }] }),
        csatN: sumIf(isNumber('$csat')),
        csatSum: { $sum: '$csat' },
        cesN: sumIf(isNumber('$ces')),
        cesSum: { $sum: '$ces' },
      },
    },
  ];
}

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
  if (filter.topics !== undefined) {
    // An area means its leaves too; `/` is the character after the dot between them.
    const leaves = filter.topics.map((topic) => ({ topic: { $gt: `${topic}.`, $lt: `${topic}/` } }));
    query['$or'] = [{ topic: { $in: filter.topics } }, ...leaves];
  }
  const order = { day: 1, source: 1, kind: 1, channel: 1, language: 1, product: 1, topic: 1 } as const;
  for await (const row of collections.rollups
    .find(query, { projection: { _id: 0 } })
    .sort(order)
    .batchSize(1_000)) {
    yield roundSums(Rollup.parse(row));
  }
}
