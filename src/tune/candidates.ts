/** Which words and phrases of the shop's texts could be terms. Decided by how often and by whom they are used, never by the labels. */
import type { UndertoneAnalyzer } from '../analysis/index.js';
import { entryWords, type Lexicon } from '../analysis/lexicon/compile.js';
import { MODIFIER_KINDS } from '../analysis/lexicon/parse.js';
import { PARAMETERS } from '../analysis/sentiment/parameters.js';
import { shortenRuns } from '../analysis/text/fold.js';
import { phrase, type Token } from './texts.js';

/** Texts and authors a term must be seen in. */
export const MIN_TEXTS = 8;
export const MIN_AUTHORS = 3;
const LONGEST = 3;
/** The most frequent are kept. */
const MOST = 4_000;
/** A phrase that nearly always stands where its rarest word does says nothing that the word does not. */
const SAME_PLACES = 0.8;
/** Share of a word's places inside sentences with a capital from which on it is a name. */
const NAMED = 0.6;
/** Every noun has a capital there. */
const CAPITAL_NOUNS = 'de';
const NEGATOR = MODIFIER_KINDS.indexOf('negator');

export interface Candidate {
  /** As it is written in the lexicon: the commonest spelling, lower case. */
  term: string;
  /** Folded words, parted by spaces. */
  key: string;
  words: readonly string[];
  texts: number;
  /** What our lexicon makes of it alone: weight of the term, or of what it is made of; 0 where it knows nothing. */
  before: number;
  /** That is one entry's weight; else the sum over what the phrase holds. */
  entry: boolean;
}

interface Seen {
  words: string[];
  texts: number;
  /** At most MIN_AUTHORS of them. */
  authors: Set<number>;
  surfaces: Map<string, number>;
}

/** All words and phrases of a text: key, and where they begin and end among the tokens. */
export function* phrasesOf(tokens: readonly Token[]): Generator<{ key: string; from: number; to: number }> {
  for (let from = 0; from < tokens.length; from++) {
    let key = '';
    for (let to = from; to < tokens.length && to < from + LONGEST; to++) {
      const { form, joined } = tokens[to]!;
      if (form === undefined || (to > from && !joined)) break;
      key = to === from ? form : `${key} ${form}`;
      yield { key, from, to: to + 1 };
    }
  }
}

/**
 * @param authors by text: a number an author
 * @param functionWords of the language, folded
 * @param own keys that the shop has written itself: those stay as they are
 */
export function findCandidates(
  analyzer: UndertoneAnalyzer,
  lexicon: Lexicon,
  texts: readonly (readonly Token[])[],
  authors: readonly number[],
  functionWords: ReadonlySet<string>,
  own: ReadonlySet<string>,
): { candidates: Candidate[]; names: number } {
  const seen = count(texts, authors);
  const names = namesIn(texts, lexicon.language);
  const kept: Candidate[] = [];
  const leftOut = new Set<string>();
  for (const [key, { words, texts: n, authors: by, surfaces }] of seen) {
    if (by.size < MIN_AUTHORS) continue;
    if (own.has(key) || !canBeTerm(words, lexicon, functionWords)) continue;
    const named = words.filter((word) => names.has(word));
    if (named.length > 0) {
      for (const word of named) leftOut.add(word);
      continue;
    }
    if (words.length > 1 && n >= SAME_PLACES * Math.min(...shorter(words).map((part) => seen.get(part)?.texts ?? Infinity))) continue;
    const term = commonest(surfaces, lexicon);
    // Written out, it must come to the same words again.
    const entry = entryWords(lexicon.language, term);
    if (entry.join(' ') !== (lexicon.characters ? [...words.join('')].join(' ') : key)) continue;
    const node = lexicon.trie.nodeOf(entry);
    // Degree words, negators and neutral phrases have their own work to do.
    if (node !== 0 && (lexicon.modifier[node]! >= 0 || lexicon.blocker[node] === 1)) continue;
    kept.push({ term, key, words, texts: n, ...weightBefore(analyzer, lexicon, term) });
  }
  kept.sort((a, b) => b.texts - a.texts || (a.key < b.key ? -1 : 1));
  return { candidates: kept.slice(0, MOST), names: leftOut.size };
}

