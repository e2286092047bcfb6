/** What is shown of a rising term: how it is written, how its authors feel, and three of their sentences. */
import type { AnalyzedFeedback, Label, Span } from '../../feedback.js';
import { excerpt } from '../excerpt.js';
import { documents, termsIn, type Source } from './documents.js';
import type { Score } from './score.js';

/** Quotes a term, in UTF-16 code units at most. */
const QUOTES = 3;
export const QUOTE_LENGTH = 240;
const MOST_FORMS = 20;
/** Authors remembered for telling which terms are used together. */
const MOST_AUTHORS = 1_000_000;

export interface Quote extends Span {
  id: string;
  day: string;
  sentiment: Label;
  /** Stored text, redacted as that is, cut to the sentences around the term; the term is at `start` to `end` of it. */
  text: string;
}

export interface Details {
  score: Score;
  language: string;
  /** The words it is counted as. */
  stems: string[];
  /** As written, with how many authors write it so. */
  forms: Map<string, number>;
  /** Authors by the sentiment of their first message that uses it. */
  sentiment: Record<Label, number>;
  quotes: Quote[];
  /** Who used it in the period, or a sample, the same for all terms. */
  authors: Set<number>;
}

interface Kept {
  item: AnalyzedFeedback;
  author: number;
  place: Span;
}

/** Reads the period again for the terms that rise. The order is that of the scores. */
export async function detailsOf(source: Source, scores: readonly Score[], languages: readonly { language: string }[]): Promise<Details[]> {
  const found = new Map<number, Details & { all: Set<number>; kept: Kept[] }>();
  for (const score of scores) {
    found.set(score.term.key, {
      score,
      language: languages[score.term.language]!.language,
      stems: [],
      forms: new Map(),
      sentiment: { negative: 0, neutral: 0, positive: 0, mixed: 0, unsupported: 0 },
      quotes: [],
      authors: new Set(),
      all: new Set(),
      kept: [],
    });
  }
  // One author in so many, by their hash: the same ones for every term.
  const oneIn = Math.ceil(scores.reduce((sum, { term }) => sum + term.count, 0) / MOST_AUTHORS);
  for await (const { item, author } of documents(source, 'period')) {
    for (const { words, places } of termsIn(item, source.read)) {
      const seen = new Set<number>();
      for (const { key, from, to } of places) {
        const details = found.get(key);
        if (details === undefined || seen.has(key)) continue;
        seen.add(key);
        const place = { start: words[from]!.start, end: words[to - 1]!.end };
        if (details.stems.length === 0) details.stems = words.slice(from, to).map(({ stem }) => stem);
        if (!details.all.has(author)) {
          details.all.add(author);
          if (author % oneIn === 0) details.authors.add(author);
          details.sentiment[item.analysis.sentiment.label]++;
          addForm(details.forms, item.text.slice(place.start, place.end));
        }
        keep(details.kept, { item, author, place });
      }
    }
  }
  return [...found.values()].map(({ all: _all, kept, ...details }) => ({ ...details, quotes: kept.map(quoteOf) }));
}

function addForm(forms: Map<string, number>, written: string): void {
  const form = written.replace(/\s+/g, ' ');
  if (forms.has(form) || forms.size < MOST_FORMS) forms.set(form, (forms.get(form) ?? 0) + 1);
}

/** The newest, each of another author and another text: the same words pasted three times prove little. */
function keep(kept: Kept[], one: Kept): void {
  const newer = ({ item: a }: Kept, { item: b }: Kept): boolean =>
    a.createdAt > b.createdAt || (a.createdAt === b.createdAt && a.id < b.id);
  if (kept.length === QUOTES && !newer(one, kept[QUOTES - 1]!)) return;
  const same = kept.findIndex(({ author, item }) => author === one.author || item.text === one.item.text);
  if (same >= 0) {
    if (!newer(one, kept[same]!)) return;
    kept.splice(same, 1);
  }
  const at = kept.findIndex((other) => newer(one, other));
  kept.splice(at < 0 ? kept.length : at, 0, one);
  kept.length = Math.min(kept.length, QUOTES);
}

function quoteOf({ item, place }: Kept): Quote {
  const { text, shift } = excerpt(item.text, place, QUOTE_LENGTH, item.analysis.language.code);
  return { id: item.id, day: item.day, sentiment: item.analysis.sentiment.label, text, start: place.start + shift, end: place.end + shift };
}
