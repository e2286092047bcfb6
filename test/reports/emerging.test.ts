import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnalyzedFeedback } from '../../src/feedback.js';
import { loadLexiconFiles } from '../../src/lexicons/load.js';
import { termReader } from '../../src/lexicons/terms.js';
import { emerging, type EmergingOptions, type EmergingReport } from '../../src/reports/emerging/emerging.js';
import { renderEmerging } from '../../src/reports/emerging/text.js';
import { windowOf } from '../../src/reports/emerging/window.js';
import { addDays } from '../../src/reports/periods.js';
import { feedback, type Given } from './feedback.js';
import { storeOf } from './store.js';

/** Monday of the first of thirteen weeks; the last, 2026-W47, is compared with the others. */
const FIRST = '2026-08-24';
const LAST = addDays(FIRST, 84);
const files = loadLexiconFiles();
let authors = 0;

interface Asked extends Partial<EmergingOptions> {
  names?: string[];
}

async function ask(items: AnalyzedFeedback[], { names = [], ...options }: Asked = {}): Promise<EmergingReport> {
  const window = windowOf(addDays(LAST, 6), 'week');
  return emerging({ store: await storeOf(items), filter: {}, window, timeZone: 'UTC', read: termReader(files, names), ...options });
}

const by = (customer: string, given: Given): AnalyzedFeedback => feedback({ ...given, more: { customer } });
/** A text a day, each by an author of its own. */
const written = (texts: readonly string[], language: string, from = LAST, given: Given = {}): AnalyzedFeedback[] =>
  texts.map((text, i) => by(`c_${++authors}`, { text, language, day: addDays(from, i % 7), ...given }));

/** The project's own sentences, in an order of their own for each seed. */
function sentences(language: string, seed: number): string[] {
  const folder = join(import.meta.dirname, '../accuracy/own', language);
  const all = readdirSync(folder).sort().flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean)); // prettier-ignore
  const texts = all.map((line) => (JSON.parse(line) as { text: string }).text);
  let state = seed;
  for (let i = texts.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const j = Math.floor((state / 2 ** 32) * (i + 1));
    [texts[i], texts[j]] = [texts[j]!, texts[i]!];
  }
  return texts;
}

/** Thirteen weeks in which nothing happens: `each` texts a week, drawn from one hat. */
const quiet = (language: string, each = 45, seed = 1): AnalyzedFeedback[] =>
  sentences(language, seed).slice(0, each * 13).flatMap((text, i) => written([text], language, addDays(FIRST, 7 * Math.floor(i / each) + (i % 7)))); // prettier-ignore

const found = ({ terms }: EmergingReport): string[] => terms.map(({ term }) => term.toLowerCase());

describe('a planted term is found', () => {
  it.each([
    ['en', ['The magsafe clasp came off', 'magsafe clasps are weak', 'My Magsafe clasp broke again', 'no luck with the magsafe clasp'], 'magsafe clasp'],
    ['de', ['Der Schlüsselanhänger fehlt', 'Schlüsselanhänger fehlt schon wieder', 'wo ist der Schlüsselanhänger?', 'Die Schlüsselanhängern fehlten'], 'schlüsselanhänger'],
    ['sv', ['Rabattstegen är borta', 'var är rabattstegen?', 'rabattstegen syns inte', 'Jag saknar rabattstegen'], 'rabattstegen'],
    ['th', ['แอปเด้งออกตอนจ่ายเงิน', 'แอปเด้งทุกครั้งที่เปิด', 'เมื่อวานแอปเด้งบ่อย', 'แอปเด้งอีกแล้ว'], 'แอปเด้ง'],
    ['sr', ['Rajsferšlus se otkačio', 'Рајсфершлус не ради', 'pukao rajsferslus', 'Рајсфершлуси пуцају'], 'rajsferšlus'],
    ['pt', ['O holograma sumiu', 'hologramas apagados', 'holograma ruim', 'Esse holograma descola'], 'holograma'],
  ])('%s', async (language, texts, expected) => {
    const report = await ask([...quiet(language), ...written([...texts, ...texts, ...texts], language, LAST, { label: 'negative' })]);
    const [first] = report.terms;
    expect([first!.term, ...first!.forms].join('; ').toLowerCase()).toContain(expected);
    expect(first).toMatchObject({ language, period: '2026-W47', baselineCount: 0, firstSeen: LAST, sentiment: { negative: first!.count, share: 1 } });
    expect(first!.count).toBeGreaterThanOrEqual(9);
    expect(first!.q).toBeLessThan(0.01);
  }); // prettier-ignore

  it.each([
    ['zh', '质量很好我很喜欢', '客服态度也不错', '充电器发热太严重了', '充电器'],
    ['ja', '配送が早くて助かりました', '品質も良いと思います', '充電器がとても熱くなります', '充電器'],
    ['pl', 'Szybka dostawa i dobra cena', 'Wszystko w porządku', 'Ładowarka bardzo się grzeje', 'ładowarka'],
  ])('in a language without a lexicon: %s', async (language, usual, other, news, expected) => {
    const label = 'unsupported' as const;
    const before = Array.from({ length: 12 }, (_, week) => written([usual, other, usual, other, usual, other], language, addDays(FIRST, 7 * week), { label }));
    const now = written([usual, other, usual, ...Array<string>(9).fill(news)], language, LAST, { label });
    const report = await ask([...before.flat(), ...now]);
    expect([report.terms[0]!.term, ...report.terms[0]!.related].join(' ').toLowerCase()).toContain(expected);
    expect(report.terms[0]).toMatchObject({ count: 9, sentiment: { unsupported: 9, share: null } });
  }); // prettier-ignore
});

