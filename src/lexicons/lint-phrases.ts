/** Topic patterns read as texts of their own: what does not find its topic there finds it nowhere. */
import type { LexiconFiles } from '../analysis/types.js';
import { coverOf } from './lint-entries.js';
import { reporter, rowsOf, type Finding } from './lint-finding.js';
import { LintMatcher } from './lint-matcher.js';
import type { Phrase } from './lint-topics.js';

/** What stands in a gap: first nothing, then one word that is in no lexicon. */
const FILLERS = { spaced: ['', 'qxw'], thai: ['', 'กก'] };

/** Texts made of the pattern with the alternative `choose` picks of each element. */
function examplesOf({ elements }: Phrase, thai: boolean, choose: (alternatives: string[]) => string): string[] {
  return FILLERS[thai ? 'thai' : 'spaced'].map((filler) => {
    let text = '';
    for (const { alternatives, gap } of elements) {
      const before = text === '' ? '' : gap && filler !== '' ? (thai ? filler : ` ${filler} `) : thai ? '' : ' ';
      text += before + choose(alternatives).replaceAll('*', '');
    }
    return text;
  });
}

const CHOICES: ((alternatives: string[]) => string)[] = [(a) => a[0]!, (a) => a.at(-1)!];

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
  for (const phrase of phrases) {
    if (phrase.exclusion) continue;
    const { topic, line } = phrase;
    const examples = CHOICES.map((choose) => examplesOf(phrase, thai, choose));
    const missing = examples.filter((texts) => !texts.some((text) => finds(matcher, text, topic)));
    if (missing.length === 0) continue;
    const shown = missing[0]!.at(-1)!;
    withoutExclusions ??= new LintMatcher(matcher.language, dropExclusions(files, file), topics);
    const excluded = missing[0]!.some((text) => finds(withoutExclusions!, text, topic));
    const reason = excluded
      ? `an exclusion (!) of ${topic} drops it: narrow the exclusion, or delete this`
      : 'check its punctuation and spaces, or delete it';
    const whole = missing.length === examples.length;
    report(line, 'error', 'dead', `${whole ? '' : 'one alternative: '}"${shown}" does not find ${topic}: ${reason}`);
  }
  lintAlternatives(matcher, phrases, findings);
  lintExclusions(matcher, phrases, findings);
}

function dropExclusions(files: LexiconFiles, file: string): LexiconFiles {
  const content = files.text(file);
  const kept = content.split('\n').filter((line) => !line.split('\t')[1]?.startsWith('!')).join('\n'); // prettier-ignore
  return { ...files, text: (name) => (name === file ? kept : files.text(name)) };
}

/** Alternatives that a text is never split into; each distinct one once. */
function lintAlternatives(matcher: LintMatcher, phrases: readonly Phrase[], findings: Finding[]): void {
  const report = reporter(`${matcher.language}/topics.tsv`, findings);
  const { units } = matcher;
  const checked = new Set<string>();
  for (const { elements, line } of phrases) {
    for (const alternative of elements.flatMap((e) => e.alternatives)) {
      if (checked.has(alternative)) continue;
      checked.add(alternative);
      matcher.read(alternative.replaceAll('*', ''));
      let broken = units.length === 0 && !matcher.lexicon.characters;
      for (let i = 1; i < units.length; i++) broken ||= units.breakBefore[i] !== 0;
      if (broken) report(line, 'error', 'dead', `"${alternative}" never matches, a text ends its clause at the punctuation in it: write it without`);
    }
  }
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
    if (known === undefined) words.set(phrase.topic, (known = new Map()));
    for (const word of wordsOf(phrase)) known.set(word, { key: word, term: word, line: phrase.line });
  }
  for (const phrase of phrases) {
    if (!phrase.exclusion) continue;
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
