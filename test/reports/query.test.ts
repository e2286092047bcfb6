import { describe, expect, test } from 'vitest';
import { feedbackLine } from '../../src/reports/lines.js';
import { focusOf, query, renderQuery } from '../../src/reports/query.js';
import { feedback, times } from './feedback.js';
import { storeOf } from './store.js';

const text = 'Schöne Jacke. Das Paket kam drei Wochen zu spät, der Preis ist gut.';
const span = (words: string): [number, number] => [text.indexOf(words), text.indexOf(words) + words.length];
const item = feedback({
  id: 'a1',
  language: 'de',
  label: 'mixed',
  score: -0.21,
  text,
  topics: { 'delivery.speed': ['negative', ...span('Paket')], 'price.value': ['positive', ...span('Preis')] },
  evidence: [[...span('Schöne'), 0.4], [...span('zu spät'), -0.6], [...span('gut'), 0.5]],
  flags: ['rating-disagrees'],
  more: { rating: 2, nps: 3, url: 'https://example.com/a1' },
}); // prettier-ignore

test('a line for scripts is flat, and leaves out what is not known', () => {
  const line = JSON.parse(JSON.stringify(feedbackLine(item))) as Record<string, unknown>;
  expect(line).toEqual({
    id: 'reviews/a1', source: 'reviews', externalId: 'a1', kind: 'review', createdAt: '2026-11-20T12:00:00.000Z', day: '2026-11-20',
    language: { code: 'de', confidence: 0.9 },
    sentiment: { label: 'mixed', score: -0.21, confidence: 0.8 },
    topics: item.analysis.topics,
    evidence: item.analysis.evidence,
    flags: ['rating-disagrees'],
    text, rating: 2, nps: 3, url: 'https://example.com/a1',
    versions: { engine: '1', lexicon: '1', taxonomy: '1' },
  }); // prettier-ignore
});

describe('a page for people', () => {
  const answer = { items: [item], total: 1 };

  test('shows when, where, what and why', () => {
    expect(renderQuery(answer, { color: false, width: 50, sort: 'newest' })).toBe(
      [
        '1 matches, newest first.',
        '',
        '2026-11-20  reviews  de  mixed -0.21  delivery.speed negative, price.value positive  rating 2 of 5, NPS 3  rating-disagrees',
        '  *Schöne* Jacke. Das Paket kam drei Wochen *zu',
        '  spät*, der Preis ist *gut*.',
        '  reviews/a1  https://example.com/a1',
        '',
      ].join('\n'),
    );
  });

  test('shows the score of the topic asked for, by which the answer is sorted', () => {
    expect(renderQuery(answer, { color: false, width: 80, sort: 'severity', topics: ['delivery'] })).toContain(
      'mixed -0.21  delivery.speed negative -0.50, price.value positive  ',
    );
  });

  test('evidence that runs over a line end is marked on both lines', () => {
    const narrow = renderQuery(answer, { color: true, width: 46, sort: 'newest' });
    expect(narrow).toContain('Wochen \u001b[31mzu\u001b[39m\n  \u001b[31mspät\u001b[39m,');
  });

  test('in colour, against is red and for is green', () => {
    const coloured = renderQuery(answer, { color: true, width: 80, sort: 'newest' });
    expect(coloured).toContain('\u001b[31mzu spät\u001b[39m');
    expect(coloured).toContain('\u001b[32mSchöne\u001b[39m');
  });

  test('a long text is cut to where it speaks of the topic asked for, and steers no terminal', () => {
    const long = `${'Viel Text davor. '.repeat(60)}Das Paket kam zu spät.\u001b[2J${' Viel Text danach.'.repeat(60)}`;
    const at = long.indexOf('Paket');
    const rendered = renderQuery(
      { items: [feedback({ text: long, topics: { 'delivery.speed': ['negative', at, at + 5] } })], total: 1 },
      { color: false, width: 80, sort: 'severity', topics: ['delivery'] },
    );
    expect(rendered).toContain('Das Paket kam zu spät.');
    expect(rendered).not.toContain('\u001b');
    expect(rendered.length).toBeLessThan(800);
  });

  test('says how many there are and how to go on', async () => {
    const store = await storeOf(times(3, { label: 'negative' }));
    const page = await query(store, {}, { limit: 2, sort: 'severity' });
    expect(page).toMatchObject({ total: 3, items: { length: 2 } });
    const rendered = renderQuery(page, { color: false, width: 80, sort: 'severity' });
    expect(rendered).toContain('3 match, worst first.');
    expect(rendered).toContain(`Next page: the same command with --cursor ${page.next}`);
    const rest = await query(store, {}, { limit: 2, sort: 'severity', cursor: page.next! });
    expect(renderQuery(rest, { color: false, width: 80, sort: 'severity' })).not.toContain('Next page');
    expect(new Set([...page.items, ...rest.items].map(({ id }) => id)).size).toBe(3);
  });

  test('folds near-duplicates and says how many they are, unless told not to', async () => {
    const copies = times(3, { label: 'negative', more: { duplicateKeys: ['copied'] } });
    const store = await storeOf([
      ...copies,
      feedback({ label: 'negative' }),
      feedback({ label: 'negative', more: { duplicateKeys: ['alone'] } }),
    ]);
    const folded = await query(store, {}, { limit: 10, sort: 'newest', fold: true });
    expect(folded).toMatchObject({ total: 5, duplicates: 2, items: { length: 3 } });
    const rendered = renderQuery(folded, { color: false, width: 80, sort: 'newest' });
    expect(rendered).toContain('5 match, newest first; 2 near-duplicates are folded (--no-fold shows them).');
    expect(rendered.match(/×\d+/g)).toEqual(['×3']);
    const all = await query(store, {}, { limit: 10, sort: 'newest' });
    expect(all.items).toHaveLength(5);
    expect(renderQuery(all, { color: false, width: 80, sort: 'newest' })).toMatch(/^5 match, newest first\.\n(?!.*×)/s);
  });

  test('nothing', () =>
    expect(renderQuery({ items: [], total: 0 }, { color: false, width: 80, sort: 'newest' })).toBe('Nothing matches.\n'));
});

describe('where to look in a text', () => {
  test.each([
    ['the topic asked for', ['price.value'], span('Preis')],
    ['the area asked for', ['delivery'], span('Paket')],
    ['without a topic, what weighed most', [], span('zu spät')],
    ['a topic it does not have', ['service'], span('zu spät')],
  ])('%s', (_, topics, [start, end]) => expect(focusOf(item, topics)).toMatchObject({ start, end }));

  test('of several places that name the topic, the one next to the complaint', () => {
    const twice = feedback({ text, evidence: [[...span('zu spät'), -0.6]] });
    twice.analysis.topics = [{ id: 'delivery.speed', label: 'negative', score: -0.5, evidence: [{ start: 0, end: 6 }, { start: 18, end: 23 }] }]; // prettier-ignore
    expect(focusOf(twice, ['delivery.speed'])).toMatchObject({ start: 18 });
  });

  test('nowhere in particular', () => expect(focusOf(feedback({}), ['delivery'])).toEqual({ start: 0, end: 0 }));
});
