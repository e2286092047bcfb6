import { describe, expect, test } from 'vitest';
import { addDays } from '../../src/reports/periods.js';
import { fisherExact } from '../../src/reports/statistics/fisher.js';
import { newcombe } from '../../src/reports/statistics/newcombe.js';
import { twoProportionZ } from '../../src/reports/statistics/proportions.js';
import { wilson } from '../../src/reports/statistics/wilson.js';
import { trends, type TrendLine, type TrendOptions } from '../../src/reports/trends.js';
import { renderTrends } from '../../src/reports/trends-text.js';
import { feedback, times, type Given } from './feedback.js';
import { storeOf } from './store.js';

/** `good` neutral and `bad` negative mentions of a topic on a day. */
const week = (day: string, topic: string, bad: number, good: number, given: Given = {}) => [
  ...times(bad, { ...given, day, label: 'negative', topics: { [topic]: 'negative' } }),
  ...times(good, { ...given, day, label: 'neutral', topics: { [topic]: 'neutral' } }),
];
const ask = async (items: ReturnType<typeof feedback>[], options: Partial<TrendOptions> = {}): Promise<TrendLine[]> => {
  return trends(await storeOf(items), { by: 'topic', periods: 12, ...options });
};
const at = (lines: TrendLine[], key: string, period: string): TrendLine | undefined =>
  lines.find((line) => line.key === key && line.period === period);

// Mondays of ten weeks; the last, 2026-11-23, is W48.
const mondays = Array.from({ length: 10 }, (_, i) => addDays('2026-09-21', 7 * i));

describe('a line per key and week', () => {
  test('counts days into ISO weeks across the new year', async () => {
    const lines = await ask([
      ...week('2026-12-28', 'delivery.speed', 1, 0),
      ...week('2027-01-03', 'delivery.speed', 1, 2),
      ...week('2027-01-04', 'delivery.speed', 0, 1),
    ]);
    expect(lines.filter(({ key }) => key === 'delivery.speed')).toMatchObject([
      { by: 'topic', period: '2026-W53', start: '2026-12-28', end: '2027-01-03', n: 4, negative: 2, share: 0.5, ...wilson(2, 4) },
      {
        by: 'topic',
        period: '2027-W01',
        start: '2027-01-04',
        end: '2027-01-10',
        n: 1,
        negative: 0,
        share: 0,
        ...wilson(0, 1),
        unfinished: true,
      },
    ]);
  });

  test('comes oldest first, then by key, with areas and topics, without holes and without weeks before the first feedback', async () => {
    const lines = await ask([...week('2026-11-02', 'delivery.speed', 1, 0), ...week('2026-11-22', 'price.value', 0, 1)]);
    expect(lines.map(({ period, key, n }) => `${period} ${key} ${n}`)).toEqual([
      ...['delivery 1', 'delivery.speed 1', 'price 0', 'price.value 0'].map((rest) => `2026-W45 ${rest}`),
      ...['delivery 0', 'delivery.speed 0', 'price 0', 'price.value 0'].map((rest) => `2026-W46 ${rest}`),
      ...['delivery 0', 'delivery.speed 0', 'price 1', 'price.value 1'].map((rest) => `2026-W47 ${rest}`),
    ]);
    expect(at(lines, 'price', '2026-W45')).toMatchObject({ share: null, low: 0, high: 1 });
  });

  test('an area counts a text once however many of its topics it has', async () => {
    const lines = await ask([feedback({ day: '2026-11-22', topics: { 'delivery.speed': 'negative', 'delivery.lost': 'negative' } })]);
    expect(lines.map(({ key, n }) => [key, n])).toEqual([['delivery', 1], ['delivery.lost', 1], ['delivery.speed', 1]]); // prettier-ignore
  });

  test('mixed is in n and not negative; unsupported is in neither and said', async () => {
    const day = '2026-11-22';
    const lines = await ask(
      [
        ...times(2, { day, label: 'negative' }),
        feedback({ day, label: 'mixed' }),
        feedback({ day, label: 'positive' }),
        ...times(3, { day, label: 'unsupported' }),
      ],
      { by: 'language' },
    );
    expect(lines).toMatchObject([{ key: 'en', n: 4, negative: 2, share: 0.5, unsupported: 3 }]);
  });

  test('weeks, and feedback after the day that counts as today is not there yet', async () => {
    const items = mondays.flatMap((day) => week(day, 'delivery.speed', 1, 1));
    const periods = async (options: Partial<TrendOptions>): Promise<string[]> => [
      ...new Set((await ask(items, options)).map(({ period }) => period)),
    ];
    expect(await periods({ periods: 2 })).toEqual(['2026-W47', '2026-W48']);
    expect(await periods({ periods: 2, asOf: '2026-11-15' })).toEqual(['2026-W45', '2026-W46']);
    expect(at(await ask(items, { asOf: '2026-11-16' }), 'delivery.speed', '2026-W47')).toMatchObject({ n: 2, unfinished: true });
  });

  test('an empty store has no lines', async () => expect(await ask([])).toEqual([]));
});

