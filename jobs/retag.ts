/**
 * Tags what is stored anew, where it was tagged by another engine, lexicon or taxonomy than this process has.
 *
 *   no checkpoint, or a done one                          -> from the start
 *   checkpoint, not done, of these versions and filter    -> from its cursor, its counts kept
 *   checkpoint, not done, of others                       -> from the start; its days are yet to be rolled up
 *
 * Before a batch is written the checkpoint says what is about to be (`pending`): a store without transactions can be left with the
 * rows and without the checkpoint, and from the rows nobody could tell any more how they were tagged before, or which days are out
 * of date. There is one checkpoint for all filters, or the days of a retag that nobody goes on with would never be rolled up.
 */
import { hash } from 'node:crypto';
import { z } from 'zod';
import { Instant, noCounts, Versions, versionsKey, type AnalyzedFeedback, type Checkpoint, type Day } from '../src/feedback.js';
import { JobHandedBack, type JobQueue, type Work } from '../src/queue/port.js';
import { addRetagged, addTallies, emptyTally, RetagTally, type RetagReport } from '../src/reports/retagging.js';
import type { FeedbackFilter, FeedbackStore } from '../src/store/port.js';
import type { UntaggedFeedback } from './analyze-batch.js';
import type { JobDeps } from './deps.js';
import type { AnalysisPool } from './pool.js';
import { rollUp } from './rollup.js';
import { keepable } from './run.js';

export const RETAG = 'retag';

/** No source can be called so. */
const CHECKPOINT = { source: '(retag)', part: 'all' };

/** Which stored feedback, by the tags it has before. */
export type RetagFilter = Pick<FeedbackFilter, 'topics' | 'languages' | 'sources' | 'since'>;

const Names = z.array(z.string()).optional();
const Payload = z.strictObject({
  filter: z.strictObject({ topics: Names, languages: Names, sources: Names, since: Instant.optional() }),
  /** What whoever asked for it wants the feedback tagged with. */
  versions: Versions,
});

const Pending = z.object({ ids: z.array(z.string()), after: z.string(), read: z.number(), tally: RetagTally, days: z.array(z.string()) });
const Cursor = z.object({ after: z.string().optional(), tally: RetagTally, versions: Versions, pending: Pending.optional() });

/** All of it stands in the checkpoint. */
interface State {
  fingerprint: string;
  versions: Versions;
  /** Id that was reached. */
  after: string | undefined;
  read: number;
  retagged: number;
  days: Day[];
  tally: RetagTally;
  pending: z.infer<typeof Pending> | undefined;
  done: boolean;
}

export interface RetagProgress {
  read: number;
  retagged: number;
}

export interface RetagOptions {
  store: FeedbackStore;
  pool: AnalysisPool;
  /** Rows a batch. */
  batch: number;
  filter: RetagFilter;
  /** Aborted to stop: what is in flight is committed first. */
  signal: AbortSignal;
  /** Called after every batch. */
  onProgress?: ((progress: RetagProgress) => void) | undefined;
}

/** Tags anew all that the filter names, and rolls up its days. The report is of the whole, also where a retag broken off is gone on with. */
export async function retag(options: RetagOptions): Promise<RetagReport> {
  const { store, pool, filter, signal, onProgress } = options;
  const state = await begin(store, filter, pool.versions);
  await finishPending(store, pool, state);
  const read = await inBatches(options, store.stream(filter, state.after), async (found, fresh) => {
    await commit(store, state, found, fresh);
    onProgress?.({ read: state.read, retagged: state.retagged });
  });
  if (read && (await rollUp(store, state.days, signal))) {
    Object.assign(state, { done: true, days: [] });
    await store.commit([], toCheckpoint(state));
  }
  return toReport(state);
}

/**
 * What `retag` would change, without writing anything.
 * `limit`: only of the newest so many.
 */
export async function previewRetag(options: RetagOptions & { limit?: number | undefined }): Promise<RetagReport> {
  const { store, pool, filter, limit, onProgress } = options;
  const state = startOf(filter, pool.versions);
  const stored = limit === undefined ? store.stream(filter) : newest(store, filter, limit);
  const read = await inBatches(options, stored, async (found, fresh) => {
    Object.assign(state, { read: state.read + found.length, retagged: state.retagged + fresh.length });
    state.tally = addTallies(state.tally, tallyOf(found, fresh));
    onProgress?.({ read: state.read, retagged: state.retagged });
  });
  return { ...toReport(state), dryRun: true, done: read };
}

