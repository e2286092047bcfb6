/** A progress bar on a terminal, nothing on a pipe. */
import { Presets, SingleBar } from 'cli-progress';
import type { NightProgress } from '../../jobs/night.js';
import { count } from '../reports/render.js';

export interface Progress {
  update(progress: NightProgress): void;
  close(): void;
}

export function openProgress(): Progress {
  if (!process.stderr.isTTY) return { update: () => undefined, close: () => undefined };
  const bar = new SingleBar(
    {
      format: ' {bar} {done} of {total} parts  {rows} rows  {rate}/s  {rejected} rejected',
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      // Our own signal handling ends the run in order.
      gracefulExit: false,
    },
    Presets.shades_grey,
  );
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
