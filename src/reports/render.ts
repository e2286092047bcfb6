/** What the plain-text reports share: colours, tables, numbers. */
import { displayWidth, pad } from './width.js';

export interface RenderOptions {
  color: boolean;
  /** Columns of the terminal. */
  width: number;
}

export type Palette = Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', (text: string) => string>;

const CODES: Record<keyof Palette, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Functions that colour a text, or leave it as it is. */
export function palette(color: boolean): Palette {
  const entries = Object.entries(CODES).map(([name, [on, off]]) => [
    name,
    (text: string) => (color && text !== '' ? `\x1b[${on}m${text}\x1b[${off}m` : text),
  ]);
  return Object.fromEntries(entries) as Palette;
}

export interface Column {
  header: string;
  align?: 'left' | 'right';
}

/** Lines of a table, columns two spaces apart, numbers to the right; a column with nothing in it is left out. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], { dim }: Pick<Palette, 'dim'>): string[] {
  const used = columns.map((column, i) => ({ ...column, i })).filter(({ i }) => rows.some((row) => row[i] !== ''));
  const widths = used.map(({ header, i }) => Math.max(displayWidth(header), ...rows.map((row) => displayWidth(row[i] ?? ''))));
  const line = (cells: readonly string[]): string =>
    used
      .map(({ align }, j) => pad(cells[j]!, widths[j]!, align))
      .join('  ')
      .trimEnd();
  return [dim(line(used.map(({ header }) => header))), ...rows.map((row) => line(used.map(({ i }) => row[i] ?? '')))];
}

/** 0.483 -> `48%`. */
export const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** `35-62%`: the ends of an interval. */
export const percentRange = (low: number, high: number): string => `${Math.round(low * 100)}–${percent(high)}`;

/** Percentage points with their sign: `+36`, `-4`, `0`. */
export function points(delta: number): string {
  const rounded = Math.round(delta * 100);
  return rounded > 0 ? `+${rounded}` : String(rounded);
}

/** `1,234,567`. */
export const count = (n: number): string => n.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** A share as so many in a hundred: `26`, `6.5`, `0.3`. */
export const perHundred = (share: number): string => (share * 100).toFixed(share > 0 && share < 0.0995 ? 1 : 0);

/** A p- or q-value with its name: `q=0.031`, `q<0.001`. */
export function probability(name: 'p' | 'q', value: number): string {
  return value < 0.001 ? `${name}<0.001` : `${name}=${value.toFixed(value < 0.1 ? 3 : 2)}`;
}

/** `0.8 s`, `12 s`, `3 min 20 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

const BARS = '▁▂▃▄▅▆▇█';

/** One bar a value from 0 to `max`, `·` where there is none. */
export function sparkline(values: readonly (number | null)[], max: number): string {
  return values.map((value) => (value === null ? '·' : BARS[max <= 0 ? 0 : Math.min(7, Math.floor((value / max) * 8))]!)).join('');
}
