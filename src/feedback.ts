/**
 * The words of the domain. Everything that crosses a boundary (an input row, a job payload, a stored document,
 * a line of `--json`) has its zod schema here, and its type is inferred from the schema.
 */
import { z } from 'zod';

/** Version of the stored document's shape; `docs/store.md` describes it. Raise it together with a migration. */
export const SCHEMA_VERSION = 3;

export const KINDS = ['review', 'survey', 'ticket'] as const;
export const LABELS = ['negative', 'neutral', 'positive', 'mixed', 'unsupported'] as const;
/** Labels a topic or a document of a supported language can have. */
export const SENTIMENT_LABELS = ['negative', 'neutral', 'positive', 'mixed'] as const;

export const Kind = z.enum(KINDS);
export type Kind = z.infer<typeof Kind>;
export const Label = z.enum(LABELS);
export type Label = z.infer<typeof Label>;
export const SentimentLabel = z.enum(SENTIMENT_LABELS);
export type SentimentLabel = z.infer<typeof SentimentLabel>;

/** A calendar day `YYYY-MM-DD` in the configured time zone: the unit of every roll-up. */
export const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day as YYYY-MM-DD');
export type Day = z.infer<typeof Day>;

/** The Monday of the day's ISO week. */
export function mondayOf(day: Day): Day {
  const ms = Date.parse(day);
  const weekday = (new Date(ms).getUTCDay() + 6) % 7; // Monday 0
  return new Date(ms - weekday * 86_400_000).toISOString().slice(0, 10);
}

/** The Mondays of the ISO weeks that hold the days, each once, in order. */
export const mondaysOf = (days: readonly Day[]): Day[] => [...new Set(days.map(mondayOf))].sort();

/** An instant, ISO 8601 in UTC with milliseconds: `2026-11-24T08:15:00.000Z`. Sorts as text. */
export const Instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'an ISO 8601 instant in UTC');

/** Inclusive range of a score's scale, as the source uses it. */
export const Scale = z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, 'a scale as [lowest, highest]');
export type Scale = z.infer<typeof Scale>;

/** One piece of feedback as it is after parsing and redaction, before analysis. */
export const Feedback = z.object({
  /** Name of the source it came from. */
  source: z.string().min(1),
  /** The source's own id; unique within the source. */
  externalId: z.string().min(1),
  kind: Kind,
  createdAt: Instant,
  /** What the customer wrote, title first on a line of its own; personal data redacted. */
  text: z.string(),
  /** Stars or points as given; on `ratingScale`, 1 to 5 where that is absent. */
  rating: z.number().optional(),
  ratingScale: Scale.optional(),
  /** Would you recommend us, 0 to 10. */
  nps: z.number().min(0).max(10).optional(),
  /** Satisfaction, 1 to 5 (other scales are mapped linearly on reading). */
  csat: z.number().min(1).max(5).optional(),
  /** Effort, 1 to 7, 7 = very easy (other scales and the other direction are mapped on reading). */
  ces: z.number().min(1).max(7).optional(),
  channel: z.string().optional(),
  product: z.string().optional(),
  /** Pseudonym of the author: keyed HMAC, 24 hex digits behind `c_`. Never the id itself. */
  customer: z.string().optional(),
  /** What the source says the language is; a hint for the detector, never a verdict. */
  languageHint: z.string().optional(),
  /** Where a person can open the original. */
  url: z.string().optional(),
});
export type Feedback = z.infer<typeof Feedback>;

/** Where a value stands on its scale: 0 at the lowest, 1 at the highest. */
export const scalePosition = (value: number, [low, high]: Scale): number => (value - low) / (high - low);

const RATING_SCALE: Scale = [1, 5];

/** Position of the rating on its scale; undefined where there is none. */
export const ratingPosition = ({ rating, ratingScale }: Pick<Feedback, 'rating' | 'ratingScale'>): number | undefined =>
  rating === undefined ? undefined : scalePosition(rating, ratingScale ?? RATING_SCALE);