describe('other periods', () => {
  const calm = (days: string[]) => days.flatMap((day) => week(day, 'delivery.speed', 1, 9));
  test.each([
    ['day', Array.from({ length: 8 }, (_, i) => addDays('2026-11-13', i)), '2026-11-21', '2026-11-21'],
    [
      'month',
      ['03', '04', '05', '06', '07', '08', '09', '10'].map((month) => `2026-${month}-31`.replace(/(0[469])-31/, '$1-30')),
      '2026-11-30',
      '2026-11',
    ],
  ] as const)('the last whole %s against the eight before', async (every, days, day, key) => {
    const lines = await ask([...calm([...days]), ...week(day, 'delivery.speed', 9, 1)], { every, asOf: day, periods: 9 });
    const own = lines.filter((line) => line.key === 'delivery.speed');
    expect(own.map(({ n, period }) => [n, period.length])).toEqual(Array.from({ length: 9 }, () => [10, key.length]));
    expect(own.at(-1)).toMatchObject({ period: key, share: 0.9, significant: true, baseline: { n: 80, negative: 8, share: 0.1 } });
    expect(renderTrends(lines, { color: false, width: 200 })).toContain(`against the 8 ${every}s before`);
  });
});

test('what was silent in a day is said of the day', async () => {
  const leaves = ['speed', 'lost', 'damage', 'courier', 'cost', 'tracking', 'packaging', 'wrong_item'].map((leaf) => `delivery.${leaf}`);
  const lines = await ask(leaves.flatMap((leaf) => week('2026-11-20', leaf, 1, 0)), { every: 'day', asOf: '2026-11-21' }); // prettier-ignore
  const text = renderTrends(lines, { color: false, width: 200 });
  expect(text).toContain('Not enough data to compare: 9 with nothing in the day.');
  expect(text).toContain('Days 2026-11-20 to 2026-11-21.');
});

describe('the unit is the author', () => {
  const tickets = (n: number, customer: string, day: string) =>
    times(n, { day, label: 'negative', topics: { 'delivery.speed': 'negative' }, more: { customer } });

  test('twelve tickets of one customer are one voice: nothing is made of them', async () => {
    const calm = mondays.slice(0, 8).flatMap((day) => week(day, 'delivery.speed', 1, 9));
    const one = [...calm, ...tickets(12, 'c_1', '2026-11-16'), ...week('2026-11-17', 'delivery.speed', 1, 9)];
    const line = at(await ask(one, { asOf: '2026-11-22' }), 'delivery.speed', '2026-W47')!;
    expect(line).toMatchObject({ n: 22, negative: 13, voices: 11, negativeVoices: 2, share: 2 / 11, ...wilson(2, 11), significant: false });
    const many = [...calm, ...week('2026-11-16', 'delivery.speed', 12, 0), ...week('2026-11-17', 'delivery.speed', 1, 9)];
    expect(at(await ask(many, { asOf: '2026-11-22' }), 'delivery.speed', '2026-W47')).toMatchObject({
      n: 22,
      voices: 22,
      significant: true,
    });
  });

  test('who praises and blames in one week is half a negative voice', async () => {
    const both = ['negative', 'neutral'].flatMap((label) =>
      times(1, { day: '2026-11-16', label: 'neutral', topics: { 'price.value': label as 'negative' }, more: { customer: 'c_1' } }),
    );
    expect(at(await ask(both, { asOf: '2026-11-22' }), 'price.value', '2026-W47')).toMatchObject({
      n: 2,
      negative: 1,
      voices: 1,
      negativeVoices: 0.5,
      share: 0.5,
    });
  });
});

