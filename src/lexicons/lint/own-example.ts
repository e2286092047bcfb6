/** An entry read as a text of its own must be found: what is not found there is found nowhere. */
import { MODIFIER_KINDS } from '../../analysis/lexicon/parse.js';
import { reporter, type Finding } from './finding.js';
import type { Entry, LanguageEntries } from './entries.js';
import type { LintMatcher } from './matcher.js';

/** Texts that an entry should be found in. In Thai the neighbours move the word boundaries, so a few are tried. */
function examplesOf(term: string, thai: boolean): { text: string; from: number; to: number }[] {
  const bare = term.replaceAll('*', '');
  const endings = term.endsWith('*') && !thai ? ['', 'x', 's', 'en', 'a'] : [''];
  const frames = thai ? [['', ''], ['ของ', ''], ['', 'ครับ'], ['ก็', 'นะ'], [' ', ' ']] : [['', ''], ['qx ', ' qx']]; // prettier-ignore
  return endings.flatMap((ending) =>
    frames.map(([before, after]) => ({
      text: `${before!}${bare}${ending}${after!}`,
      from: before!.length,
      to: before!.length + bare.length + ending.length,
    })),
  );
}

/** Units that cover the characters from `from` to `to`; undefined where units cross them. */
function unitsAt({ units }: LintMatcher, from: number, to: number): [number, number] | undefined {
  let first = -1;
  let end = -1;
  for (let i = 0; i < units.length; i++) {
    if (first < 0 && units.start[i]! >= from) first = i;
    if (units.end[i]! <= to) end = i + 1;
  }
  return first >= 0 && end > first ? [first, end] : undefined;
}

type Test = (matcher: LintMatcher, entry: Entry, start: number, end: number) => boolean;

function isFound(matcher: LintMatcher, entry: Entry, test: Test): boolean {
  return examplesOf(entry.term, matcher.lexicon.characters).some(({ text, from, to }) => {
    matcher.read(text);
    const place = unitsAt(matcher, from, to);
    return place !== undefined && test(matcher, entry, ...place);
  });
}

function why(matcher: LintMatcher, { term }: Entry): string {
  const { units } = matcher;
  matcher.read(term.replaceAll('*', ''));
  for (let i = 1; i < units.length; i++) {
    if (units.breakBefore[i] !== 0) return 'a text ends its clause at the punctuation in it; write it without, or split it';
  }
  if (matcher.lexicon.characters) return 'it does not begin and end on word boundaries; write it up to the end of its last word';
  return 'a text is split into other words than it; write it as words with spaces between';
}

/** Looks for every entry of the language's word files in its own example. */
export function lintOwnExamples(matcher: LintMatcher, entries: LanguageEntries, findings: Finding[]): void {
  const { language, lexicon } = matcher;
  const check = (name: keyof LanguageEntries, test: Test): void => {
    const report = reporter(`${language}/${name}.tsv`, findings);
    const last = new Map(entries[name].map((entry) => [entry.key, entry]));
    for (const entry of entries[name]) {
      // Of duplicates only the last counts, and a * inside a word is never read: both have been said.
      if (entry.key === '' || /\*[^\s*]/.test(entry.term) || last.get(entry.key) !== entry || isFound(matcher, entry, test)) continue;
      report(entry.line, 'error', 'dead', `"${entry.term}" is not found in its own text: ${why(matcher, entry)}`);
    }
  };
  const terms = new Set(entries.sentiment.map(({ key }) => key));
  check('sentiment', (m, { weight }, start, end) => anyNode(m, start, end, (node) => lexicon.weight[node] === Math.fround(weight!)));
  check('modifiers', (m, { kind }, start, end) => anyNode(m, start, end, (node) => lexicon.modifier[node] === MODIFIER_KINDS.indexOf(kind!)));
  check('blockers', (m, { key }, start, end) => terms.has(key) || anyNode(m, start, end, (node) => lexicon.blocker[node] === 1));
}

function anyNode(matcher: LintMatcher, start: number, end: number, test: (node: number) => boolean): boolean {
  for (const node of matcher.nodes(start, end)) if (test(node)) return true;
  return false;
}
