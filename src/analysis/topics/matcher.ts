/**
 * Finds the topic patterns of one language among the trie's hits. Each pattern is watched for by its rarest element only (its
 * anchor); when that stands in the text the others are looked for around it. So the cost follows the text, not the number of
 * patterns.
 */
import type { TopicPattern } from '../lexicon/parse.js';
import { HashMap } from '../lexicon/hash-map.js';
import type { Hits, Trie } from '../lexicon/trie.js';
import { CLAUSE_BREAK, type Units } from '../text/units.js';
import { parsePattern } from './pattern.js';

/** Words that may lie in a gap; for Thai, characters. */
const GAP_WORDS = 4;
const GAP_CHARACTERS = 25;

interface Compiled {
  topic: number;
  polarity: number;
  exclusion: boolean;
  /** Group of alternatives at each element. */
  groups: number[];
  gaps: boolean[];
  anchor: number;
}

/** One place where a topic is spoken of, in units, end exclusive. */
export interface Mention {
  topic: number;
  polarity: number;
  start: number;
  end: number;
}

export class TopicMatcher {
  readonly #patterns: Compiled[] = [];
  readonly #groupsOfNode = new Map<number, number[]>();
  readonly #member = new HashMap();
  /** By node: the patterns whose anchor may stand there, or nothing. */
  #anchored: (Int32Array | undefined)[] = [];
  readonly #gap: number;

  constructor(
    patterns: readonly TopicPattern[],
    topicIndex: ReadonlyMap<string, number>,
    trie: Trie,
    split: (entry: string) => string[],
    readonly spaced: boolean,
    report: (line: number, message: string) => void,
  ) {
    this.#gap = spaced ? GAP_WORDS : GAP_CHARACTERS;
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
      this.#patterns.push({ topic: index, polarity, exclusion, groups, gaps: elements.map((e) => e.gap), anchor: 0 });
    }
    const cost = groupWords.map((sequences) =>
      sequences.reduce((sum, words) => sum + Math.min(...words.map((w) => spread.get(w) ?? 1)), 0),
    );
    for (const pattern of this.#patterns) {
      pattern.anchor = pattern.groups.reduce((best, group, i) => (cost[group]! < cost[pattern.groups[best]!]! ? i : best), 0);
    }
    groupWords.forEach((sequences, group) => {
      for (const words of sequences) {
        const node = trie.add(words);
        let groups = this.#groupsOfNode.get(node);
        if (groups === undefined) this.#groupsOfNode.set(node, (groups = []));
        if (!groups.includes(group)) groups.push(group);
        this.#member.set(node, group, 1);
      }
    });
  }

  nodes(): Iterable<number> {
    return this.#groupsOfNode.keys();
  }

  /** To be called once the trie is whole. */
  seal(nodes: number): void {
    const patternsOfGroup = new Map<number, number[]>();
    this.#patterns.forEach((pattern, i) => {
      const group = pattern.groups[pattern.anchor]!;
      const list = patternsOfGroup.get(group);
      if (list === undefined) patternsOfGroup.set(group, [i]);
      else list.push(i);
    });
    this.#anchored = new Array<Int32Array | undefined>(nodes).fill(undefined);
    for (const [node, groups] of this.#groupsOfNode) {
      const patterns = groups.flatMap((group) => patternsOfGroup.get(group) ?? []);
      if (patterns.length > 0) this.#anchored[node] = Int32Array.from(patterns);
    }
    this.#groupsOfNode.clear();
  }

  /** All mentions, exclusions applied; within a topic, a match inside a longer one is dropped. */
  match(units: Units, hits: Hits): Mention[] {
    const found: Mention[] = [];
    let excluded: Mention[] | undefined;
    for (let i = 0; i < units.length; i++) {
      if (!this.spaced && units.boundary[i] === 0) continue;
      const to = hits.first[i + 1]!;
      for (let h = hits.first[i]!; h < to; h++) {
        const patterns = this.#anchored[hits.node[h]!];
        if (patterns === undefined) continue;
        for (let k = 0; k < patterns.length; k++) {
          const pattern = this.#patterns[patterns[k]!]!;
          let end = hits.end[h]!;
          if (pattern.anchor + 1 < pattern.groups.length) end = this.#right(units, hits, pattern, pattern.anchor + 1, end);
          if (end < 0) continue;
          const start = pattern.anchor === 0 ? i : this.#left(units, hits, pattern, pattern.anchor - 1, i);
          if (start < 0) continue;
          const mention = { topic: pattern.topic, polarity: pattern.polarity, start, end };
          if (pattern.exclusion) (excluded ??= []).push(mention);
          else found.push(mention);
        }
      }
    }
    return found.length === 0 ? found : prune(found, excluded);
  }

  /** End of the elements from `element` on, the first of which must stand at or behind `from`; -1 if they do not. */
  #right(units: Units, hits: Hits, pattern: Compiled, element: number, from: number): number {
    const group = pattern.groups[element]!;
    const last = pattern.gaps[element] === true ? Math.min(units.length - 1, from + this.#gap) : from;
    for (let i = from; i <= last && i < units.length; i++) {
      if (units.breakBefore[i]! >= CLAUSE_BREAK) return -1;
      for (let h = hits.first[i]!; h < hits.first[i + 1]!; h++) {
        if (this.#member.get(hits.node[h]!, group) === 0) continue;
        const end = hits.end[h]!;
        if (element + 1 === pattern.groups.length) return end;
        const rest = this.#right(units, hits, pattern, element + 1, end);
        if (rest >= 0) return rest;
      }
    }
    return -1;
  }

  /** Start of the elements up to `element`, the last of which must end at or before `to`; -1 if they do not stand there. */
  #left(units: Units, hits: Hits, pattern: Compiled, element: number, to: number): number {
    const group = pattern.groups[element]!;
    const gap = pattern.gaps[element + 1] === true ? this.#gap : 0;
    const longest = this.spaced ? 6 : 40;
    for (let i = to - 1; i >= 0 && i >= to - gap - longest; i--) {
      if (units.breakBefore[i + 1]! >= CLAUSE_BREAK) return -1;
      for (let h = hits.first[i]!; h < hits.first[i + 1]!; h++) {
        const end = hits.end[h]!;
        if (end > to || end < to - gap || this.#member.get(hits.node[h]!, group) === 0) continue;
        if (element === 0) return i;
        const rest = this.#left(units, hits, pattern, element - 1, i);
        if (rest >= 0) return rest;
      }
    }
    return -1;
  }
}

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
