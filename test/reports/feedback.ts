/** Feedback as the store keeps it, from the few fields a test is about. */
import { feedbackId, SCHEMA_VERSION, type AnalyzedFeedback, type Label, type SentimentLabel } from '../../src/feedback.js';

export interface Given {
  id?: string;
  day?: string;
  language?: string;
  label?: Label;
  /** Of the text, and of its mentions that have its label. */
  score?: number;
  text?: string;
  /** Topic -> label of its mention, or `[label, first character, end]`. */
  topics?: Record<string, SentimentLabel | [SentimentLabel, number, number]>;
  evidence?: [start: number, end: number, weight: number][];
  flags?: string[];
  more?: Partial<AnalyzedFeedback>;
}

const SCORES: Record<Label, number> = { negative: -0.5, neutral: 0, positive: 0.5, mixed: 0, unsupported: 0 };
let made = 0;

export function feedback(given: Given): AnalyzedFeedback {
  const externalId = given.id ?? String(++made);
  const source = given.more?.source ?? 'reviews';
  const label = given.label ?? 'neutral';
  const topics = Object.entries(given.topics ?? {}).map(([id, mention]) => {
    const [own, start, end] = typeof mention === 'string' ? [mention] : mention;
    return {
      id,
      label: own,
      score: own === label ? (given.score ?? SCORES[own]) : SCORES[own],
      evidence: start === undefined ? [] : [{ start, end: end! }],
    };
  });
  const areas = new Map(topics.map(({ id, label: own, score }) => [id.split('.')[0]!, { id: id.split('.')[0]!, label: own, score }]));
  const day = given.day ?? '2026-11-20';
  return {
    source,
    externalId,
    kind: 'review',
    createdAt: `${day}T12:00:00.000Z`,
    text: given.text ?? 'Some words.',
    id: feedbackId(source, externalId),
    schemaVersion: SCHEMA_VERSION,
    day,
    analysis: {
      language: { code: given.language ?? 'en', confidence: 0.9 },
      sentiment: { label, score: given.score ?? SCORES[label], confidence: 0.8 },
      topics,
      areas: [...areas.values()],
      evidence: (given.evidence ?? []).map(([start, end, weight]) => ({ start, end, weight, rule: 'term' })),
      flags: given.flags ?? [],
    },
    duplicateKeys: [],
    versions: { engine: '1', lexicon: '1', taxonomy: '1' },
    contentHash: externalId,
    ...given.more,
  };
}

/** The same feedback `n` times, each with an id of its own. */
export const times = (n: number, given: Given): AnalyzedFeedback[] => Array.from({ length: n }, () => feedback(given));
