/** `undertone tune`: weights for the shop's own words, fitted to its own ratings. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import type { UndertoneAnalyzer } from '../../analysis/index.js';
import { entryWords } from '../../analysis/lexicon/compile.js';
import { parseTerms } from '../../analysis/lexicon/parse.js';
import { FilesSource, type Config } from '../../config.js';
import { loadAnalyzer } from '../../lexicons/analyzer.js';
import { functionWords } from '../../lexicons/function-words.js';
import { TUNED } from '../../lexicons/overlay.js';
import { redact } from '../../privacy/redact.js';
import { openSource, sourcesFromPaths, UnreadableSource } from '../../sources/open.js';
import { tunedFile } from '../../tune/file.js';
import { weakLabel } from '../../tune/labels.js';
import type { LabelledText } from '../../tune/texts.js';
import { tuneLanguage, type Tuning } from '../../tune/tune.js';
import { readConfig, type CommonOptions } from '../context.js';
import { EXIT, UsageError } from '../exit.js';
import { configOption, example, jsonOption } from '../options.js';
import { say, write, writeJson } from '../output.js';
import { shopFolder, writeWhole } from '../shop-lexicons.js';
import { renderTuning, tuningJson, type Outcome, type ReadCounts } from '../tune-view.js';

interface TuneOptions extends CommonOptions {
  source?: string;
  dryRun?: boolean;
  evenIfWorse?: boolean;
  json?: boolean;
}

const PAGE = 1_000;

export function addTune(program: Command): void {
  const command = program
    .command('tune')
    .description("Fit weights for the shop's own words to its own feedback, its ratings or NPS taken as labels, and say what is gained")
    .argument('<file...>', 'files, folders or globs of feedback with ratings, CSAT or NPS: CSV, TSV, NDJSON or JSON, plain or .gz')
    .addOption(new Option('--source <name>', 'with the settings of this configured source'))
    .option('--dry-run', 'print all of it and write nothing')
    .option('--even-if-worse', 'write although no gain was found on texts that were not fitted on')
    .addOption(configOption())
    .addOption(jsonOption('one JSON object'))
    .action(async (files: string[], options: TuneOptions) => {
      process.exitCode = await tune(files, options);
    });
  command.addHelpText(
    'after',
    `
One or two stars, CSAT 1 or 2 and NPS 0 to 6 count as negative; four or five stars, CSAT 4 or 5 and NPS 9 or 10 as positive; what lies
between is left out. The gain is measured on authors that were not fitted on. Only a gain beyond chance (the lower end of its 95% interval
above zero) is written: to LANGUAGE/tuned.tsv in the shop's lexicon folder (lexicons in undertone.yaml). Exit code 1: nothing was written.`,
  );
  example(command, 'undertone tune reviews-2026.csv --dry-run', 'undertone tune exports/ --source reviews');
}

async function tune(files: string[], options: TuneOptions): Promise<number> {
  const loaded = readConfig(options);
  const folder = shopFolder(loaded);
  if (folder === undefined && options.dryRun !== true) {
    throw new UsageError(
      'tune: nowhere to write. Make an undertone.yaml here (it may be empty), or set UNDERTONE_LEXICONS to a folder; or look first with --dry-run',
    );
  }
  const sources = chooseSources(loaded.config, files, options.source);
  const analyzer = await loadAnalyzer({
    expected: loaded.config.languages,
    shopLexicons: folder !== undefined && existsSync(folder) ? folder : undefined,
    withoutTuned: true,
  });
  const { counts, byLanguage } = await readLabelled(sources, loaded.config, analyzer);
  const outcomes: Outcome[] = [];
  for (const language of [...byLanguage.keys()].sort()) {
    const tuning = tuneOne(analyzer, language, byLanguage.get(language)!, analyzer.languages.length + outcomes.length);
    const gained = tuning.gain !== undefined && tuning.terms.length > 0 && tuning.gain.low > 0;
    const wanted = gained || (options.evenIfWorse === true && tuning.terms.length > 0);
    const path = folder === undefined ? undefined : join(folder, language, TUNED);
    const write = wanted && options.dryRun !== true && path !== undefined;
    if (write) writeWhole(path, tunedFile(tuning));
    outcomes.push({ tuning, gained, path, written: write, stands: !write && path !== undefined && existsSync(path) });
  }
  if (options.json === true) await writeJson(tuningJson(counts, outcomes));
  else await write(renderTuning(files.join(' '), counts, outcomes, options.dryRun === true));
  if (options.dryRun === true) return EXIT.ok;
  return outcomes.some(({ written }) => written) ? EXIT.ok : EXIT.failure;
}

function chooseSources(config: Config, files: string[], name: string | undefined): FilesSource[] {
  const settings = config.sources.find((source) => source.name === name);
  if (name !== undefined && settings === undefined) {
    const known = config.sources.map((source) => source.name).join(', ');
    throw new UsageError(
      `--source: expected ${known === '' ? 'a source of undertone.yaml, which names none' : `one of ${known}`}, not ${name}`,
    );
  }
  try {
    return sourcesFromPaths(files).map((source) => (settings === undefined ? source : { ...settings, path: resolve(source.path) }));
  } catch (error) {
    if (error instanceof UnreadableSource) throw new UsageError(`tune: ${error.message}`);
    throw error;
  }
}

/** Reads everything; keeps of each row its redacted text, its weak label, and who wrote it. */
async function readLabelled(
  sources: FilesSource[],
  config: Config,
  analyzer: UndertoneAnalyzer,
): Promise<{ counts: ReadCounts; byLanguage: Map<string, LabelledText[]> }> {
  const counts: ReadCounts = { read: 0, rejected: 0, reasons: {}, unlabelled: 0, between: 0, unsupported: 0 };
  const byLanguage = new Map<string, LabelledText[]>();
  for (const settings of sources) {
    const source = openSource(settings, { timeZone: config.timeZone, textLength: config.limits.textLength });
    for (const { spec } of await source.parts()) {
      for await (const { rows } of source.pull(spec, { pageSize: PAGE })) {
        for (const row of rows) {
          counts.read++;
          if (!row.ok) {
            counts.rejected++;
            counts.reasons[row.reason] = (counts.reasons[row.reason] ?? 0) + 1;
            continue;
          }
          const { feedback } = row;
          const label = weakLabel(feedback);
          if (label === undefined) counts.unlabelled++;
          else if (label === 'between') counts.between++;
          else {
            const { text } = redact(feedback.text);
            const { language } = analyzer.analyze(text, { language: feedback.languageHint, kind: feedback.kind });
            if (!analyzer.languages.includes(language.code)) counts.unsupported++;
            else {
              const texts = byLanguage.get(language.code) ?? [];
              byLanguage.set(language.code, texts);
              texts.push({ text, author: feedback.customer ?? text.toLowerCase(), positive: label === 'positive' });
            }
          }
        }
      }
    }
  }
  return { counts, byLanguage };
}

function tuneOne(analyzer: UndertoneAnalyzer, language: string, texts: LabelledText[], index: number): Tuning {
  const written = (analyzer.files.overlay?.(`${language}/sentiment.tsv`) ?? []).flatMap(({ text }) => parseTerms(text, () => undefined));
  const own = new Set(written.map(({ term }) => entryWords(language, term).join(language === 'th' ? '' : ' ')));
  const progress = process.stderr.isTTY ? (step: number, steps: number) => say(`${language}: step ${step + 1} of ${steps}`) : undefined;
  return tuneLanguage(analyzer, analyzer.lexicon(language)!, texts, {
    functionWords: functionWords(language),
    own,
    index,
    onStep: progress,
  });
}
