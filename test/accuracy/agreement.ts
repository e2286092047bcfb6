/**
 * `npm run agreement`: how far two independent readings of the same texts name the same topics, by language. The readings are
 * test/accuracy/topics/<language>.reading1.ndjson and .reading2.ndjson: every text of test/accuracy/own/<language>/sentences.ndjson, each read
 * by the taxonomy alone. And how the analysis stands against them: what both name must be found, what one names may be.
 *
 * Agreement: micro-F1 of one reading against the other (the same either way), and Krippendorff's alpha for sets of labels with the MASI distance
 * (Passonneau 2006, "Measuring agreement on set-valued items (MASI) for semantic and pragmatic annotation"): 1 - alpha is the distance seen over the
 * distance expected between any two texts' sets.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { loadAnalyzer } from '../../src/lexicons/analyzer.js';

const folder = new URL('./topics/', import.meta.url);
type Reading = { text: string; topics: string[] };
const read = (file: string): Reading[] =>
  readFileSync(new URL(file, folder), 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Reading); // prettier-ignore

/** 1 - Jaccard x monotonicity; 0 for equal sets, two empty ones among them. */
export function masi(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((x) => b.has(x)).length;
  const either = a.size + b.size - both;
  if (either === 0) return 0;
  const monotonicity = both === a.size && both === b.size ? 1 : both === a.size || both === b.size ? 2 / 3 : both > 0 ? 1 / 3 : 0;
  return 1 - (both / either) * monotonicity;
}

export function alpha(pairs: readonly (readonly [ReadonlySet<string>, ReadonlySet<string>])[]): number {
  const seen = pairs.reduce((sum, [a, b]) => sum + masi(a, b), 0) / pairs.length;
  // Expected between two sets drawn from all: equal sets are counted once.
  const kinds = new Map<string, { set: ReadonlySet<string>; n: number }>();
  for (const set of pairs.flat()) {
    const key = [...set].sort().join(' ');
    const kind = kinds.get(key);
    if (kind === undefined) kinds.set(key, { set, n: 1 });
    else kind.n++;
  }
  const all = [...kinds.values()];
  const total = 2 * pairs.length;
  let sum = 0;
  for (const a of all) for (const b of all) if (a !== b) sum += a.n * b.n * masi(a.set, b.set);
  return 1 - seen / (sum / (total * (total - 1)));
}

const percent = (x: number): string => (100 * x).toFixed(1).padStart(6);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const analyzer = await loadAnalyzer();
  say('language  texts   agreement F1   alpha    analysis F1   precision   recall');
  const languages = readdirSync(folder).flatMap((file) => /^(\w+)\.reading2\.ndjson$/.exec(file)?.[1] ?? []);
  for (const language of languages.sort()) {
    const [first, second] = [read(`${language}.reading1.ndjson`), read(`${language}.reading2.ndjson`)];
    const pairs = first.map((row, i) => {
      const other = second[i];
      if (other?.text !== row.text) throw new Error(`test/accuracy/topics/${language}: line ${i + 1} is another text in the second reading`);
      return [new Set(row.topics), new Set(other.topics)] as const;
    });
    let both = 0;
    let named = 0;
    let met = 0;
    let missed = 0;
    let wrong = 0;
    pairs.forEach(([a, b], i) => {
      const found = new Set(analyzer.analyze(first[i]!.text, { language }).topics.map((topic) => topic.id));
      named += a.size + b.size;
      for (const topic of a) {
        if (!b.has(topic)) continue;
        both++;
        if (found.has(topic)) met++;
        else missed++;
      }
      found.delete(analyzer.taxonomy.fallback?.id ?? '');
      for (const topic of found) if (!a.has(topic) && !b.has(topic)) wrong++;
    });
    const cells = [(2 * both) / named, alpha(pairs), (2 * met) / (2 * met + missed + wrong), met / (met + wrong), met / (met + missed)];
    say(`${language.padEnd(8)}${String(pairs.length).padStart(6)}   ${cells.map(percent).join('      ')}`);
  }
}
if (import.meta.url === `file://${process.argv[1]}`) await main();
