/** The files of one language -> one Lexicon: everything about it that the analysis looks up. */
import { TopicMatcher } from '../topics/matcher.js';
import { NgramModel } from '../sentiment/ngrams.js';
import { fold } from '../text/fold.js';
import { tokenize } from '../text/tokenize.js';
import { Units } from '../text/units.js';
import { WordCache } from '../text/words.js';
import { MODIFIER_KINDS, parseBlockers, parseModifiers, parseTerms, parseTopics, LexiconError, type ModifierKind } from './parse.js';
import { Trie } from './trie.js';
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
  /** By node; 1 where a match of it matters to anyone. */
  readonly isOutput: Uint8Array;
  readonly topics: TopicMatcher;
  readonly ngrams: NgramModel;
  /** Entries read, for `doctor` and the docs. */
  readonly counts: { terms: number; phrases: number; modifiers: number; blockers: number; patterns: number };
}

const scratch = new Units();
const scratchWords = new WordCache();

/** Splits an entry as a text would be split; a `*` stays with the word it ends. Empty where nothing of it is a unit. */
export function entryWords(language: string, entry: string): string[] {
  if (language === 'th') return [...fold(language, entry)].filter((c) => c !== '*');
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
 * @param index position of the language among all, for per-word caches.
 * @throws LexiconError listing every fault with file and line.
 */
export function compileLexicon(language: string, index: number, files: LexiconFiles, topicIndex: ReadonlyMap<string, number>): Lexicon {
  const faults: string[] = [];
  const read = (name: string): { content: string; report: (line: number, message: string) => void } => {
    const path = `${language}/${name}`;
    return { content: files.texts.get(path) ?? '', report: (line, message) => faults.push(`lexicons/${path}:${line}: ${message}`) };
  };
  const trie = new Trie(language, index);
  const weights = new Map<number, number>();
  const modifiers = new Map<number, { kind: number; factor: number }>();
  const blockers = new Set<number>();
  const counts = { terms: 0, phrases: 0, modifiers: 0, blockers: 0, patterns: 0 };

  const sentiment = read('sentiment.tsv');
  const emoji = {
    content: files.texts.get('emoji.tsv') ?? '',
    report: (line: number, message: string): void => void faults.push(`lexicons/emoji.tsv:${line}: ${message}`),
  };
  for (const { content, report } of [emoji, sentiment]) {
    for (const { term, weight } of parseTerms(content, report)) {
      const words = entryWords(language, term);
      if (words.length === 0) continue;
      weights.set(trie.add(words), weight);
      if (content === sentiment.content) {
        counts.terms++;
        if (/\s/.test(term)) counts.phrases++;
      }
    }
  }
  const modifierFile = read('modifiers.tsv');
  for (const { term, kind, factor } of parseModifiers(modifierFile.content, modifierFile.report)) {
    const words = entryWords(language, term);
    if (words.length === 0) continue;
    modifiers.set(trie.add(words), { kind: MODIFIER_KINDS.indexOf(kind), factor });
    counts.modifiers++;
  }
  for (const blocker of parseBlockers(read('blockers.tsv').content)) {
    const words = entryWords(language, blocker);
    if (words.length === 0) continue;
    const node = trie.add(words);
    if (weights.has(node)) continue;
    blockers.add(node);
    counts.blockers++;
  }
  const topicFile = read('topics.tsv');
  const patterns = parseTopics(topicFile.content, topicFile.report);
  const topics = new TopicMatcher(patterns, topicIndex, trie, (entry) => entryWords(language, entry), language !== 'th', topicFile.report);
  counts.patterns = patterns.length;
  if (faults.length > 0) throw new LexiconError(`${faults.length} faults in the ${language} lexicon\n${faults.slice(0, 50).join('\n')}`);

  const model = files.model(`${language}/ngrams.bin`);
  const nodes = trie.size;
  const lexicon: Lexicon = {
    language,
    elisions: ELISIONS.has(language),
    negatorFollows: NEGATOR_FOLLOWS.has(language),
    negativeConcord: NEGATIVE_CONCORD.has(language),
    characters: language === 'th',
    trie,
    weight: new Float32Array(nodes).fill(Number.NaN),
    modifier: new Int8Array(nodes).fill(-1),
    factor: new Float32Array(nodes),
    blocker: new Uint8Array(nodes),
    isOutput: new Uint8Array(nodes),
    topics,
    ngrams: model === undefined ? NgramModel.empty(language, index) : NgramModel.parse(language, index, model),
    counts,
  };
  for (const [node, weight] of weights) lexicon.weight[node] = weight;
  for (const [node, { kind, factor }] of modifiers) {
    lexicon.modifier[node] = kind;
    lexicon.factor[node] = factor;
  }
  for (const node of blockers) lexicon.blocker[node] = 1;
  for (const node of [...weights.keys(), ...modifiers.keys(), ...blockers, ...topics.nodes()]) lexicon.isOutput[node] = 1;
  topics.seal(nodes);
  return lexicon;
}

export const modifierKind = (index: number): ModifierKind => MODIFIER_KINDS[index]!;
