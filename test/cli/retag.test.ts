/** `undertone retag` as an operator runs it: a word goes into the shop's folder, and what is stored is tagged anew. */
import { once } from 'node:events';
import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lastRetag } from '../../jobs/retag.js';
import { openStore } from '../../src/store/open.js';
import { redisServer } from '../servers.js';
import { folder, jsonLines, start, undertone, type Answer } from './undertone.js';

const redis = await redisServer();
const ROWS = 400;
/** A store as the night left it, and the shop's folder as it became after that. */
let filled: ReturnType<typeof folder>;
let dir: ReturnType<typeof folder>;

beforeAll(async () => {
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const text = ['The dial wobbulates', 'Great quality, I love it'][i % 2]!;
    return `r${1_000 + i},2026-11-${String(1 + (i % 20)).padStart(2, '0')}T08:00:00Z,"${text} (${i})"`;
  });
  filled = folder({
    'reviews.csv': `id,created,comment\n${rows.join('\n')}\n`,
    'undertone.yaml': 'languages: [en]\nworkers: { threads: 1, batch: 10 }\nsources: [{ name: shop, path: reviews.csv }]\n',
  });
  expect(await undertone(['run'], { cwd: filled.path })).toMatchObject({ code: 0 });
  mkdirSync(join(filled.path, 'lexicons/en'), { recursive: true });
  writeFileSync(join(filled.path, 'lexicons/en/sentiment.tsv'), 'wobbulates\t-3\n');
  writeFileSync(join(filled.path, 'lexicons/en/topics.tsv'), 'product.durability\twobbulates\t0\n');
});
beforeEach(() => {
  dir = folder();
  cpSync(filled.path, dir.path, { recursive: true });
});
afterEach(() => dir.remove());
afterAll(() => filled.remove());

const run = (args: string[], env: Record<string, string> = {}): Promise<Answer> => undertone(args, { cwd: dir.path, env });
const json = async (args: string[]): Promise<Record<string, unknown>> => jsonLines((await run(['retag', '--json', ...args])).stdout)[0]!;
const found = async (topic: string): Promise<number> => jsonLines((await run(['query', '--topic', topic, '--json'])).stdout).length;

describe('undertone retag', () => {
  it('shows first, then does, and then finds nothing to do', async () => {
    const dry = await run(['retag', '--dry-run']);
    expect(dry).toMatchObject({ code: 0, stderr: '' });
    expect(dry.stdout).toMatch(/^dry run: nothing is written\n400 read, 400 to re-tag, 200 with other tags$/m);
    expect(await found('product.durability')).toBe(0);
    expect(await json(['--dry-run', '--limit', '40'])).toMatchObject({ read: 40, different: 20 });

    const { code, stdout, stderr } = await run(['retag']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^400 read, 400 re-tagged, 200 with other tags$/m);
    expect(stdout).toMatch(/^topic +before +negative +after +negative +new +lost +relabelled$/m);
    expect(stdout).toMatch(/^all feedback +400 +\d+% +400 +50% +0 +0 +200$/m);
    expect(stdout).toMatch(/^product\.durability +0 +- +200 +100% +200 +0 +0$/m);
    expect(await found('product.durability')).toBe(200);
    const trend = jsonLines((await run(['trends', '--topic', 'product.durability', '--json'])).stdout);
    expect(trend.reduce((sum, line) => sum + Number(line['n']), 0)).toBe(200);

    expect((await run(['retag', '--last'])).stdout).toBe(stdout);
    const again = await run(['retag']);
    expect(again.stdout).toMatch(/^400 read, 0 re-tagged, 0 with other tags\n/);
    // Nor does the night that reads the file again find anything changed.
    appendFileSync(join(dir.path, 'reviews.csv'), 'x1,2026-11-20T08:00:00Z,It wobbulates\n');
    expect(JSON.parse((await run(['run', '--json'])).stdout)).toMatchObject({ read: 401, new: 1, changed: 0, unchanged: 400 });
  });

  it('killed in the middle goes on, with a table of the whole', async () => {
    const whole = await json(['--dry-run']);
    const store = await openStore(`sqlite:${join(dir.path, 'undertone.db')}`);
    try {
      const child = start(['retag'], { cwd: dir.path });
      const ended = once(child, 'close');
      while (((await lastRetag(store))?.read ?? 0) < 30) await new Promise((resolve) => setTimeout(resolve, 2));
      child.kill('SIGKILL');
      await ended;
      const reached = await lastRetag(store);
      expect(reached).toMatchObject({ done: false });
      expect(reached!.read).toBeLessThan(ROWS);
    } finally {
      await store.close();
    }
    expect((await run(['retag', '--last'])).stdout).toMatch(/^not done yet/);
    expect(await json([])).toEqual({ ...whole, dryRun: false });
    expect(await found('product.durability')).toBe(200);
  });

  it('told to stop ends at a checkpoint, says so, and goes on', async () => {
    const child = start(['retag'], { cwd: dir.path });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    const store = await openStore(`sqlite:${join(dir.path, 'undertone.db')}`);
    while (((await lastRetag(store))?.read ?? 0) < 30) await new Promise((resolve) => setTimeout(resolve, 2));
    await store.close();
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(said).toMatch(/^stopping at the next checkpoint.*\n.*undertone retag goes on/);
    expect(await json([])).toMatchObject({ done: true, read: ROWS, retagged: ROWS, different: 200 });
  });

  it.each([
    [['--limit', '5'], /--limit: only with --dry-run/],
    [['--queue', '--last'], /one of --dry-run, --queue and --last/],
    [['--last', '--lang', 'en'], /--last: takes no filter/],
    [['--queue'], /--queue: needs Redis/],
    [['--topic', 'delivery.sped'], /--topic: expected one of delivery/],
  ])('%j is wrong usage', async (args, expected) => {
    expect(await run(['retag', ...args])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(expected) as string });
  });

  it('has no last one in a store that was never re-tagged', async () => {
    expect(await run(['retag', '--last'])).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing was re-tagged') as string });
  });

  it.skipIf(redis === undefined)('is left to a worker with --queue', async () => {
    const env = { REDIS_URL: redis!.url };
    expect(await run(['retag', '--queue'], env)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('queued') as string,
    });
    const worker = start(['worker'], { cwd: dir.path, env });
    let log = '';
    try {
      await new Promise<void>((resolve, reject) => {
        worker.stderr.setEncoding('utf8').on('data', (chunk: string) => /feedback re-tagged/.test((log += chunk)) && resolve());
        worker.once('close', (code) => reject(new Error(`worker ended with ${code}: ${log}`)));
      });
    } finally {
      worker.kill('SIGTERM');
      await once(worker, 'close');
    }
    expect(log).not.toContain('wobbulates');
    expect(await json(['--last'])).toMatchObject({ done: true, retagged: ROWS, different: 200 });
    expect(await found('product.durability')).toBe(200);
  });
});