/** Where in the text something stands: UTF-16 code units, end exclusive. */
export const Span = z.object({ start: z.number().int().min(0), end: z.number().int().min(0) });
export type Span = z.infer<typeof Span>;

/** One reason for the score: what stands at the span, its signed weight after all rules, and which rule made it so. */
export const Evidence = Span.extend({
  weight: z.number(),
  /** `term` (`shop-term`: of the shop's own lexicon), the rules that changed its weight behind it: `term+negation`, `emoji` ... */
  rule: z.string(),
});
export type Evidence = z.infer<typeof Evidence>;

/** A topic the text speaks about. `score` is the sentiment of its mentions in [-1, 1]. */
export const TopicMention = z.object({
  /** `area.leaf` of lexicons/taxonomy.yaml, or an area alone in `areas`. */
  id: z.string(),
  label: SentimentLabel,
  score: z.number().min(-1).max(1),
  evidence: z.array(Span),
});
export type TopicMention = z.infer<typeof TopicMention>;

export const Versions = z.object({ engine: z.string(), lexicon: z.string(), taxonomy: z.string() });
export type Versions = z.infer<typeof Versions>;

/** The versions as one word, to compare and to group by. */
export const versionsKey = ({ engine, lexicon, taxonomy }: Versions): string => `${engine} ${lexicon} ${taxonomy}`;

/** What the analysis says of one text. Pure function of the text, the hints and the versions. */
export const Analysis = z.object({
  /** BCP-47 primary code (`sr` for Serbian in both scripts), `und` under the detector's margin. Confidence 0 to 1. */
  language: z.object({ code: z.string(), confidence: z.number().min(0).max(1) }),
  /** `score` in [-1, 1], 0 where nothing was found; `confidence` 0 to 1 that the label is right. */
  sentiment: z.object({ label: Label, score: z.number().min(-1).max(1), confidence: z.number().min(0).max(1) }),
  /** Leaf topics, strongest first. */
  topics: z.array(TopicMention),
  evidence: z.array(Evidence),
  /** `mixed-language`, `rating-disagrees`, `truncated` ... */
  flags: z.array(z.string()),
  /** Only with the flag `mixed-language`: the parts of the text in running order, each in one language, covering it. */
  segments: z.array(Span.extend({ language: z.string() })).optional(),
});
export type Analysis = z.infer<typeof Analysis>;

/** One stored result: the feedback, its analysis, and what makes a repeat recognisable. */
export const AnalyzedFeedback = Feedback.extend({
  /** `source/externalId`: the key of the store. */
  id: z.string().min(1),
  schemaVersion: z.literal(SCHEMA_VERSION),
  /** Day of `createdAt` in the configured zone. */
  day: Day,
  analysis: Analysis.extend({
    /** The areas (first level of the taxonomy) of `topics`, each once, with its topics' sentiment combined. */
    areas: z.array(TopicMention.omit({ evidence: true })),
  }),
  versions: Versions,
  /** Feedback that shares a key is near-duplicate: at most three of 8 characters, none where the text is too short to tell. Made of the text alone. */
  duplicateKeys: z.array(z.string()),
  /** Hash of the feedback and the versions: equal means nothing to write. */
  contentHash: z.string(),
});
export type AnalyzedFeedback = z.infer<typeof AnalyzedFeedback>;

/** `_id` of a piece of feedback. */
export const feedbackId = (source: string, externalId: string): string => `${source}/${externalId}`;

/** A row that could not become feedback, kept whole (redacted) so that nothing is lost. */
export const RejectedRow = z.object({
  /** Stable key: source, file and byte offset (or the row's own key), so that a repeat does not double it. */
  id: z.string().min(1),
  source: z.string(),
  file: z.string(),
  /** Line of the file on which the record starts, the first line being 1. */
  row: z.number().int().min(1),
  /** Name of the column at fault, absent where the whole record is. */
  column: z.string().optional(),
  reason: z.string(),
  /** The value at fault, redacted, at most 200 characters. */
  value: z.string().optional(),
  /** The record as it stands in the file, redacted, at most 10,000 characters. */
  raw: z.string(),
  rejectedAt: Instant,
});
export type RejectedRow = z.infer<typeof RejectedRow>;

