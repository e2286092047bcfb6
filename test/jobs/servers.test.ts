/** The same night over Redis, in several processes, into either store; and with each of them killed in the middle of it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FeedbackStore } from '../../src/store/port.js';
import { writeFeedback } from '../bench/generate.js';
import { freshDatabase, startMongo, startRedis } from '../servers.js';
import { config, dump, night, scratch, startProcess, store, undisturbed, type Dump } from './harness.js';

const redis = await startRedis();
const folder = scratch();
let expected: Dump;
let work = scratch();
const children: ReturnType<typeof startProcess>[] = [];
const start = (settings: Parameters<typeof startProcess>[0]): ReturnType<typeof startProcess> => {
  const process = startProcess(settings);
  children.push(process);
  return process;
};

/** Small batches, so that there is a middle to be killed in. */
const settings = (more: object = {}) => config(folder.file('data'), { workers: { threads: 1, batch: 25, grace: 20 }, ...more });

beforeAll(async () => {
  mkdirSync(folder.file('data'));
  for (const first of [1, 10_001, 20_001, 30_001])
    await writeFeedback(folder.file(`data/from-${first}.csv`), 300, first, first === 1 ? undefined : ['en']);
  writeFileSync(folder.file('data/broken.csv'), 'id,created_at,text\nx1,not a date,hello\nx2,2026-11-20T10:00:00Z,Sehr schlecht\n');
  expected = (await undisturbed(folder.file('data'))).dump;
});
beforeEach(async () => {
  work = scratch();
  if (redis === undefined) return;
  const client = new Redis(redis.url);
  await client.flushall();
  await client.quit();
});
afterEach(async () => {
  for (const { child, ended } of children.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  work.remove();
});
afterAll(async () => {
  await redis?.stop();
  folder.remove();
});

async function using(url: string, body: (opened: FeedbackStore) => Promise<void>): Promise<void> {
  const opened = await store(url);
  try {
    await body(opened);
  } finally {
    await opened.close();
  }
}

describe.skipIf(redis === undefined)('over Redis', () => {
  const queue = redis?.url ?? '';

  test('two processes give what one gives', async () => {
    const url = `sqlite:${work.file('store.db')}`;
    const worker = start({ what: 'worker', store: url, queue, config: settings({ sources: [] }) });
    await worker.said('worker ready');
    await using(url, async (opened) => {
      const run = await night(opened, settings(), { queueUrl: queue });
      expect(run.status).toBe('done');
      expect(await dump(opened)).toEqual(expected);
    });
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    await worker.said('"rows":');
  });

  test('a worker catches up the missed night, is killed in the middle of it, and another ends it', async () => {
    const url = `sqlite:${work.file('store.db')}`;
    await using(url, async (opened) => {
      const first = start({ what: 'worker', store: url, queue, config: settings(), lockMs: 1_000 });
      await reached(opened, 150);
      first.child.kill('SIGKILL');
      await first.ended;
      expect((await opened.runs.latest(1))[0]?.status).toBe('running');
      start({ what: 'worker', store: url, queue, config: settings(), lockMs: 1_000 });
      const run = await closed(opened);
      expect(run).toMatchObject({ id: expect.stringMatching(/^night-\d{4}-\d{2}-\d{2}$/) as unknown, status: 'done' });
      expect(await dump(opened)).toEqual(expected);
      expect(await opened.runs.latest(5)).toHaveLength(1);
    });
  });

  test('a worker told to stop hands back what it has in hand, and another goes on at once', async () => {
    const url = `sqlite:${work.file('store.db')}`;
    await using(url, async (opened) => {
      const first = start({ what: 'worker', store: url, queue, config: settings() });
      await reached(opened, 150);
      first.child.kill('SIGTERM');
      expect(await first.ended).toBe(0);
      const client = new Redis(queue);
      // Nothing is held by a lock that would have to run out first.
      expect(await client.llen('bull:undertone:active')).toBe(0);
      expect(await client.llen('bull:undertone:wait')).toBeGreaterThan(0);
      await client.quit();
      start({ what: 'worker', store: url, queue, config: settings() });
      expect((await closed(opened)).status).toBe('done');
      expect(await dump(opened)).toEqual(expected);
    });
  });

  test('analysis does not keep a worker from renewing its locks', async () => {
    const url = `sqlite:${work.file('store.db')}`;
    mkdirSync(work.file('long'));
    await writeFeedback(work.file('long/one.csv'), 20_000, 1, ['en']);
    // One part that takes longer than the lock lasts; a second worker watches for stalled jobs.
    const own = config(work.file('long'), { workers: { threads: 1, batch: 250 } });
    const watcher = start({ what: 'worker', store: url, queue, config: settings({ sources: [] }), lockMs: 1_500 });
    await watcher.said('worker ready');
    await using(url, async (opened) => {
      const runner = start({ what: 'run', store: url, queue, config: own, lockMs: 1_500 });
      expect(await runner.ended).toBe(0);
      const [run] = await opened.runs.latest(1);
      expect(run?.parts.map(({ status, counts }) => [status, counts.new])).toEqual([['done', 20_000]]);
    });
    const client = new Redis(queue);
    const events = await client.xrange('bull:undertone:events', '-', '+');
    await client.quit();
    expect(events.map(([, fields]) => fields[1])).toContain('completed');
    expect(events.filter(([, fields]) => fields.includes('stalled'))).toEqual([]);
  });

  test('Redis killed in the middle and started again empty: the run ends with nothing lost or doubled', async () => {
    const url = `sqlite:${work.file('store.db')}`;
    await using(url, async (opened) => {
      const runner = start({ what: 'run', store: url, queue, config: settings() });
      await reached(opened, 150);
      await redis?.kill9();
      expect(await opened.count({})).toBeLessThan(expected.feedback.length);
      await redis?.restart();
      expect(await runner.ended).toBe(0);
      expect((await opened.runs.latest(1))[0]?.status).toBe('done');
      expect(await dump(opened)).toEqual(expected);
    });
  });
});

const mongo = redis === undefined ? undefined : await startMongo();

describe.skipIf(mongo === undefined)('over Redis into a MongoDB-compatible server', () => {
  const queue = redis?.url ?? '';
  afterAll(() => mongo?.stop());

  test('gives the analyses and roll-ups that the embedded store has', async () => {
    await using(freshDatabase(mongo?.url ?? ''), async (opened) => {
      const run = await night(opened, settings(), { queueUrl: queue });
      expect(run.status).toBe('done');
      expect(await dump(opened)).toEqual(expected);
      const again = await night(opened, settings(), { queueUrl: queue });
      expect(again.parts.map(({ status }) => status)).toEqual(Array(5).fill('skipped'));
    });
  });

  test('whose server is killed in the middle and started again ends with nothing lost or doubled', async () => {
    const url = freshDatabase(mongo?.url ?? '');
    const runner = start({ what: 'run', store: url, queue, config: settings() });
    await runner.said('"read 2');
    await mongo?.kill9();
    await mongo?.restart();
    expect(await runner.ended).toBe(0);
    await using(url, async (opened) => {
      expect((await opened.runs.latest(1))[0]?.status).toBe('done');
      expect(await dump(opened)).toEqual(expected);
    });
  });
});

async function reached(opened: FeedbackStore, rows: number): Promise<void> {
  while ((await opened.count({})) < rows) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function closed(opened: FeedbackStore): ReturnType<typeof closedOnce> {
  for (;;) {
    const run = await closedOnce(opened);
    if (run.status !== 'running') return run;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function closedOnce(opened: FeedbackStore) {
  const [run] = await opened.runs.latest(1);
  if (run === undefined) throw new Error('expected a run');
  return run;
}
