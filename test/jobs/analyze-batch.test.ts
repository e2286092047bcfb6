import { describe, expect, test } from 'vitest';
import { createBatchAnalyzer, type AnalyzedBatch } from '../../jobs/analyze-batch.js';
import type { AnalyzeHints, Analyzer } from '../../src/analysis/index.js';
import { loadAnalyzer } from '../../src/lexicons/analyzer.js';
import { AnalyzedFeedback, RejectedRow, type Feedback, type Versions } from '../../src/feedback.js';
import type { Pulled, PulledReject } from '../../src/sources/port.js';

const KEY = 'the key of this test';

/** Says what it was given, so that the tests see what reaches the analysis. */
function spy(versions: Versions = { engine: '1', lexicon: '1', taxonomy: '1' }): { analyzer: Analyzer; calls: [string, AnalyzeHints?][] } {
  const calls: [string, AnalyzeHints?][] = [];
  return {
    calls,
    analyzer: {
      versions,
      languages: [],
      analyze: (text, hints) => {
        calls.push([text, ...(hints === undefined ? [] : [hints])] as [string, AnalyzeHints?]);
        return {
          language: { code: 'und', confidence: 0 },
          sentiment: { label: 'unsupported', score: 0, confidence: 0 },
          topics: [],
          areas: [],
          evidence: [],
          flags: [],
        };
      },
    },
  };
}

const row = (more: Partial<Feedback> = {}): Pulled => ({
  ok: true,
  feedback: { source: 's', externalId: '1', kind: 'review', createdAt: '2026-11-24T20:00:00.000Z', text: 'hello', ...more },
});
const reject = (more: Partial<PulledReject> = {}): Pulled => ({
  ok: false,
  id: 's/f/1',
  file: 'f',
  row: 2,
  reason: 'no text',
  raw: '',
  ...more,
});
const run = (rows: Pulled[], analyzer = spy().analyzer, timeZone = 'UTC'): AnalyzedBatch =>
  createBatchAnalyzer(analyzer, KEY)({ source: 's', rows, timeZone, now: '2026-11-24T21:00:00.000Z' });
const hashOf = (more: Partial<Feedback> = {}, analyzer = spy().analyzer, timeZone = 'UTC'): string | undefined =>
  run([row(more)], analyzer, timeZone).feedback[0]?.contentHash;

describe('a row', () => {
  test('is redacted before it is analysed, counted, and valid to store', () => {
    const { analyzer, calls } = spy();
    const batch = run(
      [row({ text: 'write to anna@example.org', customer: '4711', channel: 'mail', url: 'https://shop.example/r/1' })],
      analyzer,
      'Asia/Bangkok',
    );
    expect(calls[0]?.[0]).toBe('write to [email]');
    expect(batch.redacted).toEqual({ email: 1 });
    const [stored] = batch.feedback;
    expect(AnalyzedFeedback.parse(stored)).toEqual(stored);
    expect(stored).toMatchObject({
      id: 's/1',
      day: '2026-11-25',
      text: 'write to [email]',
      channel: 'mail',
      url: 'https://shop.example/r/1',
    });
    expect(stored?.customer).toMatch(/^c_[0-9a-f]{24}$/);
    expect(JSON.stringify(batch)).not.toMatch(/anna@|4711/);
  });

  test('whose id is an address is stored under a pseudonym of it', () => {
    const [a, b] = run([row({ externalId: 'anna@example.org' }), row({ externalId: 'bert@example.org' })]).feedback;
    expect(a?.id).toMatch(/^s\/c_[0-9a-f]{24}$/);
    expect(a?.id).not.toBe(b?.id);
  });

  test.each([
    [{ rating: 1 }, 0],
    [{ rating: 4 }, 0.75],
    [{ rating: 10, ratingScale: [0, 10] as [number, number] }, 1],
    [{}, undefined],
  ])('with %j tells the analysis its position %s', (more, position) => {
    const { analyzer, calls } = spy();
    run([row({ ...more, languageHint: 'de' })], analyzer);
    expect(calls[0]?.[1]).toEqual({ language: 'de', kind: 'review', rating: position });
  });

  test('given twice in a batch is stored as it was last', () => {
    const batch = run([row({ text: 'first' }), row({ externalId: '2' }), row({ text: 'second' })]);
    expect(batch.feedback.map(({ externalId, text }) => [externalId, text])).toEqual([
      ['1', 'second'],
      ['2', 'hello'],
    ]);
    expect(batch.superseded).toBe(1);
  });
});

