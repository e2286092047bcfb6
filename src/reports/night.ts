/** The night's report: what a run read, what it found, and what to look at. The numbers are here, the layout in night-text.ts. */
import { ALL_TOPICS, LABELS, addCounts, noCounts, type Day, type Label, type PartCounts, type Rollup } from '../feedback.js';
import type { DayRange, FeedbackFilter, FeedbackStore, Run, RunStatus } from '../store/port.js';
import { excerpt } from './excerpt.js';
import { movers, type Mover } from './movers.js';
import { addDays, dayOf, startOfDay, type Period } from './periods.js';
import { focusOf } from './query.js';

export interface SourceReport {
  name: string;
  counts: PartCounts;
  parts: number;
  /** Parts left alone because they had not changed since they were last read. */
  skipped: number;
  failed: { part: string; error: string }[];
}

export interface Quote {
  id: string;
  day: Day;
  language: string;
  /** At most 160 UTF-16 code units around what is said of the topic, in the customer's own words, redacted. */
  text: string;
}

export interface TopicReport {
  id: string;
  /** Mentions. */
  n: number;
  negative: number;
  quote?: Quote;
}

export interface NightReport {
  run: string;
  status: RunStatus;
  startedAt: string;
  /** Day of `startedAt` in the shop's zone. */
  day: Day;
  /** From the start of the run to its end. */
  seconds: number;
  counts: PartCounts;
  sources: SourceReport[];
  /**
   * What languages, sentiment and topics are counted over: all feedback of the days that the run wrote to; where it wrote nothing,
   * the newest seven days in the data; absent while the store is empty.
   */
  scope?: { of: 'run' | 'newest'; days: number; from: Day; to: Day };
  /** How many of these are near-duplicates of another of these. */
  duplicates: number;
  /** Most frequent first; `unsupported` of `n` are of a language without a lexicon. */
  languages: { code: string; n: number; unsupported: number }[];
  sentiment: Record<Label, number>;
  /** The topics with the most negative mentions, at most five. */
  topics: TopicReport[];
  /** What changed in the last whole week of the data; absent while the store is empty. */
  changes?: { period: Period; movers: (Mover & { quote?: Quote })[] };
}

const TOPICS = 5;
const QUOTE_LENGTH = 160;
/** Of what got worse, this many topics are quoted. */
const QUOTED_CHANGES = 3;
/** Worst first, how many texts to look at for one not quoted yet and of a day in scope. */
const QUOTE_CANDIDATES = 20;

export async function nightReport(
  store: Pick<FeedbackStore, 'rollups' | 'search' | 'duplicates' | 'newestDay'>,
  run: Run,
  { timeZone }: { timeZone: string },
): Promise<NightReport> {
  const sources = sourceReports(run);
  const report: NightReport = {
    run: run.id,
    status: run.status,
    startedAt: run.startedAt,
    day: dayOf(run.startedAt, timeZone),
    seconds: (Date.parse(run.closedAt ?? run.startedAt) - Date.parse(run.startedAt)) / 1000,
    counts: sources.map(({ counts }) => counts).reduce(addCounts, noCounts()),
    sources,
    duplicates: 0,
    languages: [],
    sentiment: Object.fromEntries(LABELS.map((label) => [label, 0])) as Record<Label, number>,
    topics: [],
  };
  const newest = await store.newestDay();
  if (newest === undefined) return report;

  const written = [...new Set(run.parts.flatMap(({ days }) => days))].sort();
  const days = written.length > 0 ? written : Array.from({ length: 7 }, (_, i) => addDays(newest, i - 6));
  report.scope = { of: written.length > 0 ? 'run' : 'newest', days: days.length, from: days[0]!, to: days.at(-1)! };
  const [since, until] = [startOfDay(days[0]!, timeZone), startOfDay(addDays(days.at(-1)!, 1), timeZone)];
  report.duplicates = await store.duplicates({ days, since, until });
  const topics = new Map<string, TopicReport>();
  const languages = new Map<string, NightReport['languages'][number]>();
  for (const range of ranges(days)) {
    for await (const row of store.rollups(range, {}, ['language'])) {
      if (row.topic === ALL_TOPICS) countFeedback(row, report.sentiment, languages);
      else if (row.topic.includes('.')) countTopic(row, topics);
    }
  }
  report.languages = [...languages.values()].sort((a, b) => b.n - a.n || (a.code < b.code ? -1 : 1));
  report.topics = [...topics.values()]
    .filter(({ negative }) => negative > 0)
    .sort((a, b) => b.negative - a.negative || (a.id < b.id ? -1 : 1))
    .slice(0, TOPICS);
  report.changes = await movers(store, newest);
  const quoter = new Quoter(store, timeZone);
  await quoteChanges(quoter, report.changes);
  for (const topic of report.topics) {
    const quote = await quoter.worst({ topics: [topic.id] }, days);
    if (quote !== undefined) topic.quote = quote;
  }
  return report;
}

