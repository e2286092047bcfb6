/**
 * A logistic regression of the label on the terms of a text, with what the analyzer says already as given:
 *
 *   log-odds(positive) = slope x (analyzer's log-odds) + bias + sum over the terms of (value x change)
 *
 * The changes are held down by an L1 penalty (Tibshirani 1996), so that most are exactly zero and few terms have to be read. Fitted by
 * cyclic coordinate descent with the quadratic bound of the logistic loss (Böhning & Lindsay 1988): no step size, no chance.
 */

/** One term: the texts it is in, and its value there. */
export interface Column {
  rows: Int32Array;
  values: Float64Array;
}

export interface Design {
  /** By text. */
  given: Float64Array;
  positive: Uint8Array;
  columns: readonly Column[];
}

export interface Fit {
  slope: number;
  bias: number;
  /** By column. */
  changes: Float64Array;
}

/** Penalties tried, as shares of the least that keeps every change at zero; the first is that one. */
export const PENALTIES = [1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.13, 0.09, 0.065, 0.045, 0.03] as const;
/** Which way a change may go; UP and DOWN are signs. */
export const NO_WAY = 0;
export const UP = 1;
export const DOWN = -1;
export const EITHER_WAY = 2;
const SWEEPS = 40;
const TOLERANCE = 1e-3;
/** The analyzer is never turned round, whatever the ratings say. */
const LEAST_SLOPE = 0.1;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Weights of the texts that are fitted on: both labels count alike. 0 for the others. */
export function balanced(positive: Uint8Array, chosen: (row: number) => boolean): Float64Array {
  const n = [0, 0];
  for (let i = 0; i < positive.length; i++) if (chosen(i)) n[positive[i]!]!++;
  return Float64Array.from(positive, (label, i) => (chosen(i) ? (n[0]! + n[1]!) / 2 / Math.max(1, n[label]!) : 0));
}

/** Mean log loss over the weighted texts. */
export function loss({ given, positive, columns }: Design, weights: Float64Array, fit: Fit): number {
  const z = given.map((g) => fit.slope * g + fit.bias);
  addColumns(z, columns, fit.changes);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < z.length; i++) {
    if (weights[i] === 0) continue;
    const margin = positive[i] === 1 ? z[i]! : -z[i]!;
    // log(1 + exp(-margin)), safe at both ends.
    sum += weights[i]! * (Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin))));
    total += weights[i]!;
  }
  return sum / total;
}

/** z += sum of the columns, each times its change. */
export function addColumns(z: Float64Array, columns: readonly Column[], changes: Float64Array): void {
  columns.forEach(({ rows, values }, j) => {
    const change = changes[j]!;
    if (change !== 0) for (let k = 0; k < rows.length; k++) z[rows[k]!]! += values[k]! * change;
  });
}

/**
 * Fits for each of the first penalties, one starting from the last.
 * @param weights by text; 0 leaves it out
 * @param ways by column: which way its change may go
 * @param most how many of PENALTIES, from the strongest
 */
