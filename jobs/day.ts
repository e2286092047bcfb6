/** The calendar day of an instant in a zone, fast enough for every row: the zone's offset is looked up once an hour of input. */
import type { Day } from '../src/feedback.js';

const HOUR = 3_600_000;
/** Ten years of hours; beyond that the cache starts anew. */
const CACHE_SIZE = 87_600;

/** @returns a function from an instant (ISO 8601 in UTC) to its day in the zone. */
export function dayIn(timeZone: string): (instant: string) => Day {
  if (timeZone === 'UTC') return (instant) => instant.slice(0, 10);
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const offsetAt = (ms: number): number => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1_000) * 1_000;
  };
  const offsets = new Map<number, number | undefined>();
  return (instant) => {
    const ms = Date.parse(instant);
    const hour = Math.floor(ms / HOUR);
    let offset = offsets.get(hour);
    if (offset === undefined) {
      offset = offsetAt(ms);
      // An hour in which the zone changes its offset (Lord Howe does so at half past) is looked up each time.
      if (offsetAt(hour * HOUR) === offsetAt((hour + 1) * HOUR - 1)) {
        if (offsets.size >= CACHE_SIZE) offsets.clear();
        offsets.set(hour, offset);
      }
    }
    return new Date(ms + offset).toISOString().slice(0, 10);
  };
}
