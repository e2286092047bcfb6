import { describe, expect, it } from 'vitest';
import { binomialUpperTail } from '../../../src/reports/statistics/binomial.js';
import { logOddsDirichlet } from '../../../src/reports/statistics/log-odds.js';

describe('log-odds ratio with an informative Dirichlet prior', () => {
  // Computed in Python from equations 16, 20 and 22 of Monroe, Colaresi & Quinn 2008, not with this code.
  it.each([
    [12, 300, 24, 3600, 36 / 13, 300, 1.295130907332269, 0.10506465517241378, 3.995630760248949],
    [8, 100, 0, 1200, 8 / 13, 100, 4.5544182918100224, 1.7410714285714286, 3.451633065293733],
    [3, 50, 30, 500, 3, 50, 0, 0.19696969696969696, 0],
  ])('%i of %i against %i of %i', (a, n, b, m, alpha, alpha0, delta, variance, z) => {
    const found = logOddsDirichlet({ count: a, total: n }, { count: b, total: m }, { count: alpha, total: alpha0 });
    expect(found.delta).toBeCloseTo(delta, 12);
    expect(found.variance).toBeCloseTo(variance, 12);
    expect(found.z).toBeCloseTo(z, 12);
  });

  const [first, second] = [
    { count: 12, total: 300 },
    { count: 24, total: 3600 },
  ];
  const withPrior = (weight: number) => logOddsDirichlet(first, second, { count: (weight * 36) / 3900, total: weight });

  it('changes its sign when the corpora change places', () => {
    const prior = { count: 3, total: 300 };
    expect(logOddsDirichlet(second, first, prior).z).toBeCloseTo(-logOddsDirichlet(first, second, prior).z, 12);
  });

  it('is the plain log-odds ratio without a prior, and shrinks to nothing as the prior grows (section 3.3.1 and 3.4.1 of the paper)', () => {
    expect(withPrior(0).delta).toBeCloseTo(Math.log((12 * 3576) / (288 * 24)), 12);
    const deltas = [0, 100, 1_000, 10_000, 1_000_000].map((weight) => withPrior(weight).delta);
    expect(deltas).toEqual([...deltas].sort((a, b) => b - a));
    expect(deltas.at(-1)).toBeLessThan(0.01);
  });
});

describe('binomialUpperTail', () => {
  // Exact fractions, summed in Python.
  it.each([
    [5, 5, 1 / 13, 2.693290743429044e-6],
    [12, 36, 1 / 13, 9.26725812604198e-6],
    [30, 300, 0.125, 0.9222862318982437],
    [40, 300, 0.125, 0.3563677675477799],
    [700, 4000, 1 / 7, 9.11738164366247e-9],
  ])('P(X >= %i of %i at %f)', (k, n, p, expected) => {
    expect(binomialUpperTail(k, n, p) / expected).toBeCloseTo(1, 3);
  });

  it('knows its ends', () => {
    expect([binomialUpperTail(0, 9, 0.3), binomialUpperTail(10, 9, 0.3)]).toEqual([1, 0]);
    expect(binomialUpperTail(9, 9, 0.3)).toBeCloseTo(0.3 ** 9, 12);
  });
});
