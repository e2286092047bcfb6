/** Everything that can be told to be wrong with the lexicons without a native speaker. Pure: files in, findings out. */
import { LexiconError } from '../../analysis/lexicon/parse.js';
import { parseTaxonomy } from '../../analysis/topics/taxonomy.js';
import type { LexiconFiles } from '../../analysis/types.js';
import { lintAcross, readEntries } from './entries.js';
import type { Finding } from './finding.js';
import { LintMatcher } from './matcher.js';
import { lintBlockers, lintPolarity, lintSharedPhrases } from './notes.js';
import { lintOrder } from './order.js';
import { lintOwnExamples } from './own-example.js';
import { lintPhrases, lintPlaces } from './phrases.js';
import { lintShared } from './shared.js';
import { TAXONOMY, lintTaxonomy, topicsWithPhrases } from './taxonomy.js';
import { countPhrases, readPhrases, type TopicCount } from './topics.js';

export type { Finding, Level } from './finding.js';
export type { TopicCount } from './topics.js';
export { fixes } from './order.js';

export interface LintOptions {
  /** Absent: all that have a file. */
  languages?: readonly string[] | undefined;
  /** Whether topics should have a number of phrases; a shop's own few lines should not. */
  complete?: boolean | undefined;
  /** Also what is no fault and worth a look: phrases in two topics, blockers that block nothing yet. */
  all?: boolean | undefined;
  /** Where the topics are defined, if not in the files themselves. */
  taxonomy?: LexiconFiles | undefined;
}

export interface LintResult {
  /** By file and line. */
  findings: Finding[];
  topics: TopicCount[];
}

/** Languages that have a file of entries, sorted. */
export function lintableLanguages(files: LexiconFiles): string[] {
  const languages = files.names.flatMap((name) => /^([a-z]{2,3})\/(?:sentiment|modifiers|blockers|topics)\.tsv$/.exec(name)?.[1] ?? []);
  return [...new Set(languages)].sort(); // prettier-ignore
}

export function lintLexicons(files: LexiconFiles, options: LintOptions = {}): LintResult {
  const findings: Finding[] = [];
  const counts: TopicCount[] = [];
  const own = files.names.includes(TAXONOMY);
  const topics =
    own && isShops(files, options.taxonomy)
      ? withOurs(files, options.taxonomy!, findings)
      : lintTaxonomy(own ? files : (options.taxonomy ?? files), findings, options.complete);
  lintShared(files, findings);
  for (const language of options.languages ?? lintableLanguages(files)) {
    const entries = readEntries(language, files, findings);
    const phrases = readPhrases(language, files, topics, findings);
    lintAcross(language, entries, findings);
    lintPlaces(language, files, findings);
    lintPolarity(language, phrases, findings);
    if (options.all === true) lintSharedPhrases(language, phrases, findings);
    const matcher = topics.size === 0 ? undefined : compiled(language, files, topics);
    if (matcher !== undefined) {
      lintOwnExamples(matcher, entries, findings);
      lintPhrases(matcher, phrases, topics, files, findings);
      if (options.all === true) lintBlockers(matcher, entries, findings);
    }
    for (const name of ['sentiment', 'modifiers', 'blockers']) lintOrder(`${language}/${name}.tsv`, files.text(`${language}/${name}.tsv`), findings);
    if (options.complete === true) counts.push(...countPhrases(language, files, topics, findings));
  }
  findings.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
  return { findings, topics: counts };
}

/** Undefined where the language has faults that keep it from being compiled; these are among the findings already, and come first. */
function compiled(language: string, files: LexiconFiles, topics: ReadonlyMap<string, number>): LintMatcher | undefined {
  try {
    return new LintMatcher(language, files, topics);
  } catch (error) {
    if (error instanceof LexiconError) return undefined;
    throw error;
  }
}

/** Whether the taxonomy adds to ours: a copy of ours, for working on it, has all of our areas. */
function isShops(files: LexiconFiles, ours: LexiconFiles | undefined): boolean {
  const areas = (content: string): string[] => [...content.matchAll(/^([a-z]\w*):/gm)].map(([, area]) => area!);
  const own = new Set(areas(files.text(TAXONOMY)));
  return ours !== undefined && !areas(ours.text(TAXONOMY)).every((area) => own.has(area));
}

/** Our topics and the shop's behind them. */
function withOurs(files: LexiconFiles, ours: LexiconFiles, findings: Finding[]): ReadonlyMap<string, number> {
  if (lintTaxonomy(files, findings).size === 0) return new Map();
  try {
    return topicsWithPhrases(parseTaxonomy(ours.text(TAXONOMY), [{ place: TAXONOMY, text: files.text(TAXONOMY) }]));
  } catch (error) {
    findings.push({ file: TAXONOMY, line: 0, level: 'error', rule: 'taken', message: (error as Error).message });
    return new Map();
  }
}
