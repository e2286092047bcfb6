/** Texts as the analyzer reads them: their words, what is known of them already, and what the analyzer makes of the whole. */
import type { UndertoneAnalyzer } from '../analysis/index.js';
import type { Lexicon } from '../analysis/lexicon/compile.js';
import { documentFeatures, FEATURES } from '../analysis/sentiment/features.js';
import type { NgramScore } from '../analysis/sentiment/ngrams.js';
import { fold } from '../analysis/text/fold.js';
import { NO_BREAK, type Units } from '../analysis/text/units.js';

/** One text of the shop with its weak label. Redacted. */
export interface LabelledText {
  text: string;
  /** What tells authors apart; the text itself where nobody is named. */
  author: string;
  positive: boolean;
}

/** One word of a text. */
export interface Token {
  /** As looked up. Undefined for what no term is made of: numbers, emoji, single letters. */
  form: string | undefined;
  surface: string;
  /** Written with a capital first, in the middle of a sentence: a name, but for German. */
  named: boolean;
  /** First word of a sentence: its capital says nothing. */
  opens: boolean;
  /** Nothing stands between it and the word before: they can be one term. */
  joined: boolean;
  /** Units, end exclusive. */
  start: number;
  end: number;
}

const feature = new Float64Array(FEATURES.length);

/** log P(positive) - log P(negative) of a text in a language that is known, and the score that it comes to. */
export function logOdds(analyzer: UndertoneAnalyzer, lexicon: Lexicon, text: string, ngrams: NgramScore | undefined): number {
  const reading = analyzer.read(text, lexicon);
  documentFeatures([ngrams === undefined ? reading : { ...reading, ngrams }], feature);
  const [negative, , positive] = analyzer.model.probabilities(lexicon.language, feature);
  return Math.log(positive) - Math.log(negative);
}

/** Words of the units last read. Thai units are characters: those of one word stand together. */
export function tokensOf(units: Units, lexicon: Lexicon): Token[] {
  const tokens: Token[] = [];
  let spaceBefore = false;
  for (let i = 0; i < units.length;) {
    let end = i + 1;
    if (lexicon.characters) {
      if (units.word[i]?.surface === ' ') {
        spaceBefore = true;
        i = end;
        continue;
      }
      while (end < units.length && units.boundary[end] === 0 && units.ordinal[end] === units.ordinal[i] && units.word[end]?.surface !== ' ')
        end++;
    }
    let surface = '';
    for (let k = i; k < end; k++) surface += units.word[k]?.surface ?? '';
    const term = units.word[i]?.isWord === true && /^\p{L}[\p{L}\p{M}'’]+$/u.test(surface);
    const breakBefore = units.breakBefore[i]!;
    tokens.push({
      form: term ? foldWord(lexicon, surface) : undefined,
      surface,
      named: /^\p{Lu}\p{Ll}/u.test(surface),
      opens: i === 0 || breakBefore !== NO_BREAK,
      joined: i > 0 && breakBefore === NO_BREAK && !spaceBefore,
      start: i,
      end,
    });
    spaceBefore = false;
    i = end;
  }
  return tokens;
}

/** Thai is looked up character by character, and some characters fold to two. */
const foldWord = ({ language, characters }: Lexicon, surface: string): string =>
  characters ? [...surface].map((c) => fold(language, c)).join('') : fold(language, surface);

/** The words of a phrase as a person writes them: l'appli is written in one. */
export const phrase = (words: readonly string[], lexicon: Lexicon): string =>
  words.reduce((text, word) => `${text}${lexicon.characters || /['’]$/.test(text) ? '' : ' '}${word}`);
