/** `undertone accuracy`: how right the analysis is on labelled text. */
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { Option, type Command } from 'commander';
import { Kind } from '../../feedback.js';
import { LabelledRow, measure, type AccuracyFigures, type Answer } from '../../accuracy/measure.js';
import type { Analyzer } from '../../analysis/index.js';
import { printable } from '../../reports/excerpt.js';
import { count, percent, table } from '../../reports/render.js';
import { configuredAnalyzer } from '../analyzer.js';
import { readConfig, type CommonOptions } from '../context.js';
import { Failure } from '../exit.js';
import { configOption, example, jsonOption } from '../options.js';
import { paint, say, write, writeJson } from '../output.js';
import { nonNegativeInteger } from '../values.js';

export function addAccuracy(program: Command): void {
  const command = program
    .command('accuracy')
    .description('Measure the analysis on labelled NDJSON: {"text","label"} a line, and "lang" where known')
    .argument('<file...>', 'labelled files')
    .addOption(jsonOption('one JSON object a file'))
    .addOption(configOption())
    .addOption(new Option('--worst <n>', 'show the n worst errors of each file').argParser(nonNegativeInteger).default(0))
    .action(async (files: string[], options: CommonOptions & { json?: boolean; worst: number }) => {
      const analyzer = await configuredAnalyzer(readConfig(options).config);
      const measured: [string, AccuracyFigures][] = [];
      for (const file of files) {
        const figures = await measureFile(analyzer, file, options.worst);
        if (options.json === true) await writeJson({ file, ...figures });
        else measured.push([file, figures]);
      }
      if (options.json !== true) await write(render(measured));
    });
  command.addHelpText(
    'after',
    `
Three-way is negative, neutral, positive: mixed counts as neutral, unsupported as an error. Two-way leaves out rows labelled
neutral or mixed and takes the sign of the score; zero is an error. F1 is the mean over the classes.`,
  );
  example(command, 'undertone accuracy test/accuracy/own/de/plain.ndjson --worst 20');
}

async function measureFile(analyzer: Analyzer, file: string, worst: number): Promise<AccuracyFigures> {
  const rows: LabelledRow[] = [];
  const answers: Answer[] = [];
  let number = 0;
  let skipped = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      number++;
      if (line.trim() === '') continue;
      const row = LabelledRow.safeParse(parseJson(line));
      if (!row.success) {
        skipped++;
        if (skipped <= 3) say(`${file}: line ${number}: expected {"text","label"}, got something else; left out`);
        continue;
      }
      rows.push(row.data);
      answers.push(analyzer.analyze(row.data.text, { kind: Kind.safeParse(row.data.kind).data }));
    }
  } catch (error) {
    throw new Failure(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
  }
  if (skipped > 3) say(`${file}: ${skipped} lines left out in all`);
  if (rows.length === 0) throw new Failure(`${file}: expected lines of {"text","label"}, got none`);
  return measure(rows, answers, worst);
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function render(measured: [string, AccuracyFigures][]): string {
  const figure = (n: number, value: number): string => (n === 0 ? '-' : (value * 100).toFixed(1));
  const rows = measured.map(([file, { rows: n, labelled, threeWay, twoWay, coverage, language, calibration }]) => [
    basename(file),
    count(n),
    figure(labelled, threeWay.macroF1),
    figure(labelled, threeWay.accuracy),
    figure(twoWay.n, twoWay.macroF1),
    percent(coverage),
    figure(language.n, language.macro),
    figure(labelled, calibration.expectedError),
  ]);
  const right = 'right' as const;
  const headers = ['rows', '3-way F1', 'accuracy', '2-way F1', 'coverage', 'language', 'calibration error'];
  const lines = table([{ header: 'file' }, ...headers.map((header) => ({ header, align: right }))], rows, paint);
  for (const [file, { worst }] of measured) {
    if (worst.length > 0) lines.push('', `${basename(file)}: the ${worst.length} worst`);
    for (const { gold, predicted, score, text } of worst)
      lines.push(`  ${gold} taken for ${predicted} (${score.toFixed(2)}): ${printable(text)}`);
  }
  return `${lines.join('\n')}\n`;
}
