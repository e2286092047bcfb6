/** Cuts NDJSON into lines and JSON arrays into elements, without parsing them. */
import { countLines, type RawRecord, type RecordScanner, type Window } from './bytes.js';

/** Longest line or element held in memory, in bytes. */
export const JSON_RECORD_LIMIT = 16 * 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const NEWLINE = 10;
const isSpace = (byte: number): boolean => byte === 0x20 || byte === NEWLINE || byte === 13 || byte === 9;

export const INVALID_JSON = 'invalid JSON';
const tooLong = (what: string, limit: number): string => `text over the limit: ${what} longer than ${limit} bytes`;

/** One record a line. */
export class LineScanner implements RecordScanner {
  private skipping = false;

  constructor(private readonly limit = JSON_RECORD_LIMIT) {}

  next(w: Window): RawRecord | undefined {
    const { view } = w;
    if (this.skipping) {
      const newline = view.indexOf(NEWLINE, w.pos);
      w.pos = newline < 0 ? view.length : newline + 1;
      if (newline < 0) return undefined;
      w.line++;
      this.skipping = false;
    }
    while (w.pos < view.length && isSpace(view[w.pos]!)) if (view[w.pos++] === NEWLINE) w.line++;
    const start = w.pos;
    if (start >= view.length) return undefined;
    const newline = view.indexOf(NEWLINE, start);
    const end = newline < 0 ? view.length : newline;
    const long = end - start > this.limit;
    if (newline < 0 && !w.eof && !long) return undefined;
    const record: RawRecord = { start, end, offset: w.base + start, line: w.line };
    if (long) record.problem = tooLong('a line', this.limit);
    w.pos = newline < 0 ? end : newline + 1;
    if (newline >= 0) w.line++;
    else this.skipping = !w.eof;
    return record;
  }
}

/**
 * Elements of a JSON array, from inside its opening bracket on; at the top of a file it also takes values that just
 * follow one another. Aware of depth and strings. A malformed element costs itself: where the grammar around strings
 * and braces breaks, scanning goes on at the next place that looks like the start of an element.
 */
export class ElementScanner implements RecordScanner {
  private readonly open: number[] = [];
  /** Offset up to which the current element has been scanned; undefined between elements. */
  private at: number | undefined;
  private inString = false;
  /** Offset where the last string began: a lost quote hides the element's end behind it. */
  private stringAt = 0;
  /** Last byte outside strings that is not white space; QUOTE after a string. */
  private last = 0;
  /** Offset where an element broke, while its next neighbour is looked for. */
  private brokenFrom: number | undefined;
  private oversize = false;
  private ended = false;

  constructor(private readonly limit = JSON_RECORD_LIMIT) {}

  next(w: Window): RawRecord | undefined {
    if (this.ended) {
      w.pos = w.view.length;
      return undefined;
    }
    if (this.at === undefined && !this.begin(w)) return undefined;
    if (this.brokenFrom !== undefined) return this.resync(w);
    const { view } = w;
    let i = this.at! - w.base;
    for (; i < view.length; i++) {
      const byte = view[i]!;
      if (this.inString) {
        if (byte === BACKSLASH) i++;
        else if (byte === QUOTE) {
          this.inString = false;
          this.last = QUOTE;
          if (this.open.length === 0) return this.take(w, i + 1);
        }
        continue;
      }
      const top = this.open.at(-1);
      if (top === undefined && this.last !== 0 && (isSpace(byte) || byte === COMMA || byte === CLOSE_BRACKET || byte === CLOSE_BRACE)) {
        return this.take(w, i); // the end of a bare number or word
      }
      if (isSpace(byte)) continue;
      const opens = byte === OPEN_BRACE || byte === OPEN_BRACKET;
      const closes = byte === CLOSE_BRACE || byte === CLOSE_BRACKET;
      if (this.last === QUOTE && byte !== COLON && byte !== COMMA && !closes) return this.broken(w, this.stringAt);
      if (opens && top === OPEN_BRACE && this.last !== COLON) return this.giveUp(w, i); // a lost closing brace
      if (closes && top !== byte - 2) return this.broken(w, this.stringAt);
      this.last = byte;
      if (byte === QUOTE) {
        this.inString = true;
        this.stringAt = w.base + i;
      } else if (opens) this.open.push(byte);
      else if (closes) {
        this.open.pop();
        if (this.open.length === 0) return this.take(w, i + 1);
      }
    }
    this.at = w.base + i; // may point one past the view, behind a backslash
    if (w.eof) return this.open.length === 0 && !this.inString ? this.take(w, view.length) : this.broken(w, this.stringAt);
    if (!this.oversize && view.length - w.pos > this.limit) {
      this.oversize = true;
      return this.report(w, view.length, tooLong('an element', this.limit));
    }
    if (this.oversize) this.drop(w, view.length);
    return undefined;
  }

