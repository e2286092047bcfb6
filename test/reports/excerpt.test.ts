import { describe, expect, test } from 'vitest';
import { excerpt, marked, printable } from '../../src/reports/excerpt.js';

describe('what a terminal would obey is taken out, and nothing moves', () => {
  test.each([
    ['two\nlines\tand a tab', 'two lines and a tab'],
    ['\u001b[2Jgone', ' [2Jgone'],
    ['\u009b31mred', ' 31mred'],
    ['left\u202eright', 'left right'],
    ['half \ud83d pair', 'half \ufffd pair'],
    ['half \udE21', 'half \ufffd'],
    ['whole 😡 pair, ไทย', 'whole 😡 pair, ไทย'],
  ])('%j', (text, expected) => {
    expect(printable(text)).toBe(expected);
    expect(expected).toHaveLength(text.length);
  });
});

describe('the sentences around what matters', () => {
  const text = 'Schöne Jacke\nDie Farbe gefällt mir. Das Paket kam drei Wochen zu spät! Der Fahrer war nett. Ich kaufe wieder hier.';
  const late = { start: text.indexOf('zu spät'), end: text.indexOf('zu spät') + 7 };

  test.each([
    [500, 'Schöne Jacke Die Farbe gefällt mir. Das Paket kam drei Wochen zu spät! Der Fahrer war nett. Ich kaufe wieder hier.'],
    [70, '…Das Paket kam drei Wochen zu spät! Der Fahrer war nett.…'],
    [40, '…Das Paket kam drei Wochen zu spät!…'],
    [25, '…drei Wochen zu spät!…'],
  ])('in %i characters', (max, expected) => {
    const { text: cut, shift } = excerpt(text, late, max, 'de');
    expect(cut).toBe(expected);
    expect(cut.slice(late.start + shift, late.end + shift)).toBe('zu spät');
  });

  test('a long text without a space or an end keeps to its limit, around the place', () => {
    const thai = 'สินค้าดีมาก'.repeat(30) + 'จัดส่งช้า' + 'บริการดี'.repeat(30);
    const start = thai.indexOf('จัดส่งช้า');
    const { text: cut, shift } = excerpt(thai, { start, end: start + 9 }, 160, 'th');
    expect(cut.length).toBeLessThanOrEqual(160);
    expect(cut.slice(start + shift, start + shift + 9)).toBe('จัดส่งช้า');
    expect(cut.startsWith('…') && cut.endsWith('…')).toBe(true);
  });

  test.each([
    ['', { start: 0, end: 0 }, ''],
    ['   ', { start: 0, end: 0 }, ''],
    ['a'.repeat(300), { start: 290, end: 300 }, `…${'a'.repeat(38)}`],
    ['😡'.repeat(100), { start: 0, end: 2 }, `${'😡'.repeat(19)}…`],
  ])('edge: %j', (given, focus, expected) => expect(excerpt(given, focus, 40, 'und').text).toBe(expected));
});

describe('marks', () => {
  const style = (on: string) => (text: string) => `<${on}>${text}</${on}>`;
  const bold = style('b');
  const red = style('r');

  test.each([
    ['none', [], undefined, 'not on time'],
    ['one', [{ start: 0, end: 3, style: bold }], undefined, '<b>not</b> on time'],
    [
      'neighbours of one kind join',
      [
        { start: 0, end: 3, style: bold },
        { start: 3, end: 6, style: bold },
      ],
      undefined,
      '<b>not on</b> time',
    ],
    [
      'the first wins where they overlap',
      [
        { start: 0, end: 6, style: bold },
        { start: 4, end: 11, style: red },
      ],
      undefined,
      '<b>not on</b><r> time</r>',
    ],
    ['only what is in the part', [{ start: 0, end: 6, style: bold }], { start: 4, end: 11 }, '<b>on</b> time'],
    [
      'empty and outside marks are nothing',
      [
        { start: 2, end: 2, style: bold },
        { start: 50, end: 60, style: red },
      ],
      undefined,
      'not on time',
    ],
  ])('%s', (_, marks, part, expected) => expect(marked('not on time', marks, part)).toBe(expected));
});