function sourceReports(run: Run): SourceReport[] {
  const reports = new Map<string, SourceReport>();
  const of = (name: string): SourceReport => {
    let report = reports.get(name);
    if (report === undefined) reports.set(name, (report = { name, counts: noCounts(), parts: 0, skipped: 0, failed: [] }));
    return report;
  };
  // A source in which there was nothing to read has no part, and is reported all the same.
  for (const given of run.sources as { source?: { name?: string } }[]) if (given.source?.name !== undefined) of(given.source.name);
  for (const part of run.parts) {
    const report = of(part.source);
    report.parts++;
    report.counts = addCounts(report.counts, part.counts);
    if (part.status === 'skipped') report.skipped++;
    if (part.status === 'failed') report.failed.push({ part: part.key, error: part.error ?? 'no reason given' });
  }
  return [...reports.values()];
}

function countFeedback(row: Rollup, sentiment: Record<Label, number>, languages: Map<string, NightReport['languages'][number]>): void {
  for (const label of LABELS) sentiment[label] += row[label];
  const language = languages.get(row.language) ?? { code: row.language, n: 0, unsupported: 0 };
  language.n += row.n;
  language.unsupported += row.unsupported;
  languages.set(row.language, language);
}

function countTopic(row: Rollup, topics: Map<string, TopicReport>): void {
  const topic = topics.get(row.topic) ?? { id: row.topic, n: 0, negative: 0 };
  topic.n += row.n;
  topic.negative += row.negative;
  topics.set(row.topic, topic);
}

/** Quotes each topic that got worse once, where it got worse most. */
async function quoteChanges(quoter: Quoter, { period, movers: found }: NonNullable<NightReport['changes']>): Promise<void> {
  const days = Array.from({ length: 7 }, (_, i) => addDays(period.start, i));
  const quoted = new Set<string>();
  for (const mover of found) {
    if (mover.direction !== 'worse' || quoted.has(mover.topic) || quoted.size === QUOTED_CHANGES) continue;
    quoted.add(mover.topic);
    const quote = await quoter.worst({ topics: [mover.topic], ...(mover.language !== undefined && { languages: [mover.language] }) }, days);
    if (quote !== undefined) mover.quote = quote;
  }
}

/** Finds what to quote, no text twice where there is another. */
class Quoter {
  private readonly quoted = new Set<string>();

  constructor(
    private readonly store: Pick<FeedbackStore, 'search'>,
    private readonly timeZone: string,
  ) {}

  /** From the text that speaks worst of the topics, of one of the days (in order). */
  async worst(filter: { topics: string[]; languages?: string[] }, days: readonly Day[]): Promise<Quote | undefined> {
    const since = startOfDay(days[0]!, this.timeZone);
    const until = startOfDay(addDays(days.at(-1)!, 1), this.timeZone);
    const asked: FeedbackFilter = { ...filter, labels: ['negative'], since, until };
    const { items } = await this.store.search(asked, { limit: QUOTE_CANDIDATES, sort: 'severity' });
    const inScope = items.filter(({ day }) => days.includes(day));
    const item = inScope.find(({ id }) => !this.quoted.has(id)) ?? inScope[0];
    if (item === undefined) return undefined;
    this.quoted.add(item.id);
    const language = item.analysis.language.code;
    const { text } = excerpt(item.text, focusOf(item, filter.topics), QUOTE_LENGTH, language);
    return { id: item.id, day: item.day, language, text: text.replace(/\s+/g, ' ') };
  }
}

/** Runs of days without a gap, so that a few late rows of years ago do not have all the years between read. */
function ranges(days: readonly Day[]): Required<DayRange>[] {
  const found: Required<DayRange>[] = [];
  for (const day of days) {
    const current = found.at(-1);
    if (current !== undefined && addDays(current.to, 1) === day) current.to = day;
    else found.push({ from: day, to: day });
  }
  return found;
}
