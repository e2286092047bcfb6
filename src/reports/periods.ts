/**
 * Days, ISO weeks and months. A day is `YYYY-MM-DD` in the shop's zone and arithmetic on days is plain calendar arithmetic, so that
 * daylight saving cannot touch it; only `dayOf` and `startOfDay` know the zone.
 */
import { IANAZone } from 'luxon';
import { mondayOf, type Day } from '../feedback.js';

/** A stretch of whole days: `2026-11-24`, `2026-W47` (ISO 8601 week, Monday to Sunday) or `2026-11`. */
export interface Period {
  key: string;
  /** First day. */
  start: Day;
  /** Last day, inclusive. */
  end: Day;
}

const MS_PER_DAY = 86_400_000;
const toMs = (day: Day): number => Date.parse(`${day}T00:00:00.000Z`);
const toDay = (ms: number): Day => new Date(ms).toISOString().slice(0, 10);

/** Is this a day of the calendar? `2026-02-30` is not. */
export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(toMs(text)) && toDay(toMs(text)) === text;

export const addDays = (day: Day, days: number): Day => toDay(toMs(day) + days * MS_PER_DAY);

/** Days from `from` to `to`: 0 for the same day, negative backwards. */
export const daysBetween = (from: Day, to: Day): number => Math.round((toMs(to) - toMs(from)) / MS_PER_DAY);

/** The ISO week that holds the day. It belongs to the year of its Thursday: 2027-01-01 is in 2026-W53. */
export function weekOf(day: Day): Period {
  const start = mondayOf(day);
  const thursday = addDays(start, 3);
  const year = thursday.slice(0, 4);
  const number = Math.floor(daysBetween(`${year}-01-01`, thursday) / 7) + 1;
  return { key: `${year}-W${String(number).padStart(2, '0')}`, start, end: addDays(start, 6) };
}

export function monthOf(day: Day): Period {
  const start = `${day.slice(0, 7)}-01`;
  const nextMonth = addDays(start, 31).slice(0, 7);
  return { key: day.slice(0, 7), start, end: addDays(`${nextMonth}-01`, -1) };
}

export const PERIOD_LENGTHS = ['day', 'week', 'month'] as const;
export type PeriodLength = (typeof PERIOD_LENGTHS)[number];

/** The day, ISO week or month that holds the day. */
export const periodOf = (every: PeriodLength, day: Day): Period =>
  every === 'day' ? { key: day, start: day, end: day } : every === 'week' ? weekOf(day) : monthOf(day);

/** The period so many after this one, or before it where `by` is negative. */
export function shiftPeriod(every: PeriodLength, { start }: Period, by: number): Period {
  if (every !== 'month') return periodOf(every, addDays(start, by * (every === 'week' ? 7 : 1)));
  const months = Number(start.slice(0, 4)) * 12 + Number(start.slice(5, 7)) - 1 + by;
  return monthOf(`${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}-01`);
}

/** The newest period that has ended by the day; a week is whole on its Sunday. */
export function lastWholePeriod(every: PeriodLength, day: Day): Period {
  const period = periodOf(every, day);
  return period.end <= day ? period : shiftPeriod(every, period, -1);
}

/** A day, ISO week or month by its key; undefined where there is none such (`2026-W54`, `2026-13`). */
export function parsePeriod(key: string): Period | undefined {
  if (isDay(key)) return { key, start: key, end: key };
  if (/^\d{4}-\d{2}$/.test(key)) return isDay(`${key}-01`) ? monthOf(`${key}-01`) : undefined;
  const [, year, number] = /^(\d{4})-W(\d{2})$/.exec(key) ?? [];
  if (year === undefined) return undefined;
  const week = weekOf(addDays(`${year}-01-04`, (Number(number) - 1) * 7)); // 4 January is always in week 1
  return week.key === key ? week : undefined;
}

/** The day of an instant (ISO 8601) in the zone. */
export function dayOf(instant: string, timeZone: string): Day {
  const ms = Date.parse(instant);
  return toDay(ms + offsetMs(timeZone, ms));
}

/**
 * The first instant of the day in the zone, ISO 8601 in UTC. Midnight may be missing (clocks go forward at 00:00, as they did in
 * São Paulo) or come twice (they go back past it, as in Havana).
 */
export function startOfDay(day: Day, timeZone: string): string {
  const midnight = toMs(day);
  const candidates = [-1, 1].map((side) => midnight - offsetMs(timeZone, midnight + side * MS_PER_DAY)).sort((a, b) => a - b);
  const first = candidates.find((ms) => toDay(ms + offsetMs(timeZone, ms)) === day);
  return new Date(first ?? candidates[1]!).toISOString();
}

const offsetMs = (timeZone: string, ms: number): number => IANAZone.create(timeZone).offset(ms) * 60_000;
