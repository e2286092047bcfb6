import { describe, expect, test } from 'vitest';
import { accepted, readAll, readRow, rejected, writeTemp, type Settings } from './read.js';

const TEXT = { id: '1', text: 'Came late' };

/** The stored instant, or the reason, of a row with this date. */
async function dateOf(date: string, settings: Settings = {}): Promise<string> {
  const row = await readRow({ ...TEXT, created_at: date }, settings);
  return row.ok ? row.feedback.createdAt : row.reason;
}

describe('dates', () => {
  test.each<[string, string, Settings?]>([
    ['2026-11-18T09:12:03Z', '2026-11-18T09:12:03.000Z'],
    ['2026-11-18T09:12:03.5Z', '2026-11-18T09:12:03.500Z'],
    ['2026-11-18T09:12:03.290123+01:00', '2026-11-18T08:12:03.290Z'],
    ['2026-11-18T09:12:03-0800', '2026-11-18T17:12:03.000Z'],
    ['2025-03-02 10:12:00 UTC', '2025-03-02T10:12:00.000Z'],
    ['2025/03/02 10:12:00 PM GMT+2', '2025-03-02T20:12:00.000Z'],
    ['2026-11-18', '2026-11-18T00:00:00.000Z'],
    ['20261118', '2026-11-18T00:00:00.000Z'],
    [' 2026-11-18 9:12 ', '2026-11-18T09:12:00.000Z'],
    ['1793588645', '2026-11-02T03:04:05.000Z'],
    ['1793588645123', '2026-11-02T03:04:05.123Z'],
    ['18.11.2026', '2026-11-18T00:00:00.000Z'],
    ['03.04.2026 17:30', '2026-04-03T17:30:00.000Z'],
    ['3. 4. 2026.', '2026-04-03T00:00:00.000Z'],
    ['18/11/2026', '2026-11-18T00:00:00.000Z'],
    ['11/18/2026', '2026-11-18T00:00:00.000Z'],
    ['11/18/26 12:05 AM', '2026-11-18T00:05:00.000Z'],
    ['2 March 2025', '2025-03-02T00:00:00.000Z'],
    ['Mar 2, 2025', '2025-03-02T00:00:00.000Z'],
    ['Sun, 02 Mar 2025 10:00:00 +0100', '2025-03-02T09:00:00.000Z'],
    ['03/04/2026', '2026-04-03T00:00:00.000Z', { dateOrder: 'dmy' }],
    ['03/04/2026', '2026-03-04T00:00:00.000Z', { dateOrder: 'mdy' }],
    ['26/03/04', '2026-03-04T00:00:00.000Z', { dateOrder: 'ymd' }],
    // Zones: summer and winter time, the source's before the shop's, a named zone before both.
    ['2026-07-01 12:00:00', '2026-07-01T10:00:00.000Z', { timeZone: 'Europe/Stockholm' }],
    ['2026-11-18 12:00:00', '2026-11-18T11:00:00.000Z', { timeZone: 'Europe/Stockholm' }],
    ['2026-03-29 02:30:00', '2026-03-29T01:30:00.000Z', { timeZone: 'Europe/Stockholm' }],
    ['2026-07-01 12:07', '2026-07-01T06:22:00.000Z', { timeZone: 'Asia/Kathmandu' }],
    ['2026-11-18T12:00:00Z', '2026-11-18T12:00:00.000Z', { timeZone: 'Europe/Stockholm' }],
  ])('%s', async (date, expected, settings) => {
    expect(await dateOf(date, settings)).toBe(expected);
  });

  test.each([
    '',
    'yesterday',
    '2026-02-30',
    '2026-13-01',
    '31.04.2026',
    '31/31/2026',
    '2026-11-18T25:00:00Z',
    '12',
    '1900-01-01',
    '2500-01-01',
    '-5',
    'n/a',
  ])('refuses %j', async (date) => {
    expect(await dateOf(date)).toMatch(/^unreadable date: expected/);
  });

  const file = (dates: string[]) => writeTemp('dates.csv', ['id,date,text', ...dates.map((date, i) => `${i},${date},text`)].join('\n'));
  const days = async (dates: string[]) =>
    (await readAll(file(dates))).map((row) => (row.ok ? row.feedback.createdAt.slice(0, 10) : row.reason));

  test('one date with a day over 12 decides for the whole file, before and after it', async () => {
    expect(await days(['03/04/2026', '05/04/2026', '13/04/2026'])).toEqual(['2026-04-03', '2026-04-05', '2026-04-13']);
    expect(await days(['03-04-2026', '04-13-2026', '13-04-2026'])).toEqual([
      '2026-03-04',
      '2026-04-13',
      expect.stringMatching(/^unreadable/),
    ]);
    const late = [...Array.from({ length: 3000 }, () => '03/04/2026'), '04/25/2026'];
    expect(new Set(await days(late))).toEqual(new Set(['2026-03-04', '2026-04-25']));
  });

  test('where no date decides, each is refused with the name of the setting', async () => {
    expect(await days(['03/04/2026', '2026-04-03', '99/99/2026'])).toEqual([
      expect.stringContaining('dateOrder'),
      '2026-04-03',
      expect.stringMatching(/^unreadable date/),
    ]);
  });

  test('a file without any date column gets the time it was changed', async () => {
    const [row] = accepted(await readAll(writeTemp('undated.csv', 'id,text\n1,Came late')));
    expect(Math.abs(Date.parse(row!.createdAt) - Date.now())).toBeLessThan(3_600_000);
  });
});

