/** How a result comes about, in parts that add up to it: what `undertone explain` shows. */
import type { Reading, UndertoneAnalyzer } from './analyzer.js';
import { FEATURES, type Feature } from './sentiment/features.js';
import type { AnalysisResult, AnalyzeHints } from './types.js';

export interface ExplainedTerm {
  start: number;
  end: number;
  /** As the lexicon has it. */
  base: number;
  /** After every rule; these add up to the clause's sum. */
  weight: number;
  rule: string;
}

export interface ExplainedClause {
  /** Whose lexicon it was read with. */
  language: string;
  start: number;
  end: number;
  sum: number;
  terms: ExplainedTerm[];
}

/** One named number of the final model: its value, and value x weight for each class. */
export interface ExplainedFeature {
  feature: Feature;
  value: number;
  negative: number;
  neutral: number;
  positive: number;
}

export interface Explanation {
  result: AnalysisResult;
  clauses: ExplainedClause[];
  /** The words that weigh most in the n-gram model, either way. */
  ngrams: { start: number; end: number; weight: number }[];
  features: ExplainedFeature[];
  /** Bias of each class, the neutral one's with what the kind of source adds; with the features' shares it adds up to the class's logit. */
  bias: { negative: number; neutral: number; positive: number };
  /** Softmax of the logits. The score is positive - negative. */
  probabilities: { negative: number; neutral: number; positive: number };
}

const STRONGEST = 3;

/** Undefined where the language has no lexicon: there is nothing to explain but that. */
export function explain(analyzer: UndertoneAnalyzer, text: string, hints: AnalyzeHints = {}): Explanation | undefined {
  const trace = analyzer.trace(text, hints);
  const { lexicon, parts, features, probabilities, result } = trace;
  if (lexicon === undefined || probabilities === undefined) return undefined;
  const weights = analyzer.model.weights(lexicon.language);
  const [negative, neutral, positive] = weights as [Float64Array, Float64Array, Float64Array];
  const share = (row: Float64Array, i: number): number => row[i]! * features[i]!;
  return {
    result,
    clauses: parts.flatMap(clausesOf),
    ngrams: parts.flatMap(({ lexicon: own, units }) => [1, -1].flatMap((side) => own.ngrams.strongest(units, side as 1 | -1, STRONGEST)).sort((a, b) => a.start - b.start)), // prettier-ignore
    features: FEATURES.map((feature, i) => ({
      feature,
      value: features[i]!,
      negative: share(negative, i),
      neutral: share(neutral, i),
      positive: share(positive, i),
    })).filter((f) => f.value !== 0),
    bias: {
      negative: negative[FEATURES.length]!,
      neutral: neutral[FEATURES.length]! + analyzer.model.ofKind(hints.kind),
      positive: positive[FEATURES.length]!,
    },
    probabilities: { negative: probabilities[0], neutral: probabilities[1], positive: probabilities[2] },
  };
}

function clausesOf({ lexicon: { language }, units, scored }: Reading): ExplainedClause[] {
  const clauses: ExplainedClause[] = [];
  for (let i = 0; i < units.length; i++) {
    const clause = scored.clauseOf[i]!;
    const known = clauses[clause];
    if (known === undefined)
      clauses[clause] = { language, start: units.start[i]!, end: units.end[i]!, sum: scored.clauseSums[clause]!, terms: [] };
    else known.end = units.end[i]!;
  }
  for (const { start, end, clause, base, weight, rule } of scored.contributions) {
    clauses[clause]!.terms.push({ start: units.start[start]!, end: units.end[end - 1]!, base, weight, rule });
  }
  return clauses;
}
