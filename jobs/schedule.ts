/** When the night comes, and what its run is called. Pure. */
import { randomBytes } from 'node:crypto';
import { CronExpressionParser } from 'cron-parser';
import { DateTime } from 'luxon';
import type { Config } from '../src/config.js';
import type { Schedule } from '../src/queue/port.js';
import type { Run } from '../src/store/port.js';
import type { RunSource } from './deps.js';
import { NIGHTLY } from './run.js';

/** The sources of a config, each with what reading it takes from the shop's settings. */
export const runSources = (config: Pick<Config, 'sources' | 'timeZone' | 'limits'>): RunSource[] =>
  config.sources.map((source) => ({ source, timeZone: config.timeZone, textLength: config.limits.textLength }));

const zoneOf = (config: Config): string => config.schedule.timeZone ?? config.timeZone;

/** What the queue is to start by itself: nothing where there is no source. */
export function schedules(config: Config): Schedule[] {
  if (config.sources.length === 0) return [];
  const { nightly } = config.schedule;
  // The job carries what it reads and when it was due, so that any worker on this queue can do it, whatever its own config.
  const payload = { pattern: nightly, timeZone: zoneOf(config), sources: runSources(config) };
  return [{ id: NIGHTLY, pattern: nightly, timeZone: zoneOf(config), job: NIGHTLY, payload }];
}

/** The last time the pattern was due at or before `now`. */
export function lastDue(pattern: string, timeZone: string, now: Date): Date {
  // `prev` is strictly before; a second's grace takes in a job that starts in the very second it is due.
  return CronExpressionParser.parse(pattern, { tz: timeZone, currentDate: new Date(now.getTime() + 1_000) })
    .prev()
    .toDate();
}

/** `night-2026-11-24`: the date in its zone on which it was due; with its time too where a day has several. */
export function nightId(pattern: string, timeZone: string, due: Date): string {
  const { hour, minute } = CronExpressionParser.parse(pattern).fields;
  const onceADay = hour.values.length === 1 && minute.values.length === 1;
  return `night-${DateTime.fromJSDate(due, { zone: timeZone }).toFormat(onceADay ? 'yyyy-MM-dd' : 'yyyy-MM-dd-HHmm')}`;
}

/**
 * The run that should have happened by `now` and has not: the last night has no run of its name and no run was started since
 * it was due. Without any run at all the first one is due. `latest`: the store's latest runs.
 */
export function missedNight(config: Config, latest: Pick<Run, 'id' | 'startedAt'>[], now: Date): string | undefined {
  if (config.sources.length === 0) return undefined;
  const { nightly } = config.schedule;
  const due = lastDue(nightly, zoneOf(config), now);
  const id = nightId(nightly, zoneOf(config), due);
  return latest.some((run) => run.id === id || Date.parse(run.startedAt) >= due.getTime()) ? undefined : id;
}

/** What to say of a pattern that daylight saving will skip or double in the year after `now`. */
export function scheduleWarning(config: Config, now: Date): string | undefined {
  const { nightly } = config.schedule;
  const zone = zoneOf(config);
  const hours = CronExpressionParser.parse(nightly).fields.hour.values as number[];
  const risky = hours.length < 24 && hours.some((hour) => hour === 1 || hour === 2);
  const start = DateTime.fromJSDate(now, { zone });
  const offsets = new Set(Array.from({ length: 12 }, (_, month) => start.plus({ months: month }).offset));
  if (!risky || offsets.size === 1) return undefined;
  return `schedule.nightly ${nightly} falls between 01:00 and 03:00 in ${zone}, where daylight saving skips or doubles it; 03:30 is safe`;
}

/** `run-20261124-081500-1f09c2`: a run someone started by hand. */
export const manualId = (now: Date): string =>
  `run-${now.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${randomBytes(3).toString('hex')}`;
