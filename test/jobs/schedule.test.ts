import { describe, expect, test } from 'vitest';
import { lastDue, manualId, missedNight, nightId, schedules, scheduleWarning } from '../../jobs/schedule.js';
import { Config } from '../../src/config.js';

const config = (schedule: object = {}, more: object = {}): Config =>
  Config.parse({ timeZone: 'Europe/Stockholm', sources: [{ name: 'reviews', path: 'data' }], schedule, ...more });

describe('when the night was due', () => {
  test.each([
    ['30 3 * * *', 'Europe/Stockholm', '2026-11-24T02:30:00.000Z', '2026-11-24T02:30:00.000Z', 'night-2026-11-24'],
    ['30 3 * * *', 'Europe/Stockholm', '2026-11-24T02:29:00.000Z', '2026-11-23T02:30:00.000Z', 'night-2026-11-23'],
    ['30 3 * * *', 'Europe/Stockholm', '2026-07-24T12:00:00.000Z', '2026-07-24T01:30:00.000Z', 'night-2026-07-24'],
    ['0 1 * * *', 'Asia/Bangkok', '2026-11-24T18:30:00.000Z', '2026-11-24T18:00:00.000Z', 'night-2026-11-25'],
    ['0 6,18 * * *', 'UTC', '2026-11-24T12:00:00.000Z', '2026-11-24T06:00:00.000Z', 'night-2026-11-24-0600'],
    ['15 3 * * 1', 'UTC', '2026-11-26T12:00:00.000Z', '2026-11-23T03:15:00.000Z', 'night-2026-11-23'],
    // The hour that daylight saving doubles, and the one it skips.
    ['30 3 * * *', 'Europe/Stockholm', '2026-10-25T12:00:00.000Z', '2026-10-25T02:30:00.000Z', 'night-2026-10-25'],
    ['30 3 * * *', 'Europe/Stockholm', '2026-03-29T12:00:00.000Z', '2026-03-29T01:30:00.000Z', 'night-2026-03-29'],
  ])('%s in %s, seen at %s', (pattern, zone, now, due, id) => {
    const last = lastDue(pattern, zone, new Date(now));
    expect(last.toISOString()).toBe(due);
    expect(nightId(pattern, zone, last)).toBe(id);
  });
});

describe('a missed night', () => {
  const now = new Date('2026-11-24T12:00:00.000Z');
  test.each([
    ['no run at all', [], 'night-2026-11-24'],
    ['only the night before', [{ id: 'night-2026-11-23', startedAt: '2026-11-23T02:30:01.000Z' }], 'night-2026-11-24'],
    ['tonight', [{ id: 'night-2026-11-24', startedAt: '2026-11-24T02:30:01.000Z' }], undefined],
    ['tonight, caught up by another clock', [{ id: 'night-2026-11-24', startedAt: '2026-11-24T02:29:58.000Z' }], undefined],
    ['a run by hand since', [{ id: 'run-1', startedAt: '2026-11-24T09:00:00.000Z' }], undefined],
    ['a run by hand before', [{ id: 'run-1', startedAt: '2026-11-24T02:00:00.000Z' }], 'night-2026-11-24'],
  ])('%s', (_name, latest, expected) => {
    expect(missedNight(config(), latest, now)).toBe(expected);
  });

  test('is none where no source is configured', () => {
    expect(missedNight(config({}, { sources: [] }), [], now)).toBeUndefined();
  });
});

describe('daylight saving', () => {
  const now = new Date('2026-11-24T12:00:00.000Z');
  test.each([
    ['30 2 * * *', 'Europe/Stockholm', true],
    ['0 1 * * *', 'America/New_York', true],
    ['0 1,5 * * *', 'Europe/Berlin', true],
    ['30 3 * * *', 'Europe/Stockholm', false],
    ['30 2 * * *', 'Asia/Bangkok', false],
    ['30 2 * * *', 'UTC', false],
    ['0 * * * *', 'Europe/Stockholm', false],
  ])('%s in %s warns: %s', (nightly, timeZone, warns) => {
    const warning = scheduleWarning(config({ nightly, timeZone }), now);
    if (warns) expect(warning).toContain(`schedule.nightly ${nightly} falls between 01:00 and 03:00 in ${timeZone}`);
    else expect(warning).toBeUndefined();
  });
});

test('the schedule carries what any worker needs to do it, and no secret', () => {
  const [only, ...rest] = schedules(config({}, { pseudonymKey: 'a key that must not travel' }));
  expect(rest).toEqual([]);
  expect(only).toMatchObject({ id: 'nightly', pattern: '30 3 * * *', timeZone: 'Europe/Stockholm', job: 'nightly' });
  expect(only?.payload).toMatchObject({
    sources: [{ source: { name: 'reviews', path: 'data' }, timeZone: 'Europe/Stockholm', textLength: 100_000 }],
  });
  expect(JSON.stringify(only)).not.toContain('a key that must not travel');
});

test('there is nothing to schedule without a source', () => {
  expect(schedules(config({}, { sources: [] }))).toEqual([]);
});

test('two runs by hand in one second have two names, fit for job ids', () => {
  const now = new Date('2026-11-24T08:15:00.123Z');
  const ids = [manualId(now), manualId(now)];
  expect(ids[0]).toMatch(/^run-20261124-081500-[0-9a-f]{6}$/);
  expect(ids[0]).not.toBe(ids[1]);
});
