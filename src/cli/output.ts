/** Data on stdout, talk on stderr. */
import { once } from 'node:events';
import { palette, type Palette } from '../reports/render.js';

/** Collects small writes; a pipe takes few large ones much faster than many small. */
const CHUNK = 64 * 1024;
let pending: string[] = [];
let pendingLength = 0;

/** Writes data to stdout, waiting while the reader is slower. Always await it. */
export async function write(text: string): Promise<void> {
  pending.push(text);
  pendingLength += text.length;
  if (pendingLength >= CHUNK) await flush();
}

export async function flush(): Promise<void> {
  if (pendingLength === 0) return;
  const text = pending.join('');
  pending = [];
  pendingLength = 0;
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** One JSON object on a line of its own. */
export const writeJson = (value: unknown): Promise<void> => write(`${JSON.stringify(value)}\n`);

/** A line for the person at the terminal. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** `| head` closes stdout early: that is the reader's wish and no error of ours. */
export function quitQuietlyWhenReaderLeaves(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.stderr.on('error', () => undefined);
}

/** Whether stdout may be coloured: a terminal, and NO_COLOR (any value) not set. */
export const coloured = (): boolean => process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';

/** Colours for stdout, or none. */
export const paint: Palette = palette(coloured());

/** Columns to write in: the terminal's, within reason for reading, or 100 where stdout is none. */
export const columns = (): number => (process.stdout.isTTY && process.stdout.columns > 0 ? Math.min(process.stdout.columns, 140) : 100);
