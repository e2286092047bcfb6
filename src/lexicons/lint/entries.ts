/** Entries beside each other: duplicates, contradictions, beginnings of words that cover too much or that make a word needless. */
import { entryWords } from '../../analysis/lexicon/compile.js';
import { parseModifiers, parseTerms, type ModifierKind } from '../../analysis/lexicon/parse.js';
import type { LexiconFiles } from '../../analysis/types.js';
import { reporter, rowsOf, type Finding, type Report } from './finding.js';
import { lintText } from './text.js';

export interface Entry {
  term: string;
  /** The words looked up, folded, joined by spaces: entries of the same key are one to the matcher. */
  key: string;
  line: number;
  /** Sentiment and emoji only. */
  weight?: number;
  /** Modifiers only. */
  kind?: ModifierKind;
  factor?: number;
}

export interface LanguageEntries {
  sentiment: Entry[];
  modifiers: Entry[];
  blockers: Entry[];
}

/** Shortest beginning of words that is not taken for too wide. */
const SHORTEST_BEGINNING = 4;
/** Weights nearer than this are the same to the scorer. */
const NEAR = 0.15;
/** Sensible factors by kind; a negator's is not used, its sign shows what it does. */
const FACTORS: Record<ModifierKind, [number, number]> = {
  negator: [-1.5, 1],
  intensifier: [1.05, 2.5],
  diminisher: [0.1, 0.95],
  contrast: [1, 2],
  concession: [0, 1],
  irrealis: [-0.5, 1],
  question: [0, 1],
  comparison: [-1, 1.5],
};
/** A word may be one of these and a valence term: the scorer decides by what follows it. */
const BOTH: ModifierKind[] = ['negator', 'intensifier', 'diminisher', 'comparison'];

export const keyOf = (language: string, term: string): string => entryWords(language, term).join(language === 'th' ? '' : ' ');

/** Reads the three files of a language; what cannot be read is reported and left out. */
export function readEntries(language: string, files: LexiconFiles, findings: Finding[]): LanguageEntries {
  const read = (name: string, parse: (content: string, report: (line: number, message: string) => void) => Omit<Entry, 'key'>[]): Entry[] => {
    const file = `${language}/${name}.tsv`;
    const report = reporter(file, findings);
    const entries = parse(files.text(file), (line, message) => report(line, 'error', 'malformed', message));
    const read = entries.map((entry) => ({ ...entry, key: keyOf(language, entry.term) }));
    for (const entry of read) lintEntry(language, entry, report);
    lintDuplicates(read, report);
    return read;
  };
  return {
    sentiment: read('sentiment', parseTerms),
    modifiers: read('modifiers', parseModifiers),
    blockers: read('blockers', (content, report) =>
      rowsOf(content).flatMap(({ line, cells }) => {
        if (cells.length === 1) return [{ term: cells[0]!, line }];
        report(line, `expected one phrase a line, got ${cells.length} cells: delete all from the first tab on`);
        return [];
      }),
    ),
  };
}

function lintEntry(language: string, { term, key, line, kind, factor }: Entry, report: Report): void {
  lintText(language, term, line, report);
  if (term.startsWith('#')) report(line, 'error', 'comment', `"${term}" is read as an entry: a comment begins with "# "`);
  if (key === '') report(line, 'error', 'dead', `"${term}" holds no word, number or emoji, so it never matches: delete it`);
  // Thai writes short words as one letter with its vowel.
  if (kind === undefined && (language === 'th' ? /^\p{L}$/u : /^\p{L}\p{M}*\*?$/u).test(term)) report(line, 'error', 'one-letter', `"${term}" is one letter: delete it`);
  const stem = language !== 'th' && term.endsWith('*') && !key.includes(' ') ? key.slice(0, -1) : undefined;
  if (stem !== undefined && stem.length < SHORTEST_BEGINNING) {
    const level = stem.length < SHORTEST_BEGINNING - 1 ? 'error' : 'warning';
    report(line, level, 'short-beginning', `"${term}" begins too many words: list those that are meant`);
  }
  if (/\*[^\s*]/.test(term)) report(line, 'error', 'dead', `"${term}" never matches, a * stands only at the end of a word: write it so, or delete it`);
  if (kind !== undefined && factor !== undefined) {
    const [low, high] = FACTORS[kind];
    if (factor < low || factor > high) report(line, 'error', 'factor', `factor of "${term}": a ${kind} has ${low} to ${high}, got ${factor}`);
  }
}