describe('scores', () => {
  type Scores = Record<string, unknown>;
  const scores = async (cells: Record<string, string>, settings: Settings = {}): Promise<Scores | string> => {
    const row = await readRow({ ...TEXT, date: '2026-11-18', ...cells }, settings);
    if (!row.ok) return `${row.column}: ${row.reason}`;
    const { rating, ratingScale, nps, csat, ces } = row.feedback;
    return JSON.parse(JSON.stringify({ rating, ratingScale, nps, csat, ces })) as Scores;
  };

  test.each<[Record<string, string>, Scores | string, Settings?]>([
    [{ rating: '4' }, { rating: 4 }],
    [{ rating: '4,5' }, { rating: 4.5 }],
    [{ rating: ' 4.0 ' }, { rating: 4 }],
    [{ rating: '' }, {}],
    [{ rating: 'N/A', nps: '-', csat: 'null' }, {}],
    [
      { rating: '1', nps: '0', csat: '5', ces: '7' },
      { rating: 1, nps: 0, csat: 5, ces: 7 },
    ],
    [{ rating: '0' }, 'rating: outside its scale: expected rating from 1 to 5'],
    [{ nps: '11' }, 'nps: outside its scale: expected nps from 0 to 10'],
    [{ csat: '-1' }, 'csat: outside its scale: expected csat from 1 to 5'],
    [{ ces: '8' }, 'ces: outside its scale: expected ces from 1 to 7'],
    [{ rating: 'four' }, 'rating: wrong type: expected a number'],
    [{ rating: '4 5' }, 'rating: wrong type: expected a number'],
    [{ rating: '85' }, { rating: 85, ratingScale: [0, 100] }, { scales: { rating: [0, 100] } }],
    [{ rating: '101' }, 'rating: outside its scale: expected rating from 0 to 100', { scales: { rating: [0, 100] } }],
    [{ rating: '3' }, { rating: 3 }, { scales: { rating: [1, 5] } }],
    [{ csat: '50' }, { csat: 3 }, { scales: { csat: [0, 100] } }],
    [{ csat: '0' }, { csat: 1 }, { scales: { csat: [0, 1] } }],
    [{ ces: '5' }, { ces: 7 }, { scales: { ces: [1, 5] } }],
    [{ ces: '2' }, { ces: 6 }, { cesDirection: 'high-is-hard' }],
    [{ ces: '5' }, { ces: 1 }, { scales: { ces: [1, 5] }, cesDirection: 'high-is-hard' }],
    [{ nps: '9' }, { nps: 9 }, { scales: { nps: [1, 10] } }],
    [{ nps: '86' }, { nps: 9 }, { scales: { nps: [0, 100] } }],
    [{ csat: 'bad' }, { csat: 1 }],
    [{ csat: 'offered' }, {}],
  ])('%j -> %j', async (cells, expected, settings) => {
    expect(await scores(cells, settings)).toEqual(expected);
  });
});

