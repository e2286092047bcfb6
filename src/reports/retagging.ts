/** What a re-tagging changes: counts per topic before and after. Pure. */
import { z } from 'zod';
import { versionsKey, type AnalyzedFeedback, type Label, type Versions } from '../feedback.js';

const N = z.number().int().min(0);
const Share = z.object({ n: N, negative: N });

/** Of one topic: the feedback that mentions it. Of all feedback: what has a sentiment, so all but `unsupported`. */
export const TopicChange = z.object({
  before: Share,
  after: Share,
  /** In `after` and not in `before`, and the other way round. */
  new: N,
  lost: N,
  /** In both, with another label. */
  relabelled: N,
});
export type TopicChange = z.infer<typeof TopicChange>;

export const RetagTally = z.object({
  /** Feedback whose label, language or topics (with their labels) are others now. */
  different: N,
  documents: TopicChange,
  /** By topic (leaf). */
  topics: z.record(z.string(), TopicChange),
  /** Versions found (as `versionsKey` writes them) -> how much feedback was tagged with them. */
  versions: z.record(z.string(), N),
});
export type RetagTally = z.infer<typeof RetagTally>;

const noChange = (): TopicChange => ({ before: { n: 0, negative: 0 }, after: { n: 0, negative: 0 }, new: 0, lost: 0, relabelled: 0 });
export const emptyTally = (): RetagTally => ({ different: 0, documents: noChange(), topics: {}, versions: {} });

/** Adds one piece of feedback to the tally, as it was and as it is now. */
export function addRetagged(tally: RetagTally, before: AnalyzedFeedback, after: AnalyzedFeedback): void {
  const key = versionsKey(before.versions);
  tally.versions[key] = (tally.versions[key] ?? 0) + 1;
  const known = ({ analysis }: AnalyzedFeedback): Label | undefined =>
    analysis.sentiment.label === 'unsupported' ? undefined : analysis.sentiment.label;
  count(tally.documents, known(before), known(after));
  const was = labelsOf(before);
  const is = labelsOf(after);
  let different =
    before.analysis.sentiment.label !== after.analysis.sentiment.label || before.analysis.language.code !== after.analysis.language.code;
  for (const topic of new Set([...was.keys(), ...is.keys()])) {
    count((tally.topics[topic] ??= noChange()), was.get(topic), is.get(topic));
    different ||= was.get(topic) !== is.get(topic);
  }
  if (different) tally.different++;
}

const labelsOf = ({ analysis }: AnalyzedFeedback): Map<string, Label> => new Map(analysis.topics.map(({ id, label }) => [id, label]));

function count(change: TopicChange, before: Label | undefined, after: Label | undefined): void {
  if (before !== undefined) change.before.n++;
  if (before === 'negative') change.before.negative++;
  if (after !== undefined) change.after.n++;
  if (after === 'negative') change.after.negative++;
  if (before === undefined && after !== undefined) change.new++;
  if (before !== undefined && after === undefined) change.lost++;
  if (before !== undefined && after !== undefined && before !== after) change.relabelled++;
}

export function addTallies(a: RetagTally, b: RetagTally): RetagTally {
  const topics = { ...a.topics };
  for (const [topic, change] of Object.entries(b.topics)) topics[topic] = addChanges(topics[topic] ?? noChange(), change);
  const versions = { ...a.versions };
  for (const [key, n] of Object.entries(b.versions)) versions[key] = (versions[key] ?? 0) + n;
  return { different: a.different + b.different, documents: addChanges(a.documents, b.documents), topics, versions };
}

const addChanges = (a: TopicChange, b: TopicChange): TopicChange => ({
  before: { n: a.before.n + b.before.n, negative: a.before.negative + b.before.negative },
  after: { n: a.after.n + b.after.n, negative: a.after.negative + b.after.negative },
  new: a.new + b.new,
  lost: a.lost + b.lost,
  relabelled: a.relabelled + b.relabelled,
});

/** A re-tagging, over or under way, as `undertone retag` reports it. */
export interface RetagReport {
  /** Only looked at: nothing was written. */
  dryRun: boolean;
  /** All that was asked for was read, written and rolled up. */
  done: boolean;
  read: number;
  /** Written, as their versions were others; in a dry run: would be. */
  retagged: number;
  tally: RetagTally;
  /** What the feedback is tagged with now. */
  versions: Versions;
}

/** What `undertone retag --json` prints: shares are negative / n, null where n is 0; topics in order of their names, changed or not. */
export function retagJson({ tally, ...report }: RetagReport) {
  const share = ({ n, negative }: { n: number; negative: number }) => ({ n, negative, share: n === 0 ? null : negative / n });
  const line = ({ before, after, ...rest }: TopicChange) => ({ before: share(before), after: share(after), ...rest });
  return {
    ...report,
    different: tally.different,
    found: Object.entries(tally.versions)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, n]) => {
        const [engine, lexicon, taxonomy] = key.split(' ');
        return { engine, lexicon, taxonomy, n };
      }),
    documents: line(tally.documents),
    topics: Object.entries(tally.topics)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([topic, change]) => ({ topic, ...line(change) })),
  };
}
