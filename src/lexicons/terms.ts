/** Splits texts into words for counting terms: which of them carry meaning is told by our word lists and the shop's names. */
import { parseModifiers } from '../analysis/lexicon/parse.js';
import { readWith } from '../analysis/language/families.js';
import { fold } from '../analysis/text/fold.js';
import { termWords, type TermWord as Word } from '../analysis/text/term-words.js';
import type { LexiconFiles } from '../analysis/types.js';
import { functionWords } from './function-words.js';

/** A word, and whether it can be a term or the edge of one. */
export interface ReadWord {
  start: number;
  end: number;
  /** Empty where the word can be in no term. */
  stem: string;
  /** May stand alone, and begin or end a phrase. */
  content: boolean;
  /** May begin a phrase: a negator. */
  opens: boolean;
  joined: boolean;
}

interface Lists {
  stop: ReadonlySet<string>;
  negators: ReadonlySet<string>;
  /** Stems of each name, by its first. */
  names: ReadonlyMap<string, readonly (readonly string[])[]>;
}

/**
 * Gives a reader for texts of any language. Words that carry grammar or degree are no terms and no edges of terms; in a language without
 * lists only single letters are not.
 * @param names of the shop and its brands: they are in no term, and no phrase goes across them
 */
export function termReader(files: LexiconFiles, names: readonly string[]): (language: string, text: string, from: number, to: number) => ReadWord[] {
  const byLanguage = new Map<string, Lists>();
  return (given, text, from, to) => {
    const language = readWith(given);
    let lists = byLanguage.get(language);
    if (lists === undefined) byLanguage.set(language, (lists = listsOf(language, files, names)));
    const words = termWords(language, text, from, to);
    const named = namesAmong(words, lists.names);
    return words.map((word, i) => readWord(word, named.has(i), lists));
  };
}

function readWord({ start, end, folded, stem, joined }: Word, isName: boolean, { stop, negators }: Lists): ReadWord {
  const negator = negators.has(folded);
  const content = [...folded].length > 1 && !negator && !stop.has(folded) && !stop.has(folded.replace(/'s$/, ''));
  return { start, end, stem: isName ? '' : stem, content, opens: negator, joined };
}

function listsOf(language: string, files: LexiconFiles, names: readonly string[]): Lists {
  const stop = new Set(files.names.includes(`${language}/sentiment.tsv`) ? functionWords(language) : []);
  const negators = new Set<string>();
  for (const { term, kind } of parseModifiers(files.text(`${language}/modifiers.tsv`), () => undefined)) {
    if (!/\s/.test(term)) (kind === 'negator' ? negators : stop).add(fold(language, term));
  }
  // A word list may hold negators as grammar; here they may begin a phrase: not delivered, never again.
  const byFirst = new Map<string, string[][]>();
  for (const name of names) {
    const stems = termWords(language, name).map(({ stem }) => stem);
    if (stems.length > 0) byFirst.set(stems[0]!, [...(byFirst.get(stems[0]!) ?? []), stems]);
  }
  return { stop, negators, names: byFirst };
}

/** Positions of the words that are part of a name. */
function namesAmong(words: readonly Word[], names: Lists['names']): Set<number> {
  const found = new Set<number>();
  if (names.size === 0) return found;
  words.forEach(({ stem }, at) => {
    for (const name of names.get(stem) ?? []) {
      if (name.every((part, i) => words[at + i]?.stem === part)) name.forEach((_, i) => found.add(at + i));
    }
  });
  return found;
}

