import { describe, expect, test } from 'vitest';
import { clip, displayWidth, lineSpans, pad } from '../../src/reports/width.js';

// Thai widths: base letters one column each, vowels and tones above and below none, sara am (ำ) one.
test.each([
  ['', 0],
  ['späte Lieferung', 15],
  ['spa\u0308t', 4],
  ['ดี', 1],
  ['ช้ามาก', 5],
  ['ทำงาน', 5],
  ['น้ำ', 2],
  ['配送が遅い', 10],
  ['ﾊﾝｶｸ', 4],
  ['😡', 2],
  ['👍🏽', 2],
  ['👨‍👩‍👧', 2],
  ['🇸🇪', 2],
  ['❤️', 2],
  ['a😡b', 4],
  ['\u001b[31mred\u001b[39m', 3],
])('%j is %i columns wide', (text, width) => expect(displayWidth(text)).toBe(width));

test('padding and clipping go by columns', () => {
  expect(pad('ช้า', 4)).toBe('ช้า  ');
  expect(pad('😡', 4, 'right')).toBe('  😡');
  expect(pad('long', 2)).toBe('long');
  expect(clip('delivery', 8)).toBe('delivery');
  expect(clip('delivery', 5)).toBe('deli…');
  expect(clip('😡😡😡', 4)).toBe('😡…');
});

describe('lines', () => {
  const lines = (text: string, width: number, language?: string): string[] =>
    lineSpans(text, width, language).map(({ start, end }) => text.slice(start, end));

  test('break at spaces, and hold every word in order', () => {
    expect(lines('the parcel came three weeks late', 12)).toEqual(['the parcel', 'came three', 'weeks late']);
    expect(lines('  two  spaces ', 20)).toEqual(['two  spaces']);
    expect(lines('', 20)).toEqual([]);
  });

  test('Thai, which has no spaces, breaks between words', () => {
    const text = 'สินค้าจัดส่งช้ามากและกล่องเสียหาย';
    const broken = lines(text, 14, 'th');
    expect(broken.join('')).toBe(text);
    expect(broken.length).toBeGreaterThan(1);
    const boundaries = new Set([...new Intl.Segmenter('th', { granularity: 'word' }).segment(text)].map(({ index }) => index));
    for (const { start } of lineSpans(text, 14, 'th')) expect(boundaries).toContain(start);
    for (const line of broken) expect(displayWidth(line)).toBeLessThanOrEqual(14);
  });

  test('a word longer than the line is cut between graphemes', () => {
    expect(lines('👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧', 4)).toEqual(['👨‍👩‍👧👨‍👩‍👧', '👨‍👩‍👧']);
    expect(lines('see aaaaaaaaaa now', 4)).toEqual(['see', 'aaaa', 'aaaa', 'aa', 'now']);
  });
});
