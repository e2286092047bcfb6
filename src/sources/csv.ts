/**
 * CSV in two steps: the scanner cuts bytes into records, `splitRecord` cuts a record's text into cells.
 *
 * Ours and not a library's, because an unclosed quote must cost only its own row, every record must know its line and
 * byte offset, and byte ranges must be cut between records. RFC 4180 quoting; a quote inside an unquoted cell is literal.
 */
import { countLines, type RawRecord, type RecordScanner, type Window } from './bytes.js';

export interface CsvDialect {
  /** One ASCII character. */
  delimiter: string;
  /** False where quotes are ordinary characters, as in many TSV files. */
  quote: boolean;
  /** Byte that ends a line: LF (a CR before it is dropped) or, in a file that has no LF, CR. */
  newline: 10 | 13;
  /** Cells of a right record; 0 while unknown. */
  columns: number;
  /** Longest quoted cell and longest line believed, in bytes. */
  limit: number;
}

const QUOTE = 0x22;
const CR = 13;
const NEED_MORE = -1;
const UNCLOSED = -2;

export const BROKEN_QUOTING = 'broken quoting';

export class CsvScanner implements RecordScanner {
  private readonly delimiter: number;
  /** A line of RFC 4180. */
  private readonly strict: RegExp;
  /** Offset of the next quote; where `quoteFound` is false, there is none before it. */
  private quoteAt = 0;
  private quoteFound = false;
  /** Inside a line that was too long to hold: drop the rest of it. */
  private skipping = false;

  constructor(private readonly dialect: CsvDialect) {
    this.delimiter = dialect.delimiter.charCodeAt(0);
    const d = `\\x${this.delimiter.toString(16).padStart(2, '0')}`;
    const cell = `(?:[^"${d}]*|"[^"]*(?:""[^"]*)*")`;
    this.strict = new RegExp(`^${cell}(?:${d}${cell})*$`);
  }

  next(w: Window): RawRecord | undefined {
    const { newline, quote, limit } = this.dialect;
    const { view } = w;
    if (this.skipping && !this.skipLine(w)) return undefined;
    for (;;) {
      const byte = view[w.pos];
      if (byte === newline) w.pos += 1;
      else if (byte === CR && view[w.pos + 1] === newline) w.pos += 2;
      else break;
      w.line++;
    }
    const start = w.pos;
    if (start >= view.length) return undefined;
    let lineEnd = view.indexOf(newline, start);
    if (lineEnd < 0) {
      if (!w.eof && view.length - start <= limit) return undefined;
      lineEnd = view.length;
      this.skipping = !w.eof;
    }
    if (lineEnd - start > limit) return this.take(w, start, lineEnd, 1, `text over the limit: a line longer than ${limit} bytes`);
    if (!quote || this.nextQuote(w, start) >= lineEnd) return this.take(w, start, lineEnd, 1);
    return this.quoted(w, start, lineEnd);
  }

  private skipLine(w: Window): boolean {
    const newline = w.view.indexOf(this.dialect.newline, w.pos);
    w.pos = newline < 0 ? w.view.length : newline + 1;
    if (newline < 0) return false;
    w.line++;
    this.skipping = false;
    return true;
  }

  private take(w: Window, start: number, newlineAt: number, lines: number, problem?: string): RawRecord {
    const { view } = w;
    const end = this.dialect.newline === 10 && newlineAt > start && view[newlineAt - 1] === CR ? newlineAt - 1 : newlineAt;
    const record: RawRecord = { start, end, offset: w.base + start, line: w.line };
    if (problem !== undefined) record.problem = problem;
    w.pos = Math.min(newlineAt + 1, view.length);
    if (!this.skipping) w.line += lines;
    return record;
  }

  private nextQuote(w: Window, from: number): number {
    const known = this.quoteAt - w.base;
    if (this.quoteFound && known >= from) return known;
    const at = w.view.indexOf(QUOTE, this.quoteFound ? from : Math.max(from, known));
    this.quoteFound = at >= 0;
    this.quoteAt = w.base + (at < 0 ? w.view.length : at);
    return this.quoteAt - w.base;
  }