test('a baseline tagged by another lexicon is marked, and said', async () => {
  const older = { versions: { engine: '1', lexicon: '0', taxonomy: '1' } };
  const items = [...week('2026-11-10', 'delivery.speed', 5, 15, { more: older }), ...week('2026-11-16', 'delivery.speed', 1, 9)];
  const lines = await ask([...items, ...week('2026-11-16', 'price.value', 1, 9)], { asOf: '2026-11-22' });
  expect(at(lines, 'delivery.speed', '2026-W47')!.broken).toEqual({ before: ['1 0 1'], now: ['1 1 1'] });
  expect(lines.filter(({ broken }) => broken !== undefined).map(({ key }) => key)).toEqual(['delivery', 'delivery.speed']);
  expect(renderTrends(lines, { color: false, width: 1_000 })).toContain(
    'Tagged with other versions than what it is compared with: 2 rows; undertone retag',
  );
});

test('net sentiment is what is positive less what is negative', async () => {
  const day = '2026-11-20';
  const items = [
    ...times(3, { day, label: 'positive' }),
    feedback({ day, label: 'negative' }),
    ...times(4, { day }),
    feedback({ day, label: 'unsupported' }),
  ];
  expect(await ask(items, { by: 'language' })).toMatchObject([{ n: 8, net: 0.25 }]);
});

describe('by other dimensions', () => {
  const day = '2026-11-22';
  const items = [
    feedback({
      day,
      language: 'de',
      label: 'negative',
      topics: { 'delivery.speed': 'negative', 'delivery.lost': 'neutral' },
      more: { channel: 'app', product: 'P1', source: 'a' },
    }),
    feedback({ day, language: 'de', label: 'positive', topics: { 'price.value': 'positive' }, more: { channel: 'web', source: 'b' } }),
    feedback({ day, language: 'th', label: 'neutral', topics: { 'delivery.lost': 'negative' }, more: { source: 'b' } }),
    feedback({ day, language: 'th', label: 'negative', more: { source: 'b' } }),
  ];
  const stages = new Map([
    ['delivery.speed', ['wait']],
    ['delivery.lost', ['wait', 'receive']],
    ['price.value', ['buy']],
  ]);

  test.each<[string, Partial<TrendOptions>, [string, number, number][]]>([
    ['language', { by: 'language' }, [['de', 2, 1], ['th', 2, 1]]],
    ['channel, none among them', { by: 'channel' }, [['', 2, 1], ['app', 1, 1], ['web', 1, 0]]],
    ['product', { by: 'product' }, [['', 3, 1], ['P1', 1, 1]]],
    ['source', { by: 'source' }, [['a', 1, 1], ['b', 3, 1]]],
    ['stage', { by: 'stage', stages }, [['buy', 1, 0], ['receive', 2, 1], ['wait', 3, 2]]],
    ['language within an area: texts once, by the sentiment of the area', { by: 'language', filter: { topics: ['delivery'] } }, [['de', 1, 0], ['th', 1, 1]]],
    ['language within a topic', { by: 'language', filter: { topics: ['delivery.speed'] } }, [['de', 1, 1]]],
    ['topic within an area and a language', { by: 'topic', filter: { topics: ['delivery'], languages: ['de'] } }, [['delivery', 1, 0], ['delivery.lost', 1, 0], ['delivery.speed', 1, 1]]],
    ['stage within a topic', { by: 'stage', stages, filter: { topics: ['price'] } }, [['buy', 1, 0]]],
  ])('%s', async (_, options, expected) => {
    expect((await ask(items, options)).map(({ key, n, negative }) => [key, n, negative])).toEqual(expected);
  }); // prettier-ignore
});

