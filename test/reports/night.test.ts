import { describe, expect, test } from 'vitest';
import { noCounts, type AnalyzedFeedback } from '../../src/feedback.js';
import { movers } from '../../src/reports/movers.js';
import { nightReport, type NightReport } from '../../src/reports/night.js';
import { nightReportJson, renderNightReport } from '../../src/reports/night-text.js';
import { addDays } from '../../src/reports/periods.js';
import { trends } from '../../src/reports/trends.js';
import type { Run, RunPart } from '../../src/store/port.js';
import { feedback, times } from './feedback.js';
import { storeOf } from './store.js';

const days = (from: string, n: number): string[] => Array.from({ length: n }, (_, i) => addDays(from, i));

/**
 * Eight quiet weeks and one in which German delivery turns: each day 3 German and 3 Swedish texts, one of each about speed, one about
 * price; quality is always as bad as it was.
 */
function story(): AnalyzedFeedback[] {
  const say = (day: string, language: string, topic: string, bad: boolean): AnalyzedFeedback => {
    const label = bad ? 'negative' : 'neutral';
    return feedback({ day, language, label, text: `${language} ${topic} on ${day}.`, topics: { [topic]: label } });
  };
  return days('2026-09-21', 63).flatMap((day, i) => [
    say(day, 'de', 'delivery.speed', day >= '2026-11-16' || i % 8 === 0),
    say(day, 'sv', 'delivery.speed', i % 8 === 0),
    say(day, 'de', 'price.value', i % 4 === 0),
    say(day, 'sv', 'price.value', i % 4 === 1),
    say(day, 'de', 'product.quality', i % 2 === 0),
    say(day, 'sv', 'product.quality', i % 2 === 1),
  ]);
}

describe('what changed in the last whole week', () => {
  test('is the planted topic, in its market first, and nothing else; its area does not tell it again', async () => {
    const { period, movers: found } = await movers(await storeOf(story()), '2026-11-22');
    expect(period).toEqual({ key: '2026-W47', start: '2026-11-16', end: '2026-11-22' });
    expect(found.map(({ topic, language, direction }) => ({ topic, language, direction }))).toEqual([
      { topic: 'delivery.speed', language: 'de', direction: 'worse' },
      { topic: 'delivery.speed', language: undefined, direction: 'worse' },
    ]);
    expect(found[0]).toMatchObject({
      mentions: { n: 7, negative: 7, baseline: { n: 56, negative: 7 }, significant: true },
      complaints: { n: 21, negative: 7, baseline: { n: 168, negative: 7 }, significant: true },
    });
  });

  test('a better week is said to be better', async () => {
    const items = days('2026-09-21', 63).flatMap((day) =>
      times(3, { day, label: 'negative', topics: { 'service.reach': day < '2026-11-16' ? 'negative' : 'neutral' } }),
    );
    const { movers: found } = await movers(await storeOf(items), '2026-11-22');
    expect(found.map(({ topic, direction }) => `${topic} ${direction}`)).toEqual(['service.reach better', 'service.reach better']); // overall and en
  });

  test('an unfinished week is not judged', async () => {
    const { period } = await movers(await storeOf(story()), '2026-11-21');
    expect(period.key).toBe('2026-W46');
  });

  test('over all languages the counts and p-values are those of trends, the q-values larger: more is tested at once', async () => {
    const store = await storeOf(story());
    const { mentions, complaints } = (await movers(store, '2026-11-22')).movers.find(({ language }) => language === undefined)!;
    const line = (await trends(store, { by: 'topic', periods: 1 })).find(({ key }) => key === 'delivery.speed')!;
    const { n, negative, share, baseline, delta, p } = line;
    expect(mentions).toMatchObject({ n, negative, share, baseline, delta, p });
    expect(mentions!.q).toBeGreaterThan(line.q!);
    expect(complaints!.p).toBe(line.complaints!.p);
  });
});

const part = (source: string, more: Partial<RunPart> = {}): RunPart => ({
  source, key: `${source}.csv`, fingerprint: 'f', spec: null, status: 'done', counts: noCounts(), days: [], ...more,
}); // prettier-ignore
const night = (parts: RunPart[], more: Partial<Run> = {}): Run => ({
  id: 'night-1', status: 'done', startedAt: '2026-11-23T23:30:00.000Z', closedAt: '2026-11-23T23:30:04.000Z',
  sources: [{ source: { name: 'reviews' } }, { source: { name: 'tickets' } }], parts, ...more,
}); // prettier-ignore
const reportOn = async (items: AnalyzedFeedback[], run: Run): Promise<NightReport> =>
  nightReport(await storeOf(items), run, { timeZone: 'Europe/Stockholm' });