describe('the content hash', () => {
  test('is the same for the same content, whatever the order of its fields', () => {
    const turned = {
      ok: true,
      feedback: Object.fromEntries(Object.entries((row({ rating: 3 }) as { feedback: Feedback }).feedback).reverse()),
    } as Pulled;
    expect(run([turned]).feedback[0]?.contentHash).toBe(hashOf({ rating: 3 }));
  });

  test.each([
    ['text', { text: 'hello!' }],
    ['rating', { rating: 3 }],
    ['nps', { nps: 3 }],
    ['csat', { csat: 3 }],
    ['ces', { ces: 3 }],
    ['kind', { kind: 'ticket' as const }],
    ['createdAt', { createdAt: '2026-11-24T20:00:00.001Z' }],
    ['channel', { channel: 'x' }],
    ['product', { product: 'x' }],
    ['customer', { customer: 'x' }],
    ['languageHint', { languageHint: 'x' }],
    ['url', { url: 'x' }],
    ['ratingScale', { ratingScale: [0, 10] as [number, number] }],
  ])('changes with %s, and is told apart from the others', (_field, more) => {
    const hashes = new Set([hashOf(), hashOf(more), hashOf({ channel: '3' }), hashOf({ product: '3' })]);
    expect(hashes.size).toBe(4);
  });

  test('changes with the versions and with the day', () => {
    const versions = { engine: '1', lexicon: '1', taxonomy: '1' };
    const hashes = [
      hashOf(),
      hashOf({}, spy({ ...versions, engine: '2' }).analyzer),
      hashOf({}, spy({ ...versions, lexicon: '2' }).analyzer),
      hashOf({}, spy({ ...versions, taxonomy: '2' }).analyzer),
      hashOf({}, undefined, 'Asia/Bangkok'),
    ];
    expect(new Set(hashes).size).toBe(5);
  });
});

describe('a rejected row', () => {
  test('is kept whole but for personal data', () => {
    const batch = run([reject({ column: 'text', value: 'anna@example.org', raw: '7,"call +46 70 123 45 67","anna@example.org"' })]);
    expect(RejectedRow.parse(batch.rejects[0])).toEqual({
      id: 's/f/1',
      source: 's',
      file: 'f',
      row: 2,
      column: 'text',
      reason: 'no text',
      value: '[email]',
      raw: '7,"call [phone]","[email]"',
      rejectedAt: '2026-11-24T21:00:00.000Z',
    });
    expect(batch.redacted).toMatchObject({ email: 2, phone: 1 });
    expect(batch.feedback).toEqual([]);
  });

  test.each([
    ['7', '7,2017,7.5 of 7', 'C,2017,C.5 of C'],
    ['Anna-Karin (VIP)', 'x,Anna-Karin (VIP),anna-karin (vip)', 'x,C,C'],
    ['K"1', '{"customer":"K\\"1"}', '{"customer":"C"}'],
    ['  ', 'a,  ,b', 'a,  ,b'],
  ])('loses the customer %j', (customer, raw, expected) => {
    const kept = run([reject({ raw, value: raw, customer })]).rejects[0];
    expect(kept?.raw.replace(/c_[0-9a-f]{24}/g, 'C')).toBe(expected);
    expect(kept?.value?.replace(/c_[0-9a-f]{24}/g, 'C')).toBe(expected);
  });

  test('is cut after redaction, so that no half of an address is left', () => {
    const kept = run([
      reject({ value: `${'x'.repeat(190)} anna.svensson@example.org`, raw: `${'x'.repeat(9_990)} anna.svensson@example.org` }),
    ]).rejects[0];
    expect(kept?.value?.length).toBeLessThanOrEqual(200);
    expect(kept?.raw.length).toBeLessThanOrEqual(10_000);
    expect(JSON.stringify(kept)).not.toContain('anna');
  });
});

describe('a text too short to tell its language', () => {
  const texts: [externalId: string, customer: string | undefined, text: string][] = [
    ['1', 'anna', 'Paketet kom i tid och kundtjänst svarade snabbt, jag är mycket nöjd'],
    ['2', 'anna', 'Fin kvalitet'],
    ['3', 'bert', 'Fin kvalitet'],
    ['4', undefined, 'Fin kvalitet'],
  ];

  test('leans to the language of its author, and of nobody else', async () => {
    const analyzer = await loadAnalyzer();
    const { feedback } = run(texts.map(([externalId, customer, text]) => row({ externalId, customer, text })), analyzer); // prettier-ignore
    const confidence = (code: string, externalId: string): number => {
      const { language } = feedback.find((f) => f.externalId === externalId)!.analysis;
      return language.code === code ? language.confidence : 0;
    };
    expect(confidence('sv', '1')).toBeGreaterThan(0.9);
    expect(confidence('sv', '2')).toBeGreaterThan(confidence('sv', '3'));
    expect(feedback[2]!.analysis).toEqual(feedback[3]!.analysis);
  });
});
