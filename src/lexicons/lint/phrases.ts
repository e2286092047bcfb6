/** Topic patterns read as texts of their own: what does not find its topic there finds it nowhere. */
import type { Element } from '../../analysis/topics/pattern.js';
import type { LexiconFiles } from '../../analysis/types.js';
import { coverOf, keyOf } from './entries.js';
import { reporter, rowsOf, type Finding } from './finding.js';
import { LintMatcher } from './matcher.js';
import type { Phrase } from './topics.js';

/** What stands in a gap: first nothing, then one word that is in no lexicon. */
const FILLERS = { spaced: ['', 'qxw'], thai: ['', 'กก'] };

/** Texts made of the pattern with the alternative `choose` picks of each element. */
function examplesOf(elements: readonly Element[], thai: boolean, choose: (alternatives: string[]) => string): string[] {
  return FILLERS[thai ? 'thai' : 'spaced'].map((filler) => {
    let text = '';
    for (const { alternatives, gap } of elements) {
      const before = text === '' ? '' : gap && filler !== '' ? (thai ? filler : ` ${filler} `) : thai ? '' : ' ';
      text += before + choose(alternatives).replaceAll('*', '');
    }
    return text;
  });
}

/** Letters, digits and single spaces: nothing that could end a clause. */
const PLAIN = /^[\p{L}\p{M}\p{N} ]+\*?$/u;

const CHOICES: ((alternatives: string[]) => string)[] = [(a) => a[0]!, (a) => a.at(-1)!];

/** One text an alternative, the other elements with their first: slow, and asked for only where the first and last are not found. */
const everyExample = (elements: readonly Element[], thai: boolean): string[] =>
  elements.flatMap((element) =>
    element.alternatives.flatMap((chosen) => examplesOf(elements, thai, (a) => (a === element.alternatives ? chosen : a[0]!))),
  );

