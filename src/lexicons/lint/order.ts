/** The order of the files, and the mending of what needs no judgement. */
import type { LexiconFiles } from '../../analysis/types.js';
import { coveredTerms, keyOf, readEntries } from './entries.js';
import { isComment, reporter, type Finding } from './finding.js';
import { tidy } from './text.js';

/** Files sorted by their first cell, in the order of UTF-16 code units: the same on every machine, whatever its language. */
const SORTED = new Set(['sentiment.tsv', 'modifiers.tsv', 'blockers.tsv', 'markers.tsv']);
const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const baseOf = (name: string): string => name.split('/').at(-1)!;
const termOf = (line: string): string => line.split('\t')[0]!;

export function lintOrder(name: string, content: string, findings: Finding[]): void {
  if (!SORTED.has(baseOf(name))) return;
  let before: string | undefined;
  let first: [line: number, term: string, before: string] | undefined;
  let astray = 0;
  content.split('\n').forEach((text, i) => {
    if (isComment(text)) return;
    const term = termOf(text);
    if (before !== undefined && byCodeUnits(before, term) > 0) {
      astray++;
      first ??= [i + 1, term, before];
    }
    before = term;
  });
  if (first === undefined) return;
  const [line, term, after] = first;
  const more = astray > 1 ? ` and ${astray - 1} more lines` : '';
  reporter(name, findings)(line, 'warning', 'order', `"${term}" belongs before "${after}"${more}: run --fix, which sorts the file`);
}

/**
 * The file sorted, with blanks, capitals and invisible characters mended, and lines that say the same as another left out. A comment
 * stays above the line it stands above, the comments at the head of the file at its head. Words and topics keep their order.
 * @returns the new content; the same string where there is nothing to do
 */
export function fixFile(name: string, content: string): string {
  const base = baseOf(name);
  const language = name.includes('/') ? name.split('/')[0]! : '';
  if (!SORTED.has(base) && base !== 'topics.tsv') return content;
  const lines = content.replace(/\r/g, '').split('\n');
  while (lines.at(-1) === '') lines.pop();
  let at = 0;
  while (at < lines.length && isComment(lines[at]!)) at++;
  const head = lines.slice(0, at);
  const blocks: { comments: string[]; text: string }[] = [];
  let comments: string[] = [];
  for (const line of lines.slice(at)) {
    if (isComment(line)) comments.push(line);
    else {
      blocks.push({ comments, text: mended(base, line) });
      comments = [];
    }
  }
  const kept = base === 'markers.tsv' ? blocks : withoutRepeats(language, base, blocks);
  if (SORTED.has(base)) kept.sort((a, b) => byCodeUnits(termOf(a.text), termOf(b.text)) || byCodeUnits(a.text, b.text));
  return `${[...head, ...kept.flatMap((block) => [...block.comments, block.text]), ...comments].join('\n')}\n`;
}

function mended(base: string, line: string): string {
  const cells = line.split('\t').map((cell) => cell.trim());
  const at = base === 'topics.tsv' ? 1 : 0;
  if (cells[at] !== undefined) cells[at] = tidy(cells[at]);
  return cells.join('\t');
}

/** Accents, then a hyphen between words, then shortness: what a careful writer would have typed. */
function spelling(a: string, b: string): number {
  const accents = (text: string): number => [...text.normalize('NFD')].filter((c) => c > '\u007f').length;
  const hyphens = (text: string): number => [...text.matchAll(/\p{L}-\p{L}/gu)].length;
  return accents(a) - accents(b) || hyphens(a) - hyphens(b) || b.length - a.length;
}

/** Of lines whose term is one to the matcher and whose other cells are equal, the one spelt best stays. */
function withoutRepeats<T extends { text: string }>(language: string, base: string, blocks: T[]): T[] {
  const best = new Map<string, T>();
  const order: string[] = [];
  blocks.forEach((block, i) => {
    const [term, ...rest] = block.text.split('\t') as [string, ...string[]];
    const key = base === 'topics.tsv' ? (term.startsWith('@') ? `${block.text}#${i}` : block.text) : `${keyOf(language, term) || `#${i}`}\t${rest.join('\t')}`;
    const other = best.get(key);
    if (other === undefined) order.push(key);
    if (other === undefined || spelling(block.text, other.text) > 0) best.set(key, block);
  });
  return order.map((key) => best.get(key)!);
}

/** Every file that `--fix` would change, with its new content. */
export function fixes(files: LexiconFiles, languages: readonly string[]): Map<string, string> {
  const changed = new Map<string, string>();
  for (const name of files.names) {
    const language = name.includes('/') ? name.split('/')[0]! : undefined;
    if (language !== undefined && !languages.includes(language)) continue;
    const content = files.text(name);
    const needless = language !== undefined && baseOf(name) === 'sentiment.tsv' ? coveredLines(language, files) : new Set<number>();
    const kept = needless.size === 0 ? content : content.split('\n').filter((_, i) => !needless.has(i + 1)).join('\n'); // prettier-ignore
    const fixed = fixFile(name, kept);
    if (fixed !== content) changed.set(name, fixed);
  }
  return changed;
}

/** Lines whose term has exactly the weight that a beginning of words gives it anyway. */
function coveredLines(language: string, files: LexiconFiles): Set<number> {
  const same = coveredTerms(language, readEntries(language, files, [])).filter(({ entry, cover }) => entry.weight === cover.weight);
  return new Set(same.map(({ entry }) => entry.line));
}
