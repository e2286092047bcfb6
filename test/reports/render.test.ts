import { expect, test } from 'vitest';
import { duration, palette, percentRange, points, probability, sparkline, table } from '../../src/reports/render.js';

const plain = palette(false);

test('a table lines up by what the eye sees, numbers to the right, empty columns left out', () => {
  const columns = [{ header: 'topic' }, { header: 'n', align: 'right' as const }, { header: 'nothing' }, { header: 'said' }];
  const rows = [
    ['ช้า', '7', '', 'yes'],
    ['😡', '1,234', '', 'no'],
  ];
  expect(table(columns, rows, plain)).toEqual(['topic      n  said', 'ช้า         7  yes', '😡     1,234  no']);
});

test('colour codes take no room, and there are none without colour', () => {
  const red = palette(true).red('ab');
  expect(red).toBe('\u001b[31mab\u001b[39m');
  expect(table([{ header: 'x' }, { header: 'y' }], [[red, '1'], ['abcd', '2']], plain)[1]).toBe(`${red}    1`); // prettier-ignore
  expect(plain.red('ab')).toBe('ab');
});

test.each([
  [[0, 0.5, 1, null, 0.25], 1, '▁▅█·▃'],
  [[0, 0], 0, '▁▁'],
  [[0.1, 0.2], 0.2, '▅█'],
])('sparkline of %j up to %d', (values, max, expected) => expect(sparkline(values, max)).toBe(expected));

test.each([
  [points(0.364), '+36'],
  [points(-0.04), '-4'],
  [points(-0.001), '0'],
  [percentRange(0.0524, 0.3339), '5–33%'],
  [probability('q', 0.0004), 'q<0.001'],
  [probability('q', 0.0312), 'q=0.031'],
  [probability('p', 0.5), 'p=0.50'],
  [duration(0.84), '0.8 s'],
  [duration(200), '3 min 20 s'],
  [duration(3900), '1 h 5 min'],
])('%s', (actual, expected) => expect(actual).toBe(expected));
