/** `undertone doctor`: is everything there that a night needs? Also the health check of containers. */
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { CronExpressionParser } from 'cron-parser';
import { DateTime } from 'luxon';
import type { Command } from 'commander';
import { scheduleWarning } from '../../../jobs/schedule.js';
import { ConfigError, hideSecrets, type Config, type LoadedConfig } from '../../config.js';
import { openQueue } from '../../queue/open.js';
import { openSource } from '../../sources/open.js';
import { openStore } from '../../store/open.js';
import { configuredAnalyzer } from '../analyzer.js';
import { readConfig, type CommonOptions } from '../context.js';
import { EXIT } from '../exit.js';
import { configOption, example, jsonOption, storeOption } from '../options.js';
import { paint, write, writeJson } from '../output.js';

interface Check {
  name: string;
  ok: boolean;
  detail: string;
  /** What to do about it; also given with a warning. */
  advice?: string;
}

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('Check configuration, store, queue, lexicons, schedule and sources, and say what to do about each failure')
    .addOption(configOption())
    .addOption(storeOption())
    .addOption(jsonOption('one JSON object'))
    .action(async (options: CommonOptions & { json?: boolean }) => {
      const checks = await examine(options);
      const ok = checks.every((check) => check.ok);
      if (options.json === true) await writeJson({ ok, checks });
      else await write(checks.map(render).join(''));
      if (!ok) process.exitCode = EXIT.failure;
    });
  example(command, 'undertone doctor', 'undertone doctor --json --store mongodb://localhost:27017/undertone');
}

function render({ name, ok, detail, advice }: Check): string {
  const mark = ok ? paint.green('ok  ') : paint.red('FAIL');
  return `${mark}  ${name.padEnd(10)} ${detail}\n${advice === undefined ? '' : `${' '.repeat(17)}${ok ? 'note' : 'do'}: ${advice}\n`}`;
}

async function examine(options: CommonOptions): Promise<Check[]> {
  let loaded: LoadedConfig;
  try {
    loaded = readConfig(options);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [
      {
        name: 'config',
        ok: false,
        detail: error.message.replaceAll('\n', '\n                 '),
        advice: 'correct these, then run doctor again',
      },
    ];
  }
  const { config, file } = loaded;
  const checks: Check[] = [{ name: 'config', ok: true, detail: file ?? 'no undertone.yaml: defaults and environment' }];
  const [store, queue] = await Promise.all([checkStore(config), checkQueue(config)]);
  checks.push(store, queue, await checkLexicons(config), checkSchedule(config));
  for (const source of config.sources) checks.push(await checkSource(config, source));
  if (config.sources.length === 0) {
    checks.push({
      name: 'sources',
      ok: true,
      detail: 'none configured',
      advice: 'name them in undertone.yaml for the nightly run, or give paths: undertone run PATH',
    });
  }
  return checks;
}

const shown = (url: string): string => String(hideSecrets('', url));

async function checkStore({ store: url }: Config): Promise<Check> {
  try {
    const file = /^sqlite:(.*)$/.exec(url)?.[1];
    if (file !== undefined && !existsSync(file)) {
      // Looking must not make it.
      accessSync(dirname(resolve(file)), constants.W_OK);
      return { name: 'store', ok: true, detail: `${url}: not there yet, the first run makes it` };
    }
    const store = await openStore(url);
    try {
      return { name: 'store', ...(await store.health()) };
    } finally {
      await store.close();
    }
  } catch (error) {
    return {
      name: 'store',
      ok: false,
      detail: `${shown(url)}: ${messageOf(error)}`,
      advice: 'check the address, and that the server runs or the folder can be written',
    };
  }
}

async function checkQueue({ queue: url }: Config): Promise<Check> {
  try {
    const queue = await openQueue(url);
    try {
      return { name: 'queue', ...(await queue.health()) };
    } finally {
      await queue.close(0);
    }
  } catch (error) {
    return { name: 'queue', ok: false, detail: `${shown(url)}: ${messageOf(error)}`, advice: 'check REDIS_URL, and that the server runs' };
  }
}

async function checkLexicons(config: Config): Promise<Check> {
  try {
    const analyzer = await configuredAnalyzer(config);
    for (const code of analyzer.languages) analyzer.lexicon(code); // reads every line of every file
    const missing = (config.languages ?? []).filter((code) => !analyzer.languages.includes(code));
    const { engine, lexicon, taxonomy } = analyzer.versions;
    const check: Check = {
      name: 'lexicons',
      ok: analyzer.languages.length > 0,
      detail: `${analyzer.languages.length} languages: ${[...analyzer.languages].join(' ')} (engine ${engine}, lexicon ${lexicon}, taxonomy ${taxonomy})${config.lexicons === undefined ? '' : `, with the shop's own of ${config.lexicons}`}`,
    };
    if (!check.ok) check.advice = 'the folder lexicons/ is empty: reinstall';
    else if (missing.length > 0)
      check.advice = `languages ${missing.join(', ')} have no lexicon: detected and counted, their sentiment is "unsupported"`;
    return check;
  } catch (error) {
    return { name: 'lexicons', ok: false, detail: messageOf(error), advice: 'correct the file named here, or reinstall' };
  }
}

function checkSchedule(config: Config): Check {
  const timeZone = config.schedule.timeZone ?? config.timeZone;
  try {
    const now = new Date();
    const due = CronExpressionParser.parse(config.schedule.nightly, { tz: timeZone, currentDate: now }).next().toDate();
    const next = DateTime.fromJSDate(due, { zone: timeZone });
    const check: Check = {
      name: 'schedule',
      ok: true,
      detail: `"${config.schedule.nightly}" in ${timeZone}, next ${next.toFormat('yyyy-MM-dd HH:mm')}`,
    };
    const warning = scheduleWarning(config, now);
    if (warning !== undefined) check.advice = warning;
    else if (config.queue === 'inline') check.advice = 'no REDIS_URL, so nothing starts by itself: have cron call `undertone run`';
    return check;
  } catch (error) {
    return {
      name: 'schedule',
      ok: false,
      detail: `"${config.schedule.nightly}": ${messageOf(error)}`,
      advice: 'schedule.nightly: a cron pattern such as 30 3 * * *',
    };
  }
}

async function checkSource(config: Config, source: Config['sources'][number]): Promise<Check> {
  const name = `source ${source.name}`;
  try {
    const parts = await openSource(source, { timeZone: config.timeZone, textLength: config.limits.textLength }).parts();
    if (parts.length === 0) return { name, ok: true, detail: `${source.path}: no files now` };
    return { name, ok: true, detail: `${source.path}: ${parts.length} part${parts.length === 1 ? '' : 's'} to read` };
  } catch (error) {
    return { name, ok: false, detail: messageOf(error), advice: `check sources: ${source.name}: path, and that this user may read it` };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message.split('\n')[0]! : String(error));
