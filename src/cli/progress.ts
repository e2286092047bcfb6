/** A progress bar on a terminal, nothing on a pipe. */
import { Presets, SingleBar } from 'cli-progress';
import type { NightProgress } from '../../jobs/night.js';
import { count } from '../reports/render.js';

/** @returns undefined where nobody would see it. */
function openBar(format: string): SingleBar | undefined {
  if (!process.stderr.isTTY) return undefined;
  // Our own signal handling ends the run in order.
  return new SingleBar(
    { format, stream: process.stderr, clearOnComplete: true, hideCursor: true, gracefulExit: false },
    Presets.shades_grey,
  );
}

export interface Progress {
  update(progress: NightProgress): void;
  close(): void;
}

export function openProgress(): Progress {
  const bar = openBar(' {bar} {done} of {total} parts  {rows} rows  {rate}/s  {rejected} rejected');
  if (bar === undefined) return { update: () => undefined, close: () => undefined };
  const started = Date.now();
  let open = false;
  return {
    update: ({ parts, partsDone, read, rejected }) => {
      const seconds = (Date.now() - started) / 1_000;
      const shown = { done: partsDone, rows: count(read), rate: count(seconds < 0.5 ? 0 : read / seconds), rejected: count(rejected) };
      if (!open) bar.start(parts, partsDone, shown);
      else {
        bar.setTotal(parts);
        bar.update(partsDone, shown);
      }
      open = true;
    },
    close: () => {
      if (open) bar.stop();
    },
  };
}

/** Of work through so much stored feedback; `total` is asked for only where someone sees it. */
export async function openCount(
  total: () => Promise<number>,
): Promise<{ update: (progress: { read: number; retagged: number }) => void; close: () => void }> {
  const bar = openBar(' {bar} {percentage}%  {read} read  {retagged} re-tagged');
  if (bar === undefined) return { update: () => undefined, close: () => undefined };
  bar.start(await total(), 0, { read: '0', retagged: '0' });
  return {
    // What was re-tagged before this process came may no longer match the filter.
    update: ({ read, retagged }) => {
      if (read > bar.getTotal()) bar.setTotal(read);
      bar.update(read, { read: count(read), retagged: count(retagged) });
    },
    close: () => bar.stop(),
  };
}
