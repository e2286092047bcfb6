/** The lists that all languages share: emoji.tsv and markers.tsv. */
import { parseTerms } from '../../analysis/lexicon/parse.js';
import type { LexiconFiles } from '../../analysis/types.js';
import { keyOf } from './entries.js';
import { reporter, rowsOf, type Finding } from './finding.js';
import { lintOrder } from './order.js';
import { lintText } from './text.js';

export function lintShared(files: LexiconFiles, findings: Finding[]): void {
  lintEmoji(files, findings);
  lintMarkers(files, findings);
}

function lintEmoji(files: LexiconFiles, findings: Finding[]): void {
  const report = reporter('emoji.tsv', findings);
  const seen = new Map<string, number>();
  for (const { term, weight, line } of parseTerms(files.text('emoji.tsv'), (at, message) => report(at, 'error', 'malformed', message))) {
    const key = keyOf('en', term);
    if (/\p{L}{3}/u.test(term)) report(line, 'error', 'script', `"${term}" is a word: it belongs to the sentiment.tsv of its language`);
    if (key === '') report(line, 'error', 'dead', `"${term}" is not read as an emoji or emoticon, so it never matches: delete it`);
    const before = seen.get(key);
    if (before !== undefined && key !== '') report(line, 'error', 'duplicate', `"${term}" is the same as line ${before}: delete one`);
    if (weight === 0) report(line, 'warning', 'no-weight', `"${term}" has weight 0, which says nothing: delete it`);
    seen.set(key, line);
  }
}

function lintMarkers(files: LexiconFiles, findings: Finding[]): void {
  const report = reporter('markers.tsv', findings);
  const seen = new Map<string, number>();
  for (const { line, cells } of rowsOf(files.text('markers.tsv'))) {
    const [word, language, weight] = cells as [string, string | undefined, string | undefined];
    if (cells.length !== 3 || !/^[a-z]{2,3}$/.test(language ?? '')) {
      report(line, 'error', 'malformed', `expected word<TAB>language<TAB>weight, got ${cells.length} cells`);
      continue;
    }
    if (!(Number(weight) > 0 && Number(weight) <= 4)) report(line, 'error', 'malformed', `weight of "${word}": expected 0 to 4, got ${weight}`);
    if (/\s/.test(word)) report(line, 'error', 'dead', `"${word}" is more than one word, and words are looked up singly: delete it`);
    lintText('sr', word, line, report);
    const key = `${word}\t${language}`;
    if (seen.has(key)) report(line, 'error', 'duplicate', `"${word}" for ${language} stands in line ${seen.get(key)!} already: delete one`);
    seen.set(key, line);
  }
  lintOrder('markers.tsv', files.text('markers.tsv'), findings);
}
