/**
 * The dictionary of one language as one trie over symbols: valence terms, modifiers, blockers and the word sequences of the
 * topic patterns are all found in one pass over the units of a text, however many phrases there are.
 * A symbol is a word (`late`), or a beginning of words (`deliver*`); a unit can stand for several.
 */
import { fold, shortenRuns } from '../text/fold.js';
import { NO_BREAK, type Units } from '../text/units.js';
import type { Word } from '../text/words.js';
import { HashMap } from './hash-map.js';

const NONE = new Int32Array(0);

export class Trie {
  readonly #exact = new Map<string, number>();
  readonly #prefixes = new Map<string, number>();
  #symbols = 0;
  #shortestPrefix = Infinity;
  #longestPrefix = 0;
  /** Root has one slot a symbol; deeper edges are looked up by node and symbol. */
  #root: number[] = [];
  readonly #edges = new HashMap();
  #nodes = 1;
  readonly #hasChildren: number[] = [0];

  constructor(
    readonly language: string,
    readonly index: number,
  ) {}

  get size(): number {
    return this.#nodes;
  }

  /** Adds a sequence of folded words (`*` at the end of one: any word that begins so); returns its node. */
  add(words: readonly string[]): number {
    let node = 0;
    for (const word of words) {
      const symbol = word.length > 1 && word.endsWith('*') ? this.#prefix(word.slice(0, -1)) : this.#word(word);
      let next = node === 0 ? (this.#root[symbol] ?? 0) : this.#edges.get(node, symbol);
      if (next === 0) {
        next = this.#nodes++;
        this.#hasChildren[next] = 0;
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

  #word(word: string): number {
    let symbol = this.#exact.get(word);
    if (symbol === undefined) {
      symbol = this.#symbols++;
      this.#exact.set(word, symbol);
      this.#root[symbol] = 0;
    }
    return symbol;
  }

  #prefix(prefix: string): number {
    let symbol = this.#prefixes.get(prefix);
    if (symbol === undefined) {
      symbol = this.#symbols++;
      this.#prefixes.set(prefix, symbol);
      this.#root[symbol] = 0;
      this.#shortestPrefix = Math.min(this.#shortestPrefix, prefix.length);
      this.#longestPrefix = Math.max(this.#longestPrefix, prefix.length);
    }
    return symbol;
  }

  /** The symbols a word can stand for; worked out once a distinct word. */
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
      // The possessive of a name, and the plain word behind an opening apostrophe.
      if (symbols.length === 0 && folded.endsWith("'s")) symbols = this.#lookUp(folded.slice(0, -2));
    }
    const result = symbols.length === 0 ? NONE : Int32Array.from(symbols);
    while (word.symbols.length < this.index) word.symbols.push(undefined);
    word.symbols[this.index] = result;
    return result;
  }

  #lookUp(folded: string): number[] {
    const symbols: number[] = [];
    const exact = this.#exact.get(folded);
    if (exact !== undefined) symbols.push(exact);
    const longest = Math.min(folded.length, this.#longestPrefix);
    // The longest prefix says most: it comes right behind the word itself.
    for (let length = longest; length >= this.#shortestPrefix; length--) {
      const prefix = this.#prefixes.get(folded.slice(0, length));
      if (prefix !== undefined) symbols.push(prefix);
    }
    return symbols;
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
