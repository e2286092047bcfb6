import { describe, expect, test } from 'vitest';
import type { FeedbackFilter } from '../../src/store/port.js';
import { FilterError, parseDay, parseFilter, parseRollupFilter, type FilterOptions } from '../../src/reports/filter.js';

const stockholm = { timeZone: 'Europe/Stockholm', today: '2026-11-24' };
const topics = new Set(['delivery', 'delivery.speed', 'delivery.lost', 'service', 'service.speed']);

describe('what is typed and what it asks for', () => {
  test.each<[FilterOptions, FeedbackFilter]>([
    [{}, {}],
    [{ topic: 'delivery' }, { topics: ['delivery'] }],
    [{ topic: ['delivery.speed,service', 'delivery.lost', 'service'] }, { topics: ['delivery.speed', 'service', 'delivery.lost'] }],
    [{ sentiment: 'negative,mixed' }, { labels: ['negative', 'mixed'] }],
    [{ lang: ['de', 'und'] }, { languages: ['de', 'und'] }],
    [
      { kind: 'ticket', source: 'shop-reviews' },
      { kinds: ['ticket'], sources: ['shop-reviews'] },
    ],
    [{ channel: 'app, web' }, { channels: ['app', 'web'] }],
    [{ product: 'Kaffee\\, gemahlen' }, { products: ['Kaffee, gemahlen'] }],
    [{ customer: 'c_0123456789abcdef01234567' }, { customers: ['c_0123456789abcdef01234567'] }],
    [{ flag: 'rating-disagrees' }, { flags: ['rating-disagrees'] }],
    [{ contains: 'zu spät, wieder' }, { contains: 'zu spät, wieder' }],
    [{ rating: '1-2' }, { ratingMin: 1, ratingMax: 2 }],
    [{ rating: '<=2' }, { ratingMax: 2 }],
    [{ rating: '>= 4.5' }, { ratingMin: 4.5 }],
    [{ rating: '3' }, { ratingMin: 3, ratingMax: 3 }],
    [{ score: '<=-0.5' }, { scoreMax: -0.5 }],
    [{ score: '-0.8..-0.2' }, { scoreMin: -0.8, scoreMax: -0.2 }],
    [{ score: '-1-0' }, { scoreMin: -1, scoreMax: 0 }],
  ])('%j', (options, expected) => expect(parseFilter(options, stockholm)).toEqual(expected));
});

describe('times are in the shop’s zone', () => {
  test.each<[string, FilterOptions, Pick<FeedbackFilter, 'since' | 'until'>]>([
    ['seven days, today among them', { since: '7d' }, { since: '2026-11-17T23:00:00.000Z' }],
    ['today alone', { since: '1d' }, { since: '2026-11-23T23:00:00.000Z' }],
    [
      'the seven days before those',
      { since: '14d', until: '7d' },
      { since: '2026-11-10T23:00:00.000Z', until: '2026-11-17T23:00:00.000Z' },
    ],
    ['weeks that span the end of summer time', { since: '5w' }, { since: '2026-10-20T22:00:00.000Z' }],
    [
      'one day whole',
      { since: '2026-11-20', until: '2026-11-20' },
      { since: '2026-11-19T23:00:00.000Z', until: '2026-11-20T23:00:00.000Z' },
    ],
    [
      'the day of 25 hours',
      { since: '2026-10-25', until: '2026-10-25' },
      { since: '2026-10-24T22:00:00.000Z', until: '2026-10-25T23:00:00.000Z' },
    ],
    [
      'the day of 23 hours',
      { since: '2026-03-29', until: '2026-03-29' },
      { since: '2026-03-28T23:00:00.000Z', until: '2026-03-29T22:00:00.000Z' },
    ],
    ['an ISO week', { since: '2026-W47', until: '2026-W47' }, { since: '2026-11-15T23:00:00.000Z', until: '2026-11-22T23:00:00.000Z' }],
    [
      'the week across new year',
      { since: '2026-W53', until: '2026-W53' },
      { since: '2026-12-27T23:00:00.000Z', until: '2027-01-03T23:00:00.000Z' },
    ],
    ['a month', { since: '2026-10', until: '2026-10' }, { since: '2026-09-30T22:00:00.000Z', until: '2026-10-31T23:00:00.000Z' }],
    ['an instant with an offset', { since: '2026-11-24T08:15:00+07:00' }, { since: '2026-11-24T01:15:00.000Z' }],
    ['an instant in UTC', { until: '2026-11-24T08:15:00.250Z' }, { until: '2026-11-24T08:15:00.250Z' }],
    ['an instant without an offset', { since: '2026-07-01T08:00' }, { since: '2026-07-01T06:00:00.000Z' }],
  ])('%s', (_, options, expected) => expect(parseFilter(options, stockholm)).toEqual(expected));

  test('another zone, other instants', () => {
    expect(parseFilter({ since: '2026-11-24' }, { timeZone: 'Asia/Bangkok', today: '2026-11-24' })).toEqual({
      since: '2026-11-23T17:00:00.000Z',
    });
  });
});

