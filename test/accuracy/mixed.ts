/** How well texts in two languages are cut: held-out sentences of two languages joined, and held-out sentences of one language left alone. */
import type { UndertoneAnalyzer } from '../../src/analysis/index.js';

const PAIRS = 3_000;
/** Fewer words than this are not held against the segmenter: it leaves them with their neighbours. */
const WORDS = 4;
/** So close that a sentence of one is often good enough for the other. */
const CLOSE = new Set(['da', 'nb', 'sv']);

/** @param sentences language -> held-out sentences */
export function reportMixed(analyzer: UndertoneAnalyzer, sentences: ReadonlyMap<string, readonly string[]>): void {
  let whole = 0;
  let cut = 0;
  for (const texts of sentences.values()) {
    for (const text of texts) {
      whole++;
      if (analyzer.analyze(text).segments !== undefined) cut++;
    }
  }
  const languages = [...sentences.keys()].sort();
  let seed = 5;
  const random = (n: number): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff) % n;
  const long = (language: string, text: string): boolean => language === 'th' || text.split(' ').length >= WORDS;
  let pairs = 0;
  let found = 0;
  let characters = 0;
  let right = 0;
  for (let i = 0; i < PAIRS; i++) {
    const [a, b] = [languages[random(languages.length)]!, languages[random(languages.length)]!];
    const [first, second] = [a, b].map((l) => sentences.get(l)![random(sentences.get(l)!.length)]!) as [string, string];
    if (a === b || (CLOSE.has(a) && CLOSE.has(b)) || !long(a, first) || !long(b, second)) continue;
    const text = `${first}${/[.!?]$/.test(first) ? ' ' : '. '}${second}`;
    const { segments, language } = analyzer.analyze(text);
    let here = 0;
    for (const part of segments ?? [{ start: 0, end: text.length, language: language.code }]) {
      const border = Math.min(Math.max(first.length + 1, part.start), part.end);
      if (part.language === a) here += border - part.start;
      if (part.language === b) here += part.end - border;
    }
    pairs++;
    characters += text.length;
    right += here;
    if (here > 0.9 * text.length) found++;
  }
  const percent = (x: number): string => (100 * x).toFixed(1);
  process.stdout.write(
    `two languages in one text (${pairs} pairs of held-out sentences): ${percent(right / characters)} % of the characters in the right language, ${percent(found / pairs)} % of the texts cut right; of ${whole} sentences in one language ${cut} cut\n`,
  );
}
