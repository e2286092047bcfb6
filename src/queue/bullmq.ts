/** The queue on Redis, by BullMQ: one queue of all jobs, worked on by as many processes as there are. */
import { Job, Queue, UnrecoverableError, WaitingError, Worker, type JobsOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { hideSecrets } from '../config.js';
import { isPermanent, JobHandedBack, type JobQueue, type Schedule, type Work, type QueueOptions } from './port.js';
import { judgeRedis } from './redis-health.js';

const QUEUE = 'undertone';
/** Finished jobs are kept for a look at them, never without bound: a full Redis stops every queue on it. */
const KEEP_COMPLETED = { age: 24 * 3_600, count: 1_000 };
const KEEP_FAILED = { age: 7 * 24 * 3_600, count: 5_000 };
const EVENTS = 1_000;
const CONNECT_MS = 5_000;
const WORKER_CONNECT_MS = 60_000;

export class BullQueue implements JobQueue {
  readonly name: string;
  private queue: Promise<Queue> | undefined;
  private worker: Worker | undefined;
  private readonly connections: Redis[] = [];
  /** Jobs being worked on here, to be told to stop. */
  private readonly inHand = new Map<string, AbortController>();
  private stopping = false;
  private readonly parking = new Set<Promise<void>>();
  private readonly onError: (error: Error) => void;

  constructor(
    private readonly url: string,
    private readonly options: QueueOptions = {},
  ) {
    this.name = String(hideSecrets('', url));
    this.onError = options.onError ?? (() => undefined);
  }

  async add(job: string, payload: Record<string, unknown>, id: string): Promise<void> {
    const queue = await this.producer();
    // BullMQ ignores an id it still remembers, finished jobs included; only one that waits or runs is a repeat here.
    const known = await queue.getJob(id);
    if (known !== undefined && ['completed', 'failed'].includes(await known.getState())) await known.remove().catch(() => undefined);
    await queue.add(job, payload, { jobId: id });
  }

  async work(handlers: Record<string, Work>, concurrency: number): Promise<void> {
    // A worker waits for Redis as long as it takes (null); giving up after some retries would lose the job in hand.
    const connection = this.connect(null);
    await this.ready(connection, WORKER_CONNECT_MS);
    const lockMs = this.options.lockMs ?? 30_000;
    const worker = new Worker(QUEUE, (job, token) => this.run(handlers, job, token), {
      connection,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      // A job whose process was killed is no failure; the default of 1 gives up on the second kill.
      maxStalledCount: 3,
      removeOnComplete: KEEP_COMPLETED,
      removeOnFail: KEEP_FAILED,
      // How soon a result is offered again to a Redis that was away; the default of 15 s holds the slot that long.
      runRetryDelay: 2_000,
    });
    worker.on('error', this.onError);
    worker.on('lockRenewalFailed', (ids) => void this.yieldTaken(worker, ids).catch(this.onError));
    // `finishedOn` is set once no attempt is left; jobs that stalled out fail here without ever reaching `run`.
    worker.on('failed', (job, error) => {
      if (job?.finishedOn === undefined) return;
      const parked = handlers[job.name]?.parked?.(job.data, error.message).catch((cause: unknown) => this.onError(asError(cause)));
      if (parked === undefined) return;
      this.parking.add(parked);
      void parked.finally(() => this.parking.delete(parked));
    });
    this.worker = worker;
  }

  async applySchedules(schedules: Schedule[]): Promise<void> {
    const queue = await this.producer();
    const actual = new Map((await queue.getJobSchedulers()).map((scheduler) => [scheduler.key, scheduler]));
    for (const { id, pattern, timeZone, job, payload } of schedules) {
      const now = actual.get(id);
      const same =
        now !== undefined &&
        now.pattern === pattern &&
        now.tz === timeZone &&
        now.name === job &&
        JSON.stringify(now.template?.data ?? {}) === JSON.stringify(payload) &&
        (await queue.getJob(`repeat:${id}:${now.next ?? 0}`)) !== undefined;
      // An upsert replaces the job that is due next: a scheduler that is right already, and has its job, is left alone.
      if (!same) await this.upsert(queue, id, { pattern, tz: timeZone }, { name: job, data: payload });
    }
    const wanted = new Set(schedules.map(({ id }) => id));
    for (const id of actual.keys()) if (!wanted.has(id)) await queue.removeJobScheduler(id);
  }

  async health(): Promise<{ ok: boolean; detail: string; advice?: string }> {
    const redis = new Redis(this.url, {
      lazyConnect: true,
      retryStrategy: () => null,
      connectTimeout: CONNECT_MS,
      maxRetriesPerRequest: 0,
    });
    let reason: Error | undefined;
    redis.on('error', (error) => (reason = error));
    try {
      await redis.connect();
      return judgeRedis(this.name, await redis.info());
    } catch (error) {
      return {
        ok: false,
        detail: `${this.name}: ${(reason ?? asError(error)).message || 'no connection'}`,
        advice: 'start Redis, or correct the queue URL (REDIS_URL): host, port, user, password',
      };
    } finally {
      redis.disconnect();
    }
  }

  /** Jobs first, then what they write through, then the connections: BullMQ leaves connections it was given open. */
  async close(graceMs: number): Promise<void> {
    this.stopping = true;
    for (const controller of this.inHand.values()) controller.abort();
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), graceMs)));
    const orderly = async (): Promise<void> => {
      await this.worker?.close();
      await Promise.all(this.parking);
      await (await this.queue)?.close();
      await Promise.all(this.connections.filter(({ status }) => status === 'ready').map((connection) => connection.quit()));
    };
    // What is still held after the bound is taken over by another worker once its lock has run out.
    await Promise.race([orderly().catch(this.onError), bound]);
    clearTimeout(timer);
    for (const connection of this.connections) connection.disconnect();
  }

  private async run(handlers: Record<string, Work>, job: Job, token: string | undefined): Promise<void> {
    const work = handlers[job.name];
    if (work === undefined) throw new Error(`job ${job.id}: expected one of ${Object.keys(handlers).join(', ')}, got ${job.name}`);
    // The worker's definition decides, whoever added the job and whenever: a scheduler, an older version.
    const { attempts, backoffMs } = work.definition;
    Object.assign(job.opts, { attempts, backoff: { type: 'exponential', delay: backoffMs } } satisfies JobsOptions);
    const attempt = job.attemptsMade + 1;
    const id = job.id ?? '';
    const controller = new AbortController();
    if (this.stopping) controller.abort();
    this.inHand.set(id, controller);
    try {
      await work.handle(job.data, { attempt, lastAttempt: attempt >= attempts, signal: controller.signal });
    } catch (error) {
      if (isPermanent(error)) throw new UnrecoverableError(asError(error).message);
      if (!(error instanceof JobHandedBack)) throw error;
      // Back to the head of the line, with its attempts as they were.
      await job.moveToWait(token);
      throw new WaitingError();
    } finally {
      if (this.inHand.get(id) === controller) this.inHand.delete(id);
    }
  }

  /**
   * A lock that cannot be renewed, such as after the machine slept, means that another worker has the job or will: it is left to
   * that one. Unless Redis came back without its data: then nobody has it, and going on is best.
   */
  private async yieldTaken(worker: Worker, ids: string[]): Promise<void> {
    for (const id of ids) if ((await Job.fromId(worker, id)) !== undefined) this.inHand.get(id)?.abort();
  }

  private async upsert(
    queue: Queue,
    id: string,
    repeat: { pattern: string; tz: string },
    template: { name: string; data: Record<string, unknown> },
  ): Promise<void> {
    try {
      await queue.upsertJobScheduler(id, repeat, template);
    } catch (error) {
      // Another process did it at the same moment and its job has begun; what is there is checked, not fought.
      const there = await queue.getJobScheduler(id);
      if (there?.pattern !== repeat.pattern || there.tz !== repeat.tz) throw error;
    }
  }

  private producer(): Promise<Queue> {
    const open = async (): Promise<Queue> => {
      // Whoever adds a job wants to hear soon that Redis is away.
      const connection = this.connect(2);
      await this.ready(connection, CONNECT_MS);
      const queue = new Queue(QUEUE, { connection, streams: { events: { maxLen: EVENTS } } });
      queue.on('error', this.onError);
      return queue;
    };
    this.queue ??= open().catch((error: unknown) => {
      this.queue = undefined;
      throw error;
    });
    return this.queue;
  }

  private connect(maxRetriesPerRequest: number | null): Redis {
    const connection = new Redis(this.url, { maxRetriesPerRequest, connectTimeout: CONNECT_MS });
    connection.on('error', this.onError);
    this.connections.push(connection);
    return connection;
  }

  private async ready(connection: Redis, withinMs: number): Promise<void> {
    if (connection.status === 'ready') return;
    let last = 'no answer';
    let timer: NodeJS.Timeout | undefined;
    const note = (error: Error): void => void (last = error.message || last);
    connection.on('error', note);
    try {
      await new Promise<void>((resolve, reject) => {
        connection.once('ready', resolve);
        timer = setTimeout(
          () => reject(new Error(`${this.name}: expected a connection within ${withinMs / 1_000} s, got: ${last}`)),
          withinMs,
        );
      });
    } catch (error) {
      connection.disconnect();
      throw error;
    } finally {
      clearTimeout(timer);
      connection.off('error', note);
    }
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
