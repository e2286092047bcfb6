/** A re-tagging for a person: what was done, then a line for each topic that it changed. */
import { count, palette, percent, table, type RenderOptions } from './render.js';
import { versionsKey } from '../feedback.js';
import type { RetagReport, TopicChange } from './retagging.js';

const COLUMNS = [
  { header: 'topic' },
  ...['before', 'negative', 'after', 'negative', 'new', 'lost', 'relabelled'].map((header) => ({ header, align: 'right' as const })),
];

export function renderRetagging(report: RetagReport, { color }: Pick<RenderOptions, 'color'>): string {
  const { dryRun, done, read, retagged, tally, versions } = report;
  const { bold, dim } = palette(color);
  const said = (now: string, then: string): string => (dryRun ? then : now);
  const lines: string[] = [];
  if (dryRun) lines.push('dry run: nothing is written');
  else if (!done) lines.push('not done yet: undertone retag goes on from here');
  lines.push(
    bold(`${count(read)} read, ${count(retagged)} ${said('re-tagged', 'to re-tag')}, ${count(tally.different)} with other tags`),
    dim(`${said('tagged by', 'to be tagged by')} engine ${versions.engine}, lexicon ${versions.lexicon}, taxonomy ${versions.taxonomy}`),
  );
  for (const [key, n] of Object.entries(tally.versions).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [engine, lexicon, taxonomy] = key.split(' ');
    if (key !== versionsKey(versions)) {
      lines.push(dim(`before: engine ${engine}, lexicon ${lexicon}, taxonomy ${taxonomy}: ${count(n)}`));
    }
  }
  const topics = Object.entries(tally.topics).sort(([a], [b]) => (a < b ? -1 : 1));
  const changed = topics.filter(([, change]) => isChange(change));
  if (changed.length > 0 || isChange(tally.documents)) {
    const rows = [['all feedback', tally.documents] as const, ...changed].map(([name, change]) => row(name, change));
    lines.push('', ...table(COLUMNS, rows, { dim }));
  }
  const same = topics.length - changed.length;
  if (same > 0)
    lines.push('', dim(`${count(same)} ${changed.length > 0 ? 'other ' : ''}topic${same === 1 ? ' is as it was' : 's are as they were'}`));
  return `${lines.join('\n')}\n`;
}

const isChange = ({ new: added, lost, relabelled }: TopicChange): boolean => added + lost + relabelled > 0;

const row = (name: string, { before, after, ...change }: TopicChange): string[] => {
  const share = ({ n, negative }: { n: number; negative: number }): string => (n === 0 ? '-' : percent(negative / n));
  return [name, count(before.n), share(before), count(after.n), share(after), ...[change.new, change.lost, change.relabelled].map(count)];
};
