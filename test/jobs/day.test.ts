import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { dayIn } from '../../jobs/day.js';

describe('the day of an instant', () => {
  test.each([
    ['UTC', '2026-11-24T23:59:59.999Z', '2026-11-24'],
    ['Europe/Stockholm', '2026-11-24T22:59:59.999Z', '2026-11-24'],
    ['Europe/Stockholm', '2026-11-24T23:00:00.000Z', '2026-11-25'],
    ['Asia/Bangkok', '2026-11-24T17:00:00.000Z', '2026-11-25'],
    ['America/Sao_Paulo', '2026-11-24T02:59:59.999Z', '2026-11-23'],
    ['America/New_York', '2024-02-29T04:30:00.000Z', '2024-02-28'],
    ['Asia/Kathmandu', '2026-11-24T18:15:00.000Z', '2026-11-25'],
    ['UTC', '0099-01-01T00:00:00.000Z', '0099-01-01'],
  ])('%s %s is %s', (zone, instant, day) => {
    expect(dayIn(zone)(instant)).toBe(day);
  });

  test.each(['Europe/Stockholm', 'Australia/Lord_Howe', 'America/Havana', 'Pacific/Apia', 'Asia/Kolkata'])(
    'agrees with luxon around every change of the year in %s',
    (zone) => {
      const day = dayIn(zone);
      const start = Date.UTC(2026, 0, 1);
      const wrong: string[] = [];
      for (let ms = start; ms < start + 366 * 86_400_000; ms += 3_660_000) {
        const instant = new Date(ms).toISOString();
        if (day(instant) !== DateTime.fromMillis(ms, { zone }).toISODate()) wrong.push(instant);
      }
      expect(wrong).toEqual([]);
    },
  );
});
