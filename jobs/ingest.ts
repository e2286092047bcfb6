/**
 * One part of a source: pull, redact, analyse, commit.
 *
 *   no checkpoint, or one of another fingerprint -> from the start
 *   checkpoint, not done                         -> from its cursor, its counts and days kept
 *   checkpoint, done                             -> skipped
 *
 * Each batch moves the checkpoint with it, so the part can be killed, retried or delivered twice at any point. At the end the
 * run learns of the days written before the checkpoint says done: were it the other way round, a crash in between would leave
 * a part that everyone skips and days that nobody rolls up.
 */
import { performance } from 'node:perf_hooks';
import { z } from 'zod';
import { addCounts, noCounts, type Checkpoint } from '../src/feedback.js';
import { JobHandedBack, type JobContext, type Work } from '../src/queue/port.js';
import type { CommitCounts, Run, RunPart } from '../src/store/port.js';
import type { AnalyzedBatch } from './analyze-batch.js';
import { openRunSource, RunSource, type JobDeps, type StageTimes } from './deps.js';
import { enqueueRollupWhenRead, INGEST, keepable } from './run.js';

const Payload = z.strictObject({ runId: z.string().min(1), part: z.number().int().min(0) });

export function ingestJob(deps: JobDeps): Work {
  /** A job can come back while this process still works on it (Redis lost its lock): the second waits for the first. */
  const inHand = new Map<string, Promise<void>>();
  return {
    // Waits of 2, 4, 8, 16 s: a server that restarts costs no part.
    definition: { name: INGEST, attempts: 5, backoffMs: 2_000 },
    async handle(payload, context) {
      const { runId, part } = Payload.parse(payload);
      const key = `${runId}/${part}`;
      await inHand.get(key)?.catch(() => undefined);
      const work = ingestPart(deps, runId, part, context);
      inHand.set(key, work);
      try {
        await work;
      } finally {
        if (inHand.get(key) === work) inHand.delete(key);
      }
    },
    async parked(payload, reason) {
      const { runId, part } = Payload.parse(payload);
      await fail(deps, runId, part, reason);
    },
  };
}

/** The run goes on without the part; what it has stored counts, and the next run goes on from there. */
async function fail(deps: JobDeps, runId: string, index: number, reason: string): Promise<void> {
  const { store, queue, log } = deps;
  const { part } = await find(deps, runId, index);
  if (part.status !== 'waiting') return;
  const reached = await store.checkpoint(part.source, part.key);
  const counts = reached?.fingerprint === part.fingerprint ? reached.counts : noCounts();
  const error = keepable(reason);
  log.error({ runId, source: part.source, part: part.key, error }, 'part failed');
  const run = await store.runs.finishPart(runId, index, { status: 'failed', counts, days: reached?.days ?? [], error });
  await enqueueRollupWhenRead(queue, run);
}

/** A part on its way from its checkpoint to its end. */
interface Reading {
  run: Run;
  index: number;
  part: RunPart;
  state: Checkpoint;
  /** Someone has been at this part before, and may have written more than the checkpoint knows. */
  resumed: boolean;
}

async function find(deps: JobDeps, runId: string, index: number): Promise<{ run: Run; part: RunPart }> {
  const run = await deps.store.runs.get(runId);
  const part = run?.parts[index];
  if (run === undefined || part === undefined) throw new Error(`run ${runId}: expected a part ${index}, got none`);
  return { run, part };
}

