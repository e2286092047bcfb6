/** normalise -> language -> segments -> tokens -> sentiment and topics in one pass over the tokens -> evidence -> labels */
import { createHash } from 'node:crypto';
import type { Evidence, Label } from '../feedback.js';
import { compileLexicon, openLexicon, type Lexicon } from './lexicon/compile.js';
import { extendLexicon } from './lexicon/extend.js';
import { Hits } from './lexicon/trie.js';
import { LanguageDetector, type LanguageGuess } from './language/detect.js';
import { LanguageModel } from './language/model.js';
import { DocumentModel, addTopicPhrases } from './sentiment/document.js';
import { FEATURES, documentFeatures } from './sentiment/features.js';
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
/** Characters looked at; the rest of a longer text is left out and the result flagged `truncated`. */
const MAX_LENGTH = 200_000;
/** Share of Thai among the letters over which a text is read as Thai. */
const THAI_SHARE = 0.25;
const NO_NGRAMS = { sign: 0, neutral: 0 };
/** How far a rating must stand from the text's sentiment to be flagged: both clearly on opposite sides. */
const RATING_GOOD = 0.75;
const RATING_BAD = 0.25;

export interface AnalyzerOptions {
  /** Languages the shop expects: a prior for the detector. Absent: all alike. */
  expected?: readonly string[] | undefined;
  /** A detector of many languages, asked where our own evidence does not settle it. Absent: franc. */
  secondOpinion?: ((text: string) => LanguageGuess[]) | undefined;
}

/** A text read in one language. The units are reused by the next reading. */
export interface Reading {
  units: Units;
  scored: Scored;
  mentions: Mention[];
}

/** Everything known of one text on the way: what `analyze` makes its result of and `explain` shows. */
export interface Trace {
  lexicon: Lexicon | undefined;
  reading: Reading | undefined;
  /** Values in the order of FEATURES; reused by the next trace. */
  features: Float64Array | undefined;
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
  readonly #features = new Float64Array(FEATURES.length);
  readonly model: DocumentModel;

