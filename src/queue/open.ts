import { InlineQueue } from './inline.js';
import type { JobQueue, QueueOptions } from './port.js';

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
