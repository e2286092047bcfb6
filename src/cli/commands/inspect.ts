/** `undertone inspect`: a dry run over one file. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { Config } from '../../config.js';
import type { Feedback } from '../../feedback.js';
import { redact } from '../../privacy/redact.js';
import { printable } from '../../reports/excerpt.js';
import { count, percent, table } from '../../reports/render.js';
import { clip } from '../../reports/width.js';
import { inspectFile, type Inspection } from '../../sources/inspect.js';
import { paintLabel, signed } from '../analysis-view.js';
import { configuredAnalyzer } from '../analyzer.js';
import { readConfig, type CommonOptions } from '../context.js';
import { UsageError } from '../exit.js';
import { configOption, example, jsonOption } from '../options.js';
import { columns, paint, write, writeJson } from '../output.js';
import { analysisLine, type AnalysisLine } from '../shape.js';

type Row = Feedback & Omit<AnalysisLine, 'id'>;
/** The inspection without personal data, its rows analysed: as a run would store them. */
type Shown = Omit<Inspection, 'rows' | 'rejects'> & {
  rows: Row[];
  rejects: { row: number; column: string | null; reason: string; value: string | null }[];
};

export function addInspect(program: Command): void {
  const command = program
    .command('inspect')
    .description(
      'Say what a file would give, and store nothing: its format, how columns are understood, first rows, what would be rejected',
    )
    .argument('<file>', 'CSV, TSV, NDJSON or JSON, plain or .gz')
    .addOption(new Option('--source <name>', 'with the settings of this configured source'))
    .addOption(configOption())
    .addOption(jsonOption('one JSON object'))
    .action(async (file: string, options: CommonOptions & { source?: string; json?: boolean }) => {
      const { config } = readConfig(options);
      const source = config.sources.find(({ name }) => name === options.source);
      if (options.source !== undefined && source === undefined) {
        const known = config.sources.map(({ name }) => name).join(', ');
        throw new UsageError(
          `--source: expected ${known === '' ? 'a source of undertone.yaml, which names none' : `one of ${known}`}, not ${options.source}`,
        );
      }
      if (!existsSync(file)) throw new UsageError(`inspect: ${file}: expected a file, found nothing there`);
      const found = await inspectFile(resolve(file), source, { timeZone: config.timeZone, textLength: config.limits.textLength });
      const shown = await asStored({ ...found, file }, config);
      await (options.json === true ? writeJson(shown) : write(render(shown)));
    });
  example(command, 'undertone inspect reviews.csv', 'undertone inspect export.ndjson.gz --source shop --json');
}

async function asStored(found: Inspection, config: Config): Promise<Shown> {
  const analyzer = await configuredAnalyzer(config);
  const clean = (text: string): string => redact(text).text;
  return {
    ...found,
    rows: found.rows.map((row) => {
      const text = clean(row.text);
      const { id: _id, ...analysis } = analysisLine(null, analyzer.analyze(text, { language: row.languageHint, kind: row.kind }));
      // The key of pseudonyms is the store's, and a dry run has no store.
      return { ...row, text, ...(row.customer === undefined ? {} : { customer: '(pseudonym)' }), ...analysis };
    }),
    rejects: found.rejects.map(({ row, column, reason, value }) => ({
      row,
      column: column ?? null,
      reason,
      value: value === undefined ? null : clean(value.slice(0, 1_000)).slice(0, 200),
    })),
  };
}

function render(shown: Shown): string {
  const { counts, kind, unmapped, warnings } = shown;
  const format = [
    shown.format.toUpperCase(),
    shown.compression,
    shown.encoding,
    shown.delimiter === null ? null : `columns parted by ${shown.delimiter === '\t' ? 'tabs' : `"${shown.delimiter}"`}`,
    shown.array === null ? null : `records in "${shown.array}"`,
    shown.dateOrder === null ? null : `dates ${shown.dateOrder}`,
  ];
  const of = shown.columns.map(({ column, field, confidence, how }) => [
    printable(column),
    `-> ${field}`,
    how === 'config' ? 'by the configuration' : `${percent(confidence)} sure, by its ${how === 'alias' ? 'name' : 'values'}`,
  ]);
  const lines = [
    `${paint.bold(printable(shown.file))}: ${format.filter((part) => part !== null).join(', ')}; kind ${kind}`,
    `${count(counts.ok)} rows would be stored, ${count(counts.rejected)} rejected`,
    ...warnings.map((warning) => paint.yellow(`note: ${warning}`)),
    '',
    ...indent(table([{ header: 'column' }, { header: 'ours' }, { header: '' }], of, paint)),
    ...(unmapped.length === 0 ? [] : [`  not used: ${printable(unmapped.join(', '))}`]),
  ];
  if (shown.rows.length > 0) lines.push('', paint.bold('First rows, as they would be stored'), ...shown.rows.flatMap(renderRow));
  if (shown.rejects.length > 0) {
    lines.push('', paint.bold('Rejected'));
    lines.push(...shown.reasons.map(({ reason, n }) => `  ${count(n)} x ${printable(reason)}`));
    const rejects = shown.rejects.map((r) => [String(r.row), r.column ?? '', clip(printable(r.value ?? ''), 40), r.reason].map(printable));
    lines.push(
      '',
      ...indent(
        table([{ header: 'row', align: 'right' }, { header: 'column' }, { header: 'value' }, { header: 'reason' }], rejects, paint),
      ),
    );
    if (counts.rejected > shown.rejects.length) lines.push(`  and ${count(counts.rejected - shown.rejects.length)} more`);
  }
  return `${lines.join('\n')}\n`;
}

function renderRow(row: Row): string[] {
  const scores = (['rating', 'nps', 'csat', 'ces'] as const)
    .filter((name) => row[name] !== undefined)
    .map((name) => `${name} ${row[name]}`);
  const sentiment = `${row.language.code} ${paintLabel(row.sentiment.label)} ${signed(row.sentiment.score)}`;
  const rest = [row.product, row.channel].filter((part) => part !== undefined);
  return [
    `  ${[row.createdAt, printable(row.externalId), sentiment, ...scores, ...rest.map(printable)].join('  ')}`,
    `    ${clip(printable(row.text), Math.max(40, columns() - 4))}`,
  ];
}

const indent = (lines: string[]): string[] => lines.map((line) => `  ${line}`);
