import { InlineQueue } from './inline.js';
import type { JobQueue } from './port.js';

export interface QueueOptions {
  /** Told of lost connections and the like, which the queue survives on its own. */
  onError?: (error: Error) => void;
  /** How long a job may go without a sign of life before others take it over, in milliseconds. Redis only; 30,000 if absent. */
  lockMs?: number;
}

/**
 * Opens the queue at this URL: `inline`, or `redis://...` / `rediss://...`. Nothing is connected until it is used, so that
 * `health()` can say what is wrong.
 */
export async function openQueue(url: string, options: QueueOptions = {}): Promise<JobQueue> {
  if (url === 'inline') return new InlineQueue();
  // The Redis libraries take a while to load; a run without Redis does not pay for them.
  const { BullQueue } = await import('./bullmq.js');
  return new BullQueue(url, options);
}
