import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BullQueue } from '../../src/queue/bullmq.js';
import { openQueue } from '../../src/queue/open.js';
import { JobHandedBack, type JobQueue, type Schedule, type Work } from '../../src/queue/port.js';
import { startRedis } from '../servers.js';
import { queueConformance, until } from './conformance.js';

const server = await startRedis();

describe.skipIf(server === undefined)('on a real Redis', () => {
  const url = server?.url ?? '';
  let redis: Redis;
  const opened: JobQueue[] = [];
  const open = (lockMs?: number): JobQueue => {
    const queue = new BullQueue(url, lockMs === undefined ? {} : { lockMs });
    opened.push(queue);
    return queue;
  };
  const job = (handle: Work['handle'], parked?: Work['parked']): Record<string, Work> => ({
    greet: { definition: { name: 'greet', attempts: 2, backoffMs: 10 }, handle, ...(parked === undefined ? {} : { parked }) },
  });

  beforeAll(() => {
    redis = new Redis(url);
    redis.on('error', () => undefined);
  });
  beforeEach(() => redis.flushall());
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((queue) => queue.close(0)));
  });
  afterAll(async () => {
    redis.disconnect();
    await server?.stop();
  });

  queueConformance('bullmq', () => openQueue(url));

  const nightly: Schedule = { id: 'nightly', pattern: '30 3 * * *', timeZone: 'Europe/Stockholm', job: 'nightly', payload: { a: 1 } };

  /** BullMQ's own view of the queue. */
  const look = async <T>(see: (queue: Queue) => Promise<T>): Promise<T> => {
    const queue = new Queue('undertone', { connection: { url, maxRetriesPerRequest: 1 } });
    queue.on('error', () => undefined);
    try {
      return await see(queue);
    } finally {
      await queue.close();
    }
  };

  async function schedulers(): Promise<{ key: string; pattern: string | undefined; tz: string | undefined; next: number | undefined }[]> {
    return (await look((queue) => queue.getJobSchedulers())).map(({ key, pattern, tz, next }) => ({ key, pattern, tz, next }));
  }
  const delayed = (): Promise<number> => redis.zcard('bull:undertone:delayed');

  test('schedules applied by 20 processes at once give one scheduler and one job', async () => {
    await Promise.all(Array.from({ length: 20 }, () => open().applySchedules([nightly])));
    expect((await schedulers()).map(({ key, pattern, tz }) => [key, pattern, tz])).toEqual([['nightly', '30 3 * * *', 'Europe/Stockholm']]);
    expect(await delayed()).toBe(1);
  });

  test('a schedule that changed replaces its old times, and one not named goes', async () => {
    const queue = open();
    await queue.applySchedules([nightly, { ...nightly, id: 'other' }]);
    await queue.applySchedules([{ ...nightly, pattern: '15 4 * * *', timeZone: 'UTC' }]);
    const [only, ...rest] = await schedulers();
    expect(rest).toEqual([]);
    expect([only?.key, only?.pattern, only?.tz]).toEqual(['nightly', '15 4 * * *', 'UTC']);
    const next = new Date(only?.next ?? 0);
    expect([next.getUTCHours(), next.getUTCMinutes()]).toEqual([4, 15]);
    expect(await delayed()).toBe(1);
    await queue.applySchedules([]);
    expect([await schedulers(), await delayed()]).toEqual([[], 0]);
  });

  test('applying again what is in force leaves the job that is due next in its place', async () => {
    const queue = open();
    await queue.applySchedules([nightly]);
    const id = `repeat:nightly:${(await schedulers())[0]?.next}`;
    const added = await redis.hget(`bull:undertone:${id}`, 'timestamp');
    await sleep(5);
    await queue.applySchedules([nightly]);
    expect(await redis.hget(`bull:undertone:${id}`, 'timestamp')).toBe(added);
    // A scheduler that lost its job is mended.
    await redis.del(`bull:undertone:${id}`);
    await redis.del('bull:undertone:delayed');
    await queue.applySchedules([nightly]);
    expect(await delayed()).toBe(1);
  });

  test('a scheduled job runs with its payload', async () => {
    const seen: unknown[] = [];
    const queue = open();
    await queue.applySchedules([{ ...nightly, job: 'greet' }]);
    // Due now instead of tonight.
    const [id = ''] = await redis.zrange('bull:undertone:delayed', '0', '0');
    await look(async (own) => (await own.getJob(id))?.promote());
    await queue.work(
      job((payload) => {
        seen.push(payload);
        return Promise.resolve();
      }),
      1,
    );
    await until(() => seen.length === 1);
    expect(seen).toEqual([{ a: 1 }]);
    await until(async () => (await delayed()) === 1);
  });

  test('finished work does not grow Redis', async () => {
    const queue = open();
    let done = 0;
    await queue.work(
      job((payload) => {
        done++;
        return (payload as { n: number }).n % 7 === 0 ? Promise.reject(new Error('no luck')) : Promise.resolve();
      }),
      20,
    );
    for (let batch = 0; batch < 15; batch++) {
      await Promise.all(Array.from({ length: 100 }, (_, n) => queue.add('greet', { n: batch * 100 + n }, `greet-n${batch * 100 + n}`)));
    }
    await until(
      async () =>
        done >= 1_500 && (await redis.llen('bull:undertone:wait')) + (await redis.llen('bull:undertone:active')) + (await delayed()) === 0,
    );
    expect(await redis.zcard('bull:undertone:completed')).toBeLessThanOrEqual(1_000);
    expect(await redis.ttl('bull:undertone:completed')).toBe(-1);
    // Events are trimmed in steps of a node of the stream (100 entries).
    expect(await redis.xlen('bull:undertone:events')).toBeLessThanOrEqual(1_200);
  });

  test('a job handed back at closing is there for the next worker, its attempts untouched', async () => {
    const first = open();
    let started = false;
    await first.work(
      job(async (_payload, { signal }) => {
        started = true;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        throw new JobHandedBack('stopped');
      }),
      1,
    );
    await first.add('greet', {}, 'greet-next');
    await until(() => started);
    await first.close(10_000);
    expect(await redis.lrange('bull:undertone:wait', 0, -1)).toEqual(['greet-next']);
    const attempts: number[] = [];
    await open().work(
      job((_payload, { attempt }) => {
        attempts.push(attempt);
        return Promise.resolve();
      }),
      1,
    );
    await until(() => attempts.length === 1);
    expect(attempts).toEqual([1]);
  });

  test('a job whose workers die over and over is parked without a handler seeing its end', async () => {
    const parked: string[] = [];
    await open().add('greet', {}, 'greet-poison');
    // As a worker that is killed leaves it: active, its lock run out, stalled as often as is allowed.
    await redis.lmove('bull:undertone:wait', 'bull:undertone:active', 'RIGHT', 'LEFT');
    await redis.sadd('bull:undertone:stalled', 'greet-poison');
    await redis.hset('bull:undertone:greet-poison', 'stc', '3');
    await open(500).work(
      job(
        () => Promise.reject(new Error('must not run')),
        (_payload, reason) => {
          parked.push(reason);
          return Promise.resolve();
        },
      ),
      1,
    );
    await until(() => parked.length === 1);
    expect(parked[0]).toMatch(/stalled/);
  });

  test('a job that another worker has taken over is told to stop, and not disturbed there', async () => {
    const first = open(400);
    let told = false;
    let started = false;
    await first.work(
      job(async (_payload, { signal }) => {
        started = true;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        told = true;
        throw new JobHandedBack('taken over');
      }),
      1,
    );
    await first.add('greet', {}, 'greet-taken');
    await until(() => started);
    // As after a sleep of the machine: the lock is another's.
    await redis.set('bull:undertone:greet-taken:lock', 'another worker');
    await until(() => told);
    await sleep(50);
    expect(await redis.get('bull:undertone:greet-taken:lock')).toBe('another worker');
    expect(await redis.lrange('bull:undertone:active', '0', '-1')).toEqual(['greet-taken']);
  });

  test('Redis killed under a job and started again empty: the worker goes on with what is added then', async () => {
    const errors: Error[] = [];
    const queue = new BullQueue(url, { onError: (error) => errors.push(error) });
    opened.push(queue);
    const done: unknown[] = [];
    let started = false;
    await queue.work(
      job(async (payload) => {
        started = true;
        await sleep(300);
        done.push(payload);
      }),
      1,
    );
    await queue.add('greet', { n: 1 }, 'greet-before');
    await until(() => started);
    await server?.kill9();
    await expect(queue.add('greet', { n: 2 }, 'greet-down')).rejects.toThrow();
    await server?.restart();
    await until(() =>
      queue.add('greet', { n: 3 }, 'greet-after').then(
        () => true,
        () => false,
      ),
    );
    await until(() => done.length >= 2);
    expect(done).toEqual([{ n: 1 }, { n: 3 }]);
    expect(errors.length).toBeGreaterThan(0);
  });

  test('health names the server, and says what to do where there is none', async () => {
    expect(await open().health()).toMatchObject({ ok: true, detail: expect.stringMatching(/^Redis \d+\.\d+/) as unknown });
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect(await open().health()).toMatchObject({ ok: false, advice: expect.stringContaining('noeviction') as unknown });
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    const away = await new BullQueue('redis://someone:secret@127.0.0.1:1').health();
    expect(away).toMatchObject({ ok: false, detail: expect.stringContaining('ECONNREFUSED') as unknown });
    expect(away.advice).toContain('start Redis');
    expect(JSON.stringify(away)).not.toContain('secret');
  });
});

test('adding to a Redis that is not there fails soon and says where', async () => {
  const queue = new BullQueue('redis://someone:secret@127.0.0.1:1');
  await expect(queue.add('greet', {}, 'greet-1')).rejects.toThrow(/redis:\/\/someone:\*\*\*@127\.0\.0\.1:1: expected a connection/);
  await queue.close(0);
});
