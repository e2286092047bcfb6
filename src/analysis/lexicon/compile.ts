/** The files of one language -> one Lexicon: everything about it that the analysis looks up. */
import { TopicMatcher, compileTopics } from '../topics/matcher.js';
import { NgramModel } from '../sentiment/ngrams.js';
import { fold } from '../text/fold.js';
import { tokenize } from '../text/tokenize.js';
import { Units } from '../text/units.js';
import { WordCache } from '../text/words.js';
import { MODIFIER_KINDS, parseBlockers, parseModifiers, parseTerms, parseTopics, LexiconError } from './parse.js';
import { pack, unpack } from './pack.js';
import { Trie, TrieBuilder } from './trie.js';
import type { LexiconFiles } from '../types.js';

/** Two negators make one negation: nikad nije, ne ... pas, no ... nada. */
const NEGATIVE_CONCORD = new Set(['sr', 'es', 'pt', 'fr', 'it']);
/** Languages whose words are split behind an apostrophe: l'appli, dell'ordine. */
const ELISIONS = new Set(['fr', 'it']);

const NEGATOR_FOLLOWS = new Set(['de', 'nl', 'sv', 'da', 'nb']);

export interface Lexicon {
  readonly language: string;
  readonly elisions: boolean;
  /** A negator may stand behind what it negates: gefällt mir nicht, fungerar inte. */
  readonly negatorFollows: boolean;
  readonly negativeConcord: boolean;
  /** Units are characters: Thai. */
  readonly characters: boolean;
  readonly trie: Trie;
  /** By node; NaN where the node is no valence term. */
  readonly weight: Float32Array;
  /** By node; -1 where the node is no modifier, else an index into MODIFIER_KINDS. */
  readonly modifier: Int8Array;
  readonly factor: Float32Array;
  /** By node; 1 where the phrase is neutral and swallows what it covers. */
  readonly blocker: Uint8Array;
  /** By node; 1 where the term holds its own negation (doesn't work, ไม่สด): a negator further off does not turn it. */
  readonly selfNegated: Uint8Array;
  /** By node; 1 where a match of it matters to anyone. */
  readonly isOutput: Uint8Array;
  /** By node; 1 where the weight is of the shop's own lexicon. Undefined where the shop has none. */
  readonly ofShop: Uint8Array | undefined;
  readonly topics: TopicMatcher;
  readonly ngrams: NgramModel;
  /** Entries read, for `doctor` and the docs. */
  readonly counts: LexiconCounts;
}

export interface LexiconCounts {
  terms: number;
  phrases: number;
  modifiers: number;
  blockers: number;
  patterns: number;
}

const scratch = new Units();
const scratchWords = new WordCache();

/** Splits an entry as a text would be split; a `*` stays with the word it ends. Empty where nothing of it is a unit. */
export function entryWords(language: string, entry: string): string[] {
  // Character by character, as the units of a text are: some characters fold to two.
  if (language === 'th') return [...entry].filter((c) => c !== '*').map((c) => fold(language, c)).filter((c) => c !== ''); // prettier-ignore
  const words: string[] = [];
  for (const piece of entry.split(/\s+/)) {
    const prefix = piece.length > 1 && piece.endsWith('*');
    tokenize(prefix ? piece.slice(0, -1) : piece, scratch, scratchWords, ELISIONS.has(language));
    for (let i = 0; i < scratch.length; i++) {
      const word = scratch.word[i];
      if (word !== undefined) words.push(fold(language, word.surface));
    }
    if (prefix && words.length > 0) words[words.length - 1] += '*';
  }
  return words;
}

/**
 * Reads a language's files and lays out what the analysis looks up as flat arrays.
 * @throws LexiconError listing every fault with file and line.
 */
