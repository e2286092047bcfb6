/**
 * One run, as its document in the store tells it. The document is the truth and the queue only carries the work: whatever the
 * queue has lost or not begun can be added again at any time, since ids are made of the run and the part.
 *
 *   set up -> parts waiting | skipped | failed (a source that cannot be listed)
 *          -> one `ingest` job a waiting part: done | skipped | failed
 *          -> whoever finishes the last part adds `rollup` -> closed as done | partial
 */
import type { Logger } from 'pino';
import { noCounts, type Day } from '../src/feedback.js';
import { redact } from '../src/privacy/redact.js';
import type { JobQueue } from '../src/queue/port.js';
import type { FeedbackStore, Run, RunPart } from '../src/store/port.js';
import { openRunSource, type RunSource } from './deps.js';

export const NIGHTLY = 'nightly';
export const INGEST = 'ingest';
export const ROLLUP = 'rollup';

const ERROR_LENGTH = 500;

/** An error's message as it may be kept: without personal data, and short. */
export const keepable = (error: unknown): string =>
  redact(error instanceof Error ? error.message : String(error)).text.slice(0, ERROR_LENGTH);

/** Lists the parts of every source and starts the run; a run of this id that exists is returned as it is. */
export async function setUpRun(store: FeedbackStore, log: Logger, id: string, sources: RunSource[]): Promise<Run> {
  const existing = await store.runs.get(id);
  if (existing !== undefined) return existing;
  const parts: RunPart[] = [];
  for (const given of sources) {
    const source = given.source.name;
    try {
      for (const { key, fingerprint, spec } of await openRunSource(given).parts()) {
        const reached = await store.checkpoint(source, key);
        const status = reached?.done === true && reached.fingerprint === fingerprint ? 'skipped' : 'waiting';
        parts.push({ source, key, fingerprint, spec, status, counts: noCounts(), days: [] });
      }
    } catch (cause) {
      const error = keepable(cause);
      log.error({ runId: id, source, error }, 'source cannot be listed');
      parts.push({ source, key: '', fingerprint: '', spec: null, status: 'failed', counts: noCounts(), days: [], error });
    }
  }
  return store.runs.start({ id, status: 'running', startedAt: new Date().toISOString(), sources, parts });
}

/** Adds what the run still has to do. Safe to repeat, also while others work on it. */
export async function enqueueRun(queue: JobQueue, run: Run): Promise<void> {
  if (run.status !== 'running') return;
  for (const [index, part] of run.parts.entries()) {
    if (part.status === 'waiting') await queue.add(INGEST, { runId: run.id, part: index }, `${INGEST}-${run.id}-${index}`);
  }
  await enqueueRollupWhenRead(queue, run);
}

export async function enqueueRollupWhenRead(queue: JobQueue, run: Run): Promise<void> {
  if (isClosed(run) || run.parts.some((part) => part.status === 'waiting')) return;
  await queue.add(ROLLUP, { runId: run.id }, `${ROLLUP}-${run.id}`);
}

/** Closed with its roll-ups made. A run taken for dead (`failed`) may yet come to this. */
export const isClosed = (run: Run): boolean => run.status === 'done' || run.status === 'partial';

const LATEST = 50;

/**
 * Days whose roll-ups this run has to make: those its parts wrote to, and those of runs that broke off before their own.
 * Whatever a broken run stored is skipped as read from then on, so nobody else would come to these days.
 */
export async function daysToRollUp(store: FeedbackStore, run: Run): Promise<Day[]> {
  const days = new Set(run.parts.flatMap((part) => part.days));
  let closedSince = false;
  for (const other of await store.runs.latest(LATEST)) {
    closedSince ||= isClosed(other);
    const broken = other.status === 'running' || (other.status === 'failed' && !closedSince);
    if (!broken || other.id === run.id) continue;
    for (const part of other.parts) {
      const reached = part.status === 'waiting' ? await store.checkpoint(part.source, part.key) : undefined;
      for (const day of reached?.days ?? part.days) days.add(day);
    }
  }
  return [...days].sort();
}

/** Closes runs that were broken off, where no other process can be at work on them (`inline`). */
export async function closeBroken(store: FeedbackStore, except: string): Promise<void> {
  for (const run of await store.runs.latest(LATEST)) {
    if (run.status !== 'running' || run.id === except) continue;
    const error = 'broken off before its end; what it stored counts, and the next run goes on from there';
    await store.runs.close(run.id, 'failed', new Date().toISOString(), error);
  }
}
