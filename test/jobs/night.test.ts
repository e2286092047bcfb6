import { appendFileSync, copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { NightProgress } from '../../jobs/night.js';
import type { FeedbackStore } from '../../src/store/port.js';
import { writeFeedback } from '../bench/generate.js';
import { config, dump, night, scratch, startProcess, store, undisturbed, type Dump } from './harness.js';

const BROKEN = [
  'id,created_at,rating,text,customer_id',
  'b1,2026-11-20T10:00:00Z,5,Lovely shop,4711',
  'b2,not a date,5,Reach me at anna@example.org,4711',
  'b3,2026-11-20T10:00:00Z,1,,4711',
  'b4,2026-11-20T23:30:00Z,1,Never again,4712',
  '',
].join('\n');

/** Each language costs every process its lexicon. */
const LANGUAGES = ['en', 'sv'];

const folder = scratch();
let work = scratch();
let into: FeedbackStore;
let whole: Awaited<ReturnType<typeof undisturbed>>;

beforeAll(async () => {
  mkdirSync(folder.file('data'));
  await writeFeedback(folder.file('data/one.csv'), 400, 1, LANGUAGES);
  await writeFeedback(folder.file('data/two.csv'), 200, 10_001, LANGUAGES);
  writeFileSync(folder.file('data/three.csv'), BROKEN);
  whole = await undisturbed(folder.file('data'));
});
afterAll(() => folder.remove());
beforeEach(async () => {
  work = scratch();
  into = await store(`sqlite:${work.file('store.db')}`);
});
afterEach(async () => {
  await into.close();
  work.remove();
});

describe('a night', () => {
  test('reads every file, keeps what it refuses, rolls up the days and closes; the next one finds nothing to do', async () => {
    const progress: NightProgress[] = [];
    const run = await night(into, config(folder.file('data')), { onProgress: (p) => progress.push(p) });
    expect(run.status).toBe('done');
    expect(run.closedAt).toBeDefined();
    const parts = Object.fromEntries(run.parts.map(({ key, status, counts }) => [key, [status, counts.read, counts.new, counts.rejected]]));
    expect(parts).toEqual({
      'one.csv': ['done', 400, 400, 0],
      'two.csv': ['done', 200, 200, 0],
      'three.csv': ['done', 4, 2, 2],
    });
    const first = await dump(into);
    expect(first.feedback).toHaveLength(602);
    expect((first.rejects as { row: number }[]).map(({ row }) => row).sort()).toEqual([3, 4]);
    const total = (first.rollups as { topic: string; n: number }[]).filter(({ topic }) => topic === '*').reduce((sum, { n }) => sum + n, 0);
    expect(total).toBe(602);
    // The shop is in Stockholm: half past eleven in the evening, UTC, is the next day.
    expect(first.feedback).toContainEqual(expect.objectContaining({ externalId: 'b4', day: '2026-11-21' }));

    const reads = progress.map(({ read }) => read);
    expect(reads).toEqual([...reads].sort((a, b) => a - b));
    expect(progress.at(-1)).toMatchObject({ read: 604, new: 602, rejected: 2, parts: 3, partsDone: 3 });

    const again = await night(into, config(folder.file('data')));
    expect(again.status).toBe('done');
    expect(again.parts.map(({ status, counts }) => [status, counts.read])).toEqual([
      ['skipped', 0],
      ['skipped', 0],
      ['skipped', 0],
    ]);
    expect(await dump(into)).toEqual(first);
  });

  test('leaves no personal data of any row anywhere', () => {
    const kept = JSON.stringify(whole);
    expect(kept).toContain('[email]');
    expect(kept.match(/.{0,40}@example\.org/)?.[0]).toBeUndefined();
    expect(kept.match(/.{0,40}\b4711\b/)?.[0]).toBeUndefined();
  });

  test('adds only what a file has grown by, and takes a changed row over', async () => {
    mkdirSync(work.file('data'));
    const file = work.file('data/feedback.csv');
    copyFileSync(folder.file('data/two.csv'), file);
    await night(into, config(work.file('data')));
    appendFileSync(file, 'new1,2026-11-21T10:00:00Z,1,"Broken again, what a disappointment",lamp,web,7\n');
    appendFileSync(file, 'r10001,2026-11-22T10:00:00Z,1,"I changed my mind",lamp,web,7\n');
    const run = await night(into, config(work.file('data')));
    expect(run.parts[0]?.counts).toMatchObject({ read: 202, new: 1, changed: 1, unchanged: 200 });
    // The roll-ups are as if the file had been like this from the start, though the changed row left its old day.
    expect(run.parts[0]?.days.length).toBeLessThanOrEqual(3);
    const rollups = (all: Dump): unknown[] => (all.rollups as { n: number }[]).filter(({ n }) => n > 0);
    expect(rollups(await dump(into))).toEqual(rollups((await undisturbed(work.file('data'))).dump));
  });

  test('closes at once where there is nothing to read', async () => {
    mkdirSync(work.file('empty'));
    const run = await night(into, config(work.file('empty')));
    expect([run.status, run.parts]).toEqual(['done', []]);
  });

  test('goes on without what it cannot read, and says so', async () => {
    mkdirSync(work.file('data'));
    copyFileSync(folder.file('data/three.csv'), work.file('data/good.csv'));
    writeFileSync(work.file('data/bad.csv'), Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0]));
    const settings = config(work.file('data'), {
      sources: [
        { name: 'gone', path: work.file('nowhere') },
        { name: 'shop', path: work.file('data') },
      ],
    });
    const run = await night(into, settings);
    expect(run.status).toBe('partial');
    expect(run.parts.map(({ source, key, status }) => [source, key, status])).toEqual([
      ['gone', '', 'failed'],
      ['shop', 'bad.csv', 'failed'],
      ['shop', 'good.csv', 'done'],
    ]);
    expect(run.parts[0]?.error).toContain('nowhere');
    expect(run.parts[1]?.error).toContain('bad.csv');
    expect((await dump(into)).rollups).not.toEqual([]);
  });

  test('whose file goes away after it was listed closes as partial, and the file is read when it is back', async () => {
    mkdirSync(work.file('data'));
    const file = join(work.path, 'data', 'feedback.csv');
    copyFileSync(folder.file('data/three.csv'), file);
    const settings = config(work.file('data'));
    const listed = await night(into, settings);
    expect(listed.status).toBe('done');
    // Touched: the same rows under a new fingerprint.
    utimesSync(file, new Date(), new Date(Date.now() + 5_000));
    const run = await night(into, settings);
    expect(run.parts[0]).toMatchObject({ status: 'done', counts: { read: 4, new: 0, changed: 0, unchanged: 2, rejected: 2 }, days: [] });
    expect((await dump(into)).rejects).toHaveLength(2);
  });
});

