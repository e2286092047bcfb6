/** Dates as files write them -> an instant. */
import { DateTime } from 'luxon';

export type DateOrder = 'dmy' | 'mdy' | 'ymd';

const TIME = String.raw`(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(am|pm)?)?`;
const ZONE = String.raw`\s*(Z|(?:UTC|GMT)?(?:[+-]\d{1,2}(?::?\d{2})?)?)?`;
const YEAR_FIRST = new RegExp(`^(\\d{4})([-/.])(\\d{1,2})\\2(\\d{1,2})${TIME}${ZONE}$`, 'i');
const YEAR_LAST = new RegExp(`^(\\d{1,2})([-/.])\\s?(\\d{1,2})\\2\\s?(\\d{4}|\\d{2})\\.?${TIME}${ZONE}$`, 'i');
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const DAY_MONTH_NAME = new RegExp(`^(?:[a-z]{3,9},? )?(\\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\\.?,?[ -](\\d{4})${TIME}${ZONE}$`, 'i');
const MONTH_NAME_DAY = new RegExp(`^(?:[a-z]{3,9},? )?([a-z]{3,9})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})${TIME}${ZONE}$`, 'i');
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * What one value says about the order of day and month in a file: an order, `ambiguous` for one like 03/04/2026 that
 * needs to be told, undefined for a value that says nothing (another form, or no date).
 */
export function orderOf(value: unknown): 'dmy' | 'mdy' | 'ambiguous' | undefined {
  const match = typeof value === 'string' ? YEAR_LAST.exec(value.trim()) : null;
  if (match === null || match[2] === '.') return undefined;
  const [first, second] = [Number(match[1]), Number(match[3])];
  if (first > 12) return second >= 1 && second <= 12 && first <= 31 ? 'dmy' : undefined;
  if (second > 12) return first >= 1 && second <= 31 ? 'mdy' : undefined;
  return 'ambiguous';
}

/** Offsets change at most every quarter of an hour, and asking luxon costs as much as all else in a row. */
const OFFSETS_KEPT = 50_000;

export class DateReader {
  private readonly offsets = new Map<number, number>();

  /** @param timeZone zone of dates that name none; @param order of day and month, absent where the file leaves it open. */
  constructor(
    private readonly timeZone: string,
    readonly order?: DateOrder,
  ) {}

  /** ISO 8601 in UTC with milliseconds; undefined for what is not a date from 1970 to 2100. */
  read(value: string | number): string | undefined {
    const at = typeof value === 'number' ? fromEpoch(value) : this.fromText(value.trim());
    return at !== undefined && at >= 0 && at < LIMIT ? new Date(at).toISOString() : undefined;
  }

  private fromText(text: string): number | undefined {
    const iso = YEAR_FIRST.exec(text);
    if (iso !== null) return this.at(Number(iso[1]), Number(iso[3]), Number(iso[4]), iso, 5);
    if (/^\d{8}$/.test(text)) {
      const [, y, m, d] = COMPACT.exec(text)!;
      return this.at(Number(y), Number(m), Number(d), [], 0);
    }
    if (/^\d+(\.\d+)?$/.test(text)) return fromEpoch(Number(text));
    const last = YEAR_LAST.exec(text);
    if (last !== null) {
      const order = this.order ?? (last[2] === '.' ? 'dmy' : undefined);
      if (order === undefined) return undefined;
      const [a, b, c] = [Number(last[1]), Number(last[3]), Number(last[4])];
      const full = (year: string | undefined) => (year!.length === 2 ? 2000 + Number(year) : Number(year));
      if (order === 'ymd') return last[4]!.length === 2 ? this.at(2000 + a, b, c, last, 5) : undefined;
      return order === 'dmy' ? this.at(full(last[4]), b, a, last, 5) : this.at(full(last[4]), a, b, last, 5);
    }
    const dayFirst = DAY_MONTH_NAME.exec(text);
    if (dayFirst !== null) return this.at(Number(dayFirst[3]), monthOf(dayFirst[2]!), Number(dayFirst[1]), dayFirst, 4);
    const monthFirst = MONTH_NAME_DAY.exec(text);
    if (monthFirst !== null) return this.at(Number(monthFirst[3]), monthOf(monthFirst[1]!), Number(monthFirst[2]), monthFirst, 4);
    return undefined;
  }

  /** @param time the match whose groups from `from` on are hour, minute, second, fraction, am/pm, zone. */
  private at(year: number, month: number, day: number, time: (string | undefined)[], from: number): number | undefined {
    if (month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
    let hour = Number(time[from] ?? 0);
    const minute = Number(time[from + 1] ?? 0);
    const second = Number(time[from + 2] ?? 0);
    const milli = Number(`${time[from + 3] ?? ''}000`.slice(0, 3));
    const half = time[from + 4]?.toLowerCase();
    if (half !== undefined) {
      if (hour < 1 || hour > 12) return undefined;
      hour = (hour % 12) + (half === 'pm' ? 12 : 0);
    }
    if (hour > 23 || minute > 59 || second > 59) return undefined;
    const local = Date.UTC(year, month - 1, day, hour, minute, second, milli);
    const zone = time[from + 5];
    return local - (zone === undefined || zone === '' ? this.offset(local) : zoneOffset(zone)) * 60_000;
  }

  /** Minutes east of UTC at a local time of the zone. */
  private offset(local: number): number {
    if (this.timeZone === 'UTC') return 0;
    const quarter = Math.floor(local / 900_000);
    let offset = this.offsets.get(quarter);
    if (offset === undefined) {
      const d = new Date(quarter * 900_000);
      const parts = {
        year: d.getUTCFullYear(),
        month: d.getUTCMonth() + 1,
        day: d.getUTCDate(),
        hour: d.getUTCHours(),
        minute: d.getUTCMinutes(),
      };
      const there = DateTime.fromObject(parts, { zone: this.timeZone });
      // From the instant, not `.offset`: a time skipped in spring is read as luxon moves it, an hour later.
      offset = (quarter * 900_000 - there.toMillis()) / 60_000;
      if (this.offsets.size >= OFFSETS_KEPT) this.offsets.clear();
      this.offsets.set(quarter, offset);
    }
    return offset;
  }
}

const LIMIT = Date.UTC(2101, 0, 1);

/** Seconds up to 2100 have at most ten digits, milliseconds since 1973 at least twelve. */
function fromEpoch(value: number): number | undefined {
  if (value >= 1e8 && value < LIMIT / 1000) return Math.round(value * 1000);
  return value >= 1e11 ? Math.round(value) : undefined;
}

const monthOf = (name: string): number => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;

function zoneOffset(zone: string): number {
  const match = /([+-])(\d{1,2}):?(\d{2})?$/.exec(zone);
  if (match === null) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0));
}