export function compileLexicon(language: string, files: LexiconFiles, topicIndex: ReadonlyMap<string, number>): Uint8Array {
  const faults: string[] = [];
  const read = (path: string): { content: string; report: (line: number, message: string) => void } => ({
    content: files.text(path),
    report: (line, message) => faults.push(`lexicons/${path}:${line}: ${message}`),
  });
  const trie = new TrieBuilder();
  const weights = new Map<number, number>();
  const modifiers = new Map<number, { kind: number; factor: number }>();
  const blockers = new Set<number>();
  const entryOf = new Map<number, string>();
  const negators = new Set<string>();
  const counts: LexiconCounts = { terms: 0, phrases: 0, modifiers: 0, blockers: 0, patterns: 0 };
  const add = (entry: string): number => {
    const words = entryWords(language, entry);
    return words.length === 0 ? 0 : trie.add(words);
  };

  const emoji = read('emoji.tsv');
  for (const { term, weight } of parseTerms(emoji.content, emoji.report)) {
    const node = add(term);
    if (node !== 0) {
      weights.set(node, weight);
      entryOf.set(node, '');
    }
  }
  const beginnings = new Map<string, number>();
  const sentiment = read(`${language}/sentiment.tsv`);
  for (const { term, weight } of parseTerms(sentiment.content, sentiment.report)) {
    const node = add(term);
    if (node === 0) continue;
    weights.set(node, weight);
    entryOf.set(node, fold(language, term));
    if (/^\S+\*$/.test(term)) beginnings.set(fold(language, term.slice(0, -1)), weight);
    counts.terms++;
    if (/\s/.test(term)) counts.phrases++;
  }
  const modifierFile = read(`${language}/modifiers.tsv`);
  for (const { term, kind, factor } of parseModifiers(modifierFile.content, modifierFile.report)) {
    const node = add(term);
    if (node === 0) continue;
    modifiers.set(node, { kind: MODIFIER_KINDS.indexOf(kind), factor });
    if (kind === 'negator' && !term.includes(' ')) negators.add(fold(language, term));
    // A degree word is found before the beginning that makes a term of it (forfærdeligt, forfærdelig*): it is both.
    if ((kind === 'intensifier' || kind === 'diminisher') && !weights.has(node)) {
      const weight = longestBeginning(fold(language, term), beginnings);
      if (weight !== undefined && weight !== 0) weights.set(node, weight);
    }
    counts.modifiers++;
  }
  for (const blocker of parseBlockers(read(`${language}/blockers.tsv`).content)) {
    const node = add(blocker);
    // What stands in both is a term: the more telling of two answers.
    if (node === 0 || weights.has(node)) continue;
    blockers.add(node);
    counts.blockers++;
  }
  const topicFile = withShopTopics(language, files, faults);
  const patterns = parseTopics(topicFile.content, topicFile.report);
  const topics = compileTopics(patterns, topicIndex, trie, (entry) => entryWords(language, entry), language !== 'th', topicFile.report);
  counts.patterns = patterns.length;
  if (faults.length > 0) throw new LexiconError(`${faults.length} faults in the ${language} lexicon\n${faults.slice(0, 50).join('\n')}`);

  const nodes = trie.nodes;
  const weight = new Float32Array(nodes).fill(Number.NaN);
  const modifier = new Int8Array(nodes).fill(-1);
  const factor = new Float32Array(nodes);
  const blocker = new Uint8Array(nodes);
  const isOutput = new Uint8Array(nodes);
  const selfNegated = new Uint8Array(nodes);
  for (const node of weights.keys()) if (holdsNegator(language, negators, entryOf.get(node) ?? '')) selfNegated[node] = 1;
  for (const [node, value] of weights) weight[node] = value;
  for (const [node, { kind, factor: value }] of modifiers) {
    modifier[node] = kind;
    factor[node] = value;
  }
  for (const node of blockers) blocker[node] = 1;
  for (const list of [weights.keys(), modifiers.keys(), blockers, topics.nodes]) for (const node of list) isOutput[node] = 1;
  return pack({ ...trie.sections(), ...topics.sections(), weight, modifier, factor, blocker, selfNegated, isOutput }, counts);
}

function longestBeginning(word: string, beginnings: ReadonlyMap<string, number>): number | undefined {
  for (let length = word.length; length > 0; length--) {
    const weight = beginnings.get(word.slice(0, length));
    if (weight !== undefined) return weight;
  }
  return undefined;
}

/** An entry that holds its own negation. Folded, as are the negators. */
export const holdsNegator = (language: string, negators: ReadonlySet<string>, entry: string): boolean =>
  language === 'th' ? entry.includes('ไม่') : entry.split(' ').some((word) => negators.has(word));

/** Our patterns with the shop's behind them, whose groups they may use; a fault is reported under the file it is in. */
function withShopTopics(
  language: string,
  files: LexiconFiles,
  faults: string[],
): { content: string; report: (line: number, message: string) => void } {
  const name = `${language}/topics.tsv`;
  const parts = [{ place: `lexicons/${name}`, text: files.text(name) }, ...(files.overlay?.(name) ?? [])];
  const firstLines: number[] = [];
  let lines = 0;
  for (const { text } of parts) {
    firstLines.push(lines);
    lines += text.split('\n').length;
  }
  return {
    content: parts.map(({ text }) => text).join('\n'),
    report: (line, message) => {
      const part = firstLines.findLastIndex((first) => first < line);
      faults.push(`${parts[part]!.place}:${line - firstLines[part]!}: ${message}`);
    },
  };
}

/**
 * @param index place of the language in the caches of the words
 * @param packed what `compileLexicon` gave
 * @throws Error where it is something else
 */
export function openLexicon(language: string, index: number, packed: Uint8Array, files: LexiconFiles): Lexicon {
  const { sections, meta } = unpack(packed);
  const model = files.model(`${language}/ngrams.bin`);
  return {
    language,
    elisions: ELISIONS.has(language),
    negatorFollows: NEGATOR_FOLLOWS.has(language),
    negativeConcord: NEGATIVE_CONCORD.has(language),
    characters: language === 'th',
    trie: new Trie(language, index, sections),
    weight: sections['weight'] as Float32Array,
    modifier: sections['modifier'] as Int8Array,
    factor: sections['factor'] as Float32Array,
    blocker: sections['blocker'] as Uint8Array,
    selfNegated: sections['selfNegated'] as Uint8Array,
    isOutput: sections['isOutput'] as Uint8Array,
    ofShop: sections['ofShop'] as Uint8Array | undefined,
    topics: new TopicMatcher(sections, language !== 'th'),
    ngrams: model === undefined ? NgramModel.empty(language, index) : NgramModel.parse(language, index, model),
    counts: meta as LexiconCounts,
  };
}
