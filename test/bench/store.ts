/**
 * What a row costs in the store: `npx tsx test/bench/store.ts [--rows N] [--store URL|mongo] [--random-ids] [--sorted] [--keep]`.
 * Batches of 500 as a night writes them; then the same rows again (nothing to write), roll-ups of all days, and questions.
 * `mongo` starts a MongoDB-compatible server of its own. The rows are made outside the time that is measured.
 */
import { rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../../src/store/open.js';
import type { FeedbackFilter, FeedbackStore } from '../../src/store/port.js';
import { startMongo } from '../servers.js';
import { generate } from '../store/generate.js';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    store: { type: 'string' },
    'random-ids': { type: 'boolean', default: false },
    sorted: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
const BATCH = 500;
const rows = Number(options.rows);
const file = join(tmpdir(), `undertone-bench-${process.pid}.db`);
const server = options.store === 'mongo' ? await startMongo() : undefined;
const store = await openStore(server === undefined ? (options.store ?? `sqlite:${file}`) : `${server.url}bench`);
console.log(`${server?.name ?? store.name}, ${rows} rows`);

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
let peak = 0;

/** Wall and CPU time of this process in microseconds a row; the median batch is what a quiet machine would show. */
async function measure(
  what: string,
  work: (from: number) => Promise<void>,
  each: () => Promise<void> = async () => undefined,
): Promise<void> {
  let wall = 0;
  let cpu = 0;
  let next = 10_000;
  let batches: number[] = [];
  for (let from = 0; from < rows; from += BATCH) {
    await each();
    const spent = await timed(() => work(from));
    wall += spent.wall;
    cpu += spent.cpu;
    batches.push(spent.wall);
    peak = Math.max(peak, process.memoryUsage().rss);
    if (from + BATCH === next || from + BATCH >= rows) {
      const done = from + BATCH;
      const recent = batches.sort((a, b) => a - b)[Math.floor(batches.length / 2)] ?? 0;
      console.log(
        `${what.padEnd(10)} ${String(done).padStart(8)} rows: ${(wall / done).toFixed(1)} µs a row, CPU ${(cpu / done).toFixed(1)}, median batch since the last line ${(recent / BATCH).toFixed(1)}, RSS ${megabytes(peak)}`,
      );
      next *= 10;
      batches = [];
    }
  }
}

async function timed(work: () => Promise<unknown>): Promise<{ wall: number; cpu: number }> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - start) * 1_000, cpu: user + system };
}

const make = (from: number) =>
  generate(from, Math.min(from + BATCH, rows), 1, { randomIds: options['random-ids'], sorted: options.sorted });

let batch = make(0);
let at = 0;
const days = new Set<string>();
const commit = async (from: number): Promise<void> => {
  const counts = await store.commit(batch, {
    source: 'bench',
    part: 'all',
    cursor: String(from),
    done: false,
    fingerprint: 'bench',
    counts: { read: from, new: from, changed: 0, unchanged: 0, rejected: 0, redacted: {} },
  });
  for (const day of counts.days) days.add(day);
};
const prepare = async (): Promise<void> => {
  batch = make(at);
  at += BATCH;
};
await measure('new', commit, prepare);
at = 0;
await measure('unchanged', commit, prepare);
const rollups = await timed(() => store.refreshRollups([...days]));
console.log(`roll-ups of ${days.size} days: ${(rollups.wall / rows).toFixed(1)} µs a row, CPU ${(rollups.cpu / rows).toFixed(1)}`);
await questions(store);
if (options.store === undefined) console.log(`file ${megabytes(statSync(file).size)}, log ${megabytes(statSync(`${file}-wal`).size)}`);
await store.close();
await server?.stop();
if (!options.keep) for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true });

async function questions(store: FeedbackStore): Promise<void> {
  const complaints: FeedbackFilter = { topics: ['delivery'], labels: ['negative'] };
  const asks: [string, () => Promise<unknown>][] = [
    ['newest page', () => store.search({}, { limit: 50, sort: 'newest' })],
    ['newest complaints about an area', () => store.search(complaints, { limit: 50, sort: 'newest' })],
    ['worst complaints about an area, German', () => store.search({ ...complaints, languages: ['de'] }, { limit: 50, sort: 'severity' })],
    ['newest negative texts', () => store.search({ labels: ['negative'] }, { limit: 50, sort: 'newest' })],
    ['count of complaints about a leaf', () => store.count({ topics: ['delivery.speed'], labels: ['negative'] })],
    ['texts that contain a word, first page', () => store.search({ contains: 'FÖRPACKNING' }, { limit: 50, sort: 'newest' })],
    ['roll-ups of all days', async () => { for await (const _row of store.rollups({}, { topics: ['*'] })); }], // prettier-ignore
    ['stream of one language', async () => { for await (const _item of store.stream({ languages: ['th'] })); }], // prettier-ignore
  ];
  for (const [what, ask] of asks) {
    const { wall } = await timed(ask);
    console.log(`${what}: ${(wall / 1_000).toFixed(1)} ms`);
  }
}
