/** normalise -> language -> segments -> tokens -> sentiment and topics in one pass over the tokens -> evidence -> labels */
import { createHash } from 'node:crypto';
import { compileLexicon, type Lexicon } from './lexicon/compile.js';
import { Hits } from './lexicon/trie.js';
import { LanguageDetector, type Detected } from './language/detect.js';
import { documentSentiment } from './sentiment/document.js';
import { PARAMETERS } from './sentiment/parameters.js';
import { scoreClauses, type Scored } from './sentiment/score.js';
import { thaiShare, tokenize, tokenizeThai } from './text/tokenize.js';
import { Units } from './text/units.js';
import { WordCache } from './text/words.js';
import type { Mention } from './topics/matcher.js';
import { topicSentiments } from './topics/sentiment.js';
import { parseTaxonomy, type Taxonomy } from './topics/taxonomy.js';
import type { AnalysisResult, AnalyzeHints, Analyzer, LexiconFiles } from './types.js';

/** Raised whenever the same text with the same lexicon could get another answer. */
const ENGINE = '1';
/** Units looked at; the rest of a longer text is left out and the result flagged `truncated`. */
const MAX_UNITS = 50_000;
const MAX_LENGTH = 200_000;
/** How far a rating must stand from the text's sentiment to be flagged: both clearly on opposite sides. */
const RATING_GOOD = 0.75;
const RATING_BAD = 0.25;

export interface AnalyzerOptions {
  /** Languages the shop expects: a prior for the detector. Absent: all alike. */
  expected?: readonly string[] | undefined;
}

/** Everything known of one text on the way: what `analyze` makes its result of and `explain` shows. */
export interface Trace {
  language: Detected;
  lexicon: Lexicon | undefined;
  units: Units;
  scored: Scored | undefined;
  mentions: Mention[];
  result: AnalysisResult;
}

export class UndertoneAnalyzer implements Analyzer {
  readonly versions;
  readonly languages: readonly string[];
  readonly taxonomy: Taxonomy;
  readonly #lexicons = new Map<string, Lexicon>();
  readonly #detector: LanguageDetector;
  readonly #words = new WordCache();
  readonly #units = new Units();
  readonly #hits = new Hits();

  constructor(
    readonly files: LexiconFiles,
    readonly options: AnalyzerOptions,
  ) {
    this.taxonomy = parseTaxonomy(files.get('taxonomy.yaml') ?? '');
    this.languages = [...files.keys()].filter((name) => name.endsWith('/sentiment.tsv')).map((name) => name.split('/')[0]!).sort(); // prettier-ignore
    this.#detector = new LanguageDetector(
      this.languages,
      new Map(this.languages.map((code) => [code, files.get(`${code}/words.tsv`) ?? ''])),
    );
    const hash = createHash('sha256');
    for (const [name, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (name.includes('/') || name === 'emoji.tsv') hash.update(name).update(content);
    hash.update(JSON.stringify(PARAMETERS));
    const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
    this.versions = { engine: ENGINE, lexicon: hash.digest('hex').slice(0, 8), taxonomy: digest(files.get('taxonomy.yaml') ?? '') };
  }

  /** Compiled on first use. @throws LexiconError listing every fault in the language's files. */
  lexicon(code: string): Lexicon | undefined {
    let lexicon = this.#lexicons.get(code);
    if (lexicon === undefined) {
      const index = this.languages.indexOf(code);
      if (index < 0) return undefined;
      lexicon = compileLexicon(code, index, this.files, this.taxonomy.index);
      this.#lexicons.set(code, lexicon);
    }
    return lexicon;
  }

  analyze(text: string, hints: AnalyzeHints = {}): AnalysisResult {
    return this.trace(text, hints).result;
  }

  trace(whole: string, hints: AnalyzeHints = {}): Trace {
    const flags: string[] = [];
    const text = whole.length > MAX_LENGTH ? whole.slice(0, MAX_LENGTH) : whole;
    if (text.length < whole.length) flags.push('truncated');
    const units = this.#units;
    const thai = thaiShare(text.length > 2_000 ? text.slice(0, 2_000) : text) > 0.25;
    if (thai) tokenizeThai(text, units, this.#words);
    else tokenize(text, units, this.#words, false);
    if (units.length > MAX_UNITS && !thai) {
      units.length = MAX_UNITS;
      if (flags.length === 0) flags.push('truncated');
    }
    const language = thai ? { code: 'th', confidence: 0.99 } : this.#detector.detect(text, units, hints.language, this.options.expected);
    // Emoji speak for themselves where there is no word at all; any lexicon holds them.
    const wordless = language.code === 'und' && !/\p{L}/u.test(text) && units.length > 0;
    const lexicon = this.lexicon(wordless ? (this.languages[0] ?? '') : language.code);
    if (lexicon === undefined) {
      const result: AnalysisResult = {
        language: { code: language.code, confidence: round2(language.confidence) },
        sentiment: { label: 'unsupported', score: 0, confidence: 0 },
        topics: [],
        areas: [],
        evidence: [],
        flags,
      };
      return { language, lexicon, units, scored: undefined, mentions: [], result };
    }
    if (lexicon.elisions) tokenize(text, units, this.#words, true);
    lexicon.trie.match(units, this.#hits, lexicon.isOutput);
    const scored = scoreClauses(units, this.#hits, lexicon);
    const mentions = lexicon.topics.match(units, this.#hits);
    const { topics, areas } = topicSentiments(units, mentions, scored, this.taxonomy);
    const sentiment = documentSentiment(units, scored, mentions);
    if (hints.rating !== undefined) {
      const { label } = sentiment;
      if ((label === 'negative' && hints.rating >= RATING_GOOD) || (label === 'positive' && hints.rating <= RATING_BAD))
        flags.push('rating-disagrees');
    }
    const result: AnalysisResult = {
      language: { code: language.code, confidence: round2(language.confidence) },
      sentiment: { label: sentiment.label, score: sentiment.score, confidence: sentiment.confidence },
      topics,
      areas,
      evidence: scored.contributions.map((c) => ({
        start: units.start[c.start]!,
        end: units.end[c.end - 1]!,
        weight: Math.round(c.weight * 100) / 100,
        rule: c.rule,
      })),
      flags,
    };
    return { language, lexicon, units, scored, mentions, result };
  }
}

const round2 = (x: number): number => Math.round(x * 100) / 100;

/** @throws Error naming the file at fault where the taxonomy cannot be read. */
export function createAnalyzer(files: LexiconFiles, options: AnalyzerOptions = {}): UndertoneAnalyzer {
  return new UndertoneAnalyzer(files, options);
}
