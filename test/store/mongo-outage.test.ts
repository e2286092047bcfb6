/** The server killed and restarted under a writer: the writer waits, nothing is lost and nothing is counted twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { openStore } from '../../src/store/open.js';
import { startMongo } from '../servers.js';
import { generate } from './generate.js';
import { byId, rollupsOf } from './oracle.js';

const server = await startMongo();
afterAll(() => server?.stop());

describe.skipIf(server === undefined)(server?.name ?? 'MongoDB', () => {
  test('killed in the middle of a run', { timeout: 180_000 }, async () => {
    const store = await openStore(`${server!.url}outage`);
    const rows = generate(0, 3_000, 21, { days: 3 });
    const days = new Set<string>();
    const total = { inserted: 0, updated: 0, unchanged: 0 };
    let committed = 0;
    const writing = (async () => {
      for (let at = 0; at < rows.length; at += 100) {
        const counts = await store.commit(rows.slice(at, at + 100), {
          source: 'shop',
          part: 'a',
          cursor: String(at + 100),
          done: false,
          fingerprint: 'f',
          counts: { read: at + 100, new: 0, changed: 0, unchanged: 0, rejected: 0, redacted: {} },
        });
        total.inserted += counts.inserted;
        total.updated += counts.updated;
        total.unchanged += counts.unchanged;
        for (const day of counts.days) days.add(day);
        committed = at + 100;
      }
    })();
    for (const part of [500, 1_500]) {
      while (committed < part) await sleep(5);
      await server!.kill9();
      await sleep(300);
      await server!.restart();
    }
    await writing;
    expect(total).toEqual({ inserted: 3_000, updated: 0, unchanged: 0 });
    expect((await store.checkpoint('shop', 'a'))?.cursor).toBe('3000');
    const stored = [];
    for await (const item of store.stream({})) stored.push(item);
    expect(stored).toEqual(rows.sort(byId));

    const refreshing = store.refreshRollups([...days]);
    await sleep(50);
    await server!.kill9();
    await server!.restart();
    await refreshing;
    const sums = [];
    for await (const row of store.rollups({}, {})) sums.push(row);
    expect(sums).toEqual(rollupsOf(rows));
    await store.close();
  });
});