export function lintPhrases(
  matcher: LintMatcher,
  phrases: readonly Phrase[],
  topics: ReadonlyMap<string, number>,
  files: LexiconFiles,
  findings: Finding[],
): void {
  const file = `${matcher.language}/topics.tsv`;
  const report = reporter(file, findings);
  const thai = matcher.lexicon.characters;
  const finds = (by: LintMatcher, text: string, topic: string): boolean =>
    by.mentions(text).some((mention) => mention.topic === topics.get(topic));
  // Compiled only where something is not found: the same without exclusions tells whether they are the reason.
  let withoutExclusions: LintMatcher | undefined;
  const dead = lintAlternatives(matcher, phrases, groupLines(files.text(file)), findings);
  for (const phrase of phrases) {
    const { topic, line } = phrase;
    const living = phrase.elements.map((e) => ({ ...e, alternatives: e.alternatives.filter((a) => !dead.has(a)) }));
    if (phrase.exclusion || living.some(({ alternatives }) => alternatives.length === 0)) continue;
    const found = (text: string): boolean => finds(matcher, text, topic);
    const missing = CHOICES.map((choose) => examplesOf(living, thai, choose)).find((texts) => !texts.some(found));
    if (missing === undefined) continue;
    const whole = !everyExample(living, thai).some(found);
    // Alternatives side by side can make a phrase nobody says: a part that is dropped is told of only where it is certain.
    if (!whole && (living.length > 1 || thai || (phrase.pattern.match(/\(/g)?.length ?? 0) > 1)) continue;
    withoutExclusions ??= new LintMatcher(matcher.language, dropExclusions(files, file), topics);
    const excluded = missing.some((text) => finds(withoutExclusions!, text, topic));
    const reason = excluded
      ? `an exclusion (!) of ${topic} drops it: narrow the exclusion, or delete this`
      : 'check its spaces and punctuation, or delete it';
    report(line, whole ? 'error' : 'warning', 'dead', `"${missing[0]!}"${whole ? '' : ', one alternative,'} does not find ${topic}: ${reason}`);
  }
  lintExclusions(matcher, phrases, findings);
}

function dropExclusions(files: LexiconFiles, file: string): LexiconFiles {
  const content = files.text(file);
  const kept = content.split('\n').filter((line) => !line.split('\t')[1]?.startsWith('!')).join('\n'); // prettier-ignore
  return { ...files, text: (name) => (name === file ? kept : files.text(name)) };
}

/** Alternative of a named group -> the line it is written in. */
function groupLines(content: string): Map<string, number> {
  const lines = new Map<string, number>();
  for (const { line, cells } of rowsOf(content))
    if (cells[0]!.startsWith('@')) for (const alternative of cells[1]?.split('|') ?? []) lines.set(alternative.trim(), line);
  return lines;
}

/** A piece that no text has as a word, at the edge of the phrase or a `*` in it; `&` between words is overlooked in texts as well. */
function lostPiece(language: string, alternative: string): string | undefined {
  const pieces = alternative.split(' ');
  return pieces.find((piece, i) => (i === 0 || i === pieces.length - 1 || piece === '*') && keyOf(language, piece) === '');
}

type Verdict = { rule: 'dead' | 'lost'; about: string; message: string };

/** What keeps an alternative from matching what it says; undefined where nothing does. */
function judge(matcher: LintMatcher, alternative: string): Verdict | undefined {
  if (PLAIN.test(alternative)) return undefined;
  const { units, language, lexicon } = matcher;
  const thai = lexicon.characters;
  matcher.split(alternative.replaceAll('*', ''));
  let broken = false;
  for (let i = 1; i < units.length; i++) broken ||= units.breakBefore[i] !== 0;
  const empty = units.length === 0;
  const lost = thai || empty ? undefined : lostPiece(language, alternative);
  if (lost !== undefined) {
    const advice = lost === '*' ? 'put the * to each word it is meant for' : 'write what a word says, or delete it';
    const message = `"${lost}" is no word, so "${alternative}" matches "${keyOf(language, alternative)}" alone: ${advice}`;
    return { rule: 'lost', about: lost, message };
  }
  // Thai is matched character by character, and punctuation is no unit.
  const silent = thai && units.length < [...alternative.replaceAll('*', '')].length;
  if (!broken && !empty && !silent) return undefined;
  const reason = empty
    ? 'it holds no word or number: delete it'
    : 'no text is matched across the punctuation in it: write it without, or delete it';
  return { rule: 'dead', about: alternative, message: `"${alternative}" never matches, ${reason}` };
}

/** Alternatives that no text is ever split into, each once a line. */
function lintAlternatives(
  matcher: LintMatcher,
  phrases: readonly Phrase[],
  groups: ReadonlyMap<string, number>,
  findings: Finding[],
): Set<string> {
  const report = reporter(`${matcher.language}/topics.tsv`, findings);
  const verdicts = new Map<string, Verdict | undefined>();
  const dead = new Set<string>();
  const told = new Set<string>();
  for (const { elements, line } of phrases) {
    for (const alternative of elements.flatMap(({ alternatives }) => alternatives)) {
      // A * inside a word: said of the line already.
      if (/\*[^\s*]/.test(alternative)) dead.add(alternative);
      else if (!verdicts.has(alternative)) verdicts.set(alternative, judge(matcher, alternative));
      const verdict = verdicts.get(alternative);
      if (verdict === undefined) continue;
      const { rule, about, message } = verdict;
      const place = groups.get(alternative) ?? line;
      if (rule === 'dead') dead.add(alternative);
      if (told.has(`${place} ${about}`)) continue;
      told.add(`${place} ${about}`);
      report(place, 'error', rule, message);
    }
  }
  return dead;
}

/** An exclusion drops matches it overlaps, so it must share a word with a phrase of its topic. */
function lintExclusions(matcher: LintMatcher, phrases: readonly Phrase[], findings: Finding[]): void {
  const report = reporter(`${matcher.language}/topics.tsv`, findings);
  // In Thai phrases share characters, which says nothing.
  if (matcher.lexicon.characters) return;
  const words = new Map<string, Map<string, { key: string; term: string; line: number }>>();
  const wordsOf = (phrase: Phrase): string[] => phrase.key.split(/[ |&]+/).filter((word) => word !== '' && word !== '...');
  for (const phrase of phrases) {
    if (phrase.exclusion) continue;
    let known = words.get(phrase.topic);
    if (known === undefined) words.set(phrase.topic, (known = new Map<string, { key: string; term: string; line: number }>()));
    for (const word of wordsOf(phrase)) known.set(word, { key: word, term: word, line: phrase.line });
  }
  for (const phrase of phrases) {
    // What stands in a gap of it may be anything.
    if (!phrase.exclusion || phrase.elements.some(({ gap }) => gap)) continue;
    const known = words.get(phrase.topic);
    const beginnings = [...(known?.keys() ?? [])];
    const shares = wordsOf(phrase).some(
      (word) =>
        known?.has(word) === true ||
        (known !== undefined && coverOf(word, known) !== undefined) ||
        (word.endsWith('*') && beginnings.some((other) => other.startsWith(word.slice(0, -1)))),
    );
    if (!shares) report(phrase.line, 'warning', 'excludes-nothing', `"!${phrase.pattern.slice(0, 60)}" shares no word with a phrase of ${phrase.topic}: delete it`);
  }
}

/** Lines of one topic stand together, in the order of the taxonomy or not: a line astray is overlooked by the next editor. */
export function lintPlaces(language: string, files: LexiconFiles, findings: Finding[]): void {
  const report = reporter(`${language}/topics.tsv`, findings);
  const left = new Map<string, number>();
  let current = '';
  for (const { line, cells } of rowsOf(files.text(`${language}/topics.tsv`))) {
    const topic = cells[0]!;
    if (topic.startsWith('@') || topic === current) continue;
    const before = left.get(topic);
    if (before !== undefined) report(line, 'warning', 'order', `${topic} has its other lines up to line ${before}: move this one there`);
    if (current !== '') left.set(current, line - 1);
    current = topic;
  }
}