/** Twice over the texts: most of what is seen is seen once or twice, and must not be kept with all its details. */
function count(texts: readonly (readonly Token[])[], authors: readonly number[]): Map<string, Seen> {
  const inTexts = new Map<string, number>();
  for (const tokens of texts) {
    for (const key of new Set([...phrasesOf(tokens)].map((found) => found.key))) inTexts.set(key, (inTexts.get(key) ?? 0) + 1);
  }
  const all = new Map<string, Seen>();
  texts.forEach((tokens, text) => {
    for (const { key, from, to } of phrasesOf(tokens)) {
      const n = inTexts.get(key)!;
      if (n < MIN_TEXTS) continue;
      const words = tokens.slice(from, to);
      let seen = all.get(key);
      if (seen === undefined) {
        seen = { words: words.map(({ form }) => form!), texts: n, authors: new Set(), surfaces: new Map() };
        all.set(key, seen);
      }
      if (seen.authors.size < MIN_AUTHORS) seen.authors.add(authors[text]!);
      const surface = words.map((word) => word.surface.toLowerCase()).join(' ');
      seen.surfaces.set(surface, (seen.surfaces.get(surface) ?? 0) + 1);
    }
  });
  return all;
}

/** The commonest spelling; of two as common, the first by code. */
function commonest(surfaces: ReadonlyMap<string, number>, lexicon: Lexicon): string {
  const [[surface]] = [...surfaces].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)) as [[string, number]];
  return phrase(surface.split(' '), lexicon);
}

/** The phrase without its first and without its last word. */
const shorter = (words: readonly string[]): string[] => [words.slice(1).join(' '), words.slice(0, -1).join(' ')];

/** Begins with a word of meaning or a negator and ends with a word of meaning. */
function canBeTerm(words: readonly string[], lexicon: Lexicon, functionWords: ReadonlySet<string>): boolean {
  const kindOf = (word: string): number => {
    const node = lexicon.trie.nodeOf(lexicon.characters ? [...word] : [word]);
    return node === 0 ? -1 : lexicon.modifier[node]!;
  };
  // A drawn-out word or a possessive is looked up under its plain form, which an entry of its own would hide.
  if (words.some((word) => shortenRuns(word).length > 0 || word.endsWith("'s"))) return false;
  const means = (word: string): boolean => !functionWords.has(word) && kindOf(word) < 0;
  return means(words.at(-1)!) && (means(words[0]!) || kindOf(words[0]!) === NEGATOR);
}

/** Words that are mostly written with a capital where none is due: people, places, products. */
function namesIn(texts: readonly (readonly Token[])[], language: string): Set<string> {
  const inside = new Map<string, [all: number, named: number]>();
  if (language === CAPITAL_NOUNS) return new Set();
  for (const tokens of texts) {
    for (const { form, opens, named } of tokens) {
      if (form === undefined || opens) continue;
      const known = inside.get(form) ?? [0, 0];
      inside.set(form, [known[0] + 1, known[1] + (named ? 1 : 0)]);
    }
  }
  return new Set([...inside].filter(([, [all, named]]) => named >= MIN_AUTHORS && named >= NAMED * all).map(([form]) => form));
}

/** Contributions as the lexicon would have them: what is negative is counted 1.3 times by the rules. */
export const asWeight = (contribution: number): number => (contribution < 0 ? contribution / PARAMETERS.negativeWeight : contribution);
export const asContribution = (weight: number): number => (weight < 0 ? weight * PARAMETERS.negativeWeight : weight);

function weightBefore(analyzer: UndertoneAnalyzer, lexicon: Lexicon, term: string): { before: number; entry: boolean } {
  const { units, scored } = analyzer.read(term, lexicon);
  const counted = scored.contributions.filter(({ rule }) => rule !== 'bare-negation' && rule !== 'topic-phrase');
  const entry = counted.length === 1 && counted[0]!.start === 0 && counted[0]!.end === units.length;
  return { before: asWeight(counted.reduce((sum, { weight }) => sum + weight, 0)), entry };
}
