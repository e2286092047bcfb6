/**
 * Two-stage shutdown: the first SIGTERM, SIGINT or SIGHUP asks what is in flight to finish or to be handed back, the second
 * ends the process at once.
 */
import { EXIT } from './exit.js';

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

export interface Stop {
  /** Aborted by the first signal. */
  signal: AbortSignal;
  /** Gives the signals back. */
  release(): void;
}

export function onStopSignal(told: (signal: NodeJS.Signals) => void): Stop {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(EXIT.failure);
    told(signal);
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, stop);
    },
  };
}