  /**
   * A record whose first line has a quote. Whenever a quoted cell cannot be right (it spans lines and is followed by a
   * stray character, or is never closed), only the line it began on is given up and scanning goes on at the next line.
   */
  private quoted(w: Window, start: number, lineEnd: number): RawRecord | undefined {
    const { view } = w;
    const { newline, columns } = this.dialect;
    const giveUpLine = () => this.take(w, start, lineEnd, 1, BROKEN_QUOTING);
    let broken = false;
    let cells = 1;
    let p = start;
    for (;;) {
      if (view[p] === QUOTE) {
        const close = this.closingQuote(w, p);
        if (close === NEED_MORE) return undefined;
        if (close === UNCLOSED) return giveUpLine();
        const after = this.isCellEnd(w, close + 1);
        if (after === undefined) return undefined;
        if (!after) {
          if (countLines(view, p, close, newline) > 0) return giveUpLine();
          broken = true;
        }
        p = close + 1;
      }
      while (p < view.length && view[p] !== this.delimiter && view[p] !== newline) p++;
      if (p - start > 4 * this.dialect.limit) return giveUpLine();
      if (p >= view.length) {
        if (!w.eof) return undefined;
        break;
      }
      if (view[p] === newline) break;
      cells++;
      p++;
    }
    if (p > lineEnd && columns > 0 && cells !== columns && this.standsAlone(view, lineEnd + 1)) return giveUpLine();
    return this.take(w, start, p, 1 + countLines(view, start, p, newline), broken ? BROKEN_QUOTING : undefined);
  }

  private closingQuote(w: Window, open: number): number {
    const { view } = w;
    for (let from = open + 1; ;) {
      const at = view.indexOf(QUOTE, from);
      if ((at < 0 ? view.length : at) - open > this.dialect.limit) return UNCLOSED;
      if (at < 0) return w.eof ? UNCLOSED : NEED_MORE;
      if (view[at + 1] !== QUOTE) return at;
      from = at + 2;
    }
  }

  /** Whether a cell may end before `at`; undefined where that is not read yet. */
  private isCellEnd(w: Window, at: number): boolean | undefined {
    const { view } = w;
    const { newline } = this.dialect;
    const byte = view[at];
    if (byte === undefined) return w.eof ? true : undefined;
    if (byte === this.delimiter || byte === newline) return true;
    if (byte !== CR) return false;
    return at + 1 < view.length ? view[at + 1] === newline : w.eof ? true : undefined;
  }

  /**
   * Whether the line at `from` is a right record by itself, so that a quote opened before it has swallowed it. Strictly so:
   * a line with a quote inside an unquoted cell is rather the rest of a quoted cell.
   */
  private standsAlone(view: Buffer, from: number): boolean {
    const newline = view.indexOf(this.dialect.newline, from);
    const line = view.toString('latin1', from, newline < 0 ? view.length : newline).replace(/\r$/, '');
    return this.strict.test(line) && splitRecord(line, this.dialect.delimiter, true).length === this.dialect.columns;
  }
}

/** Cells of a record that the scanner found well quoted. */
export function splitRecord(text: string, delimiter: string, quote: boolean): string[] {
  if (!quote || !text.includes('"')) return text.split(delimiter);
  const cells: string[] = [];
  for (let p = 0; ; p++) {
    if (text.charCodeAt(p) === QUOTE) {
      let cell = '';
      for (let from = p + 1; ;) {
        const at = text.indexOf('"', from);
        const end = at < 0 ? text.length : at;
        cell += text.slice(from, end);
        p = end + 1;
        if (text.charCodeAt(p) !== QUOTE) break;
        cell += '"';
        from = p + 1;
      }
      cells.push(cell);
    } else {
      const at = text.indexOf(delimiter, p);
      const end = at < 0 ? text.length : at;
      cells.push(text.slice(p, end));
      p = end;
    }
    if (p >= text.length) return cells;
  }
}
