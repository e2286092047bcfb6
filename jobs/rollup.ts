/** The end of a run: recomputes the roll-ups of the days it touched and closes it. */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { mondaysOf, type Day } from '../src/feedback.js';
import { JobHandedBack, type Work } from '../src/queue/port.js';
import type { FeedbackStore } from '../src/store/port.js';
import type { JobDeps, StageTimes } from './deps.js';
import { daysToRollUp, isClosed, keepable, ROLLUP } from './run.js';

const Payload = z.strictObject({ runId: z.string().min(1) });

/** Recomputes the roll-ups of these days, week by week, which is what a store recomputes at once. @returns false if asked to stop before the last. */
export async function rollUp(store: FeedbackStore, days: Day[], signal: AbortSignal, times?: StageTimes): Promise<boolean> {
  for (const monday of mondaysOf(days)) {
    if (signal.aborted) return false;
    const start = performance.now();
    await store.refreshRollups([monday]);
    if (times !== undefined) times.rollup += performance.now() - start;
    await setImmediate();
  }
  return true;
}

export function rollupJob({ store, log, times, onClosed }: JobDeps): Work {
  return {
    definition: { name: ROLLUP, attempts: 5, backoffMs: 2_000 },
    async handle(payload, { signal }) {
      const { runId } = Payload.parse(payload);
      const run = await store.runs.get(runId);
      if (run === undefined) throw new Error(`run ${runId}: expected in the store, got none`);
      if (isClosed(run) || run.parts.some((part) => part.status === 'waiting')) return;
      const days = await daysToRollUp(store, run);
      if (!(await rollUp(store, days, signal, times))) throw new JobHandedBack(`run ${runId}: stopped in its roll-ups`);
      const status = run.parts.some((part) => part.status === 'failed') ? 'partial' : 'done';
      await store.runs.close(runId, status, new Date().toISOString());
      log.info({ runId, status, days: days.length }, 'run closed');
      onClosed?.(runId);
    },
    async parked(payload, reason) {
      const { runId } = Payload.parse(payload);
      const error = `roll-ups: ${keepable(reason)}`;
      log.error({ runId, error }, 'run failed');
      await store.runs.close(runId, 'failed', new Date().toISOString(), error);
      onClosed?.(runId);
    },
  };
}
