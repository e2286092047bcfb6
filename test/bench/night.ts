/**
 * How fast a whole night goes, as a user starts it: file to embedded store in one process, and file to a MongoDB-compatible server
 * through Redis with two. Prints rows a second, peak memory of each process, and the CPU time a row spends in each stage.
 *
 *   npm run bench:night                 100,000 rows
 *   npm run bench:night -- 1000000
 *   npm run bench:night -- 100000 --embedded    only the embedded store
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { StageTimes } from '../../jobs/deps.js';
import { freshDatabase, startMongo, startRedis } from '../servers.js';
import { writeFeedback } from './generate.js';

interface Ended {
  seconds: number;
  stdout: string;
  peakMb: number;
  /** CPU time in milliseconds, all threads. */
  cpu: number;
  times?: StageTimes;
}

const main = resolve('dist/src/cli/main.js');
const folder = mkdtempSync(join(tmpdir(), 'undertone-bench-'));
const rows = Number(process.argv.slice(2).find((argument) => /^\d+$/.test(argument)) ?? 100_000);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

// Writes what the whole process used when it ends; `ps` and the like would only sample it.
const usage = join(folder, 'usage.mjs');
writeFileSync(
  usage,
  `import { writeFileSync } from 'node:fs'; import { isMainThread } from 'node:worker_threads';
   if (isMainThread) process.on('exit', () => writeFileSync(process.env.BENCH_USAGE, JSON.stringify(process.resourceUsage())));`,
);

const FILE_ROWS = 25_000;

let started = 0;
function start(args: string[], env: NodeJS.ProcessEnv): { child: ChildProcess; ended: Promise<Ended> } {
  const usageFile = join(folder, `usage-${++started}.json`);
  const begin = performance.now();
  const child = spawn(process.execPath, ['--import', usage, main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: folder,
    env: { ...process.env, BENCH_USAGE: usageFile, UNDERTONE_LOG: 'debug', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  const ended = new Promise<Ended>((done, fail) => {
    child.on('close', (code) => {
      if (code !== 0) return fail(new Error(`undertone ${args.join(' ')} ended with ${code}\n${stderr.slice(-4_000)}`));
      const used = JSON.parse(readFileSync(usageFile, 'utf8')) as NodeJS.ResourceUsage;
      const times = stderr
        .split('\n')
        .filter((line) => line.includes('"times":'))
        .map((line) => (JSON.parse(line) as { times: StageTimes }).times)
        .at(-1);
      done({
        ...{ seconds: (performance.now() - begin) / 1_000, stdout, peakMb: used.maxRSS / 1_024 },
        cpu: (used.userCPUTime + used.systemCPUTime) / 1_000,
        ...(times === undefined ? {} : { times }),
      });
    });
  });
  return { child, ended };
}

function print(title: string, ended: Ended[]): number {
  const [run] = ended as [Ended];
  const report = JSON.parse(run.stdout) as { read: number; new: number };
  if (report.read !== rows || report.new !== rows) throw new Error(`expected ${rows} rows read and new, got ${run.stdout}`);
  const rate = rows / run.seconds;
  const cpu = ended.reduce((sum, each) => sum + each.cpu, 0);
  const stages = (['read', 'redact', 'analyze', 'commit', 'rollup'] as const).map((stage): [string, number] => [
    stage,
    ended.reduce((sum, each) => sum + (each.times?.[stage] ?? 0), 0),
  ]);
  say(`\n${title}`);
  say(`  ${Math.round(rate).toLocaleString('en')} rows/s (${run.seconds.toFixed(1)} s, start and report included)`);
  say(`  peak memory ${ended.map((each) => `${Math.round(each.peakMb)} MB`).join(' and ')}`);
  say(`  CPU ${((1_000 * cpu) / rows).toFixed(1)} us a row in all; a row's time in each stage:`);
  for (const [stage, ms] of stages) say(`    ${stage.padEnd(8)} ${((1_000 * ms) / rows).toFixed(1).padStart(6)} us`);
  return rate;
}

async function embedded(path: string): Promise<number> {
  const { ended } = start(['run', path, '--store', `sqlite:${join(folder, 'bench.db')}`, '--json'], { REDIS_URL: '', MONGODB_URI: '' });
  return print(`${rows.toLocaleString('en')} rows, one process, SQLite`, [await ended]);
}

async function servers(path: string): Promise<number | undefined> {
  const redis = await startRedis();
  const mongo = await startMongo();
  try {
    if (redis === undefined || mongo === undefined) return undefined;
    const env = { REDIS_URL: redis.url, MONGODB_URI: freshDatabase(mongo.url), UNDERTONE_STORE: '' };
    const worker = start(['worker'], env);
    await new Promise<void>((done, fail) => {
      worker.child.stderr?.on('data', (data: Buffer) => {
        if (data.toString().includes('worker ready')) done();
      });
      worker.ended.catch(fail);
    });
    const run = await start(['run', path, '--json'], env).ended;
    worker.child.kill('SIGTERM');
    return print(`${rows.toLocaleString('en')} rows, two processes, ${redis.name} and ${mongo.name}`, [run, await worker.ended]);
  } finally {
    await redis?.stop();
    await mongo?.stop();
  }
}

try {
  if (!existsSync(main)) throw new Error('dist/ is missing: npm run build');
  const feedback = join(folder, 'feedback');
  mkdirSync(feedback);
  // Several files, as exports come: parts are what two processes share.
  for (let first = 1; first <= rows; first += FILE_ROWS) {
    await writeFeedback(join(feedback, `from-${first}.csv`), Math.min(FILE_ROWS, rows - first + 1), first);
  }
  const one = await embedded(feedback);
  const two = process.argv.includes('--embedded') ? undefined : await servers(feedback);
  if (two !== undefined) say(`\nthe servers' path at ${Math.round((100 * two) / one)} % of the embedded one`);
  else say('\nthe path over servers was not measured');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
