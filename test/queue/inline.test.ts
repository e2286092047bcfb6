import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { InlineQueue } from '../../src/queue/inline.js';
import { openQueue } from '../../src/queue/open.js';
import { queueConformance } from './conformance.js';

queueConformance('inline', () => openQueue('inline'));

describe('inline', () => {
  test('drained waits for what runs, backs off and is added by jobs themselves', async () => {
    const queue = new InlineQueue();
    const ran: string[] = [];
    await queue.work(
      {
        first: {
          definition: { name: 'first', attempts: 2, backoffMs: 20 },
          handle: async (_payload, { attempt }) => {
            ran.push(`first ${attempt}`);
            if (attempt === 1) throw new Error('once more');
            await sleep(20);
            await queue.add('second', {}, 'second-1');
          },
        },
        second: {
          definition: { name: 'second', attempts: 1, backoffMs: 0 },
          handle: async () => {
            await sleep(20);
            ran.push('second');
          },
        },
      },
      1,
    );
    await queue.add('first', {}, 'first-1');
    await queue.drained();
    expect(ran).toEqual(['first 1', 'first 2', 'second']);
    await queue.close(0);
  });

  test('health is always good', async () => {
    expect((await new InlineQueue().health()).ok).toBe(true);
  });
});
