/**
 * The pattern language of topics.tsv, parsed: `word`, `pre*`, `(a|b c|d*)` in any depth, `a b` in a row, `a ... b` with a gap.
 * A pattern becomes a list of elements; an element is a set of word sequences, any of which may stand there.
 */

export interface Element {
  /** Word sequences, words joined by one space, in running order; Thai: substrings. */
  alternatives: string[];
  /** True where a gap may lie between the element before and this one; false where it must follow at once. */
  gap: boolean;
}

type Piece = { kind: 'literal'; text: string } | { kind: 'group'; alternatives: Piece[][] } | { kind: 'gap' };

/** Two neighbouring elements are multiplied out into one up to this many alternatives: fewer elements match faster. */
const MULTIPLY_UP_TO = 24;

/** @throws Error saying what is wrong with the pattern. */
export function parsePattern(pattern: string, spaced: boolean): Element[] {
  let at = 0;
  const sequence = (closing: boolean): Piece[] => {
    const pieces: Piece[] = [];
    let literal = '';
    const flush = (): void => {
      if (literal.trim() !== '') pieces.push({ kind: 'literal', text: literal.trim() });
      literal = '';
    };
    while (at < pattern.length) {
      const c = pattern[at]!;
      if (c === '(') {
        flush();
        at++;
        const alternatives: Piece[][] = [];
        do alternatives.push(sequence(true));
        while (pattern[at++] === '|');
        if (pattern[at - 1] !== ')') throw new Error('a ( without its )');
        pieces.push({ kind: 'group', alternatives });
      } else if (closing && (c === '|' || c === ')')) break;
      else if (c === ')') throw new Error('a ) without its (');
      else if (pattern.startsWith('...', at)) {
        flush();
        if (closing) throw new Error('a gap inside parentheses');
        pieces.push({ kind: 'gap' });
        at += 3;
      } else {
        literal += c;
        at++;
      }
    }
    flush();
    return pieces;
  };
  const join = spaced ? ' ' : '';
  const flatten = (pieces: Piece[]): string[] =>
    pieces.reduce<string[]>(
      (out, piece) => {
        const options = piece.kind === 'group' ? piece.alternatives.flatMap(flatten) : piece.kind === 'literal' ? [piece.text] : [];
        return out.flatMap((head) => options.map((tail) => (head === '' ? tail : tail === '' ? head : head + join + tail)));
      },
      [''],
    );
  const elements: Element[] = [];
  let gap = false;
  for (const piece of sequence(false)) {
    if (piece.kind === 'gap') {
      gap = true;
      continue;
    }
    const alternatives = [...new Set(flatten([piece]).filter((a) => a !== ''))];
    if (alternatives.length === 0) continue;
    const before = elements.at(-1);
    if (before !== undefined && !gap && before.alternatives.length * alternatives.length <= MULTIPLY_UP_TO) {
      before.alternatives = before.alternatives.flatMap((head) => alternatives.map((tail) => head + join + tail));
    } else elements.push({ alternatives, gap: gap && elements.length > 0 });
    gap = false;
  }
  if (elements.length === 0) throw new Error('nothing to match');
  return elements;
}
