/** What `npm run accuracy` prints on languages beside the share that was right. */
import { primary, type Answer, type LabelledRow } from '../../src/accuracy/measure.js';
import type { Analyzer } from '../../src/analysis/index.js';

const percent = (x: number): string => (100 * x).toFixed(1);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Language accuracy by kind of row, macro over the tags (Nynorsk counts beside Bokmål, both are read as `nb`), and what was taken for what. */
export function reportLanguages(rows: readonly LabelledRow[], answers: readonly Answer[]): void {
  const kinds = new Map<string, Map<string, { n: number; right: number; wrong: Map<string, number> }>>();
  rows.forEach(({ lang, kind }, i) => {
    if (lang == null) return;
    const byTag = kinds.get(kind ?? 'text') ?? new Map<string, { n: number; right: number; wrong: Map<string, number> }>();
    kinds.set(kind ?? 'text', byTag);
    const figures = byTag.get(lang) ?? { n: 0, right: 0, wrong: new Map<string, number>() };
    byTag.set(lang, figures);
    const { code } = answers[i]!.language;
    figures.n++;
    if (code === primary(lang)) figures.right++;
    else figures.wrong.set(code, (figures.wrong.get(code) ?? 0) + 1);
  });
  for (const [kind, byTag] of kinds) {
    const figures = [...byTag].sort(([, a], [, b]) => a.right / a.n - b.right / b.n);
    const macro = figures.reduce((sum, [, f]) => sum + f.right / f.n, 0) / figures.length;
    say(`  ${kind}: ${percent(macro)} macro over ${figures.length} languages; below 97:`);
    for (const [tag, { n, right, wrong }] of figures.filter(([, f]) => f.right / f.n < 0.97)) {
      const taken = [...wrong].sort(([, a], [, b]) => b - a).slice(0, 6).map(([code, count]) => `${code} ${count}`); // prettier-ignore
      say(`    ${tag.padEnd(8)}${percent(right / n).padStart(6)} of ${n}, else ${taken.join(', ')}`);
    }
  }
}

/** Serbian comments: as `sr` by an analyzer that expects Serbian, and as any of the three close relatives without a hint. */
export function reportExpected(rows: readonly LabelledRow[], answers: readonly Answer[], expecting: Analyzer): void {
  const sr = rows.filter((row) => expecting.analyze(row.text).language.code === 'sr').length;
  const any = answers.filter(({ language }) => ['sr', 'hr', 'bs'].includes(language.code)).length;
  say(`  expecting sr and en: ${percent(sr / rows.length)} sr; expecting nothing: ${percent(any / rows.length)} sr, hr or bs`);
}

/** How often the language was right by how sure the detector was; `und` left out. */
export function reportReliability(rows: readonly { confidence: number; right: boolean }[]): void {
  if (rows.length === 0) return;
  say('language confidence and share right, own held-out sentences and language identification:');
  for (let from = 0; from < 10; from++) {
    const bin = rows.filter(({ confidence }) => Math.min(9, Math.floor(confidence * 10)) === from);
    if (bin.length === 0) continue;
    const mean = bin.reduce((sum, { confidence }) => sum + confidence, 0) / bin.length;
    say(`  ${(from / 10).toFixed(1)}  ${String(bin.length).padStart(6)} rows  sure ${percent(mean)}  right ${percent(bin.filter((r) => r.right).length / bin.length)}`); // prettier-ignore
  }
}
