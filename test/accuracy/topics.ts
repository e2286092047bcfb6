/** What `npm run accuracy` prints on topics, on sets with a mapping in test/accuracy/mappings or with topics of our own. */
import { existsSync, readFileSync } from 'node:fs';
import { ownTopics, parseMapping, type Mapping } from '../../src/accuracy/mapping.js';
import type { Taxonomy } from '../../src/analysis/topics/taxonomy.js';
import type { LabelledRow } from '../../src/accuracy/measure.js';
import type { TopicFigures } from '../../src/accuracy/topics.js';

/** In percent, as kept in figures.json. */
export interface KeptTopics {
  rows: number;
  f1: number;
  precision: number;
  recall: number;
  /** Sentiment of the topics found where the row asks for them, by label and by sign. */
  sentiment: number;
  sign: number;
}

const folder = new URL('./mappings/', import.meta.url);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const percent = (x: number): number => Math.round(x * 1_000) / 10;

/** The mapping of a set is named like it, or like what stands before the last hyphen (`mabsa-de`: mabsa.yaml). */
export function mappingOf(set: string, rows: readonly LabelledRow[], { index, fallback }: Taxonomy): Mapping | undefined {
  const topics = index.keys();
  if (rows.some((row) => row.topics != null)) return ownTopics(topics, fallback?.id);
  const file = [set, set.slice(0, Math.max(0, set.lastIndexOf('-')))].map((name) => `${name}.yaml`).find((name) => existsSync(new URL(name, folder))); // prettier-ignore
  return file === undefined ? undefined : parseMapping(readFileSync(new URL(file, folder), 'utf8'), `test/accuracy/mappings/${file}`, topics, fallback?.id);
}

export const kept = ({ rows, f1, precision, recall, sentiment, sign }: TopicFigures): KeptTopics => ({
  rows,
  f1: percent(f1),
  precision: percent(precision),
  recall: percent(recall),
  sentiment: percent(sentiment.right),
  sign: percent(sign.right),
});

const cell = (x: number, was: number | undefined): string => {
  const change = was === undefined || Math.abs(x - was) < 0.05 ? '' : `${x > was ? '+' : ''}${(x - was).toFixed(1)}`;
  return `${x.toFixed(1).padStart(7)} ${change.padEnd(6)}`;
};

/** One line a set, with what changed since the figures were kept; with `each`, one line a topic below it. */
export function reportTopics(figures: ReadonlyMap<string, TopicFigures>, before: Record<string, { topics?: KeptTopics }>, each: boolean): void {
  if (figures.size === 0) return;
  say(`${'topics'.padEnd(26)}  rows   micro-F1      precision     recall        sentiment     its sign`);
  for (const [set, measured] of figures) {
    const now = kept(measured);
    const was = before[set]?.topics;
    const cells = (['f1', 'precision', 'recall', 'sentiment', 'sign'] as const).map((field) => cell(now[field], was?.[field]));
    say(`${set.padEnd(26)}${String(now.rows).padStart(6)}${cells.join('')}`);
    const unmapped = Object.entries(measured.unmapped).map(([category, n]) => `${category} ${n}`);
    if (unmapped.length > 0) say(`  not in the mapping: ${unmapped.join(', ')}`);
    if (!each) continue;
    for (const [topic, { met, missed, wrong, f1, precision, recall, sentiment, sign }] of Object.entries(measured.topics)) {
      const cells = [f1, precision, recall, sentiment.right, sign.right].map((x) => cell(percent(x), undefined));
      say(`  ${topic.padEnd(24)}${String(met + missed).padStart(6)}${cells.join('')} met ${met}, missed ${missed}, wrong ${wrong}`);
    }
  }
}