describe('one story is told once', () => {
  it('with its inflected forms, its parts, and three quotes of three authors that mark it', async () => {
    const texts = ['The zipper jams', 'zippers jam badly', 'My ZIPPER jammed on [email] day', 'new zipper jams', 'zipper jams, see https://zipper.example/jam'];
    const report = await ask([...quiet('en'), ...written([...texts, ...texts], 'en')]);
    expect(report.terms).toHaveLength(1);
    const [one] = report.terms;
    expect(one).toMatchObject({ term: 'zipper jams', forms: expect.arrayContaining(['zippers jam', 'ZIPPER jammed']) as string[], count: 10 });
    expect(one!.quotes).toHaveLength(3);
    for (const { text, start, end } of one!.quotes) expect(text.slice(start, end)).toMatch(/^zippers? jam/i);
    expect(new Set(one!.quotes.map(({ text }) => text)).size).toBe(3);
  }); // prettier-ignore

  it('counts what Serbs write in either script, with diacritics and without, as one', async () => {
    const report = await ask([
      ...quiet('sr'),
      ...written(['Ćuška je pukla', 'ћушка је пукла', 'cuske pucaju', 'Ћушке пуцају', 'ćuška, pa ćuška'], 'sr', LAST),
    ]);
    expect(report.terms.find(({ term }) => /[ćcћ]u/i.test(term))).toMatchObject({ count: 5 });
  });
});

describe('nothing is made of', () => {
  it.each(['en', 'de', 'th', 'sr', 'id'])('chance: a quiet quarter in %s, twice', async (language) => {
    for (const seed of [2, 3]) expect(found(await ask(quiet(language, 45, seed)))).toEqual([]);
  });

  it('one author who writes often, or the same message stored often', async () => {
    const many = Array.from({ length: 30 }, (_, i) => by('c_same', { text: `gizmotron fell off, part ${i}`, day: addDays(LAST, i % 7) }));
    expect(found(await ask([...quiet('en'), ...many]))).toEqual([]);
    const eight = written(Array<string>(8).fill('gizmotron fell off'), 'en');
    const report = await ask([...quiet('en'), ...eight, ...many]);
    expect(report.terms[0]).toMatchObject({ count: 9 });
  });

  it('stop words, degree words, names of the shop, placeholders and numbers', async () => {
    const text = 'Acme Outlet [phone] and the very really 4711, from [email]';
    expect(found(await ask([...quiet('en'), ...written(Array<string>(20).fill(text), 'en')], { names: ['acme outlet'] }))).toEqual([]);
    const unnamed = await ask([...quiet('en'), ...written(Array<string>(20).fill(text), 'en')]);
    expect(found(unnamed)).toEqual(['acme outlet']);
  });

  it('a word that was as common before, though there is much more feedback now', async () => {
    const weeks = (each: number, from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => written(Array<string>(each).fill('courier left the parcel with a neighbour'), 'en', addDays(FIRST, 7 * (from + i)))).flat(); // prettier-ignore
    const items = [
      ...quiet('en'),
      ...sentences('en', 9)
        .slice(0, 300)
        .flatMap((text) => written([text], 'en')),
    ];
    expect(found(await ask([...items, ...weeks(3, 0, 12), ...weeks(9, 12, 13)]))).toEqual([]);
  });

  it('too little feedback, which it says', async () => {
    const items = [...quiet('en', 3), ...written(Array<string>(9).fill('Die Ladebuchse wackelt'), 'de')];
    const report = await ask(items);
    expect(report.languages).toEqual([
      { language: 'de', authors: 9, baselineAuthors: 0, note: 'not enough data' },
      { language: 'en', authors: 3, baselineAuthors: 36, note: 'not enough data' },
    ]);
    expect(renderEmerging(report, { color: false, width: 100 })).toMatch(/too little feedback in every language.*de \(9 now, 0 before\)/s);
  });
});

describe('the report', () => {
  it('says plainly that nothing is new', async () => {
    const text = renderEmerging(await ask(quiet('en')), { color: false, width: 100 });
    expect(text).toMatch(
      /2026-W47 \(2026-11-16 to 2026-11-22\)[^]*Nothing new: of \d+ words and phrases compared, none rises by more than chance\./,
    );
  });

  it('follows its filter, its minimum and its limit', async () => {
    const items = [
      ...quiet('en'),
      ...written(Array<string>(9).fill('gizmotron fell off'), 'en', LAST, { topics: { 'product.quality': 'negative' } }),
      ...written(Array<string>(7).fill('flumbergast arrived'), 'en'),
    ];
    expect(found(await ask(items))).toEqual(expect.arrayContaining([expect.stringContaining('gizmotron'), expect.stringContaining('flumbergast')]));
    expect(found(await ask(items, { minAuthors: 8 })).join()).not.toContain('flumbergast');
    expect(await ask(items, { limit: 1 })).toMatchObject({ found: 2, terms: [{ count: 9 }] });
    expect((await ask(items, { filter: { topics: ['product'] } })).languages).toEqual([expect.objectContaining({ authors: 9, note: 'not enough data' })]);
  }); // prettier-ignore

  it('compares a month with the twelve weeks before it', () => {
    expect(windowOf('2026-11-24', 'month')).toMatchObject({ period: { key: '2026-10' }, baselineStart: '2026-07-09' });
    expect(windowOf('2026-11-30', 'month')).toMatchObject({ period: { key: '2026-11' } });
    expect(windowOf('2026-11-24', 'week')).toMatchObject({ period: { key: '2026-W47' }, baselineStart: '2026-08-24' });
  });
});
