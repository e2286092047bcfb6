/** normalise -> language -> segments (parts in other languages) -> tokens -> sentiment and topics in one pass over the tokens -> evidence -> labels */
import { createHash } from 'node:crypto';
import type { Evidence, Label, TopicMention } from '../feedback.js';
import { compileLexicon, openLexicon, type Lexicon } from './lexicon/compile.js';
import { extendLexicon } from './lexicon/extend.js';
import { Hits } from './lexicon/trie.js';
import { LanguageDetector, type Detected, type LanguageGuess } from './language/detect.js';
import type { Beforehand } from './language/prior.js';
import { readWith } from './language/families.js';
import { LanguageModel } from './language/model.js';
import { LanguageSegmenter, type Segment } from './language/segments.js';
import { DocumentModel, addTopicPhrases, judge, type Probabilities } from './sentiment/document.js';
import { FEATURES, documentFeatures } from './sentiment/features.js';
import type { NgramScore } from './sentiment/ngrams.js';
import { PARAMETERS } from './sentiment/parameters.js';
import { scoreClauses, type Scored } from './sentiment/score.js';
import { thaiShare, tokenize, tokenizeThai } from './text/tokenize.js';
import { Units } from './text/units.js';
import { WordCache } from './text/words.js';
import type { Mention } from './topics/matcher.js';
import { denyMentions } from './topics/negation.js';
import { topicSentiments } from './topics/sentiment.js';
import { parseTaxonomy, taxonomyContent, type Taxonomy } from './topics/taxonomy.js';
import type { AnalysisResult, AnalyzeHints, Analyzer, LexiconFiles } from './types.js';

/** Raised whenever the same text with the same lexicon could get another answer. */
const ENGINE = '2';
/** Characters looked at; the rest of a longer text is left out and the result flagged `truncated`. */
const MAX_LENGTH = 200_000;
/** Share of Thai among the letters over which a text is read as Thai. */
const THAI_SHARE = 0.25;
/** Evidence shown of a text that is about nothing in particular. */
const FALLBACK_SPANS = 3;
const THAI: Detected = { code: 'th', confidence: 0.99 };
const NO_NGRAMS: NgramScore = { sign: 0, neutral: 0 };
/** How far a rating must stand from the text's sentiment to be flagged: both clearly on opposite sides. */
const RATING_GOOD = 0.75;
const RATING_BAD = 0.25;

export interface AnalyzerOptions {
  /** Languages the shop expects: a prior for the detector. Absent: all alike. */
  expected?: readonly string[] | undefined;
  /** A detector of many languages, asked where our own evidence does not settle it. Absent: franc. */
  secondOpinion?: ((text: string) => LanguageGuess[]) | undefined;
}

/** A text, or a part of one, read in one language. */
export interface Reading {
  lexicon: Lexicon;
  units: Units;
  scored: Scored;
  ngrams: NgramScore;
  mentions: Mention[];
}

/** Everything known of one text on the way: what `analyze` makes its result of and `explain` shows. Reused by the next trace. */
export interface Trace {
  /** The lexicon of the main language; undefined where it has none. */
  lexicon: Lexicon | undefined;
  /** One for each part in a language that has a lexicon: one in all, for most texts. */
  parts: Reading[];
  /** Values in the order of FEATURES. */
  features: Float64Array;
  /** Of the three classes; undefined where the main language has no lexicon. */
  probabilities: Probabilities | undefined;
  result: AnalysisResult;
}

export class UndertoneAnalyzer implements Analyzer {
  readonly versions;
  readonly languages: readonly string[];
  readonly taxonomy: Taxonomy;
  readonly #lexicons = new Map<string, Lexicon>();
  readonly #detector: LanguageDetector;
  readonly #segmenter: LanguageSegmenter;
  readonly #words = new WordCache();
  readonly #units = new Units();
  readonly #hits = new Hits();
  readonly #features = new Float64Array(FEATURES.length);
  readonly model: DocumentModel;

  constructor(
    readonly files: LexiconFiles,
    readonly options: AnalyzerOptions,
  ) {
    this.taxonomy = parseTaxonomy(files.text('taxonomy.yaml'), files.overlay?.('taxonomy.yaml'));
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
    this.#segmenter = new LanguageSegmenter(this.#detector, this.#words);
    this.model = new DocumentModel(files.text('scoring.yaml'));
    // The numbers in code count as part of the lexicon: another reach of a negation gives another answer.
    const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
    this.versions = {
      engine: ENGINE,
      lexicon: digest(files.version + JSON.stringify(PARAMETERS)),
      taxonomy: digest(taxonomyContent(files)),
    };
  }

