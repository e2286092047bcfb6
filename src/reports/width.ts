/** How wide text stands in a terminal, and breaking and padding it by that width. */
import type { Span } from '../feedback.js';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
const ESCAPE = /\x1b\[[0-9;]*m/g;
/** East Asian wide and fullwidth: Hangul Jamo, CJK and kana, Hangul, compatibility ideographs and forms, the supplementary ideographs. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const EMOJI = /\p{Emoji_Presentation}|\ufe0f|\u20e3/u;
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;

/**
 * Columns that the text takes: 2 for an emoji however many code points it has and for wide East Asian characters, 0 for combining
 * marks (Thai vowels and tones above and below) and colour codes, 1 for the rest.
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text.replace(ESCAPE, ''))) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1 && grapheme < '\u0300') return 1;
  if (EMOJI.test(grapheme)) return 2;
  let width = 0;
  // A cluster can hold a spacing mark that has a column of its own, as Thai sara am does.
  for (const char of grapheme) width += NO_WIDTH.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
}

export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const fill = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? fill + text : text + fill;
}

/** The text, or as many whole graphemes of it as fit with `…` behind. */
export function clip(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 1;
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeWidth(segment);
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

/**
 * Where the lines of a text of at most `width` columns begin and end. Breaks at white space, which no line begins or ends with;
 * inside a longer run (Thai has no spaces) between words, and inside a longer word between graphemes.
 */
export function lineSpans(text: string, width: number, language = 'und'): Span[] {
  const lines: Span[] = [];
  let line: Span | undefined;
  let used = 0;
  const place = (start: number, piece: string, join: boolean): void => {
    const columns = displayWidth(piece);
    const gap = line !== undefined && !join ? displayWidth(text.slice(line.end, start)) : 0;
    if (line !== undefined && used + gap + columns <= width) {
      line.end = start + piece.length;
      used += gap + columns;
    } else {
      lines.push((line = { start, end: start + piece.length }));
      used = columns;
    }
  };
  for (const run of text.matchAll(/\S+/g)) {
    if (displayWidth(run[0]) <= width) place(run.index, run[0], false);
    else {
      for (const [i, word] of [...segmenter(language, 'word').segment(run[0])].entries()) {
        const pieces = displayWidth(word.segment) <= width ? [word] : [...graphemes.segment(word.segment)];
        for (const [j, piece] of pieces.entries()) {
          const start = run.index + word.index + (piece === word ? 0 : piece.index);
          place(start, piece.segment, i + j > 0);
        }
      }
    }
  }
  return lines;
}

/** A segmenter for the language, or for none where the code is unknown to the runtime. */
export function segmenter(language: string, granularity: 'word' | 'sentence'): Intl.Segmenter {
  return new Intl.Segmenter(language === '' ? 'und' : language, { granularity });
}