describe('a night that is broken off', () => {
  test('by its signal stops at a checkpoint; the next one ends as if nothing had happened', async () => {
    const stop = new AbortController();
    const run = await night(into, config(folder.file('data')), {
      signal: stop.signal,
      onProgress: ({ read }) => {
        if (read >= 150) stop.abort();
      },
    });
    expect(run.status).toBe('running');
    const stored = await into.count({});
    expect(stored).toBeGreaterThanOrEqual(150);
    expect(stored).toBeLessThan(602);

    const next = await night(into, config(folder.file('data')));
    expect(next.status).toBe('done');
    expect(await into.runs.get(run.id)).toMatchObject({ status: 'failed', error: expect.stringContaining('broken off') as unknown });
    expect(await dump(into)).toEqual(whole.dump);
    // A part that was half read is counted whole by the run that finished it.
    const finished = next.parts.filter(({ status }) => status === 'done').map(({ key, counts }) => [key, counts]);
    expect(whole.run.parts.map(({ key, counts }) => [key, counts])).toEqual(expect.arrayContaining(finished));
  });

  test('by kill -9, again and again, ends as if nothing had happened', async () => {
    const settings = config(folder.file('data'), { workers: { threads: 1, batch: 10 } });
    const url = `sqlite:${work.file('killed.db')}`;
    for (const at of [60, 200, 400]) {
      const { child, said, ended } = startProcess({ what: 'run', store: url, queue: 'inline', config: settings });
      const reached = said(`"read ${at}`).catch(() => undefined);
      await Promise.race([reached, ended]);
      child.kill('SIGKILL');
      await ended;
    }
    const killed = await store(url);
    try {
      expect((await night(killed, settings)).status).toBe('done');
      expect(await dump(killed)).toEqual(whole.dump);
    } finally {
      await killed.close();
    }
  });

  test('after all was read and before it was rolled up is rolled up by the next one', async () => {
    const refresh = into.refreshRollups.bind(into);
    const stop = new AbortController();
    // The process ends where its roll-ups would begin.
    into.refreshRollups = () => {
      stop.abort();
      return Promise.reject(new Error('the process is gone'));
    };
    await night(into, config(folder.file('data')), { signal: stop.signal });
    into.refreshRollups = refresh;
    expect((await dump(into)).rollups).toEqual([]);
    const next = await night(into, config(folder.file('data')));
    expect(next.parts.map(({ status }) => status)).toEqual(['skipped', 'skipped', 'skipped']);
    expect(await dump(into)).toEqual(whole.dump);
  });
});
