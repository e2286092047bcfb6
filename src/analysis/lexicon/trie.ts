/**
 * The dictionary of one language as one trie over symbols: valence terms, modifiers, blockers and the word sequences of the
 * topic patterns are all found in one pass over the units of a text, however many phrases there are.
 * A symbol is a word (`late`), or a beginning of words (`deliver*`); a unit can stand for several. Words are known by two hashes of
 * 32 bits (the chance that some word of a text is taken for another is about one in 10^14), so the whole is a few flat arrays.
 */
import { fold, shortenRuns } from '../text/fold.js';
import { NO_BREAK, type Units } from '../text/units.js';
import type { Word } from '../text/words.js';
import { HashMap } from './hash-map.js';
import type { Sections } from './pack.js';

const NONE = new Int32Array(0);
/** Told apart from words of the same letters by their seeds. */
const WORD_SEEDS = [0x811c9dc5, 0x1b873593] as const;
const PREFIX_SEEDS = [0x2f6b3a71, 0x68e31da4] as const;

const step = (h: number, code: number): number => Math.imul(h ^ code, 0x01000193);
/** Never -1, which marks an empty slot. */
const finish = (h: number): number => {
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return (h ^ (h >>> 13)) & 0x7fffffff;
};

function hashesOf(text: string, [seedA, seedB]: readonly [number, number]): [number, number] {
  let a: number = seedA;
  let b: number = seedB;
  for (let i = 0; i < text.length; i++) {
    a = step(a, text.charCodeAt(i));
    b = step(b, text.charCodeAt(i));
  }
  return [finish(a), finish(b)];
}

export class TrieBuilder {
  readonly #symbols: HashMap;
  #symbolCount = 0;
  #shortestPrefix = 0x7fffffff;
  #longestPrefix = 0;
  /** Root has one slot a symbol; deeper edges are looked up by node and symbol. */
  readonly #root: number[] = [0];
  readonly #edges: HashMap;
  readonly #hasChildren: number[] = [0];

  /** @param from the sections of a trie to add to; they are not changed, and its nodes keep their numbers. Absent: an empty one. */
  constructor(from?: Sections) {
    this.#symbols = from === undefined ? new HashMap() : HashMap.copyOf(from['symbols'] as Int32Array);
    this.#edges = from === undefined ? new HashMap() : HashMap.copyOf(from['edges'] as Int32Array);
    if (from === undefined) return;
    this.#root = Array.from(from['root']!);
    this.#hasChildren = Array.from(from['hasChildren']!);
    this.#symbolCount = this.#root.length - 1;
    [this.#shortestPrefix, this.#longestPrefix] = from['prefixLengths'] as unknown as [number, number];
  }

  get nodes(): number {
    return this.#hasChildren.length;
  }

  /** Adds a sequence of folded words (`*` at the end of one: any word that begins so); returns its node. */
  add(words: readonly string[]): number {
    let node = 0;
    for (const word of words) {
      const symbol = word.length > 1 && word.endsWith('*') ? this.#prefix(word.slice(0, -1)) : this.#symbol(word, WORD_SEEDS);
      let next = node === 0 ? this.#root[symbol]! : this.#edges.get(node, symbol);
      if (next === 0) {
        next = this.#hasChildren.push(0) - 1;
        if (node === 0) this.#root[symbol] = next;
        else {
          this.#edges.set(node, symbol, next);
          this.#hasChildren[node] = 1;
        }
      }
      node = next;
    }
    return node;
  }

  #prefix(prefix: string): number {
    this.#shortestPrefix = Math.min(this.#shortestPrefix, prefix.length);
    this.#longestPrefix = Math.max(this.#longestPrefix, prefix.length);
    return this.#symbol(prefix, PREFIX_SEEDS);
  }

