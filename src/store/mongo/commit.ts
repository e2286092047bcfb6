/**
 * Writing a batch without transactions: what is stored already is read first, then rows are written in no order with majority and
 * journal, then the checkpoint. Every step can be repeated: a batch delivered twice finds its rows unchanged.
 */
import { MongoBulkWriteError, type AnyBulkWriteOperation } from 'mongodb';
import { Checkpoint, noCounts, type AnalyzedFeedback, type Day } from '../../feedback.js';
import { lastOfEach, resolveCheckpoint, type CheckpointArgument } from '../paging.js';
import type { CommitCounts } from '../port.js';
import { patiently, type Connection } from './connection.js';
import { checkpointId, toDocument, versioned, type FeedbackDocument } from './documents.js';

interface Known {
  contentHash: string;
  day: Day;
}

export async function commit(
  connection: Connection,
  given: AnalyzedFeedback[],
  argument: CheckpointArgument,
  replaces?: ReadonlyMap<string, string>,
): Promise<CommitCounts> {
  const rows = lastOfEach(given);
  const known = await findKnown(connection, rows.map(({ id }) => id)); // prettier-ignore
  const batch = replaces === undefined ? rows : rows.filter(({ id }) => known.has(id) && known.get(id)?.contentHash === replaces.get(id));
  const added = batch.filter(({ id }) => !known.has(id));
  const changed = batch.filter(({ id, contentHash }) => known.has(id) && known.get(id)?.contentHash !== contentHash);
  const left = changed.filter(({ id, day }) => known.get(id)?.day !== day).map(({ id }) => known.get(id)?.day as Day);
  const days = new Set<Day>([...added.map(({ day }) => day), ...changed.map(({ day }) => day), ...left]);
  const counts: CommitCounts = {
    inserted: added.length,
    updated: changed.length,
    unchanged: given.length - added.length - changed.length,
    days: [...days].sort(),
  };
  if (left.length > 0) await announce(connection, left, resolveCheckpoint(argument, counts));
  if (added.length + changed.length > 0) {
    const met = await write(connection, added, changed, replaces);
    counts.inserted -= met.unchanged + met.updated;
    counts.updated += met.updated;
    counts.unchanged += met.unchanged;
    counts.days = [...new Set([...counts.days, ...met.days])].sort();
  }
  const checkpoint = resolveCheckpoint(argument, counts);
  if (checkpoint !== undefined) await writeCheckpoint(connection, checkpoint);
  return counts;
}

async function findKnown({ collections }: Connection, ids: string[]): Promise<Map<string, Known>> {
  if (ids.length === 0) return new Map();
  const rows = await patiently(() =>
    collections.feedback.find({ _id: { $in: ids } }, { projection: { contentHash: 1, day: 1 } }).toArray(),
  );
  return new Map(rows.map(({ _id, contentHash, day }) => [_id, { contentHash, day }]));
}

/** Rows thought new that were there after all, since another process wrote them meanwhile. */
interface Met {
  unchanged: number;
  updated: number;
  days: Day[];
}

async function write(
  connection: Connection,
  added: AnalyzedFeedback[],
  changed: AnalyzedFeedback[],
  replaces: ReadonlyMap<string, string> | undefined,
): Promise<Met> {
  // A plain insert costs the server half of an upsert.
  const operations: AnyBulkWriteOperation<FeedbackDocument>[] = added.map((row) => ({ insertOne: { document: toDocument(row) } }));
  let tries = 0;
  const there = await patiently(async (attempt) => {
    tries = attempt;
    return bulk(connection, [...operations, ...changed.map(replaces === undefined ? replace : replaceVersion(replaces))], added);
  });
  if (there.length === 0) return { unchanged: 0, updated: 0, days: [] };
  const known = await findKnown(connection, there.map(({ id }) => id)); // prettier-ignore
  const other = there.filter(({ id, contentHash }) => known.get(id)?.contentHash !== contentHash);
  if (other.length > 0) await patiently(() => bulk(connection, other.map(replace), [])); // prettier-ignore
  // After a broken connection, rows that are there as we wanted them were most likely our own.
  const unchanged = tries > 1 ? 0 : there.length - other.length;
  return { unchanged, updated: other.length, days: other.map(({ id, day }) => known.get(id)?.day ?? day) };
}

const replace = (row: AnalyzedFeedback): AnyBulkWriteOperation<FeedbackDocument> => ({
  replaceOne: { filter: { _id: row.id }, replacement: toDocument(row), upsert: true },
});

/** Not over a version that came in between, and not in the place of a row that was removed. */
const replaceVersion =
  (replaces: ReadonlyMap<string, string>) =>
  (row: AnalyzedFeedback): AnyBulkWriteOperation<FeedbackDocument> => ({
    replaceOne: { filter: { _id: row.id, contentHash: replaces.get(row.id) ?? '' }, replacement: toDocument(row) },
  });

/** @returns those of the rows, which lead the operations, whose key exists already. @throws the first error of another kind. */
async function bulk(
  { collections }: Connection,
  operations: AnyBulkWriteOperation<FeedbackDocument>[],
  added: AnalyzedFeedback[],
): Promise<AnalyzedFeedback[]> {
  try {
    await collections.feedback.bulkWrite(operations, { ordered: false });
    return [];
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const errors = [error.writeErrors].flat();
    if (errors.length === 0 || errors.some(({ code }) => code !== 11000)) throw error;
    // An upsert can lose against another one of the same key; the second time it finds the row there.
    const lost = errors.filter(({ index }) => index >= added.length).map(({ index }) => operations[index]!);
    if (lost.length > 0) await collections.feedback.bulkWrite(lost, { ordered: false });
    return errors.filter(({ index }) => index < added.length).map(({ index }) => added[index] as AnalyzedFeedback);
  }
}

/**
 * Says which days rows are about to leave. Were the process killed after the rows are written, nobody could tell any more that the
 * roll-ups of these days are out of date; so they stand beside the checkpoint until it moves past this batch.
 */
async function announce(connection: Connection, days: Day[], checkpoint: Checkpoint | undefined): Promise<void> {
  if (checkpoint === undefined) return;
  const { source, part } = checkpoint;
  await patiently(() =>
    connection.collections.checkpoints.updateOne(
      { _id: checkpointId(source, part) },
      {
        $addToSet: { movedDays: { $each: days } },
        $setOnInsert: versioned({ source, part, done: false, fingerprint: '', counts: noCounts() }),
      },
      { upsert: true },
    ),
  );
}

export async function writeCheckpoint({ collections }: Connection, checkpoint: Checkpoint): Promise<void> {
  const _id = checkpointId(checkpoint.source, checkpoint.part);
  await patiently(() => collections.checkpoints.replaceOne({ _id }, versioned(checkpoint), { upsert: true }));
}

export async function readCheckpoint({ collections }: Connection, source: string, part: string): Promise<Checkpoint | undefined> {
  const document = await patiently(() => collections.checkpoints.findOne({ _id: checkpointId(source, part) }));
  if (document === null) return undefined;
  const { movedDays = [], days = [], ...rest } = document;
  const all = [...new Set([...days, ...movedDays])].sort();
  return Checkpoint.parse(movedDays.length > 0 || document.days !== undefined ? { ...rest, days: all } : rest);
}
