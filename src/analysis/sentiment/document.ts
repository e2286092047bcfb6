/** Features -> label, score and confidence: a multinomial logistic model whose weights hold for every language. */
import { parse } from 'yaml';
import { z } from 'zod';
import type { Kind, SentimentLabel } from '../../feedback.js';
import type { Mention } from '../topics/matcher.js';
import { FEATURES } from './features.js';
import { PARAMETERS as P } from './parameters.js';
import type { Scored } from './score.js';

export interface DocumentSentiment {
  label: SentimentLabel;
  /** P(positive) - P(negative), in [-1, 1]. */
  score: number;
  /** Probability of the label's class, 0 to 1. */
  confidence: number;
}

/** Of negative, neutral and positive; they add up to 1. */
export type Probabilities = readonly [negative: number, neutral: number, positive: number];

/** The second of the classes. */
const NEUTRAL = 1;

/** lexicons/scoring.yaml: per class its bias and the weight of each feature, once with and once without the features of neutrality. */
const Weights = z.strictObject({ bias: z.number(), weights: z.strictObject(Object.fromEntries(FEATURES.map((f) => [f, z.number()]))) });
const Classes = z.strictObject({ negative: Weights, neutral: Weights, positive: Weights });
const Scoring = z.strictObject({
  kinds: z.strictObject({ review: z.number(), survey: z.number(), ticket: z.number() }),
  full: Classes,
  guarded: Classes,
  models: z.record(z.string(), z.strictObject({ trust: z.number().min(0).max(1), hash: z.string() })),
});

export class DocumentModel {
  /** By language: rows negative, neutral, positive; the bias behind the weights. */
  readonly #rows = new Map<string, Float64Array[]>();
  readonly #guarded: Float64Array[];
  readonly #kinds: Readonly<Record<Kind, number>>;

  /** @throws Error naming the number at fault. */
  constructor(yaml: string) {
    const result = Scoring.safeParse(parse(yaml));
    if (!result.success) {
      const issue = result.error.issues[0]!;
      throw new Error(`lexicons/scoring.yaml: ${issue.path.join('.')}: ${issue.message}; run \`npm run fit\``);
    }
    const { full, guarded, kinds, models } = result.data;
    this.#kinds = kinds;
    const rows = ({ negative, neutral, positive }: z.infer<typeof Classes>): Float64Array[] =>
      [negative, neutral, positive].map(({ bias, weights }) => Float64Array.from([...FEATURES.map((f) => weights[f] ?? 0), bias]));
    this.#guarded = rows(guarded);
    const whole = rows(full);
    for (const [language, { trust }] of Object.entries(models)) {
      this.#rows.set(language, whole.map((row, c) => row.map((w, i) => trust * w + (1 - trust) * this.#guarded[c]![i]!))); // prettier-ignore
    }
  }

  /** Weights of the classes negative, neutral, positive for a language: by FEATURES, the bias last. */
  weights(language: string): readonly Float64Array[] {
    return this.#rows.get(language) ?? this.#guarded;
  }

  /** What the kind of source adds to the neutral class, in log-odds; 0 where it is not known. */
  ofKind(kind: Kind | undefined): number {
    return kind === undefined ? 0 : this.#kinds[kind];
  }

  probabilities(language: string, features: Float64Array, kind?: Kind): Probabilities {
    const logits = this.weights(language).map((row, c) => {
      let z = row[FEATURES.length]! + (c === NEUTRAL ? this.ofKind(kind) : 0);
      for (let i = 0; i < FEATURES.length; i++) z += row[i]! * features[i]!;
      return z;
    });
    const top = Math.max(...logits);
    const [a, b, c] = logits.map((z) => Math.exp(z - top)) as [number, number, number];
    const sum = a + b + c;
    return [a / sum, b / sum, c / sum];
  }
}

export function judge([negative, neutral, positive]: Probabilities, parts: readonly { scored: Scored }[]): DocumentSentiment {
  const confidence = Math.max(negative, neutral, positive);
  const score = Math.round((positive - negative) * 1_000) / 1_000;
  let label: SentimentLabel = confidence === neutral ? 'neutral' : positive > negative ? 'positive' : 'negative';
  if (label === 'neutral' && isMixed(parts)) label = 'mixed';
  return { label, score, confidence: Math.round(confidence * 100) / 100 };
}

/** Both sides strong, neither much stronger. */
function isMixed(parts: readonly { scored: Scored }[]): boolean {
  let positive = 0;
  let negative = 0;
  for (const { scored } of parts) {
    for (const { weight } of scored.contributions) {
      if (weight > 0) positive += weight;
      else negative -= weight;
    }
  }
  const weaker = Math.min(positive, negative);
  return weaker >= P.mixedStrength && weaker >= P.mixedShare * Math.max(positive, negative);
}

/** A topic phrase that says by itself that something went wrong or right counts where its clause holds no valence term. */
export function addTopicPhrases(scored: Scored, mentions: readonly Mention[]): void {
  const taken = new Set<number>();
  for (const { clause, rule } of scored.contributions) if (rule !== 'bare-negation') taken.add(clause);
  const before = scored.contributions.length;
  for (const { polarity, start, end } of mentions) {
    const clause = scored.clauseOf[start]!;
    if (polarity === 0 || taken.has(clause)) continue;
    taken.add(clause);
    const weight = polarity * P.topicPhrase;
    scored.contributions.push({ start, end, clause, base: weight, weight, rule: 'topic-phrase' });
    scored.clauseSums[clause]! += weight;
  }
  if (scored.contributions.length > before) scored.contributions.sort((a, b) => a.start - b.start);
}
