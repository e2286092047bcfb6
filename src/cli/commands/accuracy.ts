/** `undertone accuracy`: how right the analysis is on labelled text. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { Option, type Command } from 'commander';
import { Kind } from '../../feedback.js';
import { ownTopics, parseMapping, type Mapping } from '../../accuracy/mapping.js';
import { LabelledRow, measure, type AccuracyFigures, type Answer } from '../../accuracy/measure.js';
import { measureTopics, type TopicAnswer, type TopicFigures } from '../../accuracy/topics.js';
import type { UndertoneAnalyzer } from '../../analysis/analyzer.js';
import { printable } from '../../reports/excerpt.js';
import { count, percent, table } from '../../reports/render.js';
import { renderTopics } from '../accuracy-topics.js';
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
    .addOption(new Option('--mapping <file>', 'measure topics too: which of our topics the categories of "aspects" stand for'))
    .addOption(new Option('--topics', 'show the figures of each topic'))
    .action(async (files: string[], options: CommonOptions & { json?: boolean; worst: number; mapping?: string; topics?: boolean }) => {
      const analyzer = await configuredAnalyzer(readConfig(options).config);
      const mapping = options.mapping === undefined ? undefined : await readMapping(options.mapping, analyzer);
      const measured: [string, Measured][] = [];
      for (const file of files) {
        const figures = await measureFile(analyzer, file, options.worst, mapping);
        if (options.json === true) await writeJson({ file, ...figures });
        else measured.push([file, figures]);
      }
      if (options.json !== true) await write(render(measured, options.topics === true));
    });
  command.addHelpText(
    'after',
    `
Three-way is negative, neutral, positive: mixed counts as neutral, unsupported as an error. Two-way leaves out rows labelled
neutral or mixed and takes the sign of the score; zero is an error. F1 is the mean over the classes.

Topics are measured on rows with "topics" of ours ([[id, sentiment], ...]), or, with --mapping, on those with "aspects"
({"category","label"}): test/accuracy/mappings shows the format, src/accuracy/topics.ts how they are counted.`,
  );
  example(command, 'undertone accuracy test/accuracy/own/de/plain.ndjson --worst 20');
}

interface Measured extends AccuracyFigures {
  onTopics?: TopicFigures;
}

async function readMapping(file: string, analyzer: UndertoneAnalyzer): Promise<Mapping> {
  let yaml: string;
  try {
    yaml = await readFile(file, 'utf8');
  } catch (error) {
    throw new Failure(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
  }
  try {
    return parseMapping(yaml, file, analyzer.taxonomy.index.keys(), analyzer.taxonomy.fallback?.id);
  } catch (error) {
    throw new Failure((error as Error).message);
  }
}

async function measureFile(analyzer: UndertoneAnalyzer, file: string, worst: number, mapping: Mapping | undefined): Promise<Measured> {
  const rows: LabelledRow[] = [];
  const answers: (Answer & TopicAnswer)[] = [];
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
  const figures = measure(rows, answers, worst);
  // Without a mapping, a row that names no topic says nothing about topics.
  const asked = rows.map((_, i) => i).filter((i) => mapping !== undefined || rows[i]!.topics != null);
  const by = mapping ?? ownTopics(analyzer.taxonomy.index.keys(), analyzer.taxonomy.fallback?.id);
  const onTopics = measureTopics(asked.map((i) => rows[i]!), asked.map((i) => answers[i]!), by); // prettier-ignore
  if (onTopics === undefined && mapping !== undefined) say(`${file}: no row has a category that the mapping measures`);
  return onTopics === undefined ? figures : { ...figures, onTopics };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function render(measured: [string, Measured][], eachTopic: boolean): string {
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
  const onTopics = measured.flatMap(([file, { onTopics }]) => (onTopics === undefined ? [] : ([[basename(file), onTopics]] as const)));
  if (onTopics.length > 0) lines.push('', ...renderTopics(onTopics, eachTopic));
  for (const [file, { worst }] of measured) {
    if (worst.length > 0) lines.push('', `${basename(file)}: the ${worst.length} worst`);
    for (const { gold, predicted, score, text } of worst)
      lines.push(`  ${gold} taken for ${predicted} (${score.toFixed(2)}): ${printable(text)}`);
  }
  return `${lines.join('\n')}\n`;
}