describe('the last whole week against the eight before', () => {
  // Nine quiet weeks (the first is out of the baseline), then W47 in which delivery.speed turns and price.value does not.
  const quiet = mondays
    .slice(0, 8)
    .flatMap((day) => [...week(day, 'delivery.speed', 1, 9), ...week(day, 'price.value', 2, 8), ...week(day, 'digital.app', 0, 1)]);
  const before = week('2026-09-14', 'delivery.speed', 500, 0);
  const story = [
    ...week('2026-11-22', 'delivery.speed', 8, 2),
    ...week('2026-11-22', 'price.value', 2, 8),
    ...week('2026-11-16', 'digital.app', 3, 1),
  ];
  const items = [...before, ...quiet, ...story];

  test('compares with the published methods, over one family', async () => {
    const lines = await ask(items);
    const p = fisherExact(8, 2, 8, 72); // 1 of 9 is expected to be negative: below 5
    expect(at(lines, 'delivery.speed', '2026-W47')).toMatchObject({
      n: 10,
      negative: 8,
      baseline: { n: 80, negative: 8, share: 0.1 },
      delta: 0.8 - 0.1,
      deltaLow: newcombe(8, 10, 8, 80).low,
      deltaHigh: newcombe(8, 10, 8, 80).high,
      p,
      q: (p * 4) / 2, // an area with one topic is as significant as that topic; four keys have enough data
      significant: true,
    });
    expect(at(lines, 'price.value', '2026-W47')).toMatchObject({ p: 1, q: 1, significant: false, delta: 0 });
  });

  test('says where there is not enough data, and tests only in that week', async () => {
    const lines = await ask(items);
    expect(at(lines, 'digital.app', '2026-W47')).toMatchObject({ n: 4, note: 'not enough data' });
    expect(at(lines, 'digital.app', '2026-W47')).not.toHaveProperty('p');
    expect(lines.filter((line) => line.q !== undefined || line.note !== undefined).map(({ period }) => period)).toEqual(
      Array(6).fill('2026-W47'),
    );
  });

  test('the unfinished week is shown and not tested', async () => {
    const lines = await ask([...items, ...week('2026-11-23', 'delivery.speed', 9, 0)]);
    expect(at(lines, 'delivery.speed', '2026-W48')).toEqual({
      by: 'topic', key: 'delivery.speed', period: '2026-W48', start: '2026-11-23', end: '2026-11-29',
      n: 9, negative: 9, voices: 9, negativeVoices: 9, share: 1, ...wilson(9, 9), net: -1, unfinished: true,
    }); // prettier-ignore
    expect(at(lines, 'delivery.speed', '2026-W47')).toMatchObject({ n: 10, significant: true });
  });

  test('with fewer weeks shown the baseline is the same', async () => {
    const [short, long] = [await ask(items, { periods: 1 }), await ask(items)];
    expect(short).toEqual(long.filter(({ period }) => period === '2026-W47'));
  });

  test('more complaints are told apart from worse mentions', async () => {
    // Each mention was negative before and is now; there are just many more of them.
    const day = '2026-11-20';
    const calm = mondays.slice(0, 8).flatMap((monday) => [...week(monday, 'payment.checkout', 2, 0), ...times(98, { day: monday })]);
    const lines = await ask([...calm, ...week(day, 'payment.checkout', 20, 0), ...times(80, { day })], { asOf: '2026-11-22' });
    const line = at(lines, 'payment.checkout', '2026-W47')!;
    expect(line).toMatchObject({ significant: false, p: 1 });
    const p = fisherExact(20, 80, 16, 784);
    expect(line.complaints).toMatchObject({ n: 100, negative: 20, baseline: { n: 800, negative: 16 }, p, q: p, significant: true });
    expect(
      at(
        await ask([...calm, ...week(day, 'payment.checkout', 20, 0), ...times(80, { day })], {
          asOf: '2026-11-22',
          filter: { topics: ['payment'] },
        }),
        'payment.checkout',
        '2026-W47',
      ),
    ).toEqual(line);
  });

  test('large samples go by z', async () => {
    const large = [
      ...mondays.slice(0, 8).flatMap((day) => [...times(20, { day, label: 'negative' }), ...times(80, { day })]),
      ...times(30, { day: '2026-11-22', label: 'negative' }),
      ...times(70, { day: '2026-11-22' }),
    ];
    expect(at(await ask(large, { by: 'source' }), 'reviews', '2026-W47')).toMatchObject({
      p: twoProportionZ(30, 100, 160, 800),
      significant: true,
    });
  });
});

