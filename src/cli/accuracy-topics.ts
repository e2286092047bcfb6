/** The tables of `undertone accuracy` on topics. */
import type { TopicCounts, TopicFigures } from '../accuracy/topics.js';
import { count, table } from '../reports/render.js';
import { paint } from './output.js';

const figure = (n: number, value: number): string => (n === 0 ? '-' : (value * 100).toFixed(1));

const cells = ({ met, missed, wrong, precision, recall, f1, sentiment, sign }: TopicCounts): string[] => [
  figure(met + missed + wrong, f1),
  figure(met + wrong, precision),
  figure(met + missed, recall),
  figure(sentiment.n, sentiment.right),
  figure(sign.n, sign.right),
];

const right = 'right' as const;
const columns = (first: string, second: string): { header: string; align?: 'right' }[] => [
  { header: first },
  ...[second, 'F1', 'precision', 'recall', 'sentiment', 'its sign'].map((header) => ({ header, align: right })),
];

/** One line a file; with `each` a table of the topics of each file as well, the most asked for first. */
export function renderTopics(measured: readonly (readonly [string, TopicFigures])[], each: boolean): string[] {
  const lines = table(
    columns('topics', 'rows'),
    measured.map(([file, figures]) => [file, count(figures.rows), ...cells(figures)]),
    paint,
  );
  for (const [file, { topics, unmapped }] of measured) {
    const missing = Object.entries(unmapped).map(([category, n]) => `${category} (${n})`);
    if (missing.length > 0) lines.push('', `${file}: the mapping does not hold ${missing.join(', ')}`);
    if (!each) continue;
    const rows = Object.entries(topics).map(([id, c]) => [
      id,
      count(c.met + c.missed),
      ...cells(c),
      count(c.met),
      count(c.missed),
      count(c.wrong),
    ]);
    const counted = ['met', 'missed', 'wrong'].map((header) => ({ header, align: right }));
    lines.push('', ...table([...columns(file, 'asked'), ...counted], rows, paint));
  }
  return lines;
}
