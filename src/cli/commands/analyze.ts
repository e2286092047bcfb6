/** `undertone analyze`: the analysis alone, of a text or of a stream. Stores nothing and redacts nothing. */
import type { Command } from 'commander';
import type { Analyzer } from '../../analysis/index.js';
import { configuredAnalyzer } from '../analyzer.js';
import { readConfig, type CommonOptions } from '../context.js';
import { UsageError } from '../exit.js';
import { renderAnalysis } from '../analysis-view.js';
import { configOption, example, jsonOption } from '../options.js';
import { write, writeJson } from '../output.js';
import { analysisLine } from '../shape.js';

export function addAnalyze(program: Command): void {
  const command = program
    .command('analyze')
    .description('Say what a text is: its language, sentiment and topics, with the words that show it')
    .argument('[text]', 'the text, or - to read it from stdin')
    .addOption(jsonOption('JSON; without TEXT, {"id","text"} objects are read from stdin, one a line, and answered in order'))
    .addOption(configOption())
    .action(async (text: string | undefined, options: CommonOptions & { json?: boolean }) => {
      if (text === undefined && process.stdin.isTTY) throw new UsageError('analyze: give a text, or - and the text on stdin');
      const analyzer = await configuredAnalyzer(readConfig(options).config);
      const fromStdin = text === undefined || text === '-';
      if (options.json === true) await (fromStdin ? analyzeLines(analyzer) : writeJson(analysisLine(null, analyzer.analyze(text))));
      else {
        const given = fromStdin ? (await readAll()).replace(/\r?\n$/, '') : text;
        await write(renderAnalysis(given, analyzer.analyze(given)));
      }
    });
  example(
    command,
    'undertone analyze "Great shop, but the parcel came two weeks late."',
    'undertone analyze --json < texts.ndjson > results.ndjson',
  );
}

/** NDJSON in, NDJSON out, in order; a line that is not understood is answered with its error, and the next one is read. */
async function analyzeLines(analyzer: Analyzer): Promise<void> {
  let number = 0;
  for await (const line of stdinLines()) {
    number++;
    if (line.trim() === '' || line === '\uFEFF') continue;
    await writeJson(analyzeLine(analyzer, number === 1 ? line.replace(/^\uFEFF/, '') : line, number));
  }
}

function analyzeLine(analyzer: Analyzer, line: string, number: number): unknown {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { id: null, error: `line ${number}: expected JSON` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { id: null, error: `line ${number}: expected an object with id and text` };
  const { id = null, text } = value as { id?: unknown; text?: unknown };
  if (typeof text !== 'string')
    return {
      id,
      error: `line ${number}: text: expected a string, got ${text === undefined ? 'nothing' : JSON.stringify(text).slice(0, 40)}`,
    };
  return analysisLine(id, analyzer.analyze(text));
}

/** Several times faster than node:readline, which hands over line by line through an event. */
async function* stdinLines(): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of process.stdin) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

async function readAll(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
