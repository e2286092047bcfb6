/**
 * Finds the topic patterns of one language among the trie's hits. Each pattern is watched for by its rarest element only (its
 * anchor); when that stands in the text the others are looked for around it. So the cost follows the text, not the number of
 * patterns.
 */
import { MODIFIER_KINDS, type TopicPattern } from '../lexicon/parse.js';
import { HashMap } from '../lexicon/hash-map.js';
import type { Sections } from '../lexicon/pack.js';
import type { Hits, TrieBuilder } from '../lexicon/trie.js';
import { CLAUSE_BREAK, type Units } from '../text/units.js';
import { parsePattern } from './pattern.js';

/** Words that may lie in a gap; for Thai, characters. */
const GAP_WORDS = 4;
const GAP_CHARACTERS = 25;

interface Pattern {
  topic: number;
  polarity: number;
  exclusion: boolean;
  /** Which element is watched for. */
  anchor: number;
  /** Group of alternatives at each element, and whether a gap may lie before it. */
  groups: number[];
  gaps: boolean[];
}

/** One place where a topic is spoken of, in units, end exclusive. */
export interface Mention {
  topic: number;
  /** -1 or 1 where the phrase itself says bad or good, less where it is denied (negation.ts); 0 where it says neither. */
  polarity: number;
  start: number;
  end: number;
  /** Start and end of each element of the pattern, in pairs: what lies between them is gap. */
  elements: readonly number[];
}

/**
 * Compiles the patterns into the trie and into flat arrays.
 * @param topicIndex topic id -> its position in the taxonomy
 * @param split an alternative as the units it would be in a text
 * @returns the arrays, and the nodes that are part of a pattern
 */
export function compileTopics(
  patterns: readonly TopicPattern[],
  topicIndex: ReadonlyMap<string, number>,
  trie: TrieBuilder,
  split: (entry: string) => string[],
  spaced: boolean,
  report: (line: number, message: string) => void,
): { nodes: Iterable<number>; sections: () => Sections } {
  const compiled: Pattern[] = [];
  const groupIds = new Map<string, number>();
  /** How many groups a word is in: a stand-in for how common it is. */
  const spread = new Map<string, number>();
  const groupWords: string[][][] = [];
  for (const { topic, pattern, polarity, exclusion, line } of patterns) {
    const index = topicIndex.get(topic);
    if (index === undefined) {
      report(line, `topic "${topic}": expected an id of taxonomy.yaml`);
      continue;
    }
    let elements;
    try {
      elements = parsePattern(pattern, spaced);
    } catch (error) {
      report(line, `pattern "${pattern.slice(0, 60)}": ${(error as Error).message}`);
      continue;
    }
    const groups = elements.map(({ alternatives }) => {
      const sequences = alternatives.map(split).filter((words) => words.length > 0);
      const key = sequences.map((words) => words.join(' ')).sort().join('|'); // prettier-ignore
      let group = groupIds.get(key);
      if (group === undefined) {
        group = groupWords.length;
        groupIds.set(key, group);
        groupWords.push(sequences);
        for (const word of new Set(sequences.flat())) spread.set(word, (spread.get(word) ?? 0) + 1);
      }
      return group;
    });
    compiled.push({ topic: index, polarity, exclusion, anchor: 0, groups, gaps: elements.map((e) => e.gap) });
  }
  const cost = groupWords.map((sequences) => sequences.reduce((sum, words) => sum + Math.min(...words.map((w) => spread.get(w) ?? 1)), 0));
  const patternsOfGroup = groupWords.map((): number[] => []);
  let offset = 0;
  compiled.forEach((pattern) => {
    pattern.anchor = pattern.groups.reduce((best, group, k) => (cost[group]! < cost[pattern.groups[best]!]! ? k : best), 0);
    patternsOfGroup[pattern.groups[pattern.anchor]!]!.push(offset);
    offset += GROUPS + 2 * pattern.groups.length;
  });
  const groupsOfNode = new Map<number, number[]>();
  const member = new HashMap();
  groupWords.forEach((sequences, group) => {
    for (const words of sequences) {
      const node = trie.add(words);
      const groups = groupsOfNode.get(node);
      if (groups === undefined) groupsOfNode.set(node, [group]);
      else if (!groups.includes(group)) groups.push(group);
      member.set(node, group, 1);
    }
  });
  return {
    nodes: groupsOfNode.keys(),
    // By node, once the trie is whole: where its anchored patterns stand in one list.
    sections: () => {
      const anchoredAt = new Int32Array(trie.nodes + 1);
      const anchored: number[] = [];
      for (let node = 0; node < trie.nodes; node++) {
        anchoredAt[node] = anchored.length;
        for (const group of groupsOfNode.get(node) ?? []) anchored.push(...patternsOfGroup[group]!);
      }
      anchoredAt[trie.nodes] = anchored.length;
      return { patterns: flatten(compiled), anchoredAt, anchored: Int32Array.from(anchored), member: member.slots };
    },
  };
}

