// What topics cost: the built analysis without a topic phrase, with all there are, and with ten times as many, in turn in one process.
// `node test/bench/phrases.mjs TEXTS.ndjson ROUNDS` prints one JSON object. A part of `npm run bench`.
import { readFileSync } from 'node:fs';
import { createAnalyzer } from '../../dist/src/analysis/index.js';
import { loadLexiconFiles } from '../../dist/src/lexicons/load.js';
import { secondOpinion } from '../../dist/src/lexicons/second-opinion.js';

const [, , file, rounds] = process.argv;
const texts = readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line).text); // prettier-ignore
const { packed: _packed, ...files } = loadLexiconFiles();
const second = await secondOpinion();

/** The same phrases, nine times more: begun alike and ended with a word that nobody writes, so that as much is found. */
function tenfold(content) {
  const lines = content.split('\n').filter((line) => line !== '');
  const phrases = lines.filter((line) => !/^[@#]/.test(line) && !line.split('\t')[1]?.startsWith('!'));
  const more = Array.from({ length: 9 }, (_, i) =>
    phrases.map((line) => {
      const [topic, pattern, polarity] = line.split('\t');
      return [topic, `${pattern} qx${'abcdefghi'[i]}`, polarity].join('\t');
    }),
  );
  return [...lines, ...more.flat()].join('\n');
}
const without = (content) => content.split('\n').filter((line) => line.startsWith('@')).join('\n'); // prettier-ignore
const changed = (change) => ({ ...files, text: (name) => (name.endsWith('/topics.tsv') ? change(files.text(name)) : files.text(name)) });
const variants = { without: changed(without), once: files, tenfold: changed(tenfold) };
const analyzers = Object.entries(variants).map(([name, own]) => [name, createAnalyzer(own, { secondOpinion: second })]);
const seconds = Object.fromEntries(analyzers.map(([name]) => [name, []]));
for (let round = 0; round <= Number(rounds); round++) {
  for (const [name, analyzer] of analyzers) {
    const before = process.cpuUsage();
    for (const text of texts) analyzer.analyze(text);
    const { user, system } = process.cpuUsage(before);
    // The first round compiles the lexicons and warms the words up.
    if (round > 0) seconds[name].push((user + system) / 1e6);
  }
}
process.stdout.write(JSON.stringify(seconds));
