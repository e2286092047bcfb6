/** What the jobs work with: given to them by whoever runs them. */
import type { Logger } from 'pino';
import { z } from 'zod';
import { isTimeZone, SourceConfig } from '../src/config.js';
import type { PartCounts } from '../src/feedback.js';
import type { JobQueue } from '../src/queue/port.js';
import { openSource } from '../src/sources/open.js';
import type { Source } from '../src/sources/port.js';
import type { FeedbackStore } from '../src/store/port.js';
import type { AnalysisPool } from './pool.js';

/** A source with all that reading it takes, as kept in the run document: whichever worker reads a part reads it alike. */
export const RunSource = z.strictObject({
  source: SourceConfig,
  /** The shop's zone: unit of a day, and the zone of dates that name none. */
  timeZone: z.string().refine(isTimeZone, 'an IANA time zone'),
  /** Longest text accepted, in UTF-16 code units. */
  textLength: z.number().int().positive(),
});
export type RunSource = z.infer<typeof RunSource>;

export const openRunSource = ({ source, timeZone, textLength }: RunSource): Source => openSource(source, { timeZone, textLength });

/** CPU time of the stages in milliseconds, and the rows it was spent on. `commit` and `rollup` wait for a server where there is one. */
export interface StageTimes {
  rows: number;
  read: number;
  redact: number;
  analyze: number;
  commit: number;
  rollup: number;
}
export const noStageTimes = (): StageTimes => ({ rows: 0, read: 0, redact: 0, analyze: 0, commit: 0, rollup: 0 });

export interface JobDeps {
  store: FeedbackStore;
  queue: JobQueue;
  pool: AnalysisPool;
  /** Rows a batch. */
  batch: number;
  log: Logger;
  /** Added up over all jobs of this process. */
  times: StageTimes;
  /** What a part that is being read here has come to; called after every batch. */
  onPart?: (runId: string, index: number, counts: PartCounts) => void;
  /** A run was closed here. */
  onClosed?: (runId: string) => void;
}
