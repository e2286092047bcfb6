/** topics.tsv as written: lines that cannot be read, groups nobody uses, phrases that stand twice, topics with too few of them. */
import { parseTopics, type TopicPattern } from '../../analysis/lexicon/parse.js';
import { parsePattern, type Element } from '../../analysis/topics/pattern.js';
import type { LexiconFiles } from '../../analysis/types.js';
import { keyOf } from './entries.js';
import { reporter, rowsOf, some, type Finding, type Report } from './finding.js';
import { lintText } from './text.js';

export interface Phrase extends TopicPattern {
  elements: Element[];
  /** Equal for patterns that match the same. */
  key: string;
}

/** Alternatives of one line that count towards the number of its topic's phrases: a line of thirty spellings is not thirty phrases. */
export const COUNTED_ALTERNATIVES = 3;
/** Phrases a topic should have in the languages that most feedback comes in, and in the others. */
const FULL = new Set(['en', 'de', 'sv', 'th', 'sr', 'id', 'pt']);
export const phrasesAskedOf = (language: string): number => (FULL.has(language) ? 40 : 15);

export interface TopicCount {
  language: string;
  topic: string;
  lines: number;
  phrases: number;
  asked: number;
}

/** Reads the patterns; those at fault are reported and left out. */
export function readPhrases(language: string, files: LexiconFiles, topics: ReadonlyMap<string, number>, findings: Finding[]): Phrase[] {
  const file = `${language}/topics.tsv`;
  const report = reporter(file, findings);
  const content = files.text(file);
  lintRows(language, content, report);
  const phrases: Phrase[] = [];
  const keys = new Map<string, string>();
  const key = (alternative: string): string => {
    let known = keys.get(alternative);
    if (known === undefined) keys.set(alternative, (known = keyOf(language, alternative)));
    return known;
  };
  for (const pattern of parseTopics(content, (line, message) => report(line, 'error', 'malformed', message))) {
    const { topic, line } = pattern;
    if (topics.size > 0 && !topics.has(topic)) {
      report(line, 'error', 'unknown-topic', `topic "${topic}": expected an id of taxonomy.yaml`);
      continue;
    }
    try {
      const elements = parsePattern(pattern.pattern, language !== 'th');
      const groups = elements.map(({ alternatives, gap }) => {
        const sorted = [...new Set(alternatives.map(key))].sort(); // prettier-ignore
        return `${gap ? '... ' : ''}${sorted.join('|')}`;
      });
      phrases.push({ ...pattern, elements, key: groups.join(' & ') });
    } catch (error) {
      report(line, 'error', 'malformed', `pattern "${pattern.pattern.slice(0, 60)}": ${(error as Error).message}`);
    }
  }
  lintRepeats(phrases, report);
  return phrases;
}

function lintRows(language: string, content: string, report: Report): void {
  const groups = new Map<string, number>();
  const used = new Set<string>();
  for (const { line, cells } of rowsOf(content)) {
    const [first, second] = cells as [string, string | undefined];
    if (first.startsWith('@')) {
      const name = first.slice(1).trim();
      const before = groups.get(name);
      if (before !== undefined) report(line, 'warning', 'group', `@${name} is defined in line ${before} already: give one of them another name`);
      groups.set(name, line);
    } else if (first !== first.trim()) report(line, 'error', 'blanks', `"${first}" has a blank too many: delete it, or run --fix`);
    if (second === undefined) continue;
    lintText(language, second, line, report);
    for (const [word] of second.matchAll(/[^\s|(){}]*\*[^\s|(){}*][^\s|(){}]*/g))
      report(line, 'error', 'dead', `"${word}" never matches, a * stands only at the end of a word: write it so, or delete it`);
    for (const [, name] of second.matchAll(/\{([^}]*)\}/g)) used.add(name!);
    const limit = first.startsWith('@') ? 3 : 4;
    if (cells.length > limit) report(line, 'error', 'malformed', `expected topic<TAB>pattern<TAB>polarity, got ${cells.length} cells`);
  }
  for (const [name, line] of groups) {
    if (!used.has(name)) report(line, 'warning', 'group', `@${name} is used by no pattern: delete it, or write {${name}} where it is meant`);
  }
}

/** Patterns that match the same: within a topic one is needless, between two topics one of them may be wrong. */
function lintRepeats(phrases: readonly Phrase[], report: Report): void {
  const seen = new Map<string, Phrase[]>();
  for (const phrase of phrases) {
    const key = `${phrase.exclusion ? '!' : ''}${phrase.key}`;
    const before = seen.get(key);
    if (before === undefined) {
      seen.set(key, [phrase]);
      continue;
    }
    const shown = `"${phrase.pattern.slice(0, 60)}"`;
    const own = before.find(({ topic }) => topic === phrase.topic);
    if (own === undefined && !phrase.exclusion) {
      const others = some(before.map(({ topic, line }) => `${topic} (line ${line})`));
      report(phrase.line, 'warning', 'overlap', `${shown} of ${phrase.topic} is also a phrase of ${others}: keep it where it belongs by taxonomy.yaml`);
    } else if (own !== undefined && own.polarity !== phrase.polarity) {
      report(phrase.line, 'error', 'contradiction', `${shown} stands in line ${own.line} with another polarity: keep one`);
    } else if (own !== undefined) report(phrase.line, 'error', 'duplicate', `${shown} stands in line ${own.line} already: delete one, or run --fix`);
    before.push(phrase);
  }
}

/** How many phrases every topic has, for the table; those with too few are findings. */
export function countPhrases(
  language: string,
  files: LexiconFiles,
  topics: ReadonlyMap<string, number>,
  findings: Finding[],
): TopicCount[] {
  const file = `${language}/topics.tsv`;
  const asked = phrasesAskedOf(language);
  const counts = new Map([...topics.keys()].map((topic) => [topic, { language, topic, lines: 0, phrases: 0, asked }]));
  const firstLine = new Map<string, number>();
  for (const { line, cells } of rowsOf(files.text(file))) {
    const [topic, pattern] = cells as [string, string | undefined];
    const count = counts.get(topic.trim());
    if (count === undefined || pattern === undefined || pattern.startsWith('!')) continue;
    if (!firstLine.has(count.topic)) firstLine.set(count.topic, line);
    count.lines++;
    count.phrases += writtenAlternatives(pattern);
  }
  const report = reporter(file, findings);
  for (const { topic, lines, phrases } of counts.values()) {
    if (phrases >= asked) continue;
    const line = firstLine.get(topic) ?? 0;
    report(line, 'warning', 'few-phrases', `${topic} has ${phrases} phrases in ${lines} lines, ${asked} are asked for: add ${asked - phrases}`);
  }
  return [...counts.values()];
}

/** The most alternatives written in one place of the line, at most COUNTED_ALTERNATIVES; a named group is one. */
function writtenAlternatives(pattern: string): number {
  const most = Math.max(1, ...[...pattern.matchAll(/\(([^()]*)\)/g)].map(([, inside]) => inside!.split('|').length));
  return Math.min(most, COUNTED_ALTERNATIVES);
}
