/**
 * How right the topics are, and what is felt about them, on rows whose aspects a mapping turns into our topics. Pure.
 *
 * - Categories of a row that ask for the same topics are one demand. A demand is met where any of its topics is found, else missed; a topic
 *   found that no category of the row asks for or allows is wrong, unless the set does not judge it. Micro: added up over the rows.
 * - The sentiment of a met demand is that of its topic, the stronger where several are found. `mixed` counts as neutral on both sides,
 *   as for documents; aspects of one demand with opposite labels make it mixed. The sign leaves neutral and mixed aspects out,
 *   and takes the score's; a score of zero is an error.
 */
import type { SentimentLabel } from '../feedback.js';
import type { Mapping } from './mapping.js';
import type { LabelledRow } from './measure.js';

/** What is needed of an analysis: leaf topics, strongest first. */
export interface TopicAnswer {
  topics: readonly { id: string; label: SentimentLabel; score: number }[];
}

export interface Share {
  n: number;
  /** In [0, 1]; 0 where n is 0. */
  right: number;
}

export interface TopicCounts {
  met: number;
  missed: number;
  wrong: number;
  precision: number;
  recall: number;
  f1: number;
  /** Negative, neutral, positive of met demands whose aspect is labelled. */
  sentiment: Share;
  sign: Share;
}

export interface TopicFigures extends TopicCounts {
  rows: number;
  /** By topic: met under the topic that was found, missed under the first that was asked for. Most demands first. */
  topics: Record<string, TopicCounts>;
  /** Categories the mapping does not hold: aspects of each. */
  unmapped: Record<string, number>;
}

class Counter {
  met = 0;
  missed = 0;
  wrong = 0;
  #sentiment = { n: 0, right: 0 };
  #sign = { n: 0, right: 0 };

  feel(gold: Side, found: { label: SentimentLabel; score: number }): void {
    this.#sentiment.n++;
    if (side(found.label) === gold) this.#sentiment.right++;
    if (gold === 0) return;
    this.#sign.n++;
    if (Math.sign(found.score) === gold) this.#sign.right++;
  }

  counts(): TopicCounts {
    const { met, missed, wrong } = this;
    const over = (n: number): number => (n === 0 ? 0 : met / n);
    const share = ({ n, right }: Share): Share => ({ n, right: n === 0 ? 0 : right / n });
    return {
      met,
      missed,
      wrong,
      precision: over(met + wrong),
      recall: over(met + missed),
      f1: met === 0 ? 0 : (2 * met) / (2 * met + missed + wrong),
      sentiment: share(this.#sentiment),
      sign: share(this.#sign),
    };
  }
}

type Side = -1 | 0 | 1;
const side = (label: string): Side => (label === 'positive' ? 1 : label === 'negative' ? -1 : 0);

/** Of several aspects: opposite ones make mixed, a neutral one gives way. */
function together(labels: readonly string[]): Side {
  const sides = new Set(labels.map(side));
  if (labels.includes('mixed') || (sides.has(1) && sides.has(-1))) return 0;
  return sides.has(1) ? 1 : sides.has(-1) ? -1 : 0;
}

/** Figures of the rows the mapping selects; undefined where there are none. `answers` runs along with `rows`. */
export function measureTopics(rows: readonly LabelledRow[], answers: readonly TopicAnswer[], mapping: Mapping): TopicFigures | undefined {
  const all = new Counter();
  const byTopic = new Map<string, Counter>();
  const of = (topic: string): Counter => {
    let counter = byTopic.get(topic);
    if (counter === undefined) byTopic.set(topic, (counter = new Counter()));
    return counter;
  };
  const unmapped: Record<string, number> = {};
  let measured = 0;
  rows.forEach((row, i) => {
    const aspects = aspectsOf(row);
    if (!aspects.some(({ category }) => mapping.selects(category))) return;
    measured++;
    const demands = new Map<string, { topics: readonly string[]; labels: string[] }>();
    const fitting = new Set<string>();
    for (const { category, label } of aspects) {
      const expected = mapping.expected(category);
      if (expected === undefined) unmapped[category] = (unmapped[category] ?? 0) + 1;
      for (const topic of expected?.topics ?? []) fitting.add(topic);
      if (expected?.asked !== true) continue;
      const key = expected.topics.join(' ');
      const demand = demands.get(key) ?? { topics: expected.topics, labels: [] };
      if (label != null) demand.labels.push(label);
      demands.set(key, demand);
    }
    const { topics: found } = answers[i]!;
    for (const { topics, labels } of demands.values()) {
      const hit = found.find(({ id }) => topics.includes(id));
      for (const counter of [all, of(hit?.id ?? topics[0]!)]) {
        if (hit === undefined) counter.missed++;
        else {
          counter.met++;
          if (labels.length > 0) counter.feel(together(labels), hit);
        }
      }
    }
    for (const { id } of found) {
      if (fitting.has(id) || !mapping.judges(id)) continue;
      all.wrong++;
      of(id).wrong++;
    }
  });
  if (measured === 0) return undefined;
  const demands = (c: TopicCounts): number => c.met + c.missed;
  const topics = [...byTopic].map(([id, counter]) => [id, counter.counts()] as const);
  topics.sort(([, a], [, b]) => demands(b) - demands(a) || b.wrong - a.wrong);
  return { ...all.counts(), rows: measured, topics: Object.fromEntries(topics), unmapped };
}

/** A row of our own says its topics as pairs [id, sentiment]. */
function aspectsOf(row: LabelledRow): readonly { category: string; label?: string | null | undefined }[] {
  return row.topics?.map(([category, label]) => ({ category, label })) ?? row.aspects ?? [];
}
