/** Stored feedback as one flat JSON object: the shape of `query --json` and `export`. */
import type { AnalyzedFeedback } from '../feedback.js';

/**
 * As `analyze --json` writes it, with what is known of the feedback. Fields that are not known are absent. Offsets are UTF-16 code
 * units of `text`, which is redacted.
 */
export function feedbackLine(item: AnalyzedFeedback) {
  const { language, sentiment, topics, evidence, flags, segments } = item.analysis;
  return {
    id: item.id,
    source: item.source,
    externalId: item.externalId,
    kind: item.kind,
    createdAt: item.createdAt,
    day: item.day,
    language,
    sentiment,
    topics,
    evidence,
    flags,
    segments,
    text: item.text,
    rating: item.rating,
    ratingScale: item.ratingScale,
    nps: item.nps,
    csat: item.csat,
    ces: item.ces,
    channel: item.channel,
    product: item.product,
    customer: item.customer,
    url: item.url,
    versions: item.versions,
  };
}
