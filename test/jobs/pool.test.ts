import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPool, type AnalysisPool } from '../../jobs/pool.js';

let pool: AnalysisPool;
beforeAll(async () => {
  pool = await openPool({ threads: 2, pseudonymKey: 'a key of the test' });
});
afterAll(() => pool.close());

test('x', async () => {
  console.log(
    await pool.run({
      source: 's',
      timeZone: 'Asia/Bangkok',
      now: 'n',
      rows: [
        {
          ok: true,
          feedback: {
            source: 's',
            externalId: '1',
            kind: 'review',
            createdAt: '2026-11-24T20:00:00.000Z',
            text: 'mail me at anna@example.org',
            customer: '7',
          },
        },
      ],
    }),
  );
  expect(1).toBe(1);
});
