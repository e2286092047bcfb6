/** Which days are compared: a whole week or month, and the twelve weeks before it. */
import type { Day } from '../../feedback.js';
import { addDays, daysBetween, lastWholePeriod, type Period } from '../periods.js';

export const EMERGING_PERIODS = ['week', 'month'] as const;
export type EmergingPeriod = (typeof EMERGING_PERIODS)[number];

const BASELINE_DAYS = 12 * 7;

export interface Window {
  period: Period;
  /** First day of the baseline; its last is the day before the period. */
  baselineStart: Day;
  /** Days of one stretch of the baseline, about as long as the period: in each an author counts once for a term. */
  stretch: number;
}

/** The newest week or month that has ended by the day, with its baseline. */
export function windowOf(asOf: Day, by: EmergingPeriod): Window {
  const period = lastWholePeriod(by, asOf);
  return { period, baselineStart: addDays(period.start, -BASELINE_DAYS), stretch: by === 'week' ? 7 : 28 };
}

/** The stretch of the baseline that holds the day, from 0; -1 in the period. */
export const stretchOf = ({ period, baselineStart, stretch }: Window, day: Day): number =>
  day >= period.start ? -1 : Math.floor(daysBetween(baselineStart, day) / stretch);