/** Why a row is refused: what the parser knows before the row has a place. */
export interface Rejection {
  column?: string;
  reason: string;
  value?: string;
}

/** How far a part of a source has been read and stored. Moves with the batch it belongs to. */
export const Checkpoint = z.object({
  source: z.string(),
  /** The part's key: stable for the same piece of the same input. */
  part: z.string(),
  /** Opaque to everyone but the source; absent means from the part's start. */
  cursor: z.string().optional(),
  /** True once the part has been read to its end. */
  done: z.boolean(),
  /** Identifies the state of the input (size, times, hash of a file and of its mapping): equal and done means skip. */
  fingerprint: z.string(),
  /** What the part has yielded up to the cursor. */
  counts: z.lazy(() => PartCounts),
  /** Days written to so far: whoever goes on from here after a crash still knows which roll-ups are out of date. */
  days: z.array(Day).optional(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

export const PartCounts = z.object({
  read: z.number().int().min(0),
  new: z.number().int().min(0),
  changed: z.number().int().min(0),
  unchanged: z.number().int().min(0),
  rejected: z.number().int().min(0),
  /** Redactions by kind: email, phone, card, iban, ip, url. */
  redacted: z.record(z.string(), z.number().int().min(0)),
});
export type PartCounts = z.infer<typeof PartCounts>;
export const noCounts = (): PartCounts => ({ read: 0, new: 0, changed: 0, unchanged: 0, rejected: 0, redacted: {} });

export function addCounts(a: PartCounts, b: PartCounts): PartCounts {
  const redacted = { ...a.redacted };
  for (const [kind, n] of Object.entries(b.redacted)) redacted[kind] = (redacted[kind] ?? 0) + n;
  return {
    read: a.read + b.read,
    new: a.new + b.new,
    changed: a.changed + b.changed,
    unchanged: a.unchanged + b.unchanged,
    rejected: a.rejected + b.rejected,
    redacted,
  };
}

/**
 * Daily counts for one combination of dimensions. `topic` is `*` for the documents as such, an area (`delivery`) or a
 * leaf (`delivery.speed`); topics overlap, so topic rows do not add up to the `*` row. On a topic row the labels and
 * `scoreSum` are those of the topic, the scores (NPS, CSAT, CES) those of the documents that mention it.
 * Dimensions a document does not have are the empty string.
 *
 * Voices count people instead of messages: an author has one voice a topic and ISO week, shared evenly among what they wrote about the
 * topic in that week (in a language with a lexicon), whatever the day, source or channel. So voices add up over days and dimensions
 * like every other count, and the author of five angry tickets weighs as much as the author of one. Feedback without an author is a
 * voice of its own.
 */
export const Rollup = z.object({
  day: Day,
  source: z.string(),
  kind: Kind,
  channel: z.string(),
  language: z.string(),
  product: z.string(),
  /** Engine, lexicon and taxonomy it was tagged with, as `versionsKey` writes them. */
  versions: z.string(),
  topic: z.string(),
  n: z.number().int(),
  negative: z.number().int(),
  neutral: z.number().int(),
  positive: z.number().int(),
  mixed: z.number().int(),
  unsupported: z.number().int(),
  scoreSum: z.number(),
  /** Voices whose sentiment is known, and what of them is negative. Not whole numbers. */
  voices: z.number(),
  negativeVoices: z.number(),
  npsPromoters: z.number().int(),
  npsPassives: z.number().int(),
  npsDetractors: z.number().int(),
  csatN: z.number().int(),
  csatSum: z.number(),
  cesN: z.number().int(),
  cesSum: z.number(),
});
export type Rollup = z.infer<typeof Rollup>;
export const ALL_TOPICS = '*';
