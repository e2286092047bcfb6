// The built analysis inside one process: `node test/bench/alone.mjs TEXTS.ndjson ROUNDS` prints one JSON object. A part of `npm run bench`.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { loadAnalyzer } from '../../dist/src/lexicons/analyzer.js';

const [, , file, rounds] = process.argv;
const from = performance.now();
const analyzer = await loadAnalyzer();
for (const code of analyzer.languages) analyzer.lexicon(code);
const loadMs = performance.now() - from;
const loadedMb = process.memoryUsage().rss / 1e6;
const texts = readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line).text); // prettier-ignore
/** Texts a CPU second. */
const rate = () => {
  const before = process.cpuUsage();
  for (const text of texts) analyzer.analyze(text);
  const { user, system } = process.cpuUsage(before);
  return texts.length / ((user + system) / 1e6);
};
const cold = rate();
const warm = Array.from({ length: Number(rounds) }, rate);
process.stdout.write(JSON.stringify({ loadMs, loadedMb, cold, warm }));
