/** One pass over the text: words, numbers and emoji become units, punctuation becomes the breaks between them. */
import {
  APOSTROPHE,
  CLAUSE_END,
  DIGIT,
  HIGH_SURROGATE,
  KIND_OF,
  LETTER,
  MARK,
  NEWLINE,
  OTHER,
  SENTENCE_END,
  SPACE,
  SYMBOL,
  isThai,
} from './characters.js';
import { CLAUSE_BREAK, NO_BREAK, SENTENCE_BREAK, type Units } from './units.js';
import type { Word, WordCache } from './words.js';

/** Longer runs of letters are no word of any lexicon: they become a unit without one. */
const LONGEST_WORD = 60;

const EMOTICON =
  /(?:[:;=8xX][-'^o]?(?:[)\]D>pP3*]+|[([|\\cC]+|\/(?!\/))|<3+|<\/3|\^[_.-]?\^|[-=]_+[-=]|T_+T|;_+;|>[:.][()]|[(][:;=]|[)][:;=])(?![\p{L}\p{N}])/uy;
const EMOTICON_FIRST = new Set([...':;=8xX<^-T>()'].map((c) => c.charCodeAt(0)));
const ADDRESS = /(?:https?:\/\/|www\.)\S+/y;
/** What redaction left behind: a word of nobody's. */
const PLACEHOLDER = /\[(?:email|phone|card|iban|ip|url)\]/y;
const SKIN_TONE = /[\u{1F3FB}-\u{1F3FF}]|\ufe0e|\ufe0f/gu;

const thaiWords = new Intl.Segmenter('th', { granularity: 'word' });
/** The segmenter's time grows with the square of a run's length: it gets pieces, cut at a space where there is one. */
const PIECE = 300;

function sticky(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : 0;
}

/** `:-)))` and `:)` are one entry. */
function plainEmoticon(surface: string): string {
  return surface
    .replace(/(.)\1+$/u, '$1')
    .replace(/^([:;=])[-'^o](?=.)/u, '$1')
    .replace(/^=(?=[)(D/\\|])/u, ':');
}

/**
 * Fills `units` with the text from `from` up to `length`. With `elisions`, words are split behind an apostrophe (l'appli, dell'ordine).
 * Never throws; linear in the length of the text.
 */
export function tokenize(text: string, units: Units, cache: WordCache, elisions: boolean, from = 0, length = text.length): void {
  units.clear();
  let level = NO_BREAK;
  let mark = 0;
  let ordinal = 0;
  let at = from;
  const push = (start: number, end: number, word: Word | undefined): void => {
    units.push(start, end, level, mark, ordinal++, 1, word);
    units.pushToken(word, level);
    level = NO_BREAK;
    mark = 0;
  };
  while (at < length) {
    const code = text.charCodeAt(at);
    const kind = KIND_OF[code]!;
    if (kind === SPACE) {
      at++;
      continue;
    }
    if (EMOTICON_FIRST.has(code) && (at === 0 || !isWordKind(KIND_OF[text.charCodeAt(at - 1)]!))) {
      const end = sticky(EMOTICON, text, at);
      if (end > 0) {
        push(at, end, cache.get(plainEmoticon(text.slice(at, Math.min(end, at + 12)))));
        at = end;
        continue;
      }
    }
    if (kind === LETTER || kind === DIGIT) {
      if ((code === 104 || code === 72 || code === 119 || code === 87) && (at === 0 || !isWordKind(KIND_OF[text.charCodeAt(at - 1)]!))) {
        const end = sticky(ADDRESS, text, at);
        if (end > 0) {
          at = end;
          continue;
        }
      }
      const end = endOfWord(text, at, elisions);
      push(at, end, end - at > LONGEST_WORD ? undefined : cache.get(text, at, end));
      at = end;
      continue;
    }
    if (kind === HIGH_SURROGATE || kind === SYMBOL) {
      const end = endOfEmoji(text, at);
      if (end > at) {
        push(at, end, end - at > LONGEST_WORD ? undefined : cache.get(text.slice(at, end).replace(SKIN_TONE, '')));
        at = end;
        continue;
      }
    }
    if (kind === SENTENCE_END) {
      // `z.B.`, `2.5`, `bra.men`: no space behind the full stop, so at most a clause ends.
      const inside = code === 46 && at + 1 < length && isWordKind(KIND_OF[text.charCodeAt(at + 1)]!);
      level = Math.max(level, inside ? CLAUSE_BREAK : SENTENCE_BREAK);
      if (code === 63 || code === 0xff1f || code === 0x61f) mark |= 1;
      else if (code === 33 || code === 0xff01) mark |= 2;
    } else if (kind === CLAUSE_END) {
      if (code === 91) {
        const end = sticky(PLACEHOLDER, text, at);
        if (end > 0) {
          at = end;
          continue;
        }
      }
      level = Math.max(level, code === 59 ? SENTENCE_BREAK : CLAUSE_BREAK);
    } else if (kind === NEWLINE) level = SENTENCE_BREAK;
    else if (code === 64) {
      // @somebody is a name, not a word.
      at++;
      while (at < length && (isWordKind(KIND_OF[text.charCodeAt(at)]!) || text.charCodeAt(at) === 95)) at++;
      continue;
    } else if (code === 45 && (at === 0 || KIND_OF[text.charCodeAt(at - 1)] === SPACE)) level = Math.max(level, CLAUSE_BREAK);
    at++;
  }
  units.lastBreak = level;
  units.lastMark = mark;
  units.marks |= mark;
}

const isWordKind = (kind: number): boolean => kind === LETTER || kind === DIGIT || kind === MARK;

function endOfWord(text: string, start: number, elisions: boolean): number {
  const length = text.length;
  let at = start + 1;
  while (at < length) {
    const code = text.charCodeAt(at);
    const kind = KIND_OF[code]!;
    if (kind === LETTER || kind === DIGIT || kind === MARK) at++;
    else if (kind === APOSTROPHE && at + 1 < length && KIND_OF[text.charCodeAt(at + 1)] === LETTER) {
      at++;
      if (elisions) break;
    } else if (
      (code === 46 || code === 44 || code === 47) &&
      KIND_OF[text.charCodeAt(at - 1)] === DIGIT &&
      at + 1 < length &&
      KIND_OF[text.charCodeAt(at + 1)] === DIGIT
    )
      at++;
    else break;
  }
  return at;
}

/** An emoji with its modifiers and the emoji joined to it; a symbol; `start` itself for half a pair. */
function endOfEmoji(text: string, start: number): number {
  let at = start;
  for (;;) {
    const code = text.charCodeAt(at);
    const kind = at < text.length ? KIND_OF[code]! : OTHER;
    if (kind === HIGH_SURROGATE) {
      const low = text.charCodeAt(at + 1);
      if (!(low >= 0xdc00 && low <= 0xdfff)) return at;
      at += 2;
    } else if (kind === SYMBOL) at++;
    else return at;
    for (;;) {
      const next = text.charCodeAt(at);
      if (next === 0xfe0f || next === 0xfe0e) at++;
      else if (next === 0xd83c && text.charCodeAt(at + 1) >= 0xdffb && text.charCodeAt(at + 1) <= 0xdfff) at += 2;
      else break;
    }
    if (text.charCodeAt(at) !== 0x200d || at - start > 40) return at;
    at++;
  }
}

/** Where the next piece for the segmenter ends: at a space where there is one, never between the halves of a surrogate pair. */
function endOfPiece(text: string, from: number, length: number): number {
  const to = from + PIECE;
  if (to >= length) return length;
  const space = text.lastIndexOf(' ', to);
  if (space > from) return space + 1;
  return KIND_OF[text.charCodeAt(to - 1)] === HIGH_SURROGATE ? to + 1 : to;
}

/**
 * For Thai: every character is a unit, a run of spaces one unit, and only the first character of a word (by the dictionary
 * of `Intl.Segmenter`) may begin a lexicon entry. `characters` gives the Word of a one-character string.
 */
export function tokenizeThai(text: string, units: Units, cache: WordCache, from = 0, length = text.length): void {
  units.clear();
  let level = NO_BREAK;
  let mark = 0;
  let ordinal = 0;
  for (let piece = from; piece < length; piece = endOfPiece(text, piece, length)) {
    for (const { segment, index: inPiece, isWordLike } of thaiWords.segment(text.slice(piece, endOfPiece(text, piece, length)))) {
      const index = piece + inPiece;
      const first = segment.charCodeAt(0);
      const kind = KIND_OF[first]!;
      if (isWordLike !== true) {
        if (kind === NEWLINE) level = SENTENCE_BREAK;
        else if (kind === SENTENCE_END) {
          level = SENTENCE_BREAK;
          if (first === 63) mark |= 1;
          else if (first === 33) mark |= 2;
        } else if (kind === CLAUSE_END) level = Math.max(level, CLAUSE_BREAK);
        else if (kind === HIGH_SURROGATE || kind === SYMBOL) {
          const end = endOfEmoji(text, index);
          if (end > index) {
            const emoji = cache.get(text.slice(index, Math.min(end, index + LONGEST_WORD)).replace(SKIN_TONE, ''));
            units.pushToken(emoji, level);
            units.push(index, end, level, mark, ordinal++, 1, emoji);
            level = NO_BREAK;
            mark = 0;
          }
        } else if (kind === SPACE && units.length > 0) {
          units.push(index, index + segment.length, level, mark, Math.max(0, ordinal - 1), 0, cache.get(' '));
          level = NO_BREAK;
          mark = 0;
        }
        continue;
      }
      units.pushToken(segment.length > LONGEST_WORD ? undefined : cache.get(text, index, index + segment.length), level);
      for (let at = index; at < index + segment.length; at++) {
        units.push(at, at + 1, level, mark, ordinal, at === index ? 1 : 0, cache.get(text, at, at + 1));
        level = NO_BREAK;
        mark = 0;
      }
      ordinal++;
    }
  }
  units.lastBreak = level;
  units.lastMark = mark;
  units.marks |= mark;
}

/** Share of the letters that are Thai: over a quarter, and the text is read as Thai. */
export function thaiShare(text: string): number {
  let thai = 0;
  let letters = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isThai(code)) thai++;
    else if (KIND_OF[code] === LETTER) letters++;
  }
  return thai === 0 ? 0 : thai / (thai + letters);
}