describe('what is not understood is said with its option, its value and what would be', () => {
  test.each<[FilterOptions, string]>([
    [{ sentiment: 'bad' }, '--sentiment: expected one of negative, neutral, positive, mixed, unsupported, not "bad"'],
    [{ lang: 'german' }, '--lang: expected a language code such as de, not "german"'],
    [{ kind: 'mail' }, '--kind: expected one of review, survey, ticket, not "mail"'],
    [{ topic: 'Delivery!' }, '--topic: expected an area (delivery) or a topic (delivery.speed), not "Delivery!"'],
    [{ topic: 'delivery.sped' }, '--topic: expected one of delivery.lost, delivery.speed, not "delivery.sped"'],
    [{ topic: 'delivry' }, '--topic: expected one of delivery, delivery.lost, delivery.speed, not "delivry"'],
    [{ topic: 'weather' }, '--topic: expected one of delivery, service, not "weather"'],
    [{ source: 'a,,b' }, '--source: expected the name of a source, not ""'],
    [
      { customer: 'anna@example.com' },
      '--customer: expected a pseudonym as `query --json` shows it (c_ and 24 hex digits), not "anna@example.com"',
    ],
    [{ rating: '2-1' }, '--rating: expected 1-2, <=2, >=4 or 3, not "2-1"'],
    [{ rating: '<2' }, '--rating: expected 1-2, <=2, >=4 or 3, not "<2"'],
    [{ score: '<=-50' }, '--score: expected <=-0.5, -0.8..-0.2 or >=0.3, between -1 and 1, not "<=-50"'],
    [{ since: 'yesterday' }, '--since: expected 7d, 4w, 2026-11-24, 2026-W47, 2026-11 or an ISO 8601 time, not "yesterday"'],
    [{ since: '0d' }, '--since: expected 7d, 4w, 2026-11-24, 2026-W47, 2026-11 or an ISO 8601 time, not "0d"'],
    [{ until: '2026-02-30' }, '--until: expected 7d, 4w, 2026-11-24, 2026-W47, 2026-11 or an ISO 8601 time, not "2026-02-30"'],
    [{ since: '2026-11-24T25:00' }, '--since: expected 7d, 4w, 2026-11-24, 2026-W47, 2026-11 or an ISO 8601 time, not "2026-11-24T25:00"'],
    [{ since: '7d', until: '14d' }, '--until: expected a time after --since 7d, not "14d"'],
    [{ contains: '' }, '--contains: expected some text, not ""'],
  ])('%j', (options, message) => {
    expect(() => parseFilter(options, { ...stockholm, topics })).toThrow(FilterError);
    expect(() => parseFilter(options, { ...stockholm, topics })).toThrow(message);
  });

  test('trends refuse what daily counts do not know', () => {
    expect(parseRollupFilter({ topic: 'delivery', lang: 'de' }, stockholm)).toEqual({ topics: ['delivery'], languages: ['de'] });
    expect(() => parseRollupFilter({ rating: '1-2' }, stockholm)).toThrow('--rating: expected no such filter here');
  });

  test('a day', () => {
    expect(parseDay('as-of', '2026-11-24')).toBe('2026-11-24');
    expect(() => parseDay('as-of', '2026-11')).toThrow('--as-of: expected a day as 2026-11-24, not "2026-11"');
  });
});
