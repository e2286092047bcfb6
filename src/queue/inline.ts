/** The queue in this process: the default. The same jobs, the same retries, nothing to install; work that waits dies with it. */
import { isPermanent, JobHandedBack, type JobQueue, type Schedule, type Work } from './port.js';

interface InlineJob {
  name: string;
  id: string;
  payload: string;
  attempt: number;
}

export class InlineQueue implements JobQueue {
  readonly name = 'inline';
  private handlers: Record<string, Work> = {};
  private concurrency = 0;
  private readonly waiting: InlineJob[] = [];
  /** Ids of jobs that wait, back off or run: a second job of the same id is not added. */
  private readonly ids = new Set<string>();
  private readonly running = new Set<Promise<void>>();
  private readonly backingOff = new Set<NodeJS.Timeout>();
  private readonly stopping = new AbortController();
  private idle: (() => void)[] = [];

  add(job: string, payload: Record<string, unknown>, id: string): Promise<void> {
    if (this.stopping.signal.aborted) return Promise.reject(new Error(`job ${id}: the queue is closed`));
    if (!this.ids.has(id)) {
      this.ids.add(id);
      // As JSON, as on a server: what cannot travel there must not work here.
      this.waiting.push({ name: job, id, payload: JSON.stringify(payload), attempt: 1 });
      this.next();
    }
    return Promise.resolve();
  }

  work(handlers: Record<string, Work>, concurrency: number): Promise<void> {
    this.handlers = handlers;
    this.concurrency = concurrency;
    this.next();
    return Promise.resolve();
  }

  /** Resolves when no job waits, backs off or runs. Jobs are only worked on after `work`. */
  drained(): Promise<void> {
    if (this.ids.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  applySchedules(schedules: Schedule[]): Promise<void> {
    if (schedules.length === 0) return Promise.resolve();
    return Promise.reject(new Error('queue: expected redis://... to keep a schedule, got inline, which ends with its process; use cron'));
  }

  health(): Promise<{ ok: boolean; detail: string }> {
    return Promise.resolve({ ok: true, detail: 'jobs run in this process' });
  }

  async close(graceMs: number): Promise<void> {
    this.stopping.abort();
    for (const timer of this.backingOff) clearTimeout(timer);
    this.backingOff.clear();
    this.waiting.length = 0;
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<void>((resolve) => (timer = setTimeout(resolve, graceMs)));
    await Promise.race([Promise.allSettled([...this.running]), bound]);
    clearTimeout(timer);
    this.ids.clear();
    this.settle();
  }

  private next(): void {
    while (!this.stopping.signal.aborted && this.running.size < this.concurrency) {
      const job = this.waiting.shift();
      if (job === undefined) break;
      const run = this.run(job).finally(() => {
        this.running.delete(run);
        this.next();
        this.settle();
      });
      this.running.add(run);
    }
  }

  private async run(job: InlineJob): Promise<void> {
    const work = this.handlers[job.name];
    const payload: unknown = JSON.parse(job.payload);
    try {
      if (work === undefined) throw new Error(`job ${job.id}: expected one of ${Object.keys(this.handlers).join(', ')}, got ${job.name}`);
      await work.handle(payload, {
        attempt: job.attempt,
        lastAttempt: job.attempt >= work.definition.attempts,
        signal: this.stopping.signal,
      });
      this.ids.delete(job.id);
    } catch (error) {
      if (this.stopping.signal.aborted) this.ids.delete(job.id);
      else if (error instanceof JobHandedBack) this.later(job, 0);
      else if (work !== undefined && !isPermanent(error) && job.attempt < work.definition.attempts) {
        const wait = work.definition.backoffMs * 2 ** (job.attempt - 1);
        job.attempt++;
        this.later(job, wait);
      } else {
        // Free the id first: whoever is told may add the job again.
        this.ids.delete(job.id);
        await work?.parked?.(payload, error instanceof Error ? error.message : String(error)).catch(() => undefined);
      }
    }
  }

  private later(job: InlineJob, wait: number): void {
    const timer = setTimeout(() => {
      this.backingOff.delete(timer);
      this.waiting.unshift(job);
      this.next();
    }, wait);
    this.backingOff.add(timer);
  }

  private settle(): void {
    if (this.ids.size > 0 || (this.running.size > 0 && !this.stopping.signal.aborted)) return;
    const idle = this.idle;
    this.idle = [];
    for (const resolve of idle) resolve();
  }
}
