/** `undertone worker` as an operator runs it: logs, schedule, and how it stops. Needs a Redis of its own. */
import { once } from 'node:events';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis } from '../servers.js';
import { folder, jsonLines, start, undertone } from './undertone.js';

const redis = await startRedis();
const ROWS = Array.from({ length: 40 }, (_, i) => `r${i},2026-11-02T08:00:00Z,Delivery was late again ${i}`).join('\n');
let dir: ReturnType<typeof folder>;

beforeAll(() => {
  dir = folder({ 'reviews.csv': `id,created,comment\n${ROWS}\n`, 'undertone.yaml': 'sources: [{ name: shop, path: reviews.csv }]\n' });
});
afterAll(async () => {
  dir.remove();
  await redis?.stop();
});

/** Starts a worker and waits until a line of its log matches. */
async function startWorker(until: RegExp): Promise<{ child: ChildProcessWithoutNullStreams; log: () => string; out: () => string }> {
  const child = start(['worker'], { cwd: dir.path, env: { REDIS_URL: redis!.url } });
  let log = '';
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  child.stderr.setEncoding('utf8');
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: string) => {
      log += chunk;
      if (until.test(log)) resolve();
    });
    child.once('close', (code) => reject(new Error(`worker ended with ${code}: ${log}`)));
  });
  return { child, log: () => log, out: () => out };
}

describe.skipIf(redis === undefined)('undertone worker', () => {
  it('catches up the night, logs JSON without customer text, and stops in order when asked to', async () => {
    const { child, log, out } = await startWorker(/"msg":"run closed"/);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    expect([code, out()]).toEqual([0, '']);
    const lines = jsonLines(log());
    expect(lines.map((line) => line['msg'])).toEqual(expect.arrayContaining(['worker ready', 'run closed', 'worker stopped']));
    expect(log()).not.toContain('Delivery');
    const { stdout } = await undertone(['export'], { cwd: dir.path });
    expect(jsonLines(stdout)).toHaveLength(40);
  });

  it('ends at once at the second signal', async () => {
    const { child } = await startWorker(/"msg":"worker ready"/);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(1);
  });

  it('is found ready by doctor, which names the Redis', async () => {
    const { code, stdout } = await undertone(['doctor'], { cwd: dir.path, env: { REDIS_URL: redis!.url } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok +queue +Redis \d/m);
    expect(stdout).toMatch(/^ok +source shop .*1 part to read$/m);
  });
});
