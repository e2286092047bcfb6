/** Customer text on a terminal: made harmless, cut to the sentence that matters, with the evidence marked. */
import type { Span } from '../feedback.js';
import { segmenter } from './width.js';

/** Control characters (a text must not steer the terminal), direction overrides, and halves of surrogate pairs. */
const HARMFUL =
  /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text on one line, without what a terminal would obey. Every offset stays what it was. */
export const printable = (text: string): string => text.replace(HARMFUL, (char) => (char >= '\ud800' && char <= '\udfff' ? '\ufffd' : ' '));

export interface Excerpt {
  /** Printable, with `…` where it was cut. */
  text: string;
  /** Add this to an offset of the whole text to get the offset in `text`. */
  shift: number;
}

/**
 * The sentences around `focus` that fit into `max` UTF-16 code units: the one that holds it, then those after and before it. A
 * sentence that is longer itself is cut around the focus, between words.
 */
export function excerpt(text: string, focus: Span, max: number, language: string): Excerpt {
  const clean = printable(text);
  if (clean.trim().length <= max) return cut(clean, { start: 0, end: clean.length });
  // Sentences end at line breaks too, so they are told from the text as written.
  const sentences = [...segmenter(language, 'sentence').segment(text)].map(({ index, segment }) =>
    trimmed(clean, { start: index, end: index + segment.length }),
  );
  const at = Math.max(
    0,
    sentences.findIndex((sentence) => sentence.end > focus.start),
  );
  const span = { ...(sentences[at] ?? focus) };
  if (span.end - span.start > max) return cut(clean, window(clean, span, focus, max, language));
  for (let next = at + 1; next < sentences.length && sentences[next]!.end - span.start <= max; next++) span.end = sentences[next]!.end;
  for (let before = at - 1; before >= 0 && span.end - sentences[before]!.start <= max; before--) span.start = sentences[before]!.start;
  return cut(clean, span);
}

/** `max` code units of the span, `…` included, with the focus near the middle. */
function window(text: string, span: Span, focus: Span, max: number, language: string): Span {
  const room = max - 2;
  const middle = Math.floor((focus.start + Math.min(focus.end, focus.start + room)) / 2);
  const start = Math.max(span.start, Math.min(middle - Math.floor(room / 2), span.end - room));
  const words = [...segmenter(language, 'word').segment(text.slice(span.start, span.end))].map(({ index }) => span.start + index);
  const end = Math.min(span.end, start + room);
  const from = words.find((word) => word >= start && word <= focus.start) ?? start;
  const to = end === span.end ? end : (words.findLast((word) => word <= end && word > focus.start) ?? end);
  return trimmed(text, { start: from, end: to });
}

function cut(text: string, span: Span): Excerpt {
  const { start, end } = trimmed(text, span);
  const before = text.slice(0, start).trim() === '' ? '' : '…';
  const after = text.slice(end).trim() === '' ? '' : '…';
  // A cut through a surrogate pair, which only a word longer than the room can bring, leaves no half behind.
  return { text: printable(before + text.slice(start, end) + after), shift: before.length - start };
}

function trimmed(text: string, { start, end }: Span): Span {
  const body = text.slice(start, end);
  const lead = body.length - body.trimStart().length;
  return { start: start + lead, end: start + Math.max(lead, body.trimEnd().length) };
}

export interface Mark extends Span {
  style: (text: string) => string;
}

/** The part of a text with the marks applied; where marks overlap, the earlier one of the list wins. */
export function marked(text: string, marks: readonly Mark[], part: Span = { start: 0, end: text.length }): string {
  const within = marks.filter((mark) => mark.start < part.end && mark.end > part.start && mark.start < mark.end);
  const edges = within.flatMap(({ start, end }) => [Math.max(start, part.start), Math.min(end, part.end)]);
  const cuts = [...new Set([part.start, ...edges, part.end])].sort((a, b) => a - b);
  let result = '';
  let run = '';
  let style: Mark['style'] | undefined;
  const flush = (): void => {
    if (run !== '') result += style === undefined ? run : style(run);
    run = '';
  };
  for (let i = 0; i + 1 < cuts.length; i++) {
    const [start, end] = [cuts[i]!, cuts[i + 1]!];
    const next = within.find((mark) => mark.start <= start && mark.end >= end)?.style;
    if (next !== style) flush();
    style = next;
    run += text.slice(start, end);
  }
  flush();
  return result;
}