/** A pattern as numbers: topic, polarity, exclusion, anchor, elements, then a group and a gap an element. A pattern is known by where it begins. */
const TOPIC = 0;
const POLARITY = 1;
const EXCLUSION = 2;
const ANCHOR = 3;
const ELEMENTS = 4;
const GROUPS = 5;
const flatten = (patterns: readonly Pattern[]): Int32Array =>
  Int32Array.from(
    patterns.flatMap((p) => [
      p.topic,
      p.polarity,
      p.exclusion ? 1 : 0,
      p.anchor,
      p.groups.length,
      ...p.groups.flatMap((g, k) => [g, p.gaps[k] === true ? 1 : 0]),
    ]),
  );

export class TopicMatcher {
  readonly #patterns: Int32Array;
  readonly #member: HashMap;
  /** Patterns whose anchor may stand at a node: `#anchored` from `#anchoredAt[node]` up to that of the next. */
  readonly #anchored: Int32Array;
  readonly #anchoredAt: Int32Array;
  readonly #modifier: Int8Array;
  readonly #gap: number;
  /** Start and end of each element of the match at hand, in pairs. */
  readonly #spans: number[] = [];

  constructor(
    sections: Sections,
    readonly spaced: boolean,
  ) {
    this.#patterns = sections['patterns'] as Int32Array;
    this.#anchored = sections['anchored'] as Int32Array;
    this.#anchoredAt = sections['anchoredAt'] as Int32Array;
    this.#member = new HashMap(sections['member'] as Int32Array);
    this.#modifier = sections['modifier'] as Int8Array;
    this.#gap = spaced ? GAP_WORDS : GAP_CHARACTERS;
  }

  /** All mentions, exclusions applied; within a topic, a match inside a longer one is dropped. */
  match(units: Units, hits: Hits): Mention[] {
    const patterns = this.#patterns;
    const found: Mention[] = [];
    let excluded: Mention[] | undefined;
    for (let i = 0; i < units.length; i++) {
      if (!this.spaced && units.boundary[i] === 0) continue;
      const to = hits.first[i + 1]!;
      for (let h = hits.first[i]!; h < to; h++) {
        const node = hits.node[h]!;
        const last = this.#anchoredAt[node + 1]!;
        for (let k = this.#anchoredAt[node]!; k < last; k++) {
          const pattern = this.#anchored[k]!;
          const anchor = patterns[pattern + ANCHOR]!;
          let end = hits.end[h]!;
          if (anchor + 1 < patterns[pattern + ELEMENTS]!) end = this.#right(units, hits, pattern, anchor + 1, end);
          if (end < 0) continue;
          const start = anchor === 0 ? i : this.#left(units, hits, pattern, anchor - 1, i);
          if (start < 0) continue;
          this.#spans[2 * anchor] = i;
          this.#spans[2 * anchor + 1] = hits.end[h]!;
          const elements = this.#spans.slice(0, 2 * patterns[pattern + ELEMENTS]!);
          const mention = { topic: patterns[pattern + TOPIC]!, polarity: patterns[pattern + POLARITY]!, start, end, elements };
          if (patterns[pattern + EXCLUSION] === 1) (excluded ??= []).push(mention);
          else found.push(mention);
        }
      }
    }
    return found.length === 0 ? found : prune(found, excluded);
  }