  /** Moves to the first byte of the next element; false where there is none in the window. */
  private begin(w: Window): boolean {
    const { view } = w;
    for (; w.pos < view.length; w.pos++) {
      const byte = view[w.pos]!;
      if (byte === NEWLINE) w.line++;
      if (isSpace(byte) || byte === COMMA || byte === CLOSE_BRACE) continue;
      if (byte === CLOSE_BRACKET) {
        if (view.length - w.pos < 64 && !w.eof) return false;
        // The inside of a broken element, if another element follows.
        if (/^\]\s*\}\s*,\s*\{/.test(view.toString('latin1', w.pos, w.pos + 64))) continue;
        this.ended = true;
        w.pos = view.length;
        return false;
      }
      this.at = w.base + w.pos;
      this.stringAt = this.at;
      this.last = 0;
      this.inString = false;
      this.open.length = 0;
      return true;
    }
    return false;
  }

  private take(w: Window, end: number): RawRecord | undefined {
    this.at = undefined;
    if (!this.oversize) return this.report(w, end, end - w.pos > this.limit ? tooLong('an element', this.limit) : undefined);
    this.oversize = false;
    this.drop(w, end);
    return this.next(w);
  }

  private report(w: Window, end: number, problem?: string): RawRecord {
    const record: RawRecord = { start: w.pos, end, offset: w.base + w.pos, line: w.line };
    if (problem !== undefined) record.problem = problem;
    this.drop(w, end);
    return record;
  }

  private drop(w: Window, end: number): void {
    w.line += countLines(w.view, w.pos, end);
    w.pos = end;
  }

  private broken(w: Window, from: number): RawRecord | undefined {
    this.brokenFrom = from;
    return this.resync(w);
  }

  /** Looks for `}, {` or `, {` behind the break and gives up what is before it. */
  private resync(w: Window): RawRecord | undefined {
    const { view } = w;
    for (let i = Math.max(this.brokenFrom! - w.base, w.pos); i < view.length; i++) {
      if (view[i] !== COMMA && view[i] !== CLOSE_BRACE) continue;
      let next = i + 1;
      while (next < view.length && isSpace(view[next]!)) next++;
      if (view[i] === CLOSE_BRACE && view[next] === COMMA) {
        next++;
        while (next < view.length && isSpace(view[next]!)) next++;
      }
      if (view[next] === OPEN_BRACE) return this.giveUp(w, view[i] === CLOSE_BRACE ? i + 1 : i);
    }
    if (!w.eof && view.length - w.pos <= this.limit) return undefined;
    return this.giveUp(w, view.length);
  }

  private giveUp(w: Window, end: number): RawRecord | undefined {
    this.brokenFrom = undefined;
    this.at = undefined;
    if (!this.oversize) return this.report(w, end, INVALID_JSON);
    this.oversize = false;
    this.drop(w, end);
    return this.next(w);
  }
}

export interface ArrayStart {
  /** Offset behind the opening bracket. */
  offset: number;
  /** Keys that lead to it, joined by dots; empty at the top. */
  path: string;
}

/** Names of arrays that hold the records in the exports of the usual services. */
const USUAL =
  /^(reviews?|tickets|conversations|items|data|results|responses|survey_?responses|surveys|rows|records|feedbacks?|comments|ratings|satisfaction_ratings|answers)$/i;

/**
 * The array of objects that holds the records of a wrapper object: among those that begin in `head`, outside other
 * arrays, the one with a usual name, else the longest. Undefined where there is none.
 */
export function findArray(head: Buffer): ArrayStart | undefined {
  const found: (ArrayStart & { end: number })[] = [];
  const open: { bracket: number; array?: ArrayStart & { end: number } }[] = [];
  const keys: string[] = [];
  let key = '';
  for (let i = 0; i < head.length; i++) {
    const byte = head[i]!;
    if (byte === QUOTE) {
      const start = i + 1;
      for (i = start; i < head.length && head[i] !== QUOTE; i++) if (head[i] === BACKSLASH) i++;
      if (!open.some((o) => o.bracket === OPEN_BRACKET)) key = head.toString('utf8', start, i);
    } else if (byte === OPEN_BRACE) {
      open.push({ bracket: byte });
      keys.push(key);
    } else if (byte === OPEN_BRACKET) {
      let next = i + 1;
      while (next < head.length && isSpace(head[next]!)) next++;
      const entry: (typeof open)[number] = { bracket: byte };
      if (head[next] === OPEN_BRACE && !open.some((o) => o.bracket === OPEN_BRACKET)) {
        entry.array = { offset: i + 1, path: [...keys.slice(1), key].join('.'), end: head.length };
        found.push(entry.array);
      }
      open.push(entry);
      keys.push(key);
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      keys.pop();
      const closed = open.pop();
      if (closed?.array !== undefined) closed.array.end = i;
      if (open.length === 0) break;
    }
  }
  const usual = found.filter((a) => USUAL.test(a.path.split('.').at(-1)!));
  const longest = (usual.length > 0 ? usual : found).sort((a, b) => b.end - b.offset - (a.end - a.offset))[0];
  return longest === undefined ? undefined : { offset: longest.offset, path: longest.path };
}
