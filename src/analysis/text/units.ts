/**
 * The text as a sequence of units: words, numbers and emoji; for Thai, characters, since it writes no spaces and its lexicon is
 * matched on running text. Held as parallel arrays that are reused from text to text.
 */
import type { Word } from './words.js';

/** Nothing, a clause end (comma, dash, bracket), a sentence end, a line end. */
export const NO_BREAK = 0;
export const CLAUSE_BREAK = 1;
export const SENTENCE_BREAK = 2;

export class Units {
  length = 0;
  /** Offsets into the text, UTF-16 code units, end exclusive. */
  readonly start: number[] = [];
  readonly end: number[] = [];
  /** Strongest break between the unit before and this one. */
  readonly breakBefore: number[] = [];
  /** 1 where the sentence the break before ended was a question, 2 an exclamation, 3 both. */
  readonly endMark: number[] = [];
  /** Which word of the text this is: distances in words, also where units are characters. */
  readonly ordinal: number[] = [];
  /** 1 where a lexicon entry may begin (always, but for Thai). */
  readonly boundary: number[] = [];
  readonly word: (Word | undefined)[] = [];
  /** All marks of the text together. */
  marks = 0;
  /** The words in running order, also for Thai: what the n-gram model reads. */
  tokenCount = 0;
  readonly token: (Word | undefined)[] = [];
  /** Strongest break before the word. */
  readonly tokenBreak: number[] = [];
  /** Break and mark behind the last unit. */
  lastBreak = NO_BREAK;
  lastMark = 0;

  clear(): void {
    this.length = 0;
    this.tokenCount = 0;
    this.marks = 0;
    this.lastBreak = NO_BREAK;
    this.lastMark = 0;
  }

  push(start: number, end: number, breakBefore: number, mark: number, ordinal: number, boundary: number, word: Word | undefined): void {
    const i = this.length++;
    this.start[i] = start;
    this.end[i] = end;
    this.breakBefore[i] = breakBefore;
    this.endMark[i] = mark;
    this.marks |= mark;
    this.ordinal[i] = ordinal;
    this.boundary[i] = boundary;
    this.word[i] = word;
  }

  pushToken(word: Word | undefined, breakBefore: number): void {
    const i = this.tokenCount++;
    this.token[i] = word;
    this.tokenBreak[i] = breakBefore;
  }
}
