/** Weak labels: what a customer's rating says of the sentiment of the text beside it. Often right, never checked by anyone. */
import { ratingPosition, scalePosition, type Feedback, type Scale } from '../feedback.js';

export type WeakLabel = 'negative' | 'positive' | 'between';

const CSAT_SCALE: Scale = [1, 5];
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
export function weakLabel(feedback: Pick<Feedback, 'rating' | 'ratingScale' | 'csat' | 'nps'>): WeakLabel | undefined {
  const { csat, nps } = feedback;
  const position = ratingPosition(feedback) ?? (csat === undefined ? undefined : scalePosition(csat, CSAT_SCALE));
  if (position !== undefined) return position <= LOW ? 'negative' : position >= HIGH ? 'positive' : 'between';
  if (nps === undefined) return undefined;
  return nps <= DETRACTOR ? 'negative' : nps >= PROMOTER ? 'positive' : 'between';
}
