/**
 * Fits a small lexicon to a shop's own feedback, ratings standing in for labels.
 *
 *   words and phrases of the texts -> changes of the log-odds (fit.ts) -> weights (weights.ts)
 *
 * The gain is measured by cross-validation of all of it, with the analyzer as it will run: for each fifth of the authors the strength of
 * the penalty, the terms and their weights come from the other four.
 */
import type { UndertoneAnalyzer } from '../analysis/index.js';
import type { Lexicon } from '../analysis/lexicon/compile.js';
import { asContribution, findCandidates, MIN_AUTHORS, MIN_TEXTS, phrasesOf, type Candidate } from './candidates.js';
import { balanced, DOWN, EITHER_WAY, fitPath, loss, NO_WAY, PENALTIES, surprise, UP, type Column, type Design } from './fit.js';
import { foldOf, FOLDS, hash32 } from './folds.js';
import { gainOf, type Gain, type Judged } from './gain.js';
import { logOdds, tokensOf, type LabelledText, type Token } from './texts.js';
import { TrialLexicon, weightsOf, type NewWeight, type ReadText } from './weights.js';

/** Labelled texts a language needs, and of the rarer label. */
export const LEAST_TEXTS = 200;
export const LEAST_OF_A_LABEL = 40;
/** More are not read: the terms of a shop are known by then, and a fit takes seconds. */
export const MOST_TEXTS = 10_000;
/** As in analysis/sentiment/features.ts: sums are damped by the root of the length over a typical one. */
const TYPICAL = 12;
const MOST_OCCURRENCES = 2;
/** In standard errors: of some thousand words, a handful are so surprising by chance. */
const LEAST_SURPRISE = 2.5;
/** Of a term that our lexicon does not know: the share of its texts that are of one kind. Common is what a tenth of all texts hold. */
const CLEAR = 2 / 3;
const COMMON = 0.1;
const CLEAR_IF_COMMON = 0.8;

export interface TunedTerm {
  term: string;
  /** What our lexicon makes of it; 0 where it does not know it. */
  before: number;
  after: number;
  /** Texts it is in, and how many of these are rated well. */
  texts: number;
  positive: number;
}

export interface Tuning {
  language: string;
  negative: number;
  positive: number;
  /** Labelled texts there were; those beyond MOST_TEXTS are not used. */
  available: number;
  /** Why nothing was fitted. */
  refused?: string;
  /** Words left out because they look like names. */
  names: number;
  gain?: Gain;
  /** By term. Empty where nothing is worth changing. */
  terms: TunedTerm[];
}

export interface TuneOptions {
  functionWords: ReadonlySet<string>;
  /** Folded terms the shop has entered by hand: they stay. */
  own: ReadonlySet<string>;
  /** A place in the caches of the words that no other lexicon has: from analyzer.languages.length on, each only once. */
  index: number;
  /** Called before each of `steps` steps. */
  onStep?: ((step: number, steps: number) => void) | undefined;
}

/** @param lexicon of the language, hand-written entries included, tuned ones left out */
export function tuneLanguage(analyzer: UndertoneAnalyzer, lexicon: Lexicon, given: readonly LabelledText[], options: TuneOptions): Tuning {
  const texts = usable(given);
  const positive = texts.filter((t) => t.positive).length;
  const negative = texts.length - positive;
  const result: Tuning = { language: lexicon.language, negative, positive, available: given.length, names: 0, terms: [] };
  const folds = texts.map(({ author }) => foldOf(author));
  const refused = whyNot(texts, folds, negative, positive);
  if (refused !== undefined) return { ...result, refused };

  const shop = readShop(analyzer, lexicon, texts, options);
  const { candidates, design, read } = shop;
  result.names = shop.names;
  if (candidates.length === 0) return { ...result, refused: `no word but known ones is in ${MIN_TEXTS} texts of ${MIN_AUTHORS} authors` };
  const trial = new TrialLexicon(analyzer, lexicon, candidates, options.index);

  const fitOn = (chosen: readonly number[]): NewWeight[] => {
    const strength = bestPenalty(shop, folds, chosen);
    const weights = balanced(design.positive, (i) => chosen.includes(folds[i]!));
    const fit = fitPath(design, weights, waysIn(shop, weights), strength + 1).at(-1)!;
    return weightsOf(fit, design, trial, read, weights, (j) => (goodShare(design, weights, j) >= 0.5 ? 1 : -1));
  };

  const all = Array.from({ length: FOLDS }, (_, fold) => fold);
  const judged: Judged[] = [];
  for (const fold of all) {
    options.onStep?.(fold, FOLDS + 1);
    trial.use(fitOn(all.filter((other) => other !== fold)));
    texts.forEach((text, i) => {
      if (folds[i] === fold) {
        judged.push({
          author: text.author,
          positive: text.positive,
          before: score(design.given[i]!),
          after: score(trial.logOdds(read[i]!)),
        });
      }
    });
  }
  options.onStep?.(FOLDS, FOLDS + 1);
  const terms = fitOn(all).map(({ candidate, before, after }): TunedTerm => {
    const { rows } = design.columns[candidate]!;
    const good = rows.reduce((n, i) => n + design.positive[i]!, 0);
    return { term: candidates[candidate]!.term, before, after, texts: rows.length, positive: good };
  });
  return { ...result, gain: gainOf(judged), terms: terms.sort((a, b) => (a.term < b.term ? -1 : 1)) };
}