  constructor(
    readonly files: LexiconFiles,
    readonly options: AnalyzerOptions,
  ) {
    this.taxonomy = parseTaxonomy(files.text('taxonomy.yaml'));
    this.languages = files.names.filter((name) => name.endsWith('/sentiment.tsv')).map((name) => name.split('/')[0]!).sort(); // prettier-ignore
    const languageModel = files.model('languages.bin');
    if (languageModel === undefined) throw new Error('lexicons/languages.bin: expected a language model, found none; run `npm run fit`');
    this.#detector = new LanguageDetector(
      {
        model: LanguageModel.parse(languageModel),
        words: new Map(this.languages.map((code) => [code, files.text(`${code}/words.tsv`)])),
        markers: files.text('markers.tsv'),
      },
      options.secondOpinion,
    );
    this.model = new DocumentModel(files.text('scoring.yaml'));
    // The numbers in code count as part of the lexicon: another reach of a negation gives another answer.
    const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
    this.versions = {
      engine: ENGINE,
      lexicon: digest(files.version + JSON.stringify(PARAMETERS)),
      taxonomy: digest(files.text('taxonomy.yaml')),
    };
  }

  /** Compiled on first use. @throws LexiconError listing every fault in the language's files. */
  lexicon(code: string): Lexicon | undefined {
    let lexicon = this.#lexicons.get(code);
    if (lexicon === undefined) {
      const index = this.languages.indexOf(code);
      if (index < 0) return undefined;
      lexicon = openLexicon(code, index, this.compiled(code), this.files);
      this.#lexicons.set(code, lexicon);
    }
    return lexicon;
  }

  /** A language's lexicon with the shop's over it, for `openLexicon`. @throws LexiconError listing every fault in the language's files. */
  compiled(code: string): Uint8Array {
    // Patterns are compiled all together; terms of the shop's are added to what is compiled already, which is much faster.
    const ownPatterns = (this.files.overlay?.(`${code}/topics.tsv`) ?? []).length > 0;
    const packed = ownPatterns ? undefined : this.files.packed?.(code);
    return extendLexicon(code, packed ?? compileLexicon(code, this.files, this.taxonomy.index), this.files);
  }

  analyze(text: string, hints: AnalyzeHints = {}): AnalysisResult {
    return this.trace(text, hints).result;
  }

  /** Reads a text as being in this language: its units, its clauses' sentiment, its mentions of topics. */
  read(text: string, lexicon: Lexicon): Reading {
    const units = this.#units;
    if (lexicon.characters) tokenizeThai(text, units, this.#words);
    else tokenize(text, units, this.#words, lexicon.elisions);
    return this.#readUnits(units, lexicon);
  }

  #readUnits(units: Units, lexicon: Lexicon): Reading {
    lexicon.trie.match(units, this.#hits, lexicon.isOutput);
    const scored = scoreClauses(units, this.#hits, lexicon);
    const mentions = lexicon.topics.match(units, this.#hits);
    addTopicPhrases(scored, mentions);
    return { units, scored, mentions };
  }

  trace(whole: string, hints: AnalyzeHints = {}): Trace {
    const flags: string[] = [];
    const text = whole.length > MAX_LENGTH ? whole.slice(0, MAX_LENGTH) : whole;
    if (text.length < whole.length) flags.push('truncated');
    const units = this.#units;
    const thai = thaiShare(text.length > 2_000 ? text.slice(0, 2_000) : text) > THAI_SHARE;
    if (thai) tokenizeThai(text, units, this.#words);
    else tokenize(text, units, this.#words, false);
    const language = thai ? { code: 'th', confidence: 0.99 } : this.#detector.detect(text, units, hints.language, this.options.expected);
    // Emoji speak for themselves where there is no word at all; any lexicon holds them.
    const wordless = language.code === 'und' && units.length > 0 && !/\p{L}/u.test(text);
    const lexicon = this.lexicon(wordless ? this.languages[0]! : language.code);
    const tagged = { code: language.code, confidence: round2(language.confidence) };
    if (lexicon === undefined) return unsupported(tagged, flags);
    const reading = lexicon.elisions ? this.read(text, lexicon) : this.#readUnits(units, lexicon);
    const { scored, mentions } = reading;
    if (wordless && scored.contributions.length === 0) return unsupported(tagged, flags);
    const ngrams = wordless ? NO_NGRAMS : lexicon.ngrams.score(units);
    const features = documentFeatures(units, scored, ngrams, this.#features);
    const sentiment = this.model.judge(lexicon.language, features, scored);
    const { topics, areas } = topicSentiments(units, mentions, scored, this.taxonomy);
    if (hints.rating !== undefined && disagrees(sentiment.label, hints.rating)) flags.push('rating-disagrees');
    const evidence: Evidence[] = scored.contributions.map((c) => ({
      start: units.start[c.start]!,
      end: units.end[c.end - 1]!,
      weight: round2(c.weight),
      rule: c.rule,
    }));
    if (evidence.length === 0 && (sentiment.label === 'negative' || sentiment.label === 'positive')) {
      evidence.push(...lexicon.ngrams.strongest(units, sentiment.label === 'positive' ? 1 : -1, 3));
    }
    // Written out: spreading objects here costs more than the scoring does.
    return { lexicon, reading, features, result: { language: tagged, sentiment, topics, areas, evidence, flags } };
  }
}

function unsupported(language: AnalysisResult['language'], flags: string[]): Trace {
  const sentiment = { label: 'unsupported' as const, score: 0, confidence: 0 };
  return {
    lexicon: undefined,
    reading: undefined,
    features: undefined,
    result: { language, sentiment, topics: [], areas: [], evidence: [], flags },
  };
}

/** Rating from 0 to 1: both clearly on opposite sides. */
function disagrees(label: Label, rating: number): boolean {
  return (label === 'negative' && rating >= RATING_GOOD) || (label === 'positive' && rating <= RATING_BAD);
}

const round2 = (x: number): number => Math.round(x * 100) / 100;

/** @throws Error naming the file at fault where the taxonomy cannot be read. */
export function createAnalyzer(files: LexiconFiles, options: AnalyzerOptions = {}): UndertoneAnalyzer {
  return new UndertoneAnalyzer(files, options);
}
