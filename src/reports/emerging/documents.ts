/** The feedback of the window, each with who wrote it and when, as the counting passes need it. */
import type { AnalyzedFeedback } from '../../feedback.js';
import type { FeedbackFilter, FeedbackStore } from '../../store/port.js';
import { addDays, daysBetween, startOfDay } from '../periods.js';
import { keyOfText, termsOf, type ReadWords, type TermPlace, type TermWord } from './terms.js';
import { stretchOf, type Window } from './window.js';

export interface Reading {
  item: AnalyzedFeedback;
  /** The author in this stretch of time; of feedback that names no customer, the feedback itself. */
  author: number;
  /** Days after the first of the baseline. */
  day: number;
  inPeriod: boolean;
}

export interface Source {
  store: Pick<FeedbackStore, 'stream'>;
  filter: FeedbackFilter;
  window: Window;
  /** Of the days. */
  timeZone: string;
  read: ReadWords;
}

/** Text whose language nobody could tell belongs to no language's words. */
const UNKNOWN = 'und';

/** Streams what is compared, in the order of ids; of the period alone with `only`. */
export async function* documents({ store, filter, window, timeZone }: Source, only?: 'period'): AsyncGenerator<Reading> {
  const since = startOfDay(only === 'period' ? window.period.start : window.baselineStart, timeZone);
  const until = startOfDay(addDays(window.period.end, 1), timeZone);
  const days = new Map<string, [day: number, stretch: number]>();
  for await (const item of store.stream({ ...filter, since, until })) {
    let when = days.get(item.day);
    if (when === undefined) days.set(item.day, (when = [daysBetween(window.baselineStart, item.day), stretchOf(window, item.day)]));
    // A store whose days were cut in another zone has some at the edges that belong to neither.
    if (when[0] < 0 || item.day > window.period.end || item.analysis.language.code === UNKNOWN) continue;
    const author = keyOfText(item.customer === undefined ? `/${item.id}` : `${item.customer} ${when[1]}`);
    yield { item, author, day: when[0], inPeriod: when[1] < 0 };
  }
}

export interface TermsInLanguage {
  language: string;
  words: readonly TermWord[];
  places: readonly TermPlace[];
}

/** The terms of a text; of one in several languages, each part by its own. */
export function termsIn({ text, analysis }: AnalyzedFeedback, read: ReadWords): TermsInLanguage[] {
  const parts = analysis.segments ?? [{ start: 0, end: text.length, language: analysis.language.code }];
  return parts
    .filter(({ language }) => language !== UNKNOWN)
    .map(({ language, start, end }) => {
      const words = read(language, text, start, end);
      return { language, words, places: termsOf(language, words) };
    });
}