describe('text', () => {
  test.each<[Record<string, string>, string]>([
    [{ text: '  Came late \r\n again ' }, 'Came late \n again'],
    [{ text: 'Came late', title: 'Slow' }, 'Slow\nCame late'],
    [{ text: 'Slow, so slow', title: 'Slow' }, 'Slow, so slow'],
    [{ text: '', title: 'Slow' }, 'Slow'],
    [{ text: '<p>Came <b>late</b></p>\n<p>Again<br/>and again &amp; again</p>' }, 'Came late\n\nAgain\nand again & again'],
    [{ text: '<style>p{color:red}</style><div class="x">Late</div>' }, 'Late'],
    [{ text: 'size < 40 and > 30, I <3 it' }, 'size < 40 and > 30, I <3 it'],
    [{ text: 'don&#39;t &#x1F600; &bogus; &quot;ok&quot;' }, 'don\'t 😀 &bogus; "ok"'],
    [{ text: 'a\u0000b\u0007c\u0085d\te' }, 'abcd\te'],
    [{ text: 'N/A' }, 'N/A'],
  ])('%j', async (cells, expected) => {
    const row = await readRow({ ...TEXT, date: '2026-11-18', ...cells });
    expect(row).toMatchObject({ ok: true, feedback: { text: expected } });
  });

  test('the limit counts UTF-16 code units and is named', async () => {
    const settings = { textLength: 10 };
    expect(await readRow({ ...TEXT, date: '2026-11-18', text: 'x'.repeat(10) }, settings)).toMatchObject({ ok: true });
    const over = await readRow({ ...TEXT, date: '2026-11-18', text: `${'😀'.repeat(150)}x` }, settings);
    expect(over).toMatchObject({ ok: false, column: 'text', reason: 'text over the limit: expected at most 10 characters, got 301' });
    expect(over).toMatchObject({ value: '😀'.repeat(100) });
  });

  test('a lone surrogate becomes U+FFFD', async () => {
    const [row] = accepted(await readAll(writeTemp('a.ndjson', '{"id":1,"date":"2026-11-18","text":"so \\ud83d bad 😀"}')));
    expect(row?.text).toBe('so \ufffd bad 😀');
  });
});

describe('other values', () => {
  test('what the row does not say, the source may', async () => {
    const cells = { ...TEXT, date: '2026-11-18', language: 'pt-BR', product: ' Sock ', channel: '', customer: 'ida@shop.example' };
    const row = await readRow(cells, { language: 'sv', product: 'shoe', channel: 'web' });
    expect(row).toMatchObject({
      ok: true,
      feedback: { languageHint: 'pt', product: 'Sock', channel: 'web', customer: 'ida@shop.example' },
    });
    expect(await readRow({ ...TEXT, date: '2026-11-18' }, { language: 'sv' })).toMatchObject({ feedback: { languageHint: 'sv' } });
    expect(await readRow({ ...cells, language: 'Portuguese' })).toEqual({
      ok: true,
      feedback: expect.not.objectContaining({ languageHint: expect.anything() as string }) as object,
    });
  });

  test.each<[Record<string, string>, string, Settings?, string?]>([
    [{ nps: '9' }, 'survey'],
    [{ rating: '4' }, 'review'],
    [{ subject: 'Help' }, 'ticket'],
    [{ rating: '4', kind: 'Tickets' }, 'ticket', { kind: 'survey' }],
    [{ rating: '4', kind: '' }, 'survey', { kind: 'survey' }],
    [{ csat: '4' }, 'ticket', {}, 'tickets-2026.csv'],
    [{}, 'survey', {}, 'nps_q3.csv'],
    [{ nps: '4' }, 'review', {}, 'Reviews.csv'],
  ])('kind of a row with %j is %s', async (cells, kind, settings, name = 'rows.csv') => {
    const all = { ...TEXT, date: '2026-11-18', ...cells };
    const csv = `${Object.keys(all).join(',')}\n${Object.values(all).join(',')}\n`;
    expect(accepted(await readAll(writeTemp(name, csv), settings))[0]?.kind).toBe(kind);
  });

  test('types that JSON gets wrong are refused with their column', async () => {
    const good = { id: 1, date: '2026-11-18', text: 'Came late', rating: 4, customer: 'c' };
    const bad = [
      { text: 42 },
      { text: ['a'] },
      { rating: true },
      { rating: { stars: 4 } },
      { date: true },
      { id: null },
      { id: {} },
      { customer: [1] },
    ];
    const rows = await readAll(
      writeTemp('a.ndjson', [good, ...bad.map((change) => ({ ...good, ...change }))].map((row) => JSON.stringify(row)).join('\n')),
    );
    expect(accepted(rows)).toHaveLength(1);
    expect(rejected(rows).map((row) => `${row.row} ${row.column} ${row.reason.replace(/:.*/, '')} ${row.value}`)).toEqual([
      '2 text wrong type 42',
      '3 text wrong type ["a"]',
      '4 rating wrong type true',
      '5 rating wrong type {"stars":4}',
      '6 date wrong type true',
      '7 id no id undefined',
      '8 id wrong type {}',
      '9 customer wrong type [1]',
    ]);
  });

  test('ids of more digits than a number holds stay exact', async () => {
    const lines =
      '{"id":1234567890123456789,"date":"2026-11-18","text":"a b c"}\n{"id":1234567890123456788,"date":"2026-11-18","text":"a b c"}';
    expect(accepted(await readAll(writeTemp('a.ndjson', lines))).map((row) => row.externalId)).toEqual([
      '1234567890123456789',
      '1234567890123456788',
    ]);
  });
});