/** Sign of what the analyzer would say, to its three decimals: nothing but the sign is looked at. */
const score = (z: number): number => Math.round(Math.tanh(z / 2) * 1_000) / 1_000;

/** At most MOST_TEXTS, chosen by hash; in an order that does not hang on the file's. */
function usable(texts: readonly LabelledText[]): LabelledText[] {
  const keyed = texts.map((text) => ({ text, key: hash32(`text ${text.author} ${text.text}`) }));
  keyed.sort((a, b) => a.key - b.key || (a.text.text < b.text.text ? -1 : 1));
  return keyed.slice(0, MOST_TEXTS).map(({ text }) => text);
}

function whyNot(texts: readonly LabelledText[], folds: readonly number[], negative: number, positive: number): string | undefined {
  if (texts.length < LEAST_TEXTS) return `needs at least ${LEAST_TEXTS} texts with a clear rating, has ${texts.length}`;
  if (Math.min(negative, positive) < LEAST_OF_A_LABEL) {
    const rarer = negative < positive ? 'negative' : 'positive';
    return `needs at least ${LEAST_OF_A_LABEL} ${rarer} texts, has ${Math.min(negative, positive)}`;
  }
  const kinds = new Set(texts.map(({ positive: p }, i) => `${folds[i]} ${p}`));
  return kinds.size < 2 * FOLDS ? 'too few authors: expected good and bad ratings of some in every fifth of them' : undefined;
}

interface Shop {
  candidates: Candidate[];
  names: number;
  design: Design;
  read: ReadText[];
  authors: number[];
}

/** Every text read once: what the analyzer says, and which candidates are where. */
function readShop(analyzer: UndertoneAnalyzer, lexicon: Lexicon, texts: readonly LabelledText[], options: TuneOptions): Shop {
  const read: ReadText[] = [];
  const tokens: Token[][] = [];
  const known: { from: number; to: number; factor: number }[][] = [];
  const given = texts.map(({ text }) => {
    const { units, scored } = analyzer.read(text, lexicon);
    const ngrams = lexicon.ngrams.score(units);
    const own = tokensOf(units, lexicon);
    read.push({ text, ngrams });
    tokens.push(own);
    known.push(scored.contributions.flatMap(({ start, end, base, weight, rule }) => {
      if (rule === 'bare-negation' || rule === 'topic-phrase' || base === 0) return [];
      const factor = weight / asContribution(base);
      return { from: own.findIndex((t) => t.end > start), to: own.findLastIndex((t) => t.start < end) + 1, factor };
    })); // prettier-ignore
    return logOdds(analyzer, lexicon, text, ngrams);
  });
  const numbers = new Map<string, number>();
  const authors = texts.map(({ author }) => numbers.get(author) ?? (numbers.set(author, numbers.size), numbers.size - 1));
  const { candidates, names } = findCandidates(analyzer, lexicon, tokens, authors, options.functionWords, options.own);
  const positions = new Map(candidates.map(({ key }, j) => [key, j]));
  const cells = candidates.map(() => ({ rows: [] as number[], values: [] as number[] }));
  tokens.forEach((own, i) => {
    for (const [j, value] of valuesIn(own, known[i]!, positions)) {
      cells[j]!.rows.push(i);
      cells[j]!.values.push(value / Math.sqrt(Math.max(1, own.length / TYPICAL)));
    }
  });
  const columns = cells.map(({ rows, values }): Column => ({ rows: Int32Array.from(rows), values: Float64Array.from(values) }));
  const positive = Uint8Array.from(texts, (t) => (t.positive ? 1 : 0));
  return { candidates, names, design: { given: Float64Array.from(given), positive, columns }, read, authors };
}

