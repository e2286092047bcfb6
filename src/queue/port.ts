/** The queue port: how jobs run. `inline` runs them in this process, `bullmq` on Redis over many. */
export interface JobDefinition {
  name: string;
  /** Attempts in all, the first included. */
  attempts: number;
  /** First wait before a retry in milliseconds; doubles each time. */
  backoffMs: number;
}

export interface JobContext {
  /** 1 on the first try. */
  attempt: number;
  /** True when no further attempt follows. */
  lastAttempt: boolean;
  /** Aborted when the process is asked to stop, or another has taken the job over: hand the work back by throwing `JobHandedBack`. */
  signal: AbortSignal;
}

/** Thrown by a handler that stopped at a checkpoint because it was asked to: not a failure, the job runs again elsewhere. */
export class JobHandedBack extends Error {
  override name = 'JobHandedBack';
}

/**
 * Runs one job. The payload has been JSON and must be parsed by the handler's schema. Whatever it throws is a failed attempt;
 * an error with `permanent: true` is the last one.
 */
export type JobHandler = (payload: unknown, context: JobContext) => Promise<void>;

export interface Work {
  definition: JobDefinition;
  handle: JobHandler;
  /**
   * Told once no attempt is left, by a throw or because the processes that ran it died over and over (then `handle`
   * never saw its last attempt). `reason` is the error's message.
   */
  parked?: (payload: unknown, reason: string) => Promise<void>;
}

export interface Schedule {
  id: string;
  /** Cron pattern of five fields. */
  pattern: string;
  /** IANA zone. */
  timeZone: string;
  job: string;
  payload: Record<string, unknown>;
}

export interface QueueOptions {
  /** Told of lost connections and the like, which the queue survives on its own. */
  onError?: (error: Error) => void;
  /** How long a job may go without a sign of life before others take it over, in milliseconds. Redis only; 30,000 if absent. */
  lockMs?: number;
}

export interface JobQueue {
  readonly name: string;
  /** Adds a job. A job with the same id that is waiting or running is not added again. Ids hold no `:` and a letter. */
  add(job: string, payload: Record<string, unknown>, id: string): Promise<void>;
  /** Starts working on jobs with these handlers. */
  work(handlers: Record<string, Work>, concurrency: number): Promise<void>;
  /** Makes the schedules on the server equal to these: upserts each, removes those not named. */
  applySchedules(schedules: Schedule[]): Promise<void>;
  /** Is the server there, the right version, the right eviction policy, with memory left? Never throws. */
  health(): Promise<{ ok: boolean; detail: string; advice?: string }>;
  /** Stops taking jobs, waits for those in flight for at most `graceMs` after aborting their signal, closes connections. */
  close(graceMs: number): Promise<void>;
}

/** Whether another attempt cannot help. */
export const isPermanent = (error: unknown): boolean => (error as { permanent?: unknown } | null | undefined)?.permanent === true;