export function fitPath(design: Design, weights: Float64Array, ways: Int8Array, most: number = PENALTIES.length): Fit[] {
  const { given, positive, columns } = design;
  const fit: Fit = { slope: 1, bias: 0, changes: new Float64Array(columns.length) };
  const z = new Float64Array(given.length);
  const settle = (): void => {
    // Rounding must not pile up over thousands of small steps.
    for (let i = 0; i < z.length; i++) z[i] = fit.slope * given[i]! + fit.bias;
    addColumns(z, columns, fit.changes);
  };
  settle();
  for (let sweep = 0; sweep < SWEEPS; sweep++) if (fitGiven(design, weights, fit, z) < TOLERANCE) break;
  const curvature = columns.map(({ rows, values }) => {
    let h = 0;
    for (let k = 0; k < rows.length; k++) h += weights[rows[k]!]! * values[k]! * values[k]!;
    return h / 4;
  });
  const slopeOf = (j: number): number => {
    const { rows, values } = columns[j]!;
    let g = 0;
    for (let k = 0; k < rows.length; k++) {
      const i = rows[k]!;
      if (weights[i] !== 0) g += weights[i]! * (sigmoid(z[i]!) - positive[i]!) * values[k]!;
    }
    return g;
  };
  const usable = columns.map((_, j) => j).filter((j) => ways[j] !== NO_WAY && curvature[j]! > 0);
  const strongest = usable.reduce((top, j) => Math.max(top, Math.abs(slopeOf(j))), 0);
  const step = (j: number, penalty: number): number => {
    const old = fit.changes[j]!;
    const aim = old - slopeOf(j) / curvature[j]!;
    let next = Math.sign(aim) * Math.max(0, Math.abs(aim) - penalty / curvature[j]!);
    if (ways[j] !== EITHER_WAY && Math.sign(next) !== ways[j]) next = 0;
    if (next === old) return 0;
    const { rows, values } = columns[j]!;
    for (let k = 0; k < rows.length; k++) z[rows[k]!]! += values[k]! * (next - old);
    fit.changes[j] = next;
    return Math.abs(next - old);
  };
  return PENALTIES.slice(0, most).map((share) => {
    const penalty = share * strongest;
    for (let sweep = 0, all = true; sweep < SWEEPS && penalty > 0 && share < 1; sweep++) {
      let moved = fitGiven(design, weights, fit, z);
      // Every column now and then, in between only those that count.
      for (const j of usable) if (all || fit.changes[j] !== 0) moved = Math.max(moved, step(j, penalty));
      if (moved < TOLERANCE && all) break;
      all = moved < TOLERANCE || sweep % 8 === 7;
    }
    settle();
    return { ...fit, changes: fit.changes.slice() };
  });
}

/**
 * By column: how far its texts' labels are from what the analyzer alone makes probable, in standard errors (Rao's score test of a
 * change of zero). Positive: they are better than it says.
 */
export function surprise(design: Design, weights: Float64Array): Float64Array {
  const { given, positive, columns } = design;
  const [{ slope, bias }] = fitPath(design, weights, new Int8Array(columns.length), 1) as [Fit];
  const p = given.map((g) => sigmoid(slope * g + bias));
  return Float64Array.from(columns, ({ rows, values }) => {
    let score = 0;
    let information = 1e-9;
    for (let k = 0; k < rows.length; k++) {
      const i = rows[k]!;
      const x = weights[i]! * values[k]!;
      score += x * (positive[i]! - p[i]!);
      information += x * x * p[i]! * (1 - p[i]!);
    }
    return score / Math.sqrt(information);
  });
}

/** One Newton step of slope and bias, which no penalty holds down. Gives the larger of the two moves. */
function fitGiven({ given, positive }: Design, weights: Float64Array, fit: Fit, z: Float64Array): number {
  let [g0, g1, h00, h01, h11] = [0, 0, 1e-9, 0, 1e-9];
  for (let i = 0; i < z.length; i++) {
    const w = weights[i]!;
    if (w === 0) continue;
    const p = sigmoid(z[i]!);
    const x = given[i]!;
    const g = w * (p - positive[i]!);
    // A quarter at the least of what the bound allows: a sure model has no curvature, and Newton's step would leap.
    const h = w * Math.max(p * (1 - p), 1 / 16);
    g0 += g;
    g1 += g * x;
    h00 += h;
    h01 += h * x;
    h11 += h * x * x;
  }
  const determinant = h00 * h11 - h01 * h01;
  const bias = (h11 * g0 - h01 * g1) / determinant;
  const slope = Math.min((h00 * g1 - h01 * g0) / determinant, fit.slope - LEAST_SLOPE);
  fit.bias -= bias;
  fit.slope -= slope;
  for (let i = 0; i < z.length; i++) z[i]! -= bias + slope * given[i]!;
  return Math.max(Math.abs(bias), Math.abs(slope));
}
