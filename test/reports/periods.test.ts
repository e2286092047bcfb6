import { describe, expect, test } from 'vitest';
import { addDays, dayOf, daysBetween, isDay, monthOf, parsePeriod, startOfDay, weekOf } from '../../src/reports/periods.js';

describe('ISO weeks', () => {
  // Against Python 3.11, date.isocalendar().
  test.each([
    ['2026-11-24', '2026-W48', '2026-11-23', '2026-11-29'],
    ['2026-11-22', '2026-W47', '2026-11-16', '2026-11-22'],
    ['2027-01-01', '2026-W53', '2026-12-28', '2027-01-03'],
    ['2027-01-04', '2027-W01', '2027-01-04', '2027-01-10'],
    ['2005-01-01', '2004-W53', '2004-12-27', '2005-01-02'],
    ['2007-12-31', '2008-W01', '2007-12-31', '2008-01-06'],
    ['2010-01-03', '2009-W53', '2009-12-28', '2010-01-03'],
    ['2024-12-30', '2025-W01', '2024-12-30', '2025-01-05'],
  ])('%s is in %s', (day, key, start, end) => {
    expect(weekOf(day)).toEqual({ key, start, end });
    expect(parsePeriod(key)).toEqual({ key, start, end });
  });
});

test.each([
  ['2026-11', '2026-11-01', '2026-11-30'],
  ['2024-02', '2024-02-01', '2024-02-29'],
  ['2026-12', '2026-12-01', '2026-12-31'],
  ['2026-01', '2026-01-01', '2026-01-31'],
  ['2026-11-24', '2026-11-24', '2026-11-24'],
])('the period %s', (key, start, end) => {
  expect(parsePeriod(key)).toEqual({ key, start, end });
  expect(monthOf(start).key).toBe(key.slice(0, 7));
});

test.each(['2026-W54', '2026-W00', '2025-W53', '2026-13', '2026-00', '2026-02-30', '2026-2-3', '7d', '2026', ''])(
  '%j is no period',
  (text) => {
    expect(parsePeriod(text)).toBeUndefined();
    expect(isDay(text)).toBe(false);
  },
);

test('arithmetic on days ignores daylight saving and crosses months and years', () => {
  expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2024-03-01', -1)).toBe('2024-02-29');
  expect(daysBetween('2026-10-01', '2026-11-01')).toBe(31);
  expect(daysBetween('2026-11-01', '2026-10-01')).toBe(-31);
});

describe('days in a zone', () => {
  // The offsets are those of the IANA time zone database.
  test.each([
    ['2026-11-24', 'UTC', '2026-11-24T00:00:00.000Z'],
    ['2026-11-24', 'Europe/Stockholm', '2026-11-23T23:00:00.000Z'],
    ['2026-06-24', 'Europe/Stockholm', '2026-06-23T22:00:00.000Z'],
    ['2026-03-29', 'Europe/Stockholm', '2026-03-28T23:00:00.000Z'], // 23 hours long
    ['2026-03-30', 'Europe/Stockholm', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', 'Europe/Stockholm', '2026-10-24T22:00:00.000Z'], // 25 hours long
    ['2026-10-26', 'Europe/Stockholm', '2026-10-25T23:00:00.000Z'],
    ['2026-11-24', 'Asia/Bangkok', '2026-11-23T17:00:00.000Z'],
    ['2026-11-24', 'Asia/Kathmandu', '2026-11-23T18:15:00.000Z'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'], // no midnight: begins at 01:00
    ['2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'], // midnight twice: the first one
    ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z'], // 24:00 went back to 23:00 the day before
  ])('%s in %s begins at %s', (day, zone, instant) => {
    expect(startOfDay(day, zone)).toBe(instant);
    expect(dayOf(instant, zone)).toBe(day);
    expect(dayOf(new Date(Date.parse(instant) - 1).toISOString(), zone)).toBe(addDays(day, -1));
  });
});
