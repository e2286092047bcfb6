/**
 * `npm run accuracy`: measures the analysis on the project's own held-out sentences and on every outside set at hand (the folder
 * `UNDERTONE_EVAL`, `../shared/eval` if absent: NDJSON with text, label, lang, split), and compares with the last committed figures.
 *
 *   npm run accuracy                     all, against test/accuracy/figures.json
 *   npm run accuracy -- --write          and keeps the new figures
 *   npm run accuracy -- amazon-en own-de only these
 *   npm run accuracy -- --split train    the rows that may be read
 *   npm run accuracy -- mabsa-en --topics  with a line for each topic
 *   npm run accuracy -- langid           languages of sentences and of word pairs, with what they were taken for
 *   npm run accuracy -- mixed            texts in two languages
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { isHeldOut } from '../../src/accuracy/held-out.js';
import { LabelledRow, measure, primary, type AccuracyFigures } from '../../src/accuracy/measure.js';
import { reportExpected, reportLanguages, reportReliability } from './languages.js';
import { reportMixed } from './mixed.js';
import { measureTopics, type TopicFigures } from '../../src/accuracy/topics.js';
import { kept as keptTopics, mappingOf, reportTopics, type KeptTopics } from './topics.js';
import { loadAnalyzer } from '../../src/lexicons/analyzer.js';

/** macro-F1 three-way and two-way, coverage and language accuracy in percent; null where the set has no such rows. */
interface Figures {
  rows: number;
  threeWay: number | null;
  twoWay: number | null;
  coverage: number;
  language: number | null;
  calibrationError: number;
  /** Where the rows name topics, or categories that test/accuracy/mappings maps to topics. */
  topics?: KeptTopics;
}

const own = new URL('./own/', import.meta.url);
const outside = process.env['UNDERTONE_EVAL'] ?? new URL('../../../shared/eval', import.meta.url).pathname;
const kept = new URL('./figures.json', import.meta.url);
const args = process.argv.slice(2);
const write = args.includes('--write');
const split = args.includes('--split') ? args[args.indexOf('--split') + 1]! : 'dev';
const wanted = args.filter((a, i) => !a.startsWith('--') && args[i - 1] !== '--split');

const read = (path: string | URL): LabelledRow[] =>
  readFileSync(path, 'utf8').split('\n').filter((line) => line !== '').map((line) => LabelledRow.parse(JSON.parse(line))); // prettier-ignore

const sets = new Map<string, () => LabelledRow[]>();
for (const language of readdirSync(own).sort()) {
  sets.set(`own-${language}`, () =>
    readdirSync(new URL(`${language}/`, own))
      .sort()
      .flatMap((file) => read(new URL(`${language}/${file}`, own)))
      .filter((row) => isHeldOut(row.text))
      .map((row) => ({ ...row, lang: language })),
  );
}
const relatives = new URL('./relatives/', import.meta.url);
for (const file of readdirSync(relatives).sort()) {
  const lang = file.replace('.ndjson', '');
  // Read with a neighbour's lexicon; nothing is fitted on these.
  sets.set(`own-${lang}`, () => read(new URL(file, relatives)).map((row) => ({ ...row, lang })));
}
if (existsSync(outside)) {
  for (const file of readdirSync(outside).sort()) {
    // Word pairs and intents have no sentiment; language identification has a report of its own below.
    if (file.endsWith('.jsonl')) sets.set(file.slice(0, -6), () => read(`${outside}/${file}`).filter((row) => (row.split ?? 'dev') === split));
  }
} else process.stderr.write(`no outside sets at ${outside}: the project's own held-out sentences only\n`);

const before: Record<string, Figures> = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as Record<string, Figures>) : {};
const now: Record<string, Figures> = {};
const topics = new Map<string, TopicFigures>();
/** Own rows and those for language identification, with how sure the detector was and whether it was right. */
const sureness: { confidence: number; right: boolean }[] = [];
const analyzer = await loadAnalyzer();
const percent = (x: number): number => Math.round(x * 1_000) / 10;
const cell = (x: number | null, was: number | null | undefined): string => {
  if (x === null) return '      -      ';
  const change = was == null || Math.abs(x - was) < 0.05 ? '' : `${x > was ? '+' : ''}${(x - was).toFixed(1)}`;
  return `${x.toFixed(1).padStart(6)} ${change.padEnd(6)}`;
};

process.stdout.write(`${'set'.padEnd(24)}  rows   3-way        2-way        coverage     language     calibration error\n`);
for (const [name, rows] of sets) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const labelled = rows();
  if (labelled.length === 0) continue;
  const answers = labelled.map((row) => analyzer.analyze(row.text));
  const m: AccuracyFigures = measure(labelled, answers, 0);
  if (name === 'langid') reportLanguages(labelled, answers);
  if (name === 'senticomments-sr') reportExpected(labelled, answers, await loadAnalyzer({ expected: ['sr', 'en'] }));
  if (name === 'langid' || name.startsWith('own-')) {
    labelled.forEach(({ lang }, i) => {
      const { code, confidence } = answers[i]!.language;
      if (code !== 'und') sureness.push({ confidence, right: code === primary(lang ?? '') });
    });
  }
  const neutrals = m.threeWay.classes.neutral !== undefined;
  const figures: Figures = {
    rows: labelled.length,
    threeWay: m.labelled > 0 && neutrals ? percent(m.threeWay.macroF1) : null,
    twoWay: m.twoWay.n > 0 ? percent(m.twoWay.macroF1) : null,
    coverage: percent(m.coverage),
    language: m.language.n > 0 ? percent(m.language.macro) : null,
    calibrationError: percent(m.calibration.expectedError),
  };
  const mapping = mappingOf(name, labelled, analyzer.taxonomy);
  // Rows of our own without topics are not rows without a topic.
  const named = labelled.map((_, i) => i).filter((i) => !name.startsWith('own-') || labelled[i]!.topics != null);
  const onTopics = mapping && measureTopics(named.map((i) => labelled[i]!), named.map((i) => answers[i]!), mapping); // prettier-ignore
  if (onTopics !== undefined) {
    figures.topics = keptTopics(onTopics);
    topics.set(name, onTopics);
  }
  now[name] = figures;
  const was = before[name];
  process.stdout.write(
    `${name.padEnd(24)}${String(figures.rows).padStart(6)} ${cell(figures.threeWay, was?.threeWay)}${cell(figures.twoWay, was?.twoWay)}${cell(figures.coverage, was?.coverage)}${cell(figures.language, was?.language)}${cell(figures.calibrationError, was?.calibrationError)}\n`,
  );
}
reportTopics(topics, before, args.includes('--topics'));
const mean = (field: 'threeWay' | 'twoWay' | 'language', figures: Record<string, Figures>): number => {
  const values = Object.keys(now).map((name) => figures[name]?.[field]).filter((x): x is number => x != null); // prettier-ignore
  return values.reduce((a, b) => a + b, 0) / values.length;
};
for (const field of ['threeWay', 'twoWay', 'language'] as const) {
  const was = mean(field, before);
  process.stdout.write(`mean ${field}: ${mean(field, now).toFixed(2)}${Number.isNaN(was) ? '' : ` (was ${was.toFixed(2)})`}\n`);
}
reportReliability(sureness);
if (wanted.length === 0 || wanted.includes('mixed')) {
  const heldOut = (language: string): string[] => sets.get(`own-${language}`)!().map((row) => row.text);
  reportMixed(analyzer, new Map(analyzer.languages.map((language) => [language, heldOut(language)])));
}
if (write) writeFileSync(kept, `${JSON.stringify({ ...before, ...now }, null, 2)}\n`);