const render = (report: NightReport, width = 100): string =>
  renderNightReport(report, { color: false, width, storeOption: '--store sqlite:x.db' });

describe('what a run read', () => {
  const counts = { ...noCounts(), read: 10, new: 6, changed: 1, unchanged: 1, rejected: 2, redacted: { email: 3 } };
  const run = night(
    [
      part('reviews', { counts, days: ['2026-11-20'] }),
      part('reviews', { key: 'old.csv', status: 'skipped' }),
      part('tickets', { counts: { ...noCounts(), read: 990, new: 990, redacted: { email: 1, phone: 2 } }, days: ['2026-11-20'] }),
      part('tickets', { key: 'broken.gz', status: 'failed', error: 'the file ends too early' }),
    ],
    { status: 'partial' },
  );
  const items = [feedback({ day: '2026-11-20' })];

  test('in numbers', async () => {
    const json = nightReportJson(await reportOn(items, run));
    expect(json).toMatchObject({
      day: '2026-11-24', // 00:30 in Stockholm
      status: 'partial',
      read: 1000, new: 996, changed: 1, unchanged: 1, rejected: 2,
      redacted: { email: 4, phone: 2 },
      seconds: 4,
      rowsPerSecond: 250,
      sources: [
        { name: 'reviews', read: 10, new: 6, changed: 1, unchanged: 1, rejected: 2, parts: 2, skipped: 1, failed: [] },
        { name: 'tickets', read: 990, new: 990, rejected: 0, skipped: 0, failed: [{ part: 'broken.gz', error: 'the file ends too early' }] },
      ],
    }); // prettier-ignore
    expect(json.next.slice(-2)).toEqual(['rejects', 'doctor']);
  });

  test('in words', async () => {
    const text = render(await reportOn(items, run));
    expect(text).toContain('Night of 2026-11-24: finished with failures, 1,000 rows in 4.0 s, 250 rows/s');
    expect(text).toMatch(/^source +read +new +changed +unchanged +rejected$/m);
    expect(text).toMatch(/^reviews +10 +6 +1 +1 +2$/m);
    expect(text).toMatch(/^all +1,000 +996 +1 +1 +2$/m);
    expect(text).toContain('reviews: 1 of 2 parts not changed since the last run, not read again');
    expect(text).toContain('tickets: broken.gz failed: the file ends too early');
    expect(text).toContain('Redacted   email 4, phone 2');
    expect(text).toContain('  undertone rejects --store sqlite:x.db');
  });

  test('a source with nothing to read is named, and an empty store is no trouble', async () => {
    const report = await reportOn([], night([]));
    expect(report).toMatchObject({
      languages: [],
      topics: [],
      seconds: 4,
      sources: [
        { name: 'reviews', parts: 0 },
        { name: 'tickets', parts: 0 },
      ],
    });
    expect(report.scope).toBeUndefined();
    expect(render(report)).toContain('tickets: nothing to read');
  });
});

