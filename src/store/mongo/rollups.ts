/** Daily counts: an aggregation on the server that merges into `rollups`, so that a cluster does the work where the data is. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Document } from 'mongodb';
import { ALL_TOPICS, LABELS, Rollup, SCHEMA_VERSION, type Day } from '../../feedback.js';
import { roundSums } from '../paging.js';
import type { DayRange, FeedbackStore } from '../port.js';
import { isDuplicate, patiently, type Connection } from './connection.js';

type RollupFilter = Parameters<FeedbackStore['rollups']>[1];

const DAY_MS = 86_400_000;
/** Zones reach from 12 hours behind UTC to 14 before it. */
const ZONE_MS = 14 * 3_600_000;
const LOCK = 'rollups';
const LEASE_MS = 20_000;

/**
 * One process at a time: were two to refresh a day at once, the slower could put its older counts over the newer ones. Rows of the
 * day that this refresh did not make are of topics or dimensions that nothing has any more.
 */
export async function refreshRollups(connection: Connection, days: Day[]): Promise<void> {
  if (days.length === 0) return;
  await locked(connection, async (refresh) => {
    const { feedback, rollups } = connection.collections;
    for (const group of consecutive(days)) {
      await patiently(() => feedback.aggregate(refreshPipeline(group, refresh)).toArray());
      await patiently(() => rollups.deleteMany({ day: { $in: group }, refresh: { $ne: refresh } }));
    }
  });
}

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

export function refreshPipeline(days: Day[], refresh: string): Document[] {
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
    { $replaceRoot: { newRoot: { $mergeObjects: ['$$ROOT', '$_id', { refresh: { $literal: refresh }, schemaVersion: SCHEMA_VERSION }] } } },
    { $merge: { into: 'rollups', on: '_id', whenMatched: 'replace', whenNotMatched: 'insert' } },
  ];
}

/** Holds the lock on roll-ups while working; one left by a process that died is free after 20 seconds. */
async function locked(connection: Connection, work: (owner: string) => Promise<void>): Promise<void> {
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
    await work(owner);
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
