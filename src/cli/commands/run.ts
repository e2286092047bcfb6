/** `undertone run`: one night, now. */
import { basename, relative } from 'node:path';
import type { Command } from 'commander';
import { runNight, type NightProgress } from '../../../jobs/night.js';
import { hideSecrets, type Config, type SourceConfig } from '../../config.js';
import { openQueue } from '../../queue/open.js';
import { nightReport } from '../../reports/night.js';
import { nightReportJson, renderNightReport } from '../../reports/night-text.js';
import { sourcesFromPaths, UnreadableSource } from '../../sources/open.js';
import type { Run } from '../../store/port.js';
import { readConfig, withStore, type CommonOptions } from '../context.js';
import { EXIT, UsageError, type ExitCode } from '../exit.js';
import { createLog } from '../log.js';
import { configOption, example, jsonOption, storeOption } from '../options.js';
import { coloured, columns, say, write, writeJson } from '../output.js';
import { openProgress } from '../progress.js';
import { onStopSignal } from '../stop.js';
import { collect } from '../values.js';

interface RunOptions extends CommonOptions {
  source?: string[];
  allowRejects?: boolean;
  json?: boolean;
}

export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description('Read, analyse and store what is new, then print the report of the night')
    .argument('[path...]', 'files, folders or globs of CSV, TSV, NDJSON or JSON, plain or .gz; without any, the configured sources')
    .option('--source <name>', 'only this configured source; repeat it for several', collect)
    .option('--allow-rejects', 'exit code 0 although rows were rejected')
    .addOption(storeOption())
    .addOption(configOption())
    .addOption(jsonOption('the report as one JSON object'))
    .action(async (paths: string[], options: RunOptions) => {
      const { config } = readConfig(options);
      const sources = chooseSources(config, paths, options.source ?? []);
      process.exitCode = await runOnce({ ...config, sources }, options);
    });
  command.addHelpText(
    'after',
    '\nRunning again is safe: what is stored already and has not changed is left alone. Rejected rows are kept; see undertone rejects.',
  );
  example(command, 'undertone run reviews.csv surveys/', 'undertone run --source zendesk --json');
}

function chooseSources(config: Config, paths: string[], names: string[]): SourceConfig[] {
  if (paths.length > 0) {
    if (names.length > 0) throw new UsageError('run: give paths or --source, not both');
    try {
      return sourcesFromPaths(paths);
    } catch (error) {
      if (error instanceof UnreadableSource) throw new UsageError(`run: ${error.message}`);
      throw error;
    }
  }
  const known = config.sources.map((source) => source.name);
  if (known.length === 0) {
    throw new UsageError('run: nothing to read. Give a file or folder (undertone run reviews.csv), or name sources in undertone.yaml');
  }
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new UsageError(`--source: expected one of ${known.join(', ')}, not ${unknown.join(', ')}`);
  return names.length === 0 ? config.sources : config.sources.filter((source) => names.includes(source.name));
}

async function runOnce(config: Config, options: RunOptions): Promise<ExitCode> {
  return withStore(config.store, async (store) => {
    const log = createLog(process.env['UNDERTONE_LOG'] === undefined ? 'silent' : config.log);
    const stop = onStopSignal(() => say('stopping at the next checkpoint; once more to stop at once'));
    const progress = openProgress();
    const onProgress = (p: NightProgress): void => progress.update(p);
    let run: Run;
    try {
      const queue = await openQueue(config.queue, { onError: (error) => log.warn({ error: error.message }, 'queue') });
      run = await runNight({ config, store, queue, log, signal: stop.signal, onProgress });
    } finally {
      progress.close();
      stop.release();
    }
    if (run.status === 'running') {
      say(`run ${run.id} stopped before its end; what was read is stored, and the next run goes on from there`);
      return EXIT.failure;
    }
    const report = await nightReport(store, run, { timeZone: config.timeZone });
    if (options.json === true) await writeJson(nightReportJson(report));
    else {
      const storeOption = options.store === undefined ? '' : `--store ${String(hideSecrets('', options.store))}`;
      await write(renderNightReport(report, { color: coloured(), width: columns(), command: howStarted(), storeOption }));
    }
    if (run.status !== 'done') {
      for (const { name, failed } of report.sources)
        for (const { part, error } of failed) say(`${name}: ${part === '' ? '' : `${part}: `}${error}`);
      if (run.error !== undefined) say(run.error);
      return EXIT.failure;
    }
    return report.counts.rejected > 0 && options.allowRejects !== true ? EXIT.rejected : EXIT.ok;
  });
}

/** What to type to start this program again: its name where it is installed, else the file that node was given. */
function howStarted(): string {
  const file = process.argv[1] ?? 'undertone';
  return /\.[cm]?[jt]s$/.test(file) ? `node ${relative(process.cwd(), file)}` : basename(file);
}