function lintDuplicates(entries: readonly Entry[], report: Report): void {
  const seen = new Map<string, Entry>();
  for (const entry of entries) {
    const { term, key, line, weight, kind, factor } = entry;
    if (key === '') continue;
    const before = seen.get(key);
    seen.set(key, entry);
    if (before === undefined) continue;
    const first = before.term === term ? `"${term}"` : `"${term}", to the matcher the same as "${before.term}",`;
    if (weight !== undefined && weight * before.weight! < 0) {
      report(line, 'error', 'contradiction', `${first} is ${weight} here and ${before.weight} in line ${before.line}: keep one`);
    } else if (weight !== before.weight || kind !== before.kind || factor !== before.factor) {
      const value = (e: Entry): string => [e.kind, e.factor ?? e.weight].filter((x) => x !== undefined).join(' ');
      report(line, 'error', 'duplicate', `${first} has ${value(entry)} here and ${value(before)} in line ${before.line}: keep one`);
    } else report(line, 'error', 'duplicate', `${first} stands in line ${before.line} already: delete one, or run --fix`);
  }
}

/** Between the files of one language. */
export function lintAcross(language: string, { sentiment, modifiers, blockers }: LanguageEntries, findings: Finding[]): void {
  const terms = new Map(sentiment.map((entry) => [entry.key, entry]));
  const neutral = new Map(blockers.map((entry) => [entry.key, entry]));
  const report = {
    sentiment: reporter(`${language}/sentiment.tsv`, findings),
    modifiers: reporter(`${language}/modifiers.tsv`, findings),
    blockers: reporter(`${language}/blockers.tsv`, findings),
  };
  for (const { key, term, line } of blockers) {
    const other = terms.get(key);
    if (other === undefined || key === '') continue;
    const advice = `${language}/sentiment.tsv:${other.line} (${other.weight}), so it blocks nothing: delete one of the two`;
    report.blockers(line, 'error', 'contradiction', `"${term}" is also a term in ${advice}`);
  }
  for (const { key, term, kind, line } of modifiers) {
    const valence = terms.get(key);
    const blocker = neutral.get(key);
    if (valence !== undefined && key !== '' && !BOTH.includes(kind!)) {
      const place = `${language}/sentiment.tsv:${valence.line} (${valence.weight})`;
      report.modifiers(line, 'error', 'contradiction', `"${term}" is also a term in ${place}, so it is never a ${kind}: delete one of the two`);
    }
    if (blocker !== undefined && key !== '') {
      const place = `${language}/blockers.tsv:${blocker.line}`;
      report.modifiers(line, 'error', 'contradiction', `"${term}" is also in ${place}, so it changes nothing: delete one of the two`);
    }
  }
  for (const { entry, cover } of coveredTerms(language, { sentiment, modifiers, blockers })) {
    const { term, weight, line } = entry;
    const advice = cover.weight === weight ? 'delete it, or run --fix' : 'delete it, or give it a weight that differs clearly';
    const beginning = `"${cover.term}" (${cover.weight}, line ${cover.line})`;
    report.sentiment(line, 'warning', 'covered', `"${term}" (${weight}) is covered by ${beginning}: ${advice}`);
  }
  if (language === 'th') return;
  for (const { term, key, weight, line } of sentiment) {
    if (weight !== 0 || key.includes(' ') || coverOf(key, terms) !== undefined) continue;
    report.sentiment(line, 'warning', 'no-weight', `"${term}" has weight 0 and no beginning covers it: delete it, or move it to blockers.tsv`);
  }
}

/** Terms that a beginning in the same list gives the same sign and nearly the same weight anyway. */
export function coveredTerms(language: string, { sentiment, modifiers, blockers }: LanguageEntries): { entry: Entry; cover: Entry }[] {
  if (language === 'th') return [];
  const terms = new Map(sentiment.map((entry) => [entry.key, entry]));
  // Left as a modifier or a blocker alone, the word would hide the beginning.
  const others = new Set([...modifiers, ...blockers].map(({ key }) => key));
  return sentiment.flatMap((entry) => {
    const cover = others.has(entry.key) ? undefined : coverOf(entry.key, terms);
    const same = cover !== undefined && cover.weight! * entry.weight! > 0 && Math.abs(cover.weight! - entry.weight!) <= NEAR;
    return same ? [{ entry, cover }] : [];
  });
}

/** The longest beginning in the list, other than the entry itself, that would match the entry's own words. */
export function coverOf(key: string, terms: ReadonlyMap<string, Entry>): Entry | undefined {
  const bare = key.endsWith('*') ? key.slice(0, -1) : key;
  for (let end = key.endsWith('*') ? bare.length - 1 : bare.length; end > 0 && bare[end - 1] !== ' '; end--) {
    const cover = terms.get(`${bare.slice(0, end)}*`);
    if (cover !== undefined) return cover;
  }
  return undefined;
}
