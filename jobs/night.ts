/** A run from its start to its end (`undertone run`), and a process that works on the queue until it is stopped (`undertone worker`). */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from '../src/config.js';
import { addCounts, noCounts, type PartCounts } from '../src/feedback.js';
import type { JobQueue, Work } from '../src/queue/port.js';
import type { FeedbackStore, Run } from '../src/store/port.js';
import { noStageTimes, type JobDeps } from './deps.js';
import { ingestJob } from './ingest.js';
import { nightlyJob } from './nightly.js';
import { openPool, type AnalysisPool } from './pool.js';
import { RETAG, retagJob } from './retag.js';
import { rollupJob } from './rollup.js';
import { closeBroken, enqueueRun, INGEST, isClosed, keepable, NIGHTLY, ROLLUP, setUpRun } from './run.js';
import { manualId, missedNight, runSources, schedules, scheduleWarning } from './schedule.js';

export interface NightProgress extends PartCounts {
  /** Parts of the run, and how many of them are done, skipped or failed. */
  parts: number;
  partsDone: number;
}

export interface ProcessOptions {
  config: Config;
  /** Stays open: whoever opened it closes it. */
  store: FeedbackStore;
  /** Is closed at the end. */
  queue: JobQueue;
  log: Logger;
  /** Aborted to stop: what is in flight is finished up to its checkpoint or handed back, within `workers.grace`. */
  signal?: AbortSignal | undefined;
  /** How often lost work is looked for, in milliseconds. */
  repairMs?: number;
}

export interface NightOptions extends ProcessOptions {
  runId?: string;
  /** Called after every batch read in this process, and twice a second. */
  onProgress?: (progress: NightProgress) => void;
}

const POLL_MS = 500;
const REPAIR_RUN_MS = 10_000;
const REPAIR_WORKER_MS = 60_000;
/** How long a run waits for a store that does not answer. */
const STORE_AWAY_MS = 300_000;
const LATEST = 20;

/**
 * Runs one night over the sources of the config and returns its run, closed; still `running` if it was stopped by the signal.
 * This process works on the jobs; where the queue is on a server, other processes may help.
 * @throws Error where the run cannot be set up, or the store stays away for five minutes.
 */
export async function runNight(options: NightOptions): Promise<Run> {
  const { config, store, queue, log, signal, onProgress } = options;
  const pool = await openAnalysis(config, store);
  const live = new Map<number, PartCounts>();
  let run: Run | undefined;
  let closedHere = false;
  let wake = (): void => undefined;
  signal?.addEventListener('abort', () => wake(), { once: true });
  const report = (): void => {
    if (run !== undefined) onProgress?.(progressOf(run, live));
  };
  const times = noStageTimes();
  const deps: JobDeps = {
    ...{ store, queue, pool, log, times, batch: config.workers.batch },
    onPart: (runId, index, counts) => {
      if (runId !== run?.id) return;
      live.set(index, counts);
      report();
    },
    onClosed: (runId) => {
      if (runId !== run?.id) return;
      closedHere = true;
      wake();
    },
  };
  try {
    const id = options.runId ?? manualId(new Date());
    if (queue.name === 'inline') await closeBroken(store, id);
    run = await setUpRun(store, log, id, runSources(config));
    try {
      await enqueueRun(queue, run);
      await queue.work(handlers(deps), config.workers.parts);
    } catch (error) {
      await store.runs.close(id, 'failed', new Date().toISOString(), keepable(error));
      throw error;
    }
    let answered = Date.now();
    let repaired = Date.now();
    // In one process, only that process ends its run: another may have taken it for broken off.
    const ended = (now: Run): boolean => closedHere || isClosed(now) || (now.status === 'failed' && queue.name !== 'inline');
    while (!ended(run) && signal?.aborted !== true) {
      report();
      const waiting = new AbortController();
      wake = () => waiting.abort();
      await pause(POLL_MS, waiting.signal);
      try {
        run = (await store.runs.get(id)) ?? run;
        answered = Date.now();
        if (Date.now() - repaired > (options.repairMs ?? REPAIR_RUN_MS)) {
          repaired = Date.now();
          await enqueueRun(queue, run);
        }
      } catch (error) {
        log.warn({ error: keepable(error) }, 'store or queue does not answer');
        if (Date.now() - answered > STORE_AWAY_MS) throw error;
      }
    }
    report();
  } finally {
    await queue.close(config.workers.grace * 1_000);
    await pool.close();
  }
  log.debug({ runId: run.id, times }, 'time of the stages');
  return (await store.runs.get(run.id)) ?? run;
}

/**
 * Works on the queue and keeps the schedule until the signal is aborted; resolves once what was in flight is finished or
 * handed back. A night missed while no worker was up is caught up at the start.
 */
export async function startWorker(options: ProcessOptions & { signal: AbortSignal }): Promise<void> {
  const { config, store, queue, log, signal } = options;
  const warning = scheduleWarning(config, new Date());
  if (warning !== undefined) log.warn(warning);
  if (config.sources.length === 0) log.warn('no source is configured: this worker only helps with the runs of others');
  const pool = await openAnalysis(config, store);
  const times = noStageTimes();
  try {
    await queue.work(handlers({ store, queue, pool, log, times, batch: config.workers.batch }), config.workers.parts);
    await queue.applySchedules(schedules(config));
    await catchUp(config, store, queue, log);
    log.info({ queue: queue.name, store: store.name, threads: pool.threads }, 'worker ready');
    while (!signal.aborted) {
      // What the queue lost (a Redis that came back empty) is still in the run's document.
      try {
        for (const run of await store.runs.latest(LATEST)) await enqueueRun(queue, run);
      } catch (error) {
        log.warn({ error: keepable(error) }, 'store or queue does not answer');
      }
      await pause(options.repairMs ?? REPAIR_WORKER_MS, signal);
    }
  } finally {
    log.info({ grace: config.workers.grace }, 'worker stopping');
    await queue.close(config.workers.grace * 1_000);
    await pool.close();
    log.info({ times }, 'worker stopped');
  }
}

async function catchUp(config: Config, store: FeedbackStore, queue: JobQueue, log: Logger): Promise<void> {
  const missed = missedNight(config, await store.runs.latest(LATEST), new Date());
  const [schedule] = schedules(config);
  if (missed === undefined || schedule === undefined) return;
  log.info({ runId: missed }, 'catching up the night that was missed');
  await queue.add(NIGHTLY, { ...schedule.payload, runId: missed }, `${NIGHTLY}-${missed}`);
}

const handlers = (deps: JobDeps): Record<string, Work> => ({
  [NIGHTLY]: nightlyJob(deps),
  [INGEST]: ingestJob(deps),
  [ROLLUP]: rollupJob(deps),
  [RETAG]: retagJob(deps),
});

async function openAnalysis(config: Config, store: FeedbackStore): Promise<AnalysisPool> {
  // One key for all processes on this store, or one customer would have several pseudonyms.
  const pseudonymKey = config.pseudonymKey ?? (await store.settings.setOnce('pseudonymKey', randomBytes(32).toString('base64url')));
  return openPool({ threads: config.workers.threads, pseudonymKey, languages: config.languages, shopLexicons: config.lexicons });
}

function progressOf(run: Run, live: Map<number, PartCounts>): NightProgress {
  let counts = noCounts();
  let partsDone = 0;
  for (const [index, part] of run.parts.entries()) {
    if (part.status !== 'waiting') partsDone++;
    counts = addCounts(counts, part.status === 'waiting' ? (live.get(index) ?? noCounts()) : part.counts);
  }
  return { ...counts, parts: run.parts.length, partsDone };
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined);