describe('as people read it', () => {
  test('what changed is on top and in words, and so is what cannot be said', async () => {
    const quiet = mondays
      .slice(0, 8)
      .flatMap((day) => [...week(day, 'delivery.speed', 1, 9), ...week(day, 'price.value', 2, 28), ...week(day, 'digital.app', 1, 0)]);
    const lines = await ask([...quiet, ...week('2026-11-22', 'delivery.speed', 8, 2), ...week('2026-11-22', 'price.value', 2, 28)]);
    const text = renderTrends(lines, { color: false, width: 200 });
    const rows = text.split('\n').map((row) => row.trimEnd());
    expect(rows[0]).toBe('Negative share by topic: 2026-W47 (2026-11-16 to 2026-11-22) against the 8 weeks before');
    const row = (key: string): string => rows.find((line) => line.startsWith(`${key} `))!;
    expect(row('delivery.speed')).toMatch(/▁▁▁▁▁▁▁▁▇ +80% +10 +49–94% +10% +80 +\+70 .* 2\.4 -> 20 {2}worse, more complaints, q<0\.001$/);
    expect(row('price.value')).toMatch(/no clear change$/);
    expect(row('digital.app')).toMatch(/·.*not enough data$/);
    expect(rows.indexOf(row('delivery.speed'))).toBeLessThan(rows.indexOf(row('price.value')));
    expect(text).toContain('Not enough data: fewer than 5 in the week or 10 before it.');
  });

  test.each([70, 80, 100, 140])('fits %i columns, and keeps the verdict', async (width) => {
    const lines = await ask(
      mondays.slice(0, 9).flatMap((day) => week(day, 'delivery.speed', 2, 9)),
      { asOf: '2026-11-22' },
    );
    const rows = renderTrends(lines, { color: false, width }).split('\n');
    expect(Math.max(...rows.slice(1).map((row) => row.length))).toBeLessThanOrEqual(width);
    expect(rows.some((row) => /^delivery\.speed .*no clear change$/.test(row))).toBe(true);
  });

  test('many rows that cannot be compared are listed instead', async () => {
    const rare = 'abcdefghi'.split('').flatMap((letter) => week('2026-11-22', `${letter}.x`, 1, 1));
    const text = renderTrends(
      await ask([
        ...mondays.slice(0, 8).flatMap((day) => week(day, 'delivery.speed', 1, 9)),
        ...week('2026-11-22', 'delivery.speed', 8, 2),
        ...rare,
      ]),
      { color: false, width: 300 },
    );
    expect(text).toContain('Not enough data to compare: a 1/2, a.x 1/2, b 1/2,');
    expect(text).not.toMatch(/^a\.x /m);
  });

  test('nothing to show', () => expect(renderTrends([], { color: false, width: 80 })).toBe('No feedback in these weeks.\n'));
});