/** The retag that ran last on this store, or is under way. */
export async function lastRetag(store: FeedbackStore): Promise<RetagReport | undefined> {
  const checkpoint = await store.checkpoint(CHECKPOINT.source, CHECKPOINT.part);
  return checkpoint === undefined ? undefined : toReport(fromCheckpoint(checkpoint));
}

/** Leaves it to the workers of the queue; one of the same filter and versions that waits there already is not added again. */
export async function enqueueRetag(queue: JobQueue, filter: RetagFilter, versions: Versions): Promise<void> {
  await queue.add(RETAG, { filter, versions }, `${RETAG}-${hash('sha256', fingerprintOf(filter, versions), 'hex').slice(0, 16)}`);
}

export function retagJob({ store, pool, batch, log }: JobDeps): Work {
  /** One at a time in a process: they share a checkpoint, and a job can come back while it is still worked on. */
  let last: Promise<unknown> = Promise.resolve();
  return {
    definition: { name: RETAG, attempts: 5, backoffMs: 2_000 },
    async handle(payload, { signal }) {
      const { filter: given, versions } = Payload.parse(payload);
      const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as RetagFilter;
      if (versionsKey(versions) !== versionsKey(pool.versions)) {
        throw new Error(`retag: expected versions ${versionsKey(versions)}, this worker has ${versionsKey(pool.versions)}: start it again`);
      }
      const work = last.catch(() => undefined).then(() => retag({ store, pool, batch, filter, signal }));
      last = work;
      const { done, read, retagged } = await work;
      if (!done) throw new JobHandedBack('retag: stopped at its checkpoint');
      log.info({ read, retagged }, 'feedback re-tagged');
    },
    parked(_payload, reason) {
      log.error({ error: keepable(reason) }, 'retag failed; started again, it goes on where it was');
      return Promise.resolve();
    },
  };
}

async function begin(store: FeedbackStore, filter: RetagFilter, versions: Versions): Promise<State> {
  const checkpoint = await store.checkpoint(CHECKPOINT.source, CHECKPOINT.part);
  const start = startOf(filter, versions);
  if (checkpoint === undefined || checkpoint.done) return start;
  const found = fromCheckpoint(checkpoint);
  if (found.fingerprint === start.fingerprint) return found;
  return { ...start, days: union(found.days, found.pending?.days ?? []) };
}

/** A batch that may be written, in part or not at all: the same rows again, counted as they were counted before they were written. */
async function finishPending(store: FeedbackStore, pool: AnalysisPool, state: State): Promise<void> {
  const { pending } = state;
  if (pending === undefined) return;
  const found: AnalyzedFeedback[] = [];
  for await (const item of store.stream({ ids: pending.ids })) found.push(item);
  const fresh = await pool.retag(outdated(found, pool).map(untagged));
  const { ids, after, read, tally, days } = pending;
  const next = advance(state, after, { read, retagged: ids.length, tally, days });
  await store.commit(fresh, toCheckpoint(next), hashesOf(found));
  Object.assign(state, next);
}

async function commit(store: FeedbackStore, state: State, found: AnalyzedFeedback[], fresh: AnalyzedFeedback[]): Promise<void> {
  const after = found.at(-1)?.id;
  if (after === undefined) return;
  const step = { read: found.length, retagged: fresh.length, tally: tallyOf(found, fresh), days: fresh.map(({ day }) => day) };
  const next = advance(state, after, step);
  if (fresh.length > 0) {
    const pending = { ids: fresh.map(({ id }) => id), after, read: step.read, tally: step.tally, days: union(step.days) };
    await store.commit([], toCheckpoint({ ...state, pending }));
  }
  // Only in the place of what was read: a night may have brought a newer text meanwhile.
  await store.commit(fresh, toCheckpoint(next), hashesOf(found));
  Object.assign(state, next);
}

