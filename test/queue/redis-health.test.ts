import { expect, test } from 'vitest';
import { judgeRedis } from '../../src/queue/redis-health.js';

const info = (fields: Record<string, string | number>): string =>
  [
    '# Server',
    ...Object.entries({ redis_version: '7.0.15', used_memory: 2_097_152, maxmemory: 0, maxmemory_policy: 'noeviction', ...fields }).map(
      ([k, v]) => `${k}:${v}`,
    ),
    '',
  ].join('\r\n');

test.each([
  [{}, true, /^Redis 7\.0\.15 \(here\), 2 MB used$/, undefined],
  [{ redis_version: '6.2.0', maxmemory: 104_857_600 }, true, /2 MB used of 100/, undefined],
  [{ redis_version: '10.1.0' }, true, /Redis 10\.1\.0/, undefined],
  [{ redis_version: '6.0.16' }, false, /version 6\.0\.16, expected 6\.2 or newer/, /upgrade/],
  [{ redis_version: '5.9.9' }, false, /version 5\.9\.9/, /upgrade/],
  [{ maxmemory_policy: 'allkeys-lru' }, false, /maxmemory-policy allkeys-lru, expected noeviction/, /maxmemory-policy noeviction/],
  [{ used_memory: 95, maxmemory: 100 }, false, /95 % of maxmemory used/, /raise `maxmemory`/],
  [{ used_memory: 89, maxmemory: 100 }, true, /Redis/, undefined],
  [
    { redis_version: '4.0.0', maxmemory_policy: 'volatile-ttl' },
    false,
    /version 4\.0\.0.*; maxmemory-policy volatile-ttl/,
    /upgrade.*; set/,
  ],
])('%j', (fields, ok, detail, advice) => {
  const health = judgeRedis('here', info(fields));
  expect(health.ok).toBe(ok);
  expect(health.detail).toMatch(detail);
  if (advice === undefined) expect(health.advice).toBeUndefined();
  else expect(health.advice).toMatch(advice);
});
