/** Which encoding a file is in, and bytes of a record -> text. */
import { isUtf8 } from 'node:buffer';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

export interface EncodingGuess {
  encoding: Encoding;
  /** Bytes of the byte order mark at the start, 0 where there is none. */
  bom: number;
}

/** @param head the first bytes of the file (after gunzip); @param configured what the config says, which only a byte order mark beats. */
export function sniffEncoding(head: Buffer, configured?: Encoding): EncodingGuess {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bom: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bom: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bom: 2 };
  if (configured !== undefined) return { encoding: configured, bom: 0 };
  const zeros = [0, 0];
  const seen = Math.min(head.length, 4096);
  for (let i = 0; i < seen; i++) if (head[i] === 0) zeros[i & 1]!++;
  if (zeros[1]! > seen / 8 && zeros[1]! > 4 * zeros[0]!) return { encoding: 'utf-16le', bom: 0 };
  if (zeros[0]! > seen / 8 && zeros[0]! > 4 * zeros[1]!) return { encoding: 'utf-16be', bom: 0 };
  return { encoding: linesAreWindows1252(head) ? 'windows-1252' : 'utf-8', bom: 0 };
}

/** One cut-off character in a UTF-8 file must not turn the rest of it into mojibake, so the lines vote. */
function linesAreWindows1252(head: Buffer): boolean {
  if (isUtf8(head)) return false;
  let valid = 0;
  let invalid = 0;
  for (let from = 0; from < head.length;) {
    const newline = head.indexOf(10, from);
    if (newline < 0 && from > 0) break; // the head may end inside a character
    const line = head.subarray(from, newline < 0 ? head.length : newline);
    if (hasUtf8(line.toString('utf8'))) valid++;
    else if (!isUtf8(line)) invalid++;
    from += line.length + 1;
  }
  return invalid > valid;
}

/** Whether anything beyond ASCII survived the decoding. */
const hasUtf8 = (decoded: string): boolean => /[^\x00-\x7f\ufffd]/.test(decoded);

/** What windows-1252 has where latin-1 has control characters, 0x80 to 0x9F. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

// Not TextDecoder: some Node versions decode windows-1252 as latin-1.
function windows1252(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end).replace(/[\x80-\x9f]/g, (c) => WINDOWS[c.charCodeAt(0) - 0x80]!);
}

/**
 * Text of a record. In a UTF-8 file a record that is not valid is read as windows-1252 if nothing in it is UTF-8 beyond
 * ASCII (the usual file glued together from two systems); otherwise its bad bytes become U+FFFD. Neither is refused.
 */
export function decodeRecord(bytes: Buffer, start: number, end: number, encoding: Encoding): string {
  if (encoding === 'windows-1252') return windows1252(bytes, start, end);
  const text = bytes.toString('utf8', start, end);
  if (!text.includes('\ufffd') || isUtf8(bytes.subarray(start, end))) return text;
  return hasUtf8(text) ? text : windows1252(bytes, start, end);
}
