/** One night: splits every source into parts and adds a job for each. */
import { z } from 'zod';
import { isTimeZone } from '../src/config.js';
import type { Work } from '../src/queue/port.js';
import { RunSource, type JobDeps } from './deps.js';
import { enqueueRun, NIGHTLY, setUpRun } from './run.js';
import { lastDue, nightId } from './schedule.js';

const Payload = z.strictObject({
  /** Absent: the night that was due last. */
  runId: z.string().min(1).optional(),
  pattern: z.string(),
  timeZone: z.string().refine(isTimeZone, 'an IANA time zone'),
  sources: z.array(RunSource),
});

export function nightlyJob({ store, queue, log }: JobDeps): Work {
  return {
    definition: { name: NIGHTLY, attempts: 5, backoffMs: 5_000 },
    async handle(payload) {
      const { runId, pattern, timeZone, sources } = Payload.parse(payload);
      const id = runId ?? nightId(pattern, timeZone, lastDue(pattern, timeZone, new Date()));
      const run = await setUpRun(store, log, id, sources);
      log.info({ runId: id, parts: run.parts.length }, 'run started');
      await enqueueRun(queue, run);
    },
    parked(_payload, reason) {
      log.error({ reason }, 'the night could not be set up; the next start of a worker catches it up');
      return Promise.resolve();
    },
  };
}