  #symbol(text: string, seeds: readonly [number, number]): number {
    const [a, b] = hashesOf(text, seeds);
    let symbol = this.#symbols.get(a, b);
    if (symbol === 0) {
      // From 1 on: 0 is "no symbol".
      symbol = ++this.#symbolCount;
      this.#symbols.set(a, b, symbol);
      this.#root[symbol] = 0;
    }
    return symbol;
  }

  sections(): Sections {
    return {
      symbols: this.#symbols.slots,
      prefixLengths: Int32Array.of(this.#shortestPrefix, this.#longestPrefix),
      root: Int32Array.from(this.#root),
      edges: this.#edges.slots,
      hasChildren: Uint8Array.from(this.#hasChildren),
    };
  }
}

export class Trie {
  readonly #symbols: HashMap;
  readonly #shortestPrefix: number;
  readonly #longestPrefix: number;
  readonly #root: Int32Array;
  readonly #edges: HashMap;
  readonly #hasChildren: Uint8Array;

  constructor(
    readonly language: string,
    /** Place of the language in the caches of the words. */
    readonly index: number,
    sections: Sections,
  ) {
    this.#symbols = new HashMap(sections['symbols'] as Int32Array);
    [this.#shortestPrefix, this.#longestPrefix] = sections['prefixLengths'] as unknown as [number, number];
    this.#root = sections['root'] as Int32Array;
    this.#edges = new HashMap(sections['edges'] as Int32Array);
    this.#hasChildren = sections['hasChildren'] as Uint8Array;
  }

  get size(): number {
    return this.#hasChildren.length;
  }

  /** Node of a sequence of folded words, taken as written (no beginnings of words); 0 where there is none. */
  nodeOf(words: readonly string[]): number {
    let node = 0;
    for (const word of words) {
      const symbol = this.#symbols.get(...hashesOf(word, WORD_SEEDS));
      node = symbol === 0 ? 0 : node === 0 ? this.#root[symbol]! : this.#edges.get(node, symbol);
      if (node === 0) return 0;
    }
    return node;
  }

  /** The symbols a word can stand for, itself first, then the longest beginning; worked out once a distinct word. */
  symbolsOf(word: Word): Int32Array {
    const known = word.symbols[this.index];
    if (known !== undefined) return known;
    const folded = fold(this.language, word.surface);
    let symbols = this.#lookUp(folded);
    if (symbols.length === 0) {
      for (const shorter of shortenRuns(folded)) {
        symbols = this.#lookUp(shorter);
        if (symbols.length > 0) break;
      }
      // The possessive of a name.
      if (symbols.length === 0 && folded.endsWith("'s")) symbols = this.#lookUp(folded.slice(0, -2));
    }
    const result = symbols.length === 0 ? NONE : Int32Array.from(symbols);
    while (word.symbols.length < this.index) word.symbols.push(undefined);
    word.symbols[this.index] = result;
    return result;
  }

  #lookUp(folded: string): number[] {
    const prefixes: number[] = [];
    let [a, b]: [number, number] = [...WORD_SEEDS];
    let [pa, pb]: [number, number] = [...PREFIX_SEEDS];
    for (let i = 0; i < folded.length; i++) {
      const code = folded.charCodeAt(i);
      a = step(a, code);
      b = step(b, code);
      pa = step(pa, code);
      pb = step(pb, code);
      if (i + 1 >= this.#shortestPrefix && i + 1 <= this.#longestPrefix) {
        const prefix = this.#symbols.get(finish(pa), finish(pb));
        if (prefix !== 0) prefixes.push(prefix);
      }
    }
    const exact = this.#symbols.get(finish(a), finish(b));
    prefixes.reverse();
    return exact === 0 ? prefixes : [exact, ...prefixes];
  }

  /** Every node reached from every unit: `hits` gets them in order of their first unit. */
  match(units: Units, hits: Hits, isOutput: Uint8Array): void {
    hits.clear();
    const n = units.length;
    for (let i = 0; i < n; i++) {
      hits.first[i] = hits.length;
      const word = units.word[i];
      if (word === undefined) continue;
      const symbols = word.symbols[this.index] ?? this.symbolsOf(word);
      for (let k = 0; k < symbols.length; k++) {
        const node = this.#root[symbols[k]!]!;
        if (node !== 0) this.#walk(units, hits, isOutput, node, i + 1);
      }
    }
    hits.first[n] = hits.length;
  }

  #walk(units: Units, hits: Hits, isOutput: Uint8Array, node: number, next: number): void {
    if (isOutput[node] === 1) hits.push(node, next);
    if (this.#hasChildren[node] === 0 || next >= units.length || units.breakBefore[next] !== NO_BREAK) return;
    const word = units.word[next];
    if (word === undefined) return;
    const symbols = word.symbols[this.index] ?? this.symbolsOf(word);
    for (let k = 0; k < symbols.length; k++) {
      const child = this.#edges.get(node, symbols[k]!);
      if (child !== 0) this.#walk(units, hits, isOutput, child, next + 1);
    }
  }
}

/** Matched nodes: those that begin at unit i stand at `first[i]` up to `first[i + 1]`, each with the unit behind its last. */
export class Hits {
  length = 0;
  readonly first: number[] = [];
  readonly node: number[] = [];
  readonly end: number[] = [];

  clear(): void {
    this.length = 0;
  }

  push(node: number, end: number): void {
    const i = this.length++;
    this.node[i] = node;
    this.end[i] = end;
  }
}
