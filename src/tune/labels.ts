/** Weak labels: what a customer's rating says of the sentiment of the text beside it. Often right, never checked by anyone. */
import type { Feedback } from '../feedback.js';

export type WeakLabel = 'negative' | 'positive' | 'between';

const RATING_SCALE = [1, 5] as const;
const CSAT_SCALE = [1, 5] as const;
/** Position on the scale, 0 to 1: up to the first it is negative, from the second on positive. One and two stars, four and five. */
const LOW = 0.25;
const HIGH = 0.75;
/** Detractors and promoters, as NPS has them. */
const DETRACTOR = 6;
const PROMOTER = 9;

/**
 * The rating decides, else CSAT, else NPS, which is about the shop rather than about what the text tells. Undefined where there is
 * none of them. Effort (CES) is no sentiment.
 */
export function weakLabel({
  rating,
  ratingScale,
  csat,
  nps,
}: Pick<Feedback, 'rating' | 'ratingScale' | 'csat' | 'nps'>): WeakLabel | undefined {
  if (rating !== undefined) return byPosition(rating, ratingScale ?? RATING_SCALE);
  if (csat !== undefined) return byPosition(csat, CSAT_SCALE);
  if (nps === undefined) return undefined;
  return nps <= DETRACTOR ? 'negative' : nps >= PROMOTER ? 'positive' : 'between';
}

function byPosition(value: number, [low, high]: readonly [number, number]): WeakLabel {
  const position = (value - low) / (high - low);
  return position <= LOW ? 'negative' : position >= HIGH ? 'positive' : 'between';
}
