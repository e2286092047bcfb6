/** Reads the TSV files of lexicons/<language>/ into entries; every fault is a message with file and line. */

export const MODIFIER_KINDS = [
  'negator',
  'intensifier',
  'diminisher',
  'contrast',
  'concession',
  'irrealis',
  'question',
  'comparison',
] as const;
export type ModifierKind = (typeof MODIFIER_KINDS)[number];

export interface Term {
  term: string;
  /** -4 (worst) to 4 (best). */
  weight: number;
  line: number;
}
export interface Modifier {
  term: string;
  kind: ModifierKind;
  factor: number;
  line: number;
}
/** `topic<TAB>pattern<TAB>polarity`, groups already put in place of their names. */
export interface TopicPattern {
  topic: string;
  pattern: string;
  /** -1, 0, 1: what the phrase itself says where no valence word does. */
  polarity: number;
  /** Drops the topic's matches that it overlaps. */
  exclusion: boolean;
  line: number;
}

export class LexiconError extends Error {
  override name = 'LexiconError';
}

type Report = (line: number, message: string) => void;

function* rows(content: string): Generator<{ line: number; cells: string[] }> {
  let line = 0;
  let at = 0;
  while (at <= content.length) {
    let end = content.indexOf('\n', at);
    if (end < 0) end = content.length;
    line++;
    const text = content.slice(at, content.charCodeAt(end - 1) === 13 ? end - 1 : end);
    at = end + 1;
    if (text.length === 0 || text.startsWith('# ') || text === '#') continue;
    yield { line, cells: text.split('\t') };
  }
}

export function parseTerms(content: string, report: Report): Term[] {
  const terms: Term[] = [];
  for (const { line, cells } of rows(content)) {
    const [term, weightText] = cells as [string, string | undefined];
    const weight = Number(weightText);
    if (weightText === undefined || cells.length > 3 || term.trim() === '')
      report(line, `expected term<TAB>weight, got ${cells.length} cells`);
    else if (!(weight >= -4 && weight <= 4)) report(line, `weight of "${term}": expected -4 to 4, got ${weightText}`);
    else terms.push({ term, weight, line });
  }
  return terms;
}

export function parseModifiers(content: string, report: Report): Modifier[] {
  const modifiers: Modifier[] = [];
  for (const { line, cells } of rows(content)) {
    const [term, kind, factorText] = cells as [string, string | undefined, string | undefined];
    const factor = Number(factorText);
    if (kind === undefined || factorText === undefined) report(line, 'expected term<TAB>kind<TAB>factor');
    else if (!MODIFIER_KINDS.includes(kind as ModifierKind))
      report(line, `kind of "${term}": expected one of ${MODIFIER_KINDS.join(', ')}, got ${kind}`);
    else if (!Number.isFinite(factor)) report(line, `factor of "${term}": expected a number, got ${factorText}`);
    else modifiers.push({ term, kind: kind as ModifierKind, factor, line });
  }
  return modifiers;
}

export function parseBlockers(content: string): string[] {
  return [...rows(content)].map(({ cells }) => cells[0]!).filter((term) => term.trim() !== '');
}

const POLARITY: Record<string, number> = { '-': -1, '0': 0, '+': 1 };

export function parseTopics(content: string, report: Report): TopicPattern[] {
  const groups = new Map<string, string>();
  const patterns: TopicPattern[] = [];
  const expand = (pattern: string, line: number, depth = 0): string =>
    pattern.replace(/\{([^}]*)\}/g, (_, name: string) => {
      const group = groups.get(name);
      if (group === undefined || depth > 5) {
        report(line, `group {${name}}: expected a group defined above, got ${depth > 5 ? 'one that holds itself' : 'none of that name'}`);
        return name;
      }
      return `(${expand(group, line, depth + 1)})`;
    });
  for (const { line, cells } of rows(content)) {
    const [first, second, third] = cells as [string, string | undefined, string | undefined];
    if (first.startsWith('@')) {
      if (second === undefined) report(line, 'expected @name<TAB>alternatives');
      else groups.set(first.slice(1).trim(), second);
      continue;
    }
    if (second === undefined || third === undefined) report(line, 'expected topic<TAB>pattern<TAB>polarity');
    else if (!(third.trim() in POLARITY)) report(line, `polarity of "${second}": expected -, 0 or +, got ${third}`);
    else {
      const exclusion = second.startsWith('!');
      const pattern = expand(exclusion ? second.slice(1) : second, line).trim();
      patterns.push({ topic: first.trim(), pattern, polarity: POLARITY[third.trim()]!, exclusion, line });
    }
  }
  return patterns;
}
