/** `undertone retag`: what is stored, tagged anew by the lexicon as it is now. */
import { Option, type Command } from 'commander';
import { openPool } from '../../../jobs/pool.js';
import { enqueueRetag, lastRetag, previewRetag, retag, type RetagFilter, type RetagOptions } from '../../../jobs/retag.js';
import type { Config } from '../../config.js';
import { openQueue } from '../../queue/open.js';
import { retagJson, type RetagReport } from '../../reports/retagging.js';
import { renderRetagging } from '../../reports/retagging-text.js';
import type { FeedbackStore } from '../../store/port.js';
import { configuredAnalyzer } from '../analyzer.js';
import { readConfig, withFilledStore, type CommonOptions } from '../context.js';
import { EXIT, Failure, UsageError, type ExitCode } from '../exit.js';
import { filterOf, type FilterFlags } from '../filters.js';
import { configOption, example, jsonOption, storeOption } from '../options.js';
import { coloured, say, write, writeJson } from '../output.js';
import { openCount } from '../progress.js';
import { onStopSignal } from '../stop.js';
import { collect, positiveInteger } from '../values.js';

interface RetagFlags extends CommonOptions, Pick<FilterFlags, 'topic' | 'lang' | 'source' | 'since'> {
  dryRun?: boolean;
  limit?: number;
  queue?: boolean;
  last?: boolean;
  json?: boolean;
}

const list = (flags: string, what: string): Option => new Option(flags, what).argParser(collect);

export function addRetag(program: Command): void {
  const command = program
    .command('retag')
    .description('Tag what is stored anew after a change of lexicon or taxonomy, with a table of what that changes, topic by topic')
    .option('--dry-run', 'print the table and write nothing')
    .addOption(new Option('--limit <n>', 'with --dry-run: look only at the newest so many').argParser(positiveInteger))
    .addOption(list('--topic <topic>', 'only what has this topic or area by its old tags; like all lists: repeat it, or use commas'))
    .addOption(list('--lang <code>', 'only this language, by the old tags'))
    .addOption(list('--source <name>', 'only this source'))
    .addOption(new Option('--since <time>', 'only from: 7d, 4w, 2026-11-24, 2026-W47, 2026-11 or an ISO 8601 time'))
    .option('--queue', 'leave it to the workers of the queue')
    .option('--last', 'print the table of the retag that ran last or is under way')
    .addOption(storeOption())
    .addOption(configOption())
    .addOption(jsonOption('one JSON object'))
    .action(async (flags: RetagFlags) => {
      checkFlags(flags);
      const { config } = readConfig(flags);
      await withFilledStore(config.store, async (store) => {
        process.exitCode = await act(flags, config, store);
      });
    });
  command.addHelpText(
    'after',
    `
Only feedback that another engine, lexicon or taxonomy tagged is analysed and written, from its stored, redacted text. Stop it whenever you like:
started again it goes on, and run twice it changes nothing more. Without --topic, texts that come new to a topic are found too.`,
  );
  example(command, 'undertone retag --dry-run --limit 5000', 'undertone retag', 'undertone retag --lang de --since 12w --json');
}

function checkFlags({ dryRun, limit, queue, last, topic, lang, source, since }: RetagFlags): void {
  if (limit !== undefined && dryRun !== true)
    throw new UsageError('--limit: only with --dry-run. To re-tag a part, use --since, --source, --lang or --topic');
  if ([dryRun, queue, last].filter((flag) => flag === true).length > 1)
    throw new UsageError('retag: give one of --dry-run, --queue and --last');
  if (last === true && [topic, lang, source, since].some((filter) => filter !== undefined)) {
    throw new UsageError('--last: takes no filter, as it prints the retag as it was asked for');
  }
}

async function act(flags: RetagFlags, config: Config, store: FeedbackStore): Promise<ExitCode> {
  if (flags.last === true) {
    const last = await lastRetag(store);
    if (last === undefined) throw new Failure('retag --last: nothing was re-tagged in this store yet');
    await print(last, flags);
    return EXIT.ok;
  }
  const { topic, lang, source, since } = flags;
  const asked: FilterFlags = {};
  if (topic !== undefined) asked.topic = topic;
  if (lang !== undefined) asked.lang = lang;
  if (source !== undefined) asked.source = source;
  if (since !== undefined) asked.since = since;
  const filter: RetagFilter = await filterOf(asked, config, store);
  if (flags.queue === true) return enqueue(config, filter);
  const report = await work(flags, config, store, filter);
  await print(report, flags);
  if (report.done) return EXIT.ok;
  say(
    flags.dryRun === true
      ? 'stopped before its end'
      : 'stopped before its end; what was re-tagged is stored, and undertone retag goes on from there',
  );
  return EXIT.failure;
}

async function enqueue(config: Config, filter: RetagFilter): Promise<ExitCode> {
  if (config.queue === 'inline') {
    throw new UsageError(
      '--queue: needs Redis. Set REDIS_URL (redis://localhost:6379), or queue in undertone.yaml; without --queue it is done here',
    );
  }
  const { versions } = await configuredAnalyzer(config);
  const queue = await openQueue(config.queue);
  try {
    await enqueueRetag(queue, filter, versions);
  } finally {
    await queue.close(0);
  }
  say('queued; a worker does it. undertone retag --last shows how far it is');
  return EXIT.ok;
}

async function work(flags: RetagFlags, config: Config, store: FeedbackStore, filter: RetagFilter): Promise<RetagReport> {
  const stop = onStopSignal(() => say('stopping at the next checkpoint; once more to stop at once'));
  // Stored feedback has its pseudonyms already.
  const pool = await openPool({
    threads: config.workers.threads,
    pseudonymKey: '',
    languages: config.languages,
    shopLexicons: config.lexicons,
  });
  const { limit } = flags;
  const progress = await openCount(async () => Math.min(await store.count(filter), limit ?? Infinity));
  const options: RetagOptions = { store, pool, filter, batch: config.workers.batch, signal: stop.signal, onProgress: progress.update };
  try {
    return flags.dryRun === true ? await previewRetag({ ...options, limit }) : await retag(options);
  } finally {
    progress.close();
    stop.release();
    await pool.close();
  }
}

const print = (report: RetagReport, { json }: RetagFlags): Promise<void> =>
  json === true ? writeJson(retagJson(report)) : write(renderRetagging(report, { color: coloured() }));