  /** End of the elements from `element` on, the first of which must stand at or behind `from`; -1 if they do not. */
  #right(units: Units, hits: Hits, pattern: number, element: number, from: number): number {
    const group = this.#patterns[pattern + GROUPS + 2 * element]!;
    const last = this.#patterns[pattern + GROUPS + 2 * element + 1] === 1 ? Math.min(units.length - 1, from + this.#gap) : from;
    for (let i = from; i <= last && i < units.length; i++) {
      if (units.breakBefore[i]! >= CLAUSE_BREAK) return -1;
      for (let h = hits.first[i]!; h < hits.first[i + 1]!; h++) {
        if (this.#member.get(hits.node[h]!, group) === 0) continue;
        const end = hits.end[h]!;
        const rest = element + 1 === this.#patterns[pattern + ELEMENTS] ? end : this.#right(units, hits, pattern, element + 1, end);
        if (rest < 0) continue;
        this.#spans[2 * element] = i;
        this.#spans[2 * element + 1] = end;
        return rest;
      }
      if (this.#endsClause(units, hits, i)) return -1;
    }
    return -1;
  }

  /** Start of the elements up to `element`, the last of which must end at or before `to`; -1 if they do not stand there. */
  #left(units: Units, hits: Hits, pattern: number, element: number, to: number): number {
    const group = this.#patterns[pattern + GROUPS + 2 * element]!;
    const gap = this.#patterns[pattern + GROUPS + 2 * element + 3] === 1 ? this.#gap : 0;
    const longest = this.spaced ? 6 : 40;
    for (let i = to - 1; i >= 0 && i >= to - gap - longest; i--) {
      if (units.breakBefore[i + 1]! >= CLAUSE_BREAK) return -1;
      for (let h = hits.first[i]!; h < hits.first[i + 1]!; h++) {
        const end = hits.end[h]!;
        if (end > to || end < to - gap || this.#member.get(hits.node[h]!, group) === 0) continue;
        let between = end;
        while (between < to && !this.#endsClause(units, hits, between)) between++;
        if (between < to) continue;
        const rest = element === 0 ? i : this.#left(units, hits, pattern, element - 1, i);
        if (rest < 0) continue;
        this.#spans[2 * element] = i;
        this.#spans[2 * element + 1] = end;
        return rest;
      }
    }
    return -1;
  }

  /** A unit in a gap that begins another clause: but, although; in Thai a space, unless it stands beside a number or a foreign word. */
  #endsClause(units: Units, hits: Hits, i: number): boolean {
    if (!this.spaced && units.word[i]?.surface === ' ') return isThai(units, i - 1) && isThai(units, i + 1);
    for (let h = hits.first[i]!; h < hits.first[i + 1]!; h++) {
      const kind = this.#modifier[hits.node[h]!]!;
      if (kind === CONTRAST || kind === CONCESSION) return true;
    }
    return false;
  }
}

const CONTRAST = MODIFIER_KINDS.indexOf('contrast');
const CONCESSION = MODIFIER_KINDS.indexOf('concession');
const isThai = (units: Units, i: number): boolean => /^[\u0e00-\u0e7f]/.test(units.word[i]?.surface ?? '');

function prune(found: Mention[], excluded: Mention[] | undefined): Mention[] {
  const kept =
    excluded === undefined ? found : found.filter((m) => !excluded.some((x) => x.topic === m.topic && x.start < m.end && m.start < x.end));
  if (kept.length < 2) return kept;
  kept.sort((a, b) => a.topic - b.topic || a.start - b.start || b.end - a.end || Math.abs(b.polarity) - Math.abs(a.polarity));
  const out: Mention[] = [];
  for (const mention of kept) {
    const before = out.at(-1);
    if (before !== undefined && before.topic === mention.topic && mention.end <= before.end) continue;
    out.push(mention);
  }
  return out;
}