/** How often each candidate stands in a text and counts there, turned and weakened as what is known already is. */
function valuesIn(
  tokens: readonly Token[],
  known: readonly { from: number; to: number; factor: number }[],
  positions: ReadonlyMap<string, number>,
): Map<number, number> {
  const values = new Map<number, number>();
  for (const { key, from, to } of phrasesOf(tokens)) {
    const j = positions.get(key);
    if (j === undefined) continue;
    const over = known.find((k) => k.from <= from && k.to >= to);
    // The longest match wins: inside a longer entry of ours nothing is looked up.
    if (over !== undefined && over.to - over.from > to - from) continue;
    const value = (values.get(j) ?? 0) + (over?.factor ?? 1);
    values.set(j, Math.min(MOST_OCCURRENCES, Math.max(-MOST_OCCURRENCES, value)));
  }
  return values;
}

/**
 * Which candidates may change, and which way, by the weighted texts alone: seen often enough, labelled otherwise than the analyzer
 * expects, and never so that a word which stands in bad texts as a rule comes to be good.
 */
function waysIn({ design, authors, candidates }: Shop, weights: Float64Array): Int8Array {
  const surprises = surprise(design, weights);
  const n = weights.filter((weight) => weight !== 0).length;
  return Int8Array.from(design.columns, ({ rows }, j) => {
    const own = [...rows].filter((i) => weights[i] !== 0);
    if (own.length < MIN_TEXTS || Math.abs(surprises[j]!) < LEAST_SURPRISE) return NO_WAY;
    if (new Set(own.map((i) => authors[i])).size < MIN_AUTHORS) return NO_WAY;
    if (candidates[j]!.before !== 0) return EITHER_WAY;
    // A term in good and bad texts says nothing of either; one in very many is as a rule what the shop sells, and has to be clearer.
    const clear = own.length > COMMON * n ? CLEAR_IF_COMMON : CLEAR;
    const share = goodShare(design, weights, j);
    if (surprises[j]! > 0) return share >= clear ? UP : NO_WAY;
    return share <= 1 - clear ? DOWN : NO_WAY;
  });
}

/** Share of the good ones among the texts a term is in, were there as many good as bad texts in all. */
function goodShare({ positive, columns }: Design, weights: Float64Array, column: number): number {
  let [good, all] = [0, 0];
  for (const i of columns[column]!.rows) {
    all += weights[i]!;
    if (positive[i] === 1) good += weights[i]!;
  }
  return good / all;
}

/**
 * Position in PENALTIES of the one that serves best on each of the chosen folds, fitted on the others: least mean loss. 0, which changes
 * nothing, where that is not better than nothing by more than a standard error.
 */
function bestPenalty(shop: Shop, folds: readonly number[], chosen: readonly number[]): number {
  const { design } = shop;
  const losses = chosen.map((inner) => {
    const fitted = balanced(design.positive, (i) => folds[i] !== inner && chosen.includes(folds[i]!));
    const left = balanced(design.positive, (i) => folds[i] === inner);
    return fitPath(design, fitted, waysIn(shop, fitted)).map((fit) => loss(design, left, fit));
  });
  const means = PENALTIES.map((_, k) => mean(losses.map((byPenalty) => byPenalty[k]! - byPenalty[0]!)));
  const best = means.indexOf(Math.min(...means));
  const gains = losses.map((byPenalty) => byPenalty[0]! - byPenalty[best]!);
  const spread = Math.sqrt(mean(gains.map((gain) => (gain + means[best]!) ** 2)) / (gains.length - 1));
  return -means[best]! > spread ? best : 0;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
