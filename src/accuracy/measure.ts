/**
 * How right the analysis is on labelled text. Pure: rows and the analyses of their texts in, figures out.
 *
 * Three-way: negative, neutral, positive; `mixed` counts as neutral and `unsupported` as an error.
 * Two-way: rows labelled neutral or mixed are left out, the sign of the score decides, a score of zero is an error.
 * Rows without a label are left out of both; rows without `lang` out of language accuracy.
 */
import { z } from 'zod';
import type { Label } from '../feedback.js';

export const LabelledRow = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  text: z.string(),
  label: z.enum(['negative', 'neutral', 'positive', 'mixed']).nullish(),
  lang: z.string().nullish(),
  aspects: z.array(z.object({ category: z.string(), label: z.string().nullish() })).nullish(),
  /** Of the project's own rows: topic id and what is felt about it. */
  topics: z.array(z.tuple([z.string(), z.string()])).nullish(),
  split: z.string().nullish(),
  /** Of rows for language identification: `sentence` or `word-pair`. */
  kind: z.string().nullish(),
});
export type LabelledRow = z.infer<typeof LabelledRow>;

/** What is needed of an analysis. */
export interface Answer {
  language: { code: string; confidence: number };
  sentiment: { label: Label; score: number; confidence: number };
  evidence: readonly unknown[];
}

export const CLASSES = ['negative', 'neutral', 'positive'] as const;
export type Class = (typeof CLASSES)[number];

export interface ClassFigures {
  precision: number;
  recall: number;
  f1: number;
  n: number;
}

export interface Classification {
  n: number;
  /** Mean of the F1 of the classes the labels hold, in [0, 1]. */
  macroF1: number;
  accuracy: number;
  classes: Partial<Record<Class, ClassFigures>>;
  /** gold -> predicted -> rows; `none` where there was no answer. */
  confusion: Record<string, Record<string, number>>;
}

export interface CalibrationBin {
  /** Lower edge of the confidences in the bin; bins are a tenth wide. */
  from: number;
  n: number;
  confidence: number;
  accuracy: number;
}

export interface AccuracyFigures {
  rows: number;
  labelled: number;
  threeWay: Classification;
  twoWay: Classification;
  /** Share of the texts with any evidence. */
  coverage: number;
  language: { n: number; accuracy: number; macro: number; wrong: Record<string, number> };
  calibration: { bins: CalibrationBin[]; expectedError: number };
  worst: { id?: string | number; text: string; gold: string; predicted: string; score: number }[];
}

/** Figures of pairs (gold, predicted); a prediction outside the classes is an error of the gold class only. */
export function classify(pairs: readonly (readonly [Class, string])[]): Classification {
  const confusion: Record<string, Record<string, number>> = {};
  let right = 0;
  for (const [gold, predicted] of pairs) {
    const row = (confusion[gold] ??= {});
    row[predicted] = (row[predicted] ?? 0) + 1;
    if (gold === predicted) right++;
  }
  const classes: Partial<Record<Class, ClassFigures>> = {};
  for (const c of CLASSES) {
    const n = Object.values(confusion[c] ?? {}).reduce((a, b) => a + b, 0);
    if (n === 0) continue;
    const hit = confusion[c]?.[c] ?? 0;
    const predicted = Object.values(confusion).reduce((sum, row) => sum + (row[c] ?? 0), 0);
    const precision = predicted === 0 ? 0 : hit / predicted;
    const recall = hit / n;
    classes[c] = { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall), n };
  }
  const f1s = Object.values(classes).map((c) => c.f1);
  return {
    n: pairs.length,
    macroF1: f1s.length === 0 ? 0 : f1s.reduce((a, b) => a + b, 0) / f1s.length,
    accuracy: pairs.length === 0 ? 0 : right / pairs.length,
    classes,
    confusion,
  };
}

/** `sr-Latn` -> `sr`; Norwegian `no` and `nn` -> `nb`. */
export const primary = (tag: string): string => {
  const code = tag.split(/[-_]/)[0]!.toLowerCase();
  return code === 'no' || code === 'nn' ? 'nb' : code;
};

export function measure(rows: readonly LabelledRow[], answers: readonly Answer[], worst = 20): AccuracyFigures {
  const three: [Class, string][] = [];
  const two: [Class, string][] = [];
  const bins = Array.from({ length: 10 }, (_, i) => ({ from: i / 10, n: 0, confidence: 0, right: 0 }));
  const byLanguage = new Map<string, { n: number; right: number }>();
  const wrong: Record<string, number> = {};
  const errors: AccuracyFigures['worst'] = [];
  let covered = 0;
  rows.forEach((row, i) => {
    const { language, sentiment, evidence } = answers[i]!;
    if (evidence.length > 0) covered++;
    if (row.lang != null) {
      const gold = primary(row.lang);
      const figures = byLanguage.get(gold) ?? { n: 0, right: 0 };
      figures.n++;
      if (language.code === gold) figures.right++;
      else wrong[`${gold}>${language.code}`] = (wrong[`${gold}>${language.code}`] ?? 0) + 1;
      byLanguage.set(gold, figures);
    }
    if (row.label == null) return;
    const gold: Class = row.label === 'mixed' ? 'neutral' : row.label;
    const predicted = sentiment.label === 'mixed' ? 'neutral' : sentiment.label === 'unsupported' ? 'none' : sentiment.label;
    three.push([gold, predicted]);
    if (gold !== 'neutral') two.push([gold, sentiment.score > 0 ? 'positive' : sentiment.score < 0 ? 'negative' : 'none']);
    if (predicted !== 'none') {
      const bin = bins[Math.min(9, Math.floor(sentiment.confidence * 10))]!;
      bin.n++;
      bin.confidence += sentiment.confidence;
      if (gold === predicted) bin.right++;
    }
    if (gold !== predicted)
      errors.push({ ...(row.id == null ? {} : { id: row.id }), text: row.text, gold, predicted, score: sentiment.score });
  });
  const distance = (e: { gold: string; score: number }): number =>
    e.gold === 'positive' ? -e.score : e.gold === 'negative' ? e.score : Math.abs(e.score);
  errors.sort((a, b) => distance(b) - distance(a));
  const judged = bins.reduce((sum, b) => sum + b.n, 0);
  const languages = [...byLanguage.values()];
  const languageRows = languages.reduce((sum, l) => sum + l.n, 0);
  const calibration = bins
    .filter((b) => b.n > 0)
    .map((b) => ({ from: b.from, n: b.n, confidence: b.confidence / b.n, accuracy: b.right / b.n }));
  return {
    rows: rows.length,
    labelled: three.length,
    threeWay: classify(three),
    twoWay: classify(two),
    coverage: rows.length === 0 ? 0 : covered / rows.length,
    language: {
      n: languageRows,
      accuracy: languageRows === 0 ? 0 : languages.reduce((sum, l) => sum + l.right, 0) / languageRows,
      macro: languages.length === 0 ? 0 : languages.reduce((sum, l) => sum + l.right / l.n, 0) / languages.length,
      wrong: Object.fromEntries(Object.entries(wrong).sort(([, a], [, b]) => b - a)),
    },
    calibration: {
      bins: calibration,
      expectedError: judged === 0 ? 0 : calibration.reduce((sum, b) => sum + (b.n / judged) * Math.abs(b.confidence - b.accuracy), 0),
    },
    worst: errors.slice(0, worst),
  };
}
