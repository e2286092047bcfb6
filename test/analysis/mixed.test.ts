import { beforeAll, describe, expect, it } from 'vitest';
import { explain, type UndertoneAnalyzer } from '../../src/analysis/index.js';
import { loadAnalyzer } from '../../src/lexicons/analyzer.js';
import { Analysis } from '../../src/feedback.js';

let analyzer: UndertoneAnalyzer;
beforeAll(async () => {
  analyzer = await loadAnalyzer();
});

/** `en: text | de: text`, cut where the languages change. */
const parts = (text: string): string[] =>
  analyzer.analyze(text).segments?.map((s) => `${s.language}: ${text.slice(s.start, s.end).trim()}`) ?? [];

describe('a text in two languages', () => {
  it.each([
    ['Great phone, works as it should. Leider ist der Akku nach einer Woche kaputt.', ['en: Great phone, works as it should.', 'de: Leider ist der Akku nach einer Woche kaputt.']],
    ['Chegou antes do prazo e adorei. The manual was only in English and hard to read.', ['pt: Chegou antes do prazo e adorei.', 'en: The manual was only in English and hard to read.']],
    ['สินค้าดีมาก ส่งไวมากค่ะ The seller was very kind and answered all my questions', ['th: สินค้าดีมาก ส่งไวมากค่ะ', 'en: The seller was very kind and answered all my questions']],
    ['Isporuka je bila brza, sve preporuke. Vielen Dank für den schnellen Versand!', ['sr: Isporuka je bila brza, sve preporuke.', 'de: Vielen Dank für den schnellen Versand!']],
  ])('is cut where the language changes: %s', (text, expected) => {
    expect(parts(text)).toEqual(expected);
    const result = analyzer.analyze(text);
    expect(result.flags).toContain('mixed-language');
    expect(Analysis.parse(result).segments).toHaveLength(expected.length);
  }); // prettier-ignore

  it('is covered by its parts, and has the language of most of its words', () => {
    const text = '  Snabb leverans och bra pris, jag är väldigt nöjd med köpet. Never buying anywhere else! ';
    const { segments, language } = analyzer.analyze(text);
    expect(segments!.map((s) => text.slice(s.start, s.end)).join('')).toBe(text);
    expect(language.code).toBe('sv');
  });

  it('is judged by the words of both lexicons', () => {
    const text = 'Great phone, works as it should. Leider ist der Akku nach einer Woche kaputt.';
    const { evidence } = analyzer.analyze(text);
    const said = (part: string): number => evidence.find((e) => text.slice(e.start, e.end).includes(part))?.weight ?? 0;
    expect(said('Great')).toBeGreaterThan(0);
    expect(said('kaputt')).toBeLessThan(0);
    expect(explain(analyzer, text)!.clauses.map((c) => c.language)).toEqual(['en', 'en', 'de']);
  });

  it('has its topics told together, whichever language speaks of them', () => {
    const text = 'Die Lieferung kam zwei Wochen zu spät. The delivery was late again and nobody told me.';
    const delivery = analyzer.analyze(text).topics.find((t) => t.id === 'delivery.speed')!;
    expect(delivery.evidence.some((e) => e.start < 38)).toBe(true);
    expect(delivery.evidence.some((e) => e.start > 38)).toBe(true);
  });

  it('keeps what a lexicon can read where another part has none, if that is not the main part', () => {
    const text = 'The parcel was late, the box was broken and nobody answered my mails. Nie polecam nikomu.';
    const { language, sentiment } = analyzer.analyze(text);
    expect(language.code).toBe('en');
    expect(sentiment.label).toBe('negative');
  });
});

describe('a text in one language is left whole', () => {
  it.each([
    'Love the new Galaxy S24 Ultra, battery lasts two days',
    'Das Handy hat ein tolles Display, Face ID geht super, und Customer Support war top.',
    'ซื้อ iPhone 15 Pro Max 256GB มาใช้แล้ว ดีมากค่ะ',
    'Superbra köp, very nice!',
    'Barangnya oke, fast response, recommended seller',
    'Dostava brza, sve kako treba. Sve preporuke!',
    'C’est le top du top, un must have',
  ])('%s', (text) => {
    expect(parts(text)).toEqual([]);
  });
});
