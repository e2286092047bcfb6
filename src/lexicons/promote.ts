/** A term becomes a phrase of a topic: one line in the shop's own topics.tsv, tried before it is written. Pure: files in, content out. */
import { cyrillicToLatin } from '../analysis/text/fold.js';
import { parseTaxonomy, type Taxonomy } from '../analysis/topics/taxonomy.js';
import type { LexiconFiles, OverlayFile } from '../analysis/types.js';
import { isComment, type Finding } from './lint/finding.js';
import { LintMatcher } from './lint/matcher.js';
import { lintPhrases } from './lint/phrases.js';
import { tidy } from './lint/text.js';
import { readPhrases } from './lint/topics.js';

export interface Promotion {
  language: string;
  /** Leaf id, of ours or of the shop's. */
  topic: string;
  /** A word, a phrase or a pattern of topics.tsv, in any case; Serbian in either script. */
  term: string;
  polarity: '-' | '0' | '+';
}

export type Promoted =
  /** `content` is the file with the line in it. */
  | { outcome: 'added'; pattern: string; line: number; content: string }
  /** The shop's file has it already, in this line. */
  | { outcome: 'there'; pattern: string; line: number }
  /** Texts with the term get the topic anyway, with this polarity. */
  | { outcome: 'covered'; pattern: string };

export class PromotionError extends Error {
  override name = 'PromotionError';
}

/**
 * @param files with those of the shop over them
 * @param place of the shop's file, for messages
 * @throws PromotionError saying what is wrong with the term; LexiconError where the lexicon is at fault beforehand
 */
export function promote(files: LexiconFiles, place: string, { language, topic, term, polarity }: Promotion): Promoted {
  const name = `${language}/topics.tsv`;
  const taxonomy = parseTaxonomy(files.text('taxonomy.yaml'), files.overlay?.('taxonomy.yaml'));
  const pattern = patternOf(language, term);
  const row = `${topic}\t${pattern}\t${polarity}`;
  const before = files.overlay?.(name)[0]?.text ?? '';
  if (topic === taxonomy.fallback?.id) throw new PromotionError(`topic ${topic}: expected one that has phrases, this is for texts that name no topic`);
  const key = lintRow(language, row, taxonomy);
  const same = readPhrases(language, only(name, before), taxonomy.index, []).find((phrase) => phrase.topic === topic && phrase.key === key);
  if (same !== undefined) {
    const has = before.split('\n')[same.line - 1]!.split('\t')[2]!.trim();
    if (has === polarity) return { outcome: 'there', pattern, line: same.line };
    throw new PromotionError(`${place}:${same.line}: has "${pattern}" with polarity ${has}, not ${polarity}: change it there`);
  }
  if (finds(new LintMatcher(language, files, taxonomy.index), taxonomy, topic, pattern, polarity)) return { outcome: 'covered', pattern };
  const { content, line } = withRow(before, topic, row);
  const after = new LintMatcher(language, withFile(files, name, { place, text: content }), taxonomy.index);
  if (!/[*|(]|\.\.\./.test(pattern) && !finds(after, taxonomy, topic, pattern, polarity))
    throw new PromotionError(`"${pattern}" would not find ${topic}: an exclusion (!) or a longer phrase of the topic takes its place`);
  return { outcome: 'added', pattern, line, content };
}

/** As the file has it: small letters, single spaces, Serbian in Latin. */
function patternOf(language: string, term: string): string {
  const tidied = tidy(term.replace(/\t/g, ' '));
  if (/^[!@#]|[{}]/.test(tidied)) throw new PromotionError(`"${tidied}": expected a word or a phrase; exclusions and groups are written by hand`);
  return language === 'sr' ? cyrillicToLatin(tidied) : tidied;
}

/** The lint on this row alone. @returns what it matches, equal for patterns that match the same @throws PromotionError with all it says */
function lintRow(language: string, row: string, { index }: Taxonomy): string {
  const findings: Finding[] = [];
  const files = only(`${language}/topics.tsv`, `${row}\n`);
  const phrases = readPhrases(language, files, index, findings);
  const isError = ({ level }: Finding): boolean => level === 'error';
  if (!findings.some(isError)) lintPhrases(new LintMatcher(language, files, index), phrases, index, files, findings);
  const errors = findings.filter(isError).map(({ message }) => message);
  if (errors.length > 0) throw new PromotionError(errors.join('\n'));
  return phrases[0]!.key;
}

function finds(matcher: LintMatcher, { index }: Taxonomy, topic: string, text: string, polarity: string): boolean {
  const sign = { '-': -1, '0': 0, '+': 1 }[polarity];
  return matcher.mentions(text).some((mention) => mention.topic === index.get(topic) && mention.polarity === sign);
}

/** Behind the other lines of its topic; else before the first topic that comes later, with the comments that stand above that. */
function withRow(content: string, topic: string, row: string): { content: string; line: number } {
  const lines = content.split('\n');
  while (lines.at(-1)?.trim() === '') lines.pop();
  const topicOf = (line: string): string | undefined => (isComment(line.trim()) || line.startsWith('@') ? undefined : line.split('\t')[0]!.trim());
  let at = lines.findLastIndex((line) => topicOf(line) === topic) + 1;
  if (at === 0) {
    at = lines.findIndex((line) => (topicOf(line) ?? '') > topic);
    if (at < 0) at = lines.length;
    else while (at > 0 && isComment(lines[at - 1]!.trim()) && lines[at - 1]!.trim() !== '') at--;
  }
  lines.splice(at, 0, row);
  return { content: `${lines.join('\n')}\n`, line: at + 1 };
}

const only = (name: string, content: string): LexiconFiles => ({
  names: [name],
  text: (asked) => (asked === name ? content : ''),
  version: '',
  model: () => undefined,
});

const withFile = (files: LexiconFiles, name: string, file: OverlayFile): LexiconFiles => ({
  ...files,
  overlay: (asked) => (asked === name ? [file] : (files.overlay?.(asked) ?? [])),
});
