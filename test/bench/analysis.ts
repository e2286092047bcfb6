/**
 * `npm run bench`: how fast the analysis is. Whole processes that read NDJSON and write NDJSON: `undertone analyze --json` against
 * franc and natural put together by hand, in turn, on the same mixed texts of seven languages; then the analysis alone inside one process,
 * and what topics add to it, with the phrases there are and with ten times as many.
 *   npm run bench -- 5        rounds (3 if absent)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, openSync, closeSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const rounds = Number(process.argv[2] ?? 3);
const own = new URL('../accuracy/own/', import.meta.url);
const texts: string[] = [];
for (const language of ['en', 'de', 'sv', 'th', 'sr', 'id', 'pt']) {
  const files = readdirSync(new URL(`${language}/`, own)).sort();
  const rows = files.flatMap((f) => readFileSync(new URL(`${language}/${f}`, own), 'utf8').split('\n').filter((l) => l !== '')); // prettier-ignore
  texts.push(...rows.slice(0, 3_000).map((row) => (JSON.parse(row) as { text: string }).text));
}
// Mixed as they come in, not language by language.
let seed = 11;
for (let i = texts.length - 1; i > 0; i--) {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  const j = seed % (i + 1);
  [texts[i], texts[j]] = [texts[j]!, texts[i]!];
}
const folder = mkdtempSync(join(tmpdir(), 'undertone-bench-'));
const input = join(folder, 'texts.ndjson');
writeFileSync(input, texts.map((text, id) => `${JSON.stringify({ id: String(id), text })}\n`).join(''));

/** CPU seconds of a command, start-up included. */
function cpu(command: string[], from = input): number {
  const file = openSync(from, 'r');
  const usage = join(folder, 'usage.json');
  const { status, stderr } = spawnSync(process.execPath, ['--import', hook, ...command], {
    stdio: [file, 'ignore', 'pipe'],
    env: { ...process.env, BENCH_USAGE: usage },
  });
  closeSync(file);
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr.toString().slice(0, 500)}`);
  const { userCPUTime, systemCPUTime } = JSON.parse(readFileSync(usage, 'utf8')) as NodeJS.ResourceUsage;
  return (userCPUTime + systemCPUTime) / 1e6;
}
const hook = join(folder, 'usage.mjs');
writeFileSync(
  hook,
  `import { writeFileSync } from 'node:fs'; process.on('exit', () => writeFileSync(process.env.BENCH_USAGE, JSON.stringify(process.resourceUsage())));`,
);
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const ours = ['dist/src/cli/main.js', 'analyze', '--json', '-'];
const byHand = ['test/bench/by-hand.mjs'];
const ratios: number[] = [];
const seconds: { ours: number[]; byHand: number[] } = { ours: [], byHand: [] };
for (let i = 0; i < rounds; i++) {
  seconds.ours.push(cpu(ours));
  seconds.byHand.push(cpu(byHand));
  ratios.push(seconds.byHand.at(-1)! / seconds.ours.at(-1)!);
}
const say = (line: string): void => void process.stdout.write(`${line}\n`);
say(`${texts.length} mixed texts of seven languages, ${Math.round(texts.join('').length / texts.length)} characters each on average`);
say(`whole process, CPU time, median of ${rounds}, start-up included:`);
say(
  `  undertone analyze --json   ${median(seconds.ours).toFixed(2)} s  ${Math.round(texts.length / median(seconds.ours))} texts a CPU second`,
);
say(
  `  franc + natural by hand    ${median(seconds.byHand).toFixed(2)} s  ${Math.round(texts.length / median(seconds.byHand))} texts a CPU second`,
);
say(
  `  ratio by hand / undertone  ${median(ratios).toFixed(2)}  (language and sentiment only, against language, sentiment, topics and evidence)`,
);

/** What a script prints, run as a process of its own on the built code: what runs TypeScript slows private fields down and takes memory. */
function inside<T>(script: string, times: number): T {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, input, String(times)], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${script}: ${stderr.slice(0, 500)}`);
  return JSON.parse(stdout) as T;
}
const { loadMs, loadedMb, cold, warm } = inside<{ loadMs: number; loadedMb: number; cold: number; warm: number[] }>(
  'test/bench/alone.mjs',
  rounds,
);
say(`loading everything: ${Math.round(loadMs)} ms, ${Math.round(loadedMb)} MB`);
say(`analysis alone, one thread: ${Math.round(cold)} texts a CPU second at first, ${Math.round(median(warm))} once warm`);

const by = inside<Record<'without' | 'once' | 'tenfold', number[]>>('test/bench/phrases.mjs', Math.max(5, rounds));
const times = (name: 'once' | 'tenfold'): string => median(by[name].map((s, i) => s / by.without[i]!)).toFixed(2);
say(
  `topics: ${times('once')} times the analysis without a topic phrase, ${times('tenfold')} times with ten times the phrases (median of the rounds' ratios)`,
);
rmSync(folder, { recursive: true });