/** Analyses what is outdated of what is stored, a few batches at once; `each` gets them in order, one at a time. @returns false if asked to stop. */
async function inBatches(
  { pool, batch, signal }: RetagOptions,
  stored: AsyncIterable<AnalyzedFeedback>,
  each: (found: AnalyzedFeedback[], fresh: AnalyzedFeedback[]) => Promise<void>,
): Promise<boolean> {
  const inFlight: Promise<void>[] = [];
  let last = Promise.resolve();
  const take = async (found: AnalyzedFeedback[]): Promise<void> => {
    const fresh = pool.retag(outdated(found, pool).map(untagged));
    last = Promise.all([fresh, last]).then(([rows]) => each(found, rows));
    inFlight.push(last);
    if (inFlight.length > pool.threads + 1) await inFlight.shift();
  };
  let found: AnalyzedFeedback[] = [];
  try {
    for await (const item of stored) {
      if (signal.aborted) break;
      found.push(item);
      if (found.length < batch) continue;
      await take(found);
      found = [];
    }
    if (!signal.aborted && found.length > 0) await take(found);
  } finally {
    // Nothing may write behind the back of a retry.
    await Promise.allSettled(inFlight);
  }
  await last;
  return !signal.aborted;
}

async function* newest(store: FeedbackStore, filter: RetagFilter, limit: number): AsyncIterable<AnalyzedFeedback> {
  let cursor: string | undefined;
  let left = limit;
  do {
    const page = await store.search(filter, { sort: 'newest', limit: Math.min(left, 500), ...(cursor === undefined ? {} : { cursor }) });
    yield* page.items;
    left -= page.items.length;
    cursor = page.next;
  } while (cursor !== undefined && left > 0);
}

const outdated = (found: AnalyzedFeedback[], { versions }: AnalysisPool): AnalyzedFeedback[] =>
  found.filter((item) => versionsKey(item.versions) !== versionsKey(versions));

function untagged(item: AnalyzedFeedback): UntaggedFeedback {
  const { schemaVersion: _schema, analysis: _analysis, versions: _versions, duplicateKeys: _keys, contentHash: _hash, ...rest } = item;
  return rest;
}

const hashesOf = (found: AnalyzedFeedback[]): Map<string, string> => new Map(found.map(({ id, contentHash }) => [id, contentHash]));

function tallyOf(found: AnalyzedFeedback[], fresh: AnalyzedFeedback[]): RetagTally {
  const now = new Map(fresh.map((item) => [item.id, item]));
  const tally = emptyTally();
  for (const item of found) addRetagged(tally, item, now.get(item.id) ?? item);
  return tally;
}

const union = (...lists: Day[][]): Day[] => [...new Set(lists.flat())].sort();

const advance = (state: State, after: string, step: Pick<State, 'read' | 'retagged' | 'tally' | 'days'>): State => ({
  ...state,
  after,
  pending: undefined,
  read: state.read + step.read,
  retagged: state.retagged + step.retagged,
  tally: addTallies(state.tally, step.tally),
  days: union(state.days, step.days),
});

const fingerprintOf = ({ topics, languages, sources, since }: RetagFilter, versions: Versions): string =>
  JSON.stringify([versionsKey(versions), ...[topics, languages, sources].map((list) => list && [...list].sort()), since]);

const startOf = (filter: RetagFilter, versions: Versions): State => ({
  ...{ fingerprint: fingerprintOf(filter, versions), versions, after: undefined, pending: undefined },
  ...{ read: 0, retagged: 0, days: [], tally: emptyTally(), done: false },
});

const toCheckpoint = ({ fingerprint, done, days, read, retagged, ...cursor }: State): Checkpoint => ({
  ...CHECKPOINT,
  ...{ fingerprint, done, days, cursor: JSON.stringify(cursor) },
  counts: { ...noCounts(), read, changed: retagged, unchanged: read - retagged },
});

function fromCheckpoint({ cursor = '', fingerprint, done, days = [], counts }: Checkpoint): State {
  const { after, tally, versions, pending } = Cursor.parse(JSON.parse(cursor));
  return { fingerprint, done, days, read: counts.read, retagged: counts.changed, after, tally, versions, pending };
}

const toReport = ({ done, read, retagged, tally, versions }: State): RetagReport => ({
  dryRun: false,
  done,
  read,
  retagged,
  tally,
  versions,
});
