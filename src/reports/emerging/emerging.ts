/** `undertone emerging`: words and phrases that more authors use this week or month than in the twelve weeks before it. */
import type { Day, Label } from '../../feedback.js';
import { addDays } from '../periods.js';
import { countTerms, MIN_USES, type Counts, type LanguageCount } from './count.js';
import { detailsOf, type Details, type Quote } from './details.js';
import type { Source } from './documents.js';
import { groupTerms, type Group } from './group.js';
import { rising, scoreTerms } from './score.js';

/** Fewer authors than this in the period, or in the baseline, say too little about what is usual. */
export const MIN_AUTHORS = 10;
export const MIN_BASELINE_AUTHORS = 50;
/** Rising terms looked at closely before they are grouped. */
const MOST_RISING = 1_000;

/** One rising word or phrase, with its inflected forms. Counts are of authors: each counts once in the period, and once in each stretch of the baseline. */
export interface EmergingTerm {
  language: string;
  /** As most of its authors write it. */
  term: string;
  /** Other spellings and forms counted with it, commonest first. */
  forms: string[];
  /** Longer and shorter phrases, and misspellings, that rise with it. */
  related: string[];
  /** `2026-W47` or `2026-11`. */
  period: string;
  start: Day;
  end: Day;
  count: number;
  authors: number;
  baselineCount: number;
  baselineAuthors: number;
  /** Log-odds now minus log-odds before, shrunk by the prior; over its standard error. */
  delta: number;
  z: number;
  /** Exact and one-sided; corrected for all terms tested (Benjamini-Hochberg). */
  p: number;
  q: number;
  /** First use in the period or the twelve weeks before it. */
  firstSeen: Day;
  /** Authors by the sentiment of what they wrote; `share` is the negative part of those whose sentiment is known, null where none is. */
  sentiment: Record<Label, number> & { share: number | null };
  quotes: Quote[];
}

/** Of each language that was seen. */
export interface EmergingLanguage {
  language: string;
  authors: number;
  baselineAuthors: number;
  note?: 'not enough data';
}

export interface EmergingReport {
  period: string;
  start: Day;
  end: Day;
  baselineStart: Day;
  /** Most authors first. */
  languages: EmergingLanguage[];
  /** How many terms were compared. */
  tested: number;
  /** What a term needed in period and baseline together: 5, or more where there is so much that rare terms are left out. */
  minUses: number;
  /** Highest z first. */
  terms: EmergingTerm[];
  /** How many there are without the limit. */
  found: number;
}

export interface EmergingOptions extends Source {
  /** Authors who must have used a term in the period. */
  minAuthors?: number;
  /** Most terms given. */
  limit?: number;
}

const isEnough = ({ authors, baselineAuthors }: LanguageCount): boolean =>
  authors >= MIN_AUTHORS && baselineAuthors >= MIN_BASELINE_AUTHORS;

export async function emerging(options: EmergingOptions): Promise<EmergingReport> {
  const { window, minAuthors = MIN_USES, limit = Infinity } = options;
  const counts = await countTerms(options, isEnough);
  const { tested, scores } = scoreTerms(counts);
  const candidates = rising(counts, scores, minAuthors).slice(0, MOST_RISING);
  const details = candidates.length === 0 ? [] : await detailsOf(options, candidates, counts.languages);
  const groups = groupTerms(details, ({ score }) => shareOf(counts, score.term.language));
  return {
    period: window.period.key,
    start: window.period.start,
    end: window.period.end,
    baselineStart: window.baselineStart,
    languages: counts.languages
      .map((count) => ({
        language: count.language,
        authors: count.authors,
        baselineAuthors: count.baselineAuthors,
        ...(isEnough(count) ? {} : { note: 'not enough data' as const }),
      }))
      .sort((a, b) => b.authors - a.authors || (a.language < b.language ? -1 : 1)),
    tested,
    minUses: counts.minUses,
    terms: groups.slice(0, limit).map((group) => lineOf(group, options, counts)),
    found: groups.length,
  };
}

/** The period's part of all authors of the language. */
function shareOf({ languages }: Counts, language: number): number {
  const { authors, baselineAuthors } = languages[language]!;
  return authors / (authors + baselineAuthors);
}

function lineOf({ head, others }: Group, { window }: EmergingOptions, { languages }: Counts): EmergingTerm {
  const { term, delta, z, p, q } = head.score;
  const [name, ...forms] = formsOf(head);
  const { negative, neutral, positive, mixed } = head.sentiment;
  const known = negative + neutral + positive + mixed;
  return {
    language: head.language,
    term: name!,
    forms,
    related: [...new Set(others.map((other) => formsOf(other)[0]!))],
    period: window.period.key,
    start: window.period.start,
    end: window.period.end,
    count: term.count,
    authors: languages[term.language]!.authors,
    baselineCount: term.baseline,
    baselineAuthors: languages[term.language]!.baselineAuthors,
    delta,
    z,
    p,
    q,
    firstSeen: addDays(window.baselineStart, term.firstDay),
    sentiment: { ...head.sentiment, share: known === 0 ? null : negative / known },
    quotes: head.quotes,
  };
}

/** Spellings that differ in more than capitals, commonest first; of one spelling the commonest writing. */
function formsOf({ forms }: Details): string[] {
  const byLower = new Map<string, { n: number; best: string; most: number }>();
  for (const [form, n] of forms) {
    const key = form.toLowerCase();
    const known = byLower.get(key) ?? { n: 0, best: form, most: 0 };
    const better = n > known.most || (n === known.most && form > known.best); // small letters before capitals
    byLower.set(key, { n: known.n + n, best: better ? form : known.best, most: Math.max(n, known.most) });
  }
  return [...byLower.values()].sort((a, b) => b.n - a.n || (a.best < b.best ? -1 : 1)).map(({ best }) => best); // prettier-ignore
}
