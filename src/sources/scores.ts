/** Score cells -> numbers on our scales. */
import type { FilesSource } from '../config.js';
import type { Rejection, Scale } from '../feedback.js';

export const SCORES = ['rating', 'nps', 'csat', 'ces'] as const;
export type Score = (typeof SCORES)[number];

export const DEFAULT_SCALES: Record<Score, Scale> = { rating: [1, 5], nps: [0, 10], csat: [1, 5], ces: [1, 7] };

/** Cells that say "nothing here". */
const EMPTY = /^(?:|[-–—]|n\/?a|n\.a\.|null|none|nan|nil|\(null\)|undefined)$/i;
export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && EMPTY.test(value.trim()));

/** A number with a decimal point or comma; undefined for anything else. */
export function parseNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return /^[+-]?\d+(?:[.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : undefined;
}

/**
 * A score as Feedback has it: NPS 0 to 10, CSAT 1 to 5, CES 1 to 7 with 7 = easy (other scales mapped linearly, NPS then
 * to whole points, since it is counted by them); a rating as given. A rejection without its column otherwise.
 */
export function readScore(score: Score, value: unknown, config: FilesSource): number | Rejection {
  const scale = config.scales[score] ?? DEFAULT_SCALES[score];
  const [low, high] = scale;
  const given = parseNumber(value) ?? (score === 'csat' ? verdict(value, scale) : undefined);
  if (given === undefined) return { reason: 'wrong type: expected a number' };
  if (given < low || given > high) return { reason: `outside its scale: expected ${score} from ${low} to ${high}` };
  if (score === 'rating') return given;
  const [ourLow, ourHigh] = DEFAULT_SCALES[score];
  // An NPS question asked from 1 to 10 means the same points.
  const same = high === ourHigh && (low === ourLow || (score === 'nps' && low >= ourLow));
  const mapped = same ? given : ourLow + ((given - low) / (high - low)) * (ourHigh - ourLow);
  if (score === 'nps') return same ? mapped : Math.round(mapped);
  return score === 'ces' && config.cesDirection === 'high-is-hard' ? ourLow + ourHigh - mapped : mapped;
}

/** Help desks that ask with a thumb up or down. */
function verdict(value: unknown, [low, high]: Scale): number | undefined {
  return value === 'good' ? high : value === 'bad' ? low : undefined;
}
