/** A text as words that can be counted: where each stands, how it is looked up, and what its inflected forms have in common. */
import { fold, shortenRuns } from './fold.js';
import { stem } from './stem.js';
import { tokenize } from './tokenize.js';
import { Units } from './units.js';
import { WordCache } from './words.js';

export interface TermWord {
  /** UTF-16 code units, end exclusive. */
  start: number;
  end: number;
  /** Looked up under; empty where it is no word: a number, an emoji. */
  folded: string;
  /** Equal for the inflected forms of a word, so far as the language has a stemmer. */
  stem: string;
  /** Nothing but space (in running scripts nothing at all) between the word before and this one. */
  joined: boolean;
}

/** Written without spaces between words. */
const RUNNING = new Set(['th', 'zh', 'ja', 'lo', 'km', 'my']);
/** Words are split behind an apostrophe: l'appli, dell'ordine. */
const ELISIONS = new Set(['fr', 'it']);
/** What redaction left behind, addresses, and names of accounts: no words of the author's. */
const NO_WORDS = /\[(?:email|phone|card|iban|ip|url)\]|(?:https?:\/\/|www\.)\S+|@[\p{L}\p{N}_]+/giu;
/** The segmenter's time grows with the square of a run's length. */
const PIECE = 300;
const CACHED = 50_000;

const segmenters = new Map<string, Intl.Segmenter>();
const known = new Map<string, Pick<TermWord, 'folded' | 'stem'>>();
const units = new Units();
const words = new WordCache();

/** The words from `from` up to `to`, in running order. Works in any language; linear in the length of the text. */
export function termWords(language: string, text: string, from = 0, to = text.length): TermWord[] {
  const plain = text.replace(NO_WORDS, (match) => `[${' '.repeat(match.length - 2)}]`);
  return RUNNING.has(language) ? runningWords(language, plain, from, to) : spacedWords(language, plain, from, to);
}

function spacedWords(language: string, text: string, from: number, to: number): TermWord[] {
  tokenize(text, units, words, ELISIONS.has(language), from, to);
  const found: TermWord[] = [];
  for (let i = 0; i < units.length; i++) {
    const word = units.word[i];
    const form = word?.isWord === true ? formOf(language, word.surface) : NO_FORM;
    found.push({ start: units.start[i]!, end: units.end[i]!, ...form, joined: i > 0 && units.breakBefore[i] === 0 });
  }
  return found;
}

function runningWords(language: string, text: string, from: number, to: number): TermWord[] {
  let segmenter = segmenters.get(language);
  if (segmenter === undefined) segmenters.set(language, (segmenter = new Intl.Segmenter(language, { granularity: 'word' })));
  const found: TermWord[] = [];
  let joined = false;
  for (let piece = from; piece < to; piece = endOfPiece(text, piece, to)) {
    for (const { segment, index, isWordLike } of segmenter.segment(text.slice(piece, endOfPiece(text, piece, to)))) {
      if (isWordLike === true) {
        const start = piece + index;
        found.push({ start, end: start + segment.length, ...formOf(language, segment), joined });
      }
      joined = isWordLike === true;
    }
  }
  return found;
}

/** At a space or the end of a clause where there is one, never between the halves of a surrogate pair. */
function endOfPiece(text: string, from: number, to: number): number {
  const end = from + PIECE;
  if (end >= to) return to;
  for (let at = end; at > from + PIECE / 2; at--) if (/[\s、。，！？,.!?]/.test(text[at - 1]!)) return at;
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code <= 0xdbff ? end + 1 : end;
}

const NO_FORM = { folded: '', stem: '' };

function formOf(language: string, surface: string): Pick<TermWord, 'folded' | 'stem'> {
  const key = `${language} ${surface}`;
  let form = known.get(key);
  if (form === undefined) {
    if (known.size >= CACHED) known.clear();
    const folded = fold(language, surface);
    // `sooo goood` with as many letters as a finger lasts: one word.
    const plain = shortenRuns(folded)[0] ?? folded;
    form = /\p{L}/u.test(plain) ? { folded: plain, stem: stem(language, plain) } : NO_FORM;
    known.set(key, form);
  }
  return form;
}
