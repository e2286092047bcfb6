/** Changes of a text's log-odds -> weights of the lexicon, as the analyzer would need them to come to the same. */
import type { UndertoneAnalyzer } from '../analysis/index.js';
import { extendLexicon } from '../analysis/lexicon/extend.js';
import { entryWords, openLexicon, type Lexicon } from '../analysis/lexicon/compile.js';
import type { NgramScore } from '../analysis/sentiment/ngrams.js';
import { asContribution, asWeight, type Candidate } from './candidates.js';
import { addColumns, type Design, type Fit } from './fit.js';
import { logOdds } from './texts.js';

/** Smaller changes are not worth a person's reading. */
const LEAST_CHANGE = 0.3;
const MOST_TERMS = 150;
const LIMIT = 4;
/** A term in so many texts may change by half of LIMIT. */
const HALF_TRUSTED = 20;
/** The scale of the weights is measured on so many texts, in so many rounds. */
const SAMPLE = 1_500;
const ROUNDS = 3;
const SCALES = [0.4, 2] as const;
/** What the fit takes from the analyzer's own log-odds must not be made up for more than so much. */
const LEAST_SLOPE = 0.4;

export interface NewWeight {
  /** Position of the candidate. */
  candidate: number;
  before: number;
  after: number;
}

export interface ReadText {
  text: string;
  ngrams: NgramScore;
}

/** The analyzer with any weights for the candidates: one lexicon that holds all of them, switched on as they are wanted. */
export class TrialLexicon {
  readonly #lexicon: Lexicon;
  readonly #nodes: number[];
  readonly #ours: number[];

  /** @param index a place in the caches of the words that no other lexicon has */
  constructor(
    readonly analyzer: UndertoneAnalyzer,
    base: Lexicon,
    readonly candidates: readonly Candidate[],
    index: number,
  ) {
    const { language } = base;
    const text = candidates.map(({ term }) => `${term}\t1`).join('\n');
    const overlay = (name: string) => (name === `${language}/sentiment.tsv` ? [{ place: 'candidates', text }] : []);
    const bytes = extendLexicon(language, analyzer.compiled(language), { ...analyzer.files, overlay });
    this.#lexicon = openLexicon(language, index, bytes, analyzer.files);
    const words = candidates.map(({ term }) => entryWords(language, term));
    this.#nodes = words.map((entry) => this.#lexicon.trie.nodeOf(entry));
    this.#ours = words.map((entry) => {
      const node = base.trie.nodeOf(entry);
      return node === 0 ? Number.NaN : base.weight[node]!;
    });
  }

  use(weights: readonly NewWeight[]): void {
    this.#nodes.forEach((node, j) => (this.#lexicon.weight[node] = this.#ours[j]!));
    for (const { candidate, after } of weights) this.#lexicon.weight[this.#nodes[candidate]!] = after;
  }

  logOdds({ text, ngrams }: ReadText): number {
    return logOdds(this.analyzer, this.#lexicon, text, ngrams);
  }
}

/**
 * The longest term that matches counts alone, so a phrase gets the changes of the words in it besides its own. How far the analyzer
 * moves for a weight depends on all that it adds up: the scale is set so that over the texts it moves as far as the fit wants it to.
 * @param weights by text: 0 for those the fit was not made on
 * @param sideOf gives the side a candidate's weight must not leave: that of the texts it is in
 */
export function weightsOf(
  fit: Fit,
  design: Design,
  trial: TrialLexicon,
  read: readonly ReadText[],
  weights: Float64Array,
  sideOf: (candidate: number) => 1 | -1,
): NewWeight[] {
  const wanted = new Float64Array(read.length);
  addColumns(wanted, design.columns, fit.changes);
  const slope = Math.max(LEAST_SLOPE, fit.slope);
  const sample = [...weights.keys()].filter((i) => weights[i] !== 0 && wanted[i] !== 0).slice(0, SAMPLE);
  const changes = wholeChanges(trial.candidates, fit.changes);
  const atScale = (scale: number): NewWeight[] => scaled(trial.candidates, changes, scale, sideOf);
  let scale = 1;
  for (let round = 0; round < ROUNDS && sample.length > 0; round++) {
    trial.use(atScale(scale));
    let [moved, asked] = [0, 0];
    for (const i of sample) {
      const want = wanted[i]! / slope;
      // Where the analyzer is sure it hardly moves, and need not: what counts is the texts on the edge.
      const edge = 1 / Math.cosh(design.given[i]! / 2) ** 2;
      moved += edge * (trial.logOdds(read[i]!) - design.given[i]!) * want;
      asked += edge * want * want;
    }
    const ratio = moved / asked;
    scale = Math.min(SCALES[1], Math.max(SCALES[0], ratio > 0.1 ? scale / ratio : scale * 2));
  }
  return atScale(scale);
}

/** Own change of each candidate that has one, and of every part of it; inside an entry of ours the parts never counted. */
function wholeChanges(candidates: readonly Candidate[], changes: Float64Array): Map<number, number> {
  const byKey = new Map(candidates.map(({ key }, j) => [key, changes[j]!]));
  const whole = new Map<number, number>();
  candidates.forEach(({ words, entry }, j) => {
    if (changes[j] === 0) return;
    if (entry) {
      whole.set(j, changes[j]!);
      return;
    }
    let sum = 0;
    for (let from = 0; from < words.length; from++) {
      for (let to = from + 1; to <= words.length; to++) sum += byKey.get(words.slice(from, to).join(' ')) ?? 0;
    }
    whole.set(j, sum);
  });
  return whole;
}

const tenths = (x: number): number => Math.round(x * 10) / 10 || 0;

function scaled(
  candidates: readonly Candidate[],
  changes: ReadonlyMap<number, number>,
  scale: number,
  sideOf: (candidate: number) => 1 | -1,
): NewWeight[] {
  const all: NewWeight[] = [];
  for (const [candidate, change] of changes) {
    const { before, texts } = candidates[candidate]!;
    // Ten texts may be chance; they move a weight by a third of what hundreds could.
    const most = (LIMIT * texts) / (texts + HALF_TRUSTED);
    const aim = asWeight(asContribution(before) + Math.min(most, Math.max(-most, scale * change)));
    const side = sideOf(candidate);
    // What is on the wrong side of zero already may come nearer to it, and no further away.
    const bound = Math.sign(before) === -side ? before : 0;
    const onSide = side > 0 ? Math.max(aim, Math.min(0, bound)) : Math.min(aim, Math.max(0, bound));
    const after = tenths(Math.min(LIMIT, Math.max(-LIMIT, onSide)));
    if (Math.abs(after - before) >= LEAST_CHANGE) all.push({ candidate, before: tenths(before), after });
  }
  const effect = ({ candidate, before, after }: NewWeight): number => Math.abs(after - before) * candidates[candidate]!.texts;
  return all.sort((a, b) => effect(b) - effect(a) || a.candidate - b.candidate).slice(0, MOST_TERMS);
}
