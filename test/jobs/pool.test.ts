import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool, type AnalysisPool } from '../../jobs/pool.js';
import type { Pulled } from '../../src/sources/port.js';

let pool: AnalysisPool;
beforeAll(async () => {
  pool = await openPool({ threads: 1, pseudonymKey: 'the key of this test' });
});
afterAll(() => pool.close());

const row = (n: number, text: string): Pulled => ({
  ok: true,
  feedback: { source: 's', externalId: String(n), kind: 'review', createdAt: '2026-11-24T20:00:00.000Z', text },
});

test('a batch of texts as long as they may be comes back whole, and in order', async () => {
  const rows = Array.from({ length: 15 }, (_, n) =>
    row(n, `${'The parcel came late and the box was broken. '.repeat(2_222).slice(0, 99_900)} mail.${n}@example.org`),
  );
  const batch = await pool.run({ source: 's', rows, timeZone: 'UTC', now: '2026-11-24T20:00:00.000Z' });
  expect(batch.feedback.map(({ externalId }) => externalId)).toEqual(rows.map((_, n) => String(n)));
  expect(batch.redacted).toEqual({ email: 15 });
});

test('a row that breaks its thread is an error, and the next batch is analysed', async () => {
  const broken = row(1, 'x');
  (broken as { feedback: { createdAt: string } }).feedback.createdAt = 'no instant';
  const task = { source: 's', timeZone: 'Asia/Bangkok', now: '2026-11-24T20:00:00.000Z' };
  await expect(pool.run({ ...task, rows: [broken] })).rejects.toThrow();
  expect((await pool.run({ ...task, rows: [row(2, 'x')] })).feedback).toHaveLength(1);
});
