import { describe, expect, test } from 'vitest';
import { csvHeader, csvLine } from '../../src/reports/csv.js';
import { feedback } from './feedback.js';

const columns = csvHeader().trimEnd().split(',');
/** RFC 4180 read back by hand: cells of one record. */
function cells(line: string): Record<string, string> {
  expect(line.endsWith('\r\n')).toBe(true);
  const values = [...line.slice(0, -2).matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
  );
  expect(values).toHaveLength(columns.length);
  return Object.fromEntries(columns.map((name, i) => [name, values[i]!]));
}

test('a line holds what is known, and nothing for what is not', () => {
  const line = csvLine(
    feedback({
      id: 'a1',
      language: 'de',
      label: 'negative',
      score: -0.71,
      text: 'Zu spät, "wieder"\nund kaputt',
      topics: { 'delivery.speed': 'negative', 'product.quality': 'positive' },
      flags: ['rating-disagrees'],
      more: { rating: 1, nps: 0, product: 'Kaffee, gemahlen' },
    }),
  );
  expect(cells(line)).toMatchObject({
    id: 'reviews/a1',
    createdAt: '2026-11-20T12:00:00.000Z',
    day: '2026-11-20',
    language: 'de',
    sentiment: 'negative',
    score: '-0.71',
    topics: 'delivery.speed:negative product.quality:positive',
    flags: 'rating-disagrees',
    text: 'Zu spät, "wieder"\nund kaputt',
    rating: '1',
    nps: '0',
    csat: '',
    channel: '',
    product: 'Kaffee, gemahlen',
    customer: '',
  });
});

describe('a spreadsheet runs nothing that a customer wrote', () => {
  test.each([
    ['=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'],
    ['+1 never again', "'+1 never again"],
    ['-- bad', "'-- bad"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tcmd', "'\tcmd"],
    ['5 = good', '5 = good'],
    ["'quoted'", "'quoted'"],
  ])('%j', (text, expected) => {
    const found = cells(csvLine(feedback({ text, more: { product: text, channel: text } })));
    expect([found['text'], found['product'], found['channel']]).toEqual([expected, expected, expected]);
  });
});
