/** What `undertone tune` found, for a person and for a script. */
import { printable } from '../reports/excerpt.js';
import { count, percent, table } from '../reports/render.js';
import type { Gain } from '../tune/gain.js';
import { MOST_TEXTS, type Tuning } from '../tune/tune.js';
import { paint } from './output.js';

export interface ReadCounts {
  read: number;
  rejected: number;
  /** Of the rejected rows, by reason. */
  reasons: Record<string, number>;
  /** Without rating, CSAT and NPS. */
  unlabelled: number;
  /** Neither good nor bad by their rating. */
  between: number;
  /** In a language without a lexicon, or in none that was recognised. */
  unsupported: number;
}

export interface Outcome {
  tuning: Tuning;
  /** More than chance. */
  gained: boolean;
  /** Where it is written, or would be; undefined where no folder is known. */
  path: string | undefined;
  written: boolean;
  /** An earlier one is still there. */
  stands: boolean;
}

export function tuningJson(counts: ReadCounts, outcomes: readonly Outcome[]): unknown {
  return {
    ...counts,
    languages: outcomes.map(({ tuning, gained, path, written }) => {
      const { language, negative, positive, refused, names, gain, terms } = tuning;
      return {
        language,
        negative,
        positive,
        refused: refused ?? null,
        names,
        gained,
        gain: gain ?? null,
        terms,
        path: path ?? null,
        written,
      };
    }),
  };
}

const right = 'right' as const;
const points = (share: number): string => (share * 100).toFixed(1);
const signedPoints = (share: number): string => `${share < 0 ? '-' : '+'}${points(Math.abs(share))}`;
const weight = (w: number): string => (w === 0 ? '0' : `${w < 0 ? '-' : '+'}${Math.abs(w).toFixed(1)}`);

export function renderTuning(name: string, counts: ReadCounts, outcomes: readonly Outcome[], dryRun: boolean): string {
  const { read, rejected, reasons, unlabelled, between, unsupported } = counts;
  const parts = [
    `${count(read)} rows`,
    rejected > 0 ? `${count(rejected)} rejected` : '',
    unlabelled > 0 ? `${count(unlabelled)} without rating, CSAT or NPS` : '',
    between > 0 ? `${count(between)} rated in between` : '',
    unsupported > 0 ? `${count(unsupported)} in a language without a lexicon` : '',
  ];
  const lines = [`${paint.bold(printable(name))}: ${parts.filter((part) => part !== '').join(', ')}`];
  for (const [reason, n] of Object.entries(reasons).sort(([, a], [, b]) => b - a)) lines.push(`  ${count(n)} x ${printable(reason)}`);
  if (outcomes.length === 0) lines.push('no text with a rating that says good or bad: nothing to fit');
  for (const outcome of outcomes) lines.push('', ...renderLanguage(outcome, dryRun));
  return `${lines.join('\n')}\n`;
}

function renderLanguage(outcome: Outcome, dryRun: boolean): string[] {
  const { tuning } = outcome;
  const { language, negative, positive, available, refused, names, gain, terms } = tuning;
  const lines = [`${paint.bold(language)}  ${count(negative)} negative and ${count(positive)} positive texts`];
  if (available > MOST_TEXTS) lines.push(`    the most that is read; there were ${count(available)}`);
  if (refused !== undefined) return [...lines, `    not tuned: ${refused}`];
  if (names > 0) lines.push(`    ${count(names)} words that look like names are left out`);
  if (gain !== undefined) lines.push(...renderGain(gain));
  if (terms.length > 0) {
    const rows = terms.map(({ term, before, after, texts, positive: good }) => [
      printable(term),
      before === 0 ? 'new' : weight(before),
      weight(after),
      count(texts),
      percent(good / texts),
    ]);
    const headers = ['was', 'now', 'texts', 'rated well'].map((header) => ({ header, align: right }));
    lines.push('', ...table([{ header: 'term' }, ...headers], rows, paint).map((line) => `    ${line}`), '');
  }
  return [...lines, ...renderVerdict(outcome, dryRun)];
}

function renderGain({ texts, before, after, low, high, mended, broken }: Gain): string[] {
  const row = (name: string, b: number, a: number, note: string): string[] => [name, points(b), points(a), signedPoints(a - b), note];
  const rows = [
    row('macro-F1', before.macroF1, after.macroF1, `95% interval ${signedPoints(low)} to ${signedPoints(high)}`),
    row('accuracy', before.accuracy, after.accuracy, `${count(mended)} texts put right, ${count(broken)} put wrong`),
  ];
  const headers = ['before', 'after', 'gain'].map((header) => ({ header, align: right }));
  return [
    `    negative or positive, on ${count(texts)} texts of authors that were not fitted on, in percent:`,
    ...table([{ header: '' }, ...headers, { header: '' }], rows, paint).map((line) => `    ${line}`),
  ];
}

function renderVerdict({ tuning: { terms, gain }, gained, path, written, stands }: Outcome, dryRun: boolean): string[] {
  const lines: string[] = [];
  if (terms.length === 0) lines.push('no term is worth a change: the weights there are fit these ratings as well as any found');
  else if (!gained) {
    const worse = gain !== undefined && gain.high < 0;
    lines.push(worse ? paint.red('no gain: these weights make it worse') : paint.yellow('no gain beyond chance'));
  }
  if (gain !== undefined && gained && gain.after.accuracy < gain.before.accuracy)
    lines.push(paint.yellow('fewer texts are right in all: the gain is in the rarer label'));
  if (written) {
    lines.push(`written: ${path}`, 'own weights belong in sentiment.tsv beside it, which wins; restart `undertone worker` to use them');
  } else if (dryRun && gained) lines.push(`nothing written (--dry-run)${path === undefined ? '' : `; would be ${path}`}`);
  else lines.push(`nothing written${!dryRun && terms.length > 0 ? '; --even-if-worse would' : ''}`);
  if (stands && !dryRun) lines.push(`the one written before stays: ${path}`);
  return lines.map((line) => `    ${line}`);
}