describe('what it found', () => {
  const late =
    'Die Jacke ist schön und passt. Leider kam das Paket drei Wochen zu spät und niemand hat sich gemeldet! Sonst bin ich mit allem zufrieden und bestelle wieder, auch für meine Kinder.';
  const at = late.indexOf('zu spät');
  const thai = 'จัดส่งช้ามาก 😡';
  const items = [
    feedback({
      id: 'worst',
      day: '2026-11-20',
      language: 'de',
      label: 'negative',
      score: -0.9,
      text: late,
      topics: { 'delivery.speed': ['negative', at, at + 7] },
    }),
    feedback({
      id: 'thai',
      day: '2026-11-20',
      language: 'th',
      label: 'negative',
      score: -0.4,
      text: thai,
      topics: { 'delivery.speed': ['negative', 0, 9], 'service.reach': 'negative' },
    }),
    ...times(2, {
      day: '2026-11-20',
      language: 'de',
      label: 'positive',
      topics: { 'delivery.speed': 'positive', 'price.value': 'positive' },
    }),
    feedback({ day: '2026-11-20', language: 'ja', label: 'unsupported' }),
    feedback({
      id: 'elsewhere',
      day: '2026-11-19',
      language: 'de',
      label: 'negative',
      score: -1,
      text: 'Another day.',
      topics: { 'delivery.speed': 'negative' },
    }),
  ];
  const run = night([part('reviews', { days: ['2026-11-20', '2026-01-05'] })]);

  test('on the days that the run wrote to', async () => {
    expect(await reportOn(items, run)).toMatchObject({
      scope: { of: 'run', days: 2, from: '2026-01-05', to: '2026-11-20' },
      languages: [{ code: 'de', n: 3, unsupported: 0 }, { code: 'ja', n: 1, unsupported: 1 }, { code: 'th', n: 1, unsupported: 0 }],
      sentiment: { negative: 2, neutral: 0, positive: 2, mixed: 0, unsupported: 1 },
      topics: [{ id: 'delivery.speed', n: 4, negative: 2 }, { id: 'service.reach', n: 1, negative: 1 }],
    }); // prettier-ignore
  });

  test('with the worst text of each topic, in its own language, cut to what matters', async () => {
    const { topics } = await reportOn(items, run);
    expect(topics.map(({ quote }) => quote)).toEqual([
      {
        id: 'reviews/worst',
        day: '2026-11-20',
        language: 'de',
        text: `…${late.slice(31)}`,
      },
      { id: 'reviews/thai', day: '2026-11-20', language: 'th', text: thai },
    ]);
  });

  test('where the run wrote nothing, in the newest seven days, and it says so', async () => {
    const report = await reportOn(items, night([part('reviews', { status: 'skipped' })]));
    expect(report.scope).toEqual({ of: 'newest', days: 7, from: '2026-11-14', to: '2026-11-20' });
    expect(report.topics[0]).toMatchObject({ id: 'delivery.speed', negative: 3, quote: { id: 'reviews/elsewhere' } });
    expect(render(report, 120)).toContain('6 from 2026-11-14 to 2026-11-20, the newest week in the store (this run wrote nothing new)');
  });

  test('with how many of them are near-duplicates of another', async () => {
    const copied = (day: string): AnalyzedFeedback => feedback({ day, label: 'negative', more: { duplicateKeys: ['copied'] } });
    const report = await reportOn([...items, copied('2026-11-20'), copied('2026-11-20'), copied('2026-11-19')], run);
    expect(nightReportJson(report).duplicates).toBe(1);
    expect(render(report)).toContain('Repeated   1 is a near-duplicate of another\n');
    expect(render(await reportOn(items, run))).not.toContain('Repeated');
  });

  test('five topics at most, by negative mentions', async () => {
    const many = ['a.a', 'b.b', 'c.c', 'd.d', 'e.e', 'f.f'].flatMap((topic, i) =>
      times(i + 1, { day: '2026-11-20', label: 'negative', topics: { [topic]: 'negative' } }),
    );
    const { topics } = await reportOn(many, run);
    expect(topics.map(({ id, negative }) => `${id} ${negative}`)).toEqual(['f.f 6', 'e.e 5', 'd.d 4', 'c.c 3', 'b.b 2']);
  });

  test('in words, within the width', async () => {
    const text = render(await reportOn(items, run), 80);
    expect(text).toContain('Languages  de 3, ja 1 (no lexicon), th 1');
    expect(text).toContain('Sentiment  negative 2 (40%), positive 2 (40%), unsupported 1 (20%)');
    expect(text).toContain('What changed in 2026-W46 (2026-11-09 to 2026-11-15)');
    expect(text).toContain('Nothing that is clearly more than chance.');
    expect(text).toMatch(/ {2}1\. {2}delivery\.speed {2}2 negative {2}of 4 {3}50%/);
    expect(text).toContain(`“${thai}”\n      th, 2026-11-20, reviews/thai`);
    expect(text).toContain(
      'undertone query --topic delivery.speed --sentiment negative --since 2026-01-05 --until 2026-11-20 --store sqlite:x.db',
    );
    for (const line of text.split('\n').filter((l) => !l.includes('undertone'))) expect(line.length).toBeLessThanOrEqual(80);
  });
});

test('the story is told on the first night, with the command that shows its texts', async () => {
  const items = story();
  const report = await reportOn(items, night([part('reviews', { days: [...new Set(items.map(({ day }) => day))] })]));
  const text = render(report, 120);
  expect(text).toContain('What changed in 2026-W47 (2026-11-16 to 2026-11-22) against the 8 weeks before\n  worse  delivery.speed in de\n');
  expect(report.changes?.movers.map(({ quote }) => quote?.text)).toEqual(['de delivery.speed on 2026-11-22.', undefined]);
  expect(text).toContain('“de delivery.speed on 2026-11-22.”\n         de, 2026-11-22, reviews/');
  expect(text).toMatch(/13% -> 100% of its mentions negative \(7 of 7; before 7 of 56\), q<0\.001/);
  expect(text).toMatch(/4\.2 -> 33 complaints per 100 texts \(7 of 21; before 7 of 168\), q=0\.001/);
  expect(text).toContain('undertone query --topic delivery.speed --lang de --sentiment negative --since 2026-W47 --until 2026-W47 --store');
});
