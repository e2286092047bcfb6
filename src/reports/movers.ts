/** What changed in the last whole week, topic by topic, overall and in each language: the news of a report. */
import { ALL_TOPICS, type Day } from '../feedback.js';
import type { FeedbackStore } from '../store/port.js';
import { addRollup, BASELINE_WEEKS, compareFamily, complaintsOf, nothing, type Measure, type Pair } from './comparison.js';
import { addDays, lastWholePeriod, type Period } from './periods.js';

/** A topic that got significantly worse or better, in one language or in all. */
export interface Mover {
  topic: string;
  /** Absent: over all languages. */
  language?: string;
  direction: 'worse' | 'better';
  /** The smaller q of its significant measures. */
  q: number;
  /** Of the mentions of the topic, how many are negative? Present where that changed. */
  mentions?: Measure;
  /** Of all feedback (in the language), how much complains of the topic? Present where that changed. */
  complaints?: Measure;
}

export interface Movers {
  /** The week tested. */
  period: Period;
  /** Most notable topic first (by q); within a topic where the change is largest. */
  movers: Mover[];
}

interface Candidate {
  topic: string;
  language: string | undefined;
  mentions: Pair;
  complaints: Pair | undefined;
}

/**
 * Tests every topic and area, over all languages and in each, on both measures. All of it is one family of tests, so that of all the
 * changes told at most a tenth is expected to be noise; the q-values are larger for it than those of `trends`, which asks less at once.
 */
export async function movers(store: Pick<FeedbackStore, 'rollups'>, asOf: Day): Promise<Movers> {
  const period = lastWholePeriod('week', asOf);
  const counts = await count(store, period);
  const candidates = [...counts.entries()].flatMap(([language, topics]) => candidatesOf(language, topics));
  return { period, movers: order(foldAreas(significant(candidates))) };
}

const noPair = (): Pair => ({ current: nothing(), baseline: nothing() });

/** Language (undefined: all) -> topic -> counts in the week and in its baseline. */
async function count(store: Pick<FeedbackStore, 'rollups'>, period: Period): Promise<Map<string | undefined, Map<string, Pair>>> {
  const counts = new Map<string | undefined, Map<string, Pair>>();
  for await (const row of store.rollups({ from: addDays(period.start, -7 * BASELINE_WEEKS), to: period.end }, {}, ['language'])) {
    for (const language of [undefined, row.language]) {
      let topics = counts.get(language);
      if (topics === undefined) counts.set(language, (topics = new Map<string, Pair>()));
      let pair = topics.get(row.topic);
      if (pair === undefined) topics.set(row.topic, (pair = noPair()));
      addRollup(row.day >= period.start ? pair.current : pair.baseline, row);
    }
  }
  return counts;
}

function candidatesOf(language: string | undefined, topics: ReadonlyMap<string, Pair>): Candidate[] {
  const all = topics.get(ALL_TOPICS) ?? noPair();
  return [...topics]
    .filter(([topic]) => topic !== ALL_TOPICS)
    .map(([topic, mentions]) => ({ topic, language, mentions, complaints: complaintsOf(mentions, all) }));
}

function significant(candidates: readonly Candidate[]): Mover[] {
  const measures = compareFamily(candidates.flatMap((candidate) => [candidate.mentions, candidate.complaints]));
  return candidates.flatMap(({ topic, language }, i) => {
    const [mentions, complaints] = [measures[2 * i], measures[2 * i + 1]].map((measure) => (measure?.significant ? measure : undefined));
    const changed = [mentions, complaints].filter((measure) => measure !== undefined);
    if (changed.length === 0) return [];
    const mover: Mover = {
      topic,
      direction: changed.some(({ delta }) => delta > 0) ? 'worse' : 'better',
      q: Math.min(...changed.map(({ q }) => q)),
    };
    if (language !== undefined) mover.language = language;
    if (mentions !== undefined) mover.mentions = mentions;
    if (complaints !== undefined) mover.complaints = complaints;
    return [mover];
  });
}

/** An area that moved with one of its topics is that topic's news told again. */
function foldAreas(movers: readonly Mover[]): Mover[] {
  const saysMore = (leaf: Mover, area: Mover): boolean =>
    leaf.topic.startsWith(`${area.topic}.`) && leaf.language === area.language && leaf.direction === area.direction;
  return movers.filter((area) => !movers.some((leaf) => saysMore(leaf, area)));
}

function order(movers: readonly Mover[]): Mover[] {
  const best = new Map<string, number>();
  for (const { topic, q } of movers) best.set(topic, Math.min(q, best.get(topic) ?? 1));
  const size = ({ mentions, complaints }: Mover): number => Math.max(Math.abs(mentions?.delta ?? 0), Math.abs(complaints?.delta ?? 0));
  return [...movers].sort(
    (a, b) => best.get(a.topic)! - best.get(b.topic)! || (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : size(b) - size(a)),
  );
}
