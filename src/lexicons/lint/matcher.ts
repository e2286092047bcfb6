/** The matcher of one language as the analysis runs it, without the language detector before it. */
import { compileLexicon, openLexicon, type Lexicon } from '../../analysis/lexicon/compile.js';
import { Hits } from '../../analysis/lexicon/trie.js';
import { tokenize, tokenizeThai } from '../../analysis/text/tokenize.js';
import { NO_BREAK, Units } from '../../analysis/text/units.js';
import { WordCache } from '../../analysis/text/words.js';
import type { Mention } from '../../analysis/topics/matcher.js';
import type { LexiconFiles } from '../../analysis/types.js';

export class LintMatcher {
  readonly lexicon: Lexicon;
  readonly units = new Units();
  readonly hits = new Hits();
  readonly #words = new WordCache();

  /** @throws LexiconError where a file of the language cannot be compiled. */
  constructor(
    readonly language: string,
    files: LexiconFiles,
    topicIndex: ReadonlyMap<string, number>,
  ) {
    // Without the n-gram model: it has no part in what an entry matches.
    this.lexicon = openLexicon(language, 0, compileLexicon(language, files, topicIndex), { ...files, model: () => undefined });
  }

  /** Fills `units`. */
  split(text: string): void {
    if (this.lexicon.characters) tokenizeThai(text, this.units, this.#words);
    else tokenize(text, this.units, this.#words, this.lexicon.elisions);
  }

  /** Fills `units` and `hits`. */
  read(text: string): void {
    this.split(text);
    this.lexicon.trie.match(this.units, this.hits, this.lexicon.isOutput);
  }

  mentions(text: string): Mention[] {
    this.read(text);
    return this.lexicon.topics.match(this.units, this.hits);
  }

  /** Whether an entry may end before unit `end`: in Thai only between words. */
  mayEnd(end: number): boolean {
    const { units } = this;
    if (!this.lexicon.characters || end >= units.length) return true;
    return units.boundary[end] === 1 || units.breakBefore[end] !== NO_BREAK || units.word[end]?.surface === ' ';
  }

  /** Nodes matched from unit `start` to unit `end`, that are entries of the language's word files. */
  *nodes(start: number, end: number): Generator<number> {
    const { hits, units } = this;
    if (start >= units.length || (this.lexicon.characters && units.boundary[start] === 0)) return;
    for (let h = hits.first[start]!; h < hits.first[start + 1]!; h++) if (hits.end[h] === end && this.mayEnd(end)) yield hits.node[h]!;
  }
}
