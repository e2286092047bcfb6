import { describe, expect, test } from 'vitest';
import { benjaminiHochberg } from '../../../src/reports/statistics/benjamini-hochberg.js';
import { fisherExact } from '../../../src/reports/statistics/fisher.js';
import { newcombe } from '../../../src/reports/statistics/newcombe.js';
import { normalCdf, normalQuantile, twoSidedP } from '../../../src/reports/statistics/normal.js';
import { twoProportionTest, twoProportionZ } from '../../../src/reports/statistics/proportions.js';
import { wilson } from '../../../src/reports/statistics/wilson.js';

const relative = (actual: number, expected: number): number => Math.abs(actual - expected) / Math.abs(expected);

describe('normal distribution (against scipy 1.17.1, norm.cdf and norm.ppf)', () => {
  test.each([
    [-20, 2.7536241186061556e-89],
    [-8, 6.22096057427174e-16],
    [-5, 2.866515718791933e-7],
    [-1.959963984540054, 0.025],
    [-1, 0.15865525393145707],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [3, 0.9986501019683699],
    [7.5, 0.9999999999999681],
  ])('cdf(%s)', (x, expected) => expect(relative(normalCdf(x), expected)).toBeLessThan(1e-8));

  test.each([
    [1e-300, -37.0470962993612],
    [1e-12, -7.034483825301131],
    [0.001, -3.090232306167813],
    [0.025, -1.9599639845400545],
    [0.3, -0.5244005127080409],
    [0.8, 0.8416212335729143],
    [0.999999, 4.753424308817087],
  ])('quantile(%s)', (p, expected) => expect(relative(normalQuantile(p), expected)).toBeLessThan(1e-12));

  test('the quantile undoes the cdf, and the ends are infinite', () => {
    for (let x = -5; x <= 5; x += 0.37) expect(normalQuantile(normalCdf(x))).toBeCloseTo(x, 8);
    expect([normalQuantile(0), normalQuantile(1), normalQuantile(0.5)]).toEqual([-Infinity, Infinity, 0]);
    expect(normalQuantile(1.1)).toBeNaN();
    expect(twoSidedP(-1.959963984540054)).toBeCloseTo(0.05, 12);
  });
});

describe('Wilson interval', () => {
  // Newcombe 1998, Stat. Med. 17:857-872, the four worked examples, method 3.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i, as published', (count, n, low, high) => {
    const interval = wilson(count, n);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  // statsmodels 0.15.0, proportion_confint(method='wilson').
  test.each([
    [29, 29, 0.95, 0.8830302015, 1],
    [1, 1, 0.95, 0.2065493144, 1],
    [5000, 10000, 0.95, 0.4902020618, 0.5097979382],
    [81, 263, 0.9, 0.2633136172, 0.3565663496],
  ])('%i of %i at %d, against statsmodels', (count, n, confidence, low, high) => {
    const interval = wilson(count, n, confidence);
    expect(interval.low).toBeCloseTo(low, 9);
    expect(interval.high).toBeCloseTo(high, 9);
  });

  test('nothing is known of nothing', () => expect(wilson(0, 0)).toEqual({ low: 0, high: 1 }));
});

// Newcombe 1998, Stat. Med. 17:873-890, table II, method 10, cases (a) to (h).
describe("Newcombe's interval for a difference, as published", () => {
  test.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('%i/%i - %i/%i', (count1, n1, count2, n2, low, high) => {
    const interval = newcombe(count1, n1, count2, n2);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  test('against statsmodels 0.15.0, confint_proportions_2indep(method="newcomb")', () => {
    const interval = newcombe(120, 250, 300, 2500);
    expect(interval.low).toBeCloseTo(0.2974076515, 9);
    expect(interval.high).toBeCloseTo(0.4229483564, 9);
  });
});

describe('tests of two shares', () => {
  // statsmodels 0.15.0, proportions_ztest.
  test.each([
    [56, 70, 48, 80, 0.00804508136819656],
    [30, 100, 20, 100, 0.10247043485974941],
    [12, 40, 260, 1900, 0.0032688102338707704],
    [500, 1000, 500, 1000, 1],
  ])('z test %i/%i, %i/%i', (count1, n1, count2, n2, p) => expect(relative(twoProportionZ(count1, n1, count2, n2), p)).toBeLessThan(1e-9));

  // The first is Fisher's tea tasting (The Design of Experiments, 1935): 34/70. The others: scipy 1.17.1, fisher_exact.
  test.each([
    [3, 1, 1, 3, 34 / 70],
    [1, 9, 11, 3, 0.0027594561852200836],
    [0, 10, 0, 10, 1],
    [12, 5, 29, 2, 0.08026855207410463],
    [8, 2, 1, 5, 0.034965034965034975],
    [3, 200, 10, 90000, 3.157857236411265e-6],
    [5, 0, 1, 4, 0.047619047619047616],
    [10, 2, 3, 15, 0.0005367241191434357],
    [2, 7, 8, 2, 0.02301413756522116],
    [190, 4, 3800, 20, 0.026286500751975517],
  ])('Fisher [[%i, %i], [%i, %i]]', (a, b, c, d, p) => expect(relative(fisherExact(a, b, c, d), p)).toBeLessThan(1e-9));

  test('an expected cell below 5 is tested exactly, others by z', () => {
    expect(twoProportionTest(3, 203, 10, 90010)).toBe(fisherExact(3, 200, 10, 90000));
    expect(twoProportionTest(190, 194, 3800, 3820)).toBe(fisherExact(190, 4, 3800, 20)); // few are not negative
    expect(twoProportionTest(30, 100, 20, 100)).toBe(twoProportionZ(30, 100, 20, 100));
    expect(twoProportionTest(0, 50, 0, 400)).toBe(1);
  });
});

describe('Benjamini-Hochberg', () => {
  // The 15 p-values of section 3 of Benjamini & Hochberg 1995: at 0.05 the first four are finds. q-values: statsmodels 0.15.0.
  const published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1];
  const expected = [
    0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571429, 0.0638571429, 0.0645, 0.0765, 0.486, 0.5811818182, 0.714875, 0.7532307692,
    0.8132142857, 1,
  ]; // prettier-ignore

  test('the published example', () => {
    const q = benjaminiHochberg(published);
    q.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 9));
    expect(q.filter((value) => value <= 0.05)).toHaveLength(4);
  });

  test('answers in the order asked', () => {
    const q = benjaminiHochberg([...published].reverse());
    expect(q.reverse()).toEqual(benjaminiHochberg(published));
    expect(benjaminiHochberg([])).toEqual([]);
  });
});