async function ingestPart(deps: JobDeps, runId: string, index: number, context: JobContext): Promise<void> {
  const { store, queue } = deps;
  const { run, part } = await find(deps, runId, index);
  const found = await store.checkpoint(part.source, part.key);
  const same = found?.fingerprint === part.fingerprint ? found : undefined;
  if (part.status !== 'waiting') {
    // Delivered again after the run had learnt of it.
    if (part.status === 'done' && same !== undefined && !same.done) await store.commit([], { ...same, done: true, days: [] });
    await enqueueRollupWhenRead(queue, run);
    return;
  }
  if (same?.done === true) {
    await enqueueRollupWhenRead(queue, await store.runs.finishPart(runId, index, { status: 'skipped', counts: noCounts(), days: [] }));
    return;
  }
  const state: Checkpoint = {
    source: part.source,
    part: part.key,
    ...(same?.cursor === undefined ? {} : { cursor: same.cursor }),
    done: false,
    fingerprint: part.fingerprint,
    counts: same?.counts ?? noCounts(),
    // Also of a reading that broke off before the input changed.
    days: found?.done === false ? (found.days ?? []) : [],
  };
  const reading: Reading = { run, index, part, state, resumed: found?.done === false };
  let ended: boolean;
  try {
    ended = await read(deps, reading, context.signal);
  } catch (error) {
    if (!context.signal.aborted) throw error;
    ended = false;
  }
  if (!ended) throw new JobHandedBack(`part ${part.key}: stopped at its checkpoint`);
  const { counts, days = [] } = state;
  const after = await store.runs.finishPart(runId, index, { status: 'done', counts, days });
  await store.commit([], { ...state, done: true, days: [] });
  await enqueueRollupWhenRead(queue, after);
}

/** Reads on from the state, which moves along. @returns false if asked to stop before the end. */
async function read(deps: JobDeps, reading: Reading, signal: AbortSignal): Promise<boolean> {
  const { pool, times } = deps;
  const { run, part, state } = reading;
  const given = run.sources.map((source) => RunSource.parse(source)).find(({ source }) => source.name === part.source);
  if (given === undefined) throw new Error(`run ${run.id}: expected a source ${part.source}, got none`);
  const pages = openRunSource(given).pull(part.spec, {
    ...(state.cursor === undefined ? {} : { cursor: state.cursor }),
    pageSize: deps.batch,
    signal,
  });
  const iterator = pages[Symbol.asyncIterator]();
  // One batch is committed while as many as there are threads are analysed, and one more waits for a thread.
  const inFlight: Promise<void>[] = [];
  let last = Promise.resolve();
  let ended = false;
  try {
    while (!signal.aborted) {
      const page = await timedRead(times, () => iterator.next());
      if (page.done === true) {
        ended = true;
        break;
      }
      const { rows, cursor } = page.value;
      const analyzed = pool.run({ source: part.source, rows, timeZone: given.timeZone, now: new Date().toISOString() });
      last = Promise.all([analyzed, last]).then(([batch]) => commit(deps, reading, batch, cursor, rows.length));
      inFlight.push(last);
      if (inFlight.length > pool.threads + 1) await inFlight.shift();
    }
  } finally {
    await iterator.return?.();
    // Nothing may write behind the back of a retry.
    await Promise.allSettled(inFlight);
  }
  await last;
  return ended;
}

async function commit(deps: JobDeps, reading: Reading, batch: AnalyzedBatch, cursor: string, rows: number): Promise<void> {
  const { times, store } = deps;
  const { state, resumed } = reading;
  const start = performance.now();
  if (batch.rejects.length > 0) await store.quarantine(batch.rejects);
  let next = state;
  await store.commit(batch.feedback, (written) => (next = advance(state, batch, written, cursor, rows, resumed)));
  Object.assign(state, next);
  times.commit += performance.now() - start;
  times.redact += batch.ms.redact;
  times.analyze += batch.ms.analyze;
  times.rows += rows;
  deps.onPart?.(reading.run.id, reading.index, state.counts);
}

function advance(
  state: Checkpoint,
  batch: AnalyzedBatch,
  written: CommitCounts,
  cursor: string,
  rows: number,
  resumed: boolean,
): Checkpoint {
  // After a crash between rows and checkpoint the rows are met again, unchanged by now, their days yet to be rolled up.
  const days = resumed ? [...batch.feedback.map(({ day }) => day), ...written.days] : written.days;
  return {
    ...state,
    cursor,
    counts: addCounts(state.counts, {
      read: rows,
      new: written.inserted,
      changed: written.updated,
      unchanged: written.unchanged + batch.superseded,
      rejected: batch.rejects.length,
      redacted: batch.redacted,
    }),
    days: [...new Set([...(state.days ?? []), ...days])].sort(),
  };
}

/** Commits of earlier batches run in the same thread while the source waits for its file; their time is not reading. */
async function timedRead<T>(times: StageTimes, next: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const committing = times.commit;
  const result = await next();
  times.read += Math.max(0, performance.now() - start - (times.commit - committing));
  return result;
}
