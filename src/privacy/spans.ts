/** What the detectors share: where something stands, and text made comparable without moving anything. */

export interface Found {
  start: number;
  end: number;
  kind: 'email' | 'phone' | 'card' | 'iban' | 'ip' | 'url';
}

/** Other scripts' digits, full-width forms, and the many spaces and dashes; all single UTF-16 code units. */
const FOREIGN =
  /[\u00A0\u0660-\u0669\u06F0-\u06F9\u0966-\u096F\u09E6-\u09EF\u0E50-\u0E59\u0ED0-\u0ED9\u1040-\u1049\u17E0-\u17E9\u2000-\u200A\u2010-\u2015\u202F\u205F\u2212\u3000\uFF01-\uFF5E]/;
const FOREIGN_ALL = new RegExp(FOREIGN, 'g');
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xed0, 0x1040, 0x17e0];

/** The text with foreign digits, spaces, dashes and full-width forms as ASCII. Same length, so offsets are the text's. */
export function toAscii(text: string): string {
  if (!FOREIGN.test(text)) return text;
  return text.replace(FOREIGN_ALL, (character) => {
    const code = character.charCodeAt(0);
    if (code >= 0xff01) return String.fromCharCode(code - 0xfee0);
    const zero = ZEROS.find((z) => code >= z && code <= z + 9);
    if (zero !== undefined) return String.fromCharCode(0x30 + code - zero);
    return (code >= 0x2010 && code <= 0x2015) || code === 0x2212 ? '-' : ' ';
  });
}

/** The text with every span replaced by what `fill` gives. Spans are in order and do not overlap. */
export function replaceSpans(text: string, spans: Found[], fill: (span: Found) => string): string {
  if (spans.length === 0) return text;
  const pieces: string[] = [];
  let at = 0;
  for (const span of spans) {
    pieces.push(text.slice(at, span.start), fill(span));
    at = span.end;
  }
  pieces.push(text.slice(at));
  return pieces.join('');
}