  /** The language's own, or the one it is read with. Compiled on first use. @throws LexiconError listing every fault in the language's files. */
  lexicon(given: string): Lexicon | undefined {
    const code = readWith(given);
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

  /** Reads a text, or the part of it from `from` up to `to`, as being in this language. The units are reused by the next reading. */
  read(text: string, lexicon: Lexicon, units = this.#units, from = 0, to = text.length): Reading {
    if (lexicon.characters) tokenizeThai(text, units, this.#words, from, to);
    else tokenize(text, units, this.#words, lexicon.elisions, from, to);
    return this.#readUnits(units, lexicon);
  }

  #readUnits(units: Units, lexicon: Lexicon): Reading {
    lexicon.trie.match(units, this.#hits, lexicon.isOutput);
    const scored = scoreClauses(units, this.#hits, lexicon);
    const mentions = lexicon.topics.match(units, this.#hits);
    denyMentions(units, this.#hits, lexicon, scored, mentions);
    addTopicPhrases(scored, mentions);
    return { lexicon, units, scored, mentions, ngrams: lexicon.ngrams.score(units) };
  }

  #beforehand({ language, authorLanguages }: AnalyzeHints): Beforehand {
    return { hint: language, expected: this.options.expected, authorLanguages };
  }

  trace(whole: string, hints: AnalyzeHints = {}): Trace {
    const flags: string[] = [];
    const text = whole.length > MAX_LENGTH ? whole.slice(0, MAX_LENGTH) : whole;
    if (text.length < whole.length) flags.push('truncated');
    const units = this.#units;
    const thai = thaiShare(text.length > 2_000 ? text.slice(0, 2_000) : text);
    if (thai > THAI_SHARE) tokenizeThai(text, units, this.#words);
    else tokenize(text, units, this.#words, false);
    const before = this.#beforehand(hints);
    let language = thai > THAI_SHARE ? THAI : this.#detector.detect(text, units, before);
    const segments = this.#segmenter.segments(text, units, language, thai, before);
    if (segments !== undefined) {
      flags.push('mixed-language');
      language = mainLanguage(segments, language);
    }
    const tagged = { code: language.code, confidence: round2(language.confidence) };
    const spans = segments?.map(({ start, end, code }) => ({ start, end, language: code }));
    // Emoji speak for themselves where there is no word at all; any lexicon holds them.
    const wordless = language.code === 'und' && units.length > 0 && !/\p{L}/u.test(text);
    const lexicon = this.lexicon(wordless ? this.languages[0]! : language.code);
    if (lexicon === undefined) return this.#unsupported(tagged, flags, spans);
    const parts =
      segments !== undefined
        ? this.#readSegments(text, segments)
        : [lexicon.elisions ? this.read(text, lexicon) : this.#readUnits(units, lexicon)];
    if (wordless) {
      parts[0]!.ngrams = NO_NGRAMS;
      if (parts[0]!.scored.contributions.length === 0) return this.#unsupported(tagged, flags, spans);
    }
    const features = documentFeatures(parts, this.#features);
    const probabilities = this.model.probabilities(lexicon.language, features, hints.kind);
    const sentiment = judge(probabilities, parts);
    const { topics, areas } = topicSentiments(parts, this.taxonomy, probabilities);
    if (hints.rating !== undefined && disagrees(sentiment.label, hints.rating)) flags.push('rating-disagrees');
    const evidence = parts.flatMap(evidenceOf);
    if (evidence.length === 0 && (sentiment.label === 'negative' || sentiment.label === 'positive')) {
      const side = sentiment.label === 'positive' ? 1 : -1;
      for (const { lexicon, units } of parts) evidence.push(...lexicon.ngrams.strongest(units, side, 3));
    }
    if (topics.length === 0) this.#addFallback(sentiment, evidence, topics, areas);
    // Written out: spreading objects here costs more than the scoring does.
    const result: AnalysisResult = { language: tagged, sentiment, topics, areas, evidence, flags };
    if (spans !== undefined) result.segments = spans;
    return { lexicon, parts, features, probabilities, result };
  }

  /** Praise or blame of nothing in particular is a topic too, or nobody would find it by topic. */
  #addFallback(
    { label, score }: AnalysisResult['sentiment'],
    evidence: Evidence[],
    topics: TopicMention[],
    areas: AnalysisResult['areas'],
  ): void {
    const { fallback } = this.taxonomy;
    if (fallback === undefined || label === 'neutral' || label === 'unsupported') return;
    const side = Math.sign(score);
    const spans = evidence.filter(({ weight }) => label === 'mixed' || Math.sign(weight) === side).slice(0, FALLBACK_SPANS);
    topics.push({ id: fallback.id, label, score, evidence: spans.map(({ start, end }) => ({ start, end })) });
    areas.push({ id: fallback.area, label, score });
  }

  /** Each part by its own lexicon; a part in a language without one has no say. */
  #readSegments(text: string, segments: readonly Segment[]): Reading[] {
    const parts: Reading[] = [];
    for (const { code, start, end } of segments) {
      const lexicon = this.lexicon(code);
      if (lexicon !== undefined) parts.push(this.read(text, lexicon, new Units(), start, end));
    }
    return parts;
  }

  #unsupported(language: AnalysisResult['language'], flags: string[], segments: AnalysisResult['segments']): Trace {
    const sentiment = { label: 'unsupported' as const, score: 0, confidence: 0 };
    const result: AnalysisResult = { language, sentiment, topics: [], areas: [], evidence: [], flags };
    if (segments !== undefined) result.segments = segments;
    return { lexicon: undefined, parts: [], features: this.#features, probabilities: undefined, result };
  }
}

const evidenceOf = ({ units, scored }: Reading): Evidence[] =>
  scored.contributions.map((c) => ({ start: units.start[c.start]!, end: units.end[c.end - 1]!, weight: round2(c.weight), rule: c.rule }));

/** The language of most words; it is as sure as the text is in it. */
function mainLanguage(segments: readonly Segment[], detected: Detected): Detected {
  const words = new Map<string, number>();
  let all = 0;
  for (const { code, words: n } of segments) {
    words.set(code, (words.get(code) ?? 0) + n);
    all += n;
  }
  let code = detected.code;
  for (const [other, n] of words) if (n > (words.get(code) ?? 0)) code = other;
  return { code, confidence: Math.min(0.99, (words.get(code) ?? 0) / Math.max(1, all)) };
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
