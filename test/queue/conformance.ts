/** What every queue does, whatever runs behind it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { JobHandedBack, type JobContext, type JobQueue, type Work } from '../../src/queue/port.js';

const DEFINITION = { name: 'greet', attempts: 3, backoffMs: 10 };

/** Resolves once the list has this many entries; the suite's own time limit ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10);
}

export function queueConformance(name: string, open: () => Promise<JobQueue>): void {
  describe(name, () => {
    const opened: JobQueue[] = [];
    const queue = async (): Promise<JobQueue> => {
      const fresh = await open();
      opened.push(fresh);
      return fresh;
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((each) => each.close(0)));
    });
    const work = (handle: Work['handle'], parked?: Work['parked']): Record<string, Work> => ({
      greet: { definition: DEFINITION, handle, ...(parked === undefined ? {} : { parked }) },
    });

    test('a job added before and one added after `work` both run, with their payloads', async () => {
      const q = await queue();
      const seen: unknown[] = [];
      await q.add('greet', { n: 1, nested: { list: ['å', 'ไ'] } }, 'greet-1');
      await q.work(
        work((payload) => {
          seen.push(payload);
          return Promise.resolve();
        }),
        1,
      );
      await q.add('greet', { n: 2 }, 'greet-2');
      await until(() => seen.length === 2);
      expect(seen).toEqual([{ n: 1, nested: { list: ['å', 'ไ'] } }, { n: 2 }]);
    });

    test('a failing job is tried as often as declared, knows its last attempt, and is then parked with the reason', async () => {
      const q = await queue();
      const contexts: Pick<JobContext, 'attempt' | 'lastAttempt'>[] = [];
      const parked: unknown[] = [];
      await q.work(
        work(
          (_payload, { attempt, lastAttempt }) => {
            contexts.push({ attempt, lastAttempt });
            return Promise.reject(new Error(`no luck at attempt ${attempt}`));
          },
          (payload, reason) => {
            parked.push([payload, reason]);
            return Promise.resolve();
          },
        ),
        1,
      );
      await q.add('greet', { n: 7 }, 'greet-failing');
      await until(() => parked.length > 0);
      expect(contexts).toEqual([
        { attempt: 1, lastAttempt: false },
        { attempt: 2, lastAttempt: false },
        { attempt: 3, lastAttempt: true },
      ]);
      expect(parked).toEqual([[{ n: 7 }, 'no luck at attempt 3']]);
    });

    test('a job that succeeds on its second attempt is not parked', async () => {
      const q = await queue();
      const attempts: number[] = [];
      let parked = 0;
      await q.work(
        work(
          (_payload, { attempt }) => {
            attempts.push(attempt);
            return attempt === 1 ? Promise.reject(new Error('first')) : Promise.resolve();
          },
          () => {
            parked++;
            return Promise.resolve();
          },
        ),
        1,
      );
      await q.add('greet', {}, 'greet-second');
      await until(() => attempts.length === 2);
      await q.close(5_000);
      expect(attempts).toEqual([1, 2]);
      expect(parked).toBe(0);
    });

    test('an error that says it is permanent is not tried again', async () => {
      const q = await queue();
      let attempts = 0;
      const parked: unknown[] = [];
      await q.work(
        work(
          () => {
            attempts++;
            return Promise.reject(Object.assign(new Error('gone for good'), { permanent: true }));
          },
          (_payload, reason) => {
            parked.push(reason);
            return Promise.resolve();
          },
        ),
        1,
      );
      await q.add('greet', {}, 'greet-permanent');
      await until(() => parked.length > 0);
      expect([attempts, parked]).toEqual([1, ['gone for good']]);
    });

    test('handing a job back costs no attempt', async () => {
      const q = await queue();
      const attempts: number[] = [];
      await q.work(
        work((_payload, { attempt }) => {
          attempts.push(attempt);
          return attempts.length < 5 ? Promise.reject(new JobHandedBack('later')) : Promise.resolve();
        }),
        1,
      );
      await q.add('greet', {}, 'greet-back');
      await until(() => attempts.length === 5);
      expect(attempts).toEqual([1, 1, 1, 1, 1]);
    });

    test('a job whose id waits or runs is not added again; one that has finished is', async () => {
      const q = await queue();
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      const seen: unknown[] = [];
      await q.add('greet', { n: 1 }, 'greet-same');
      await q.add('greet', { n: 2 }, 'greet-same');
      await q.work(
        work(async (payload) => {
          seen.push(payload);
          await released;
        }),
        4,
      );
      await until(() => seen.length === 1);
      await q.add('greet', { n: 3 }, 'greet-same');
      await q.add('greet', { n: 4 }, 'greet-other');
      await until(() => seen.length === 2);
      expect(seen).toEqual([{ n: 1 }, { n: 4 }]);
      release();
      // The end of the job becomes known some moments after its handler has returned.
      while (seen.length < 3) {
        await q.add('greet', { n: 5 }, 'greet-same');
        await sleep(20);
      }
      expect(seen[2]).toEqual({ n: 5 });
    });

    test('no more jobs run at once than asked for', async () => {
      const q = await queue();
      let running = 0;
      let most = 0;
      let done = 0;
      await q.work(
        work(async () => {
          most = Math.max(most, ++running);
          await sleep(20);
          running--;
          done++;
        }),
        2,
      );
      for (let n = 0; n < 8; n++) await q.add('greet', { n }, `greet-many-${n}`);
      await until(() => done === 8);
      expect(most).toBe(2);
    });

    test('close tells the jobs to stop and waits for them', async () => {
      const q = await queue();
      let started = false;
      let stopped = false;
      await q.work(
        work(async (_payload, { signal }) => {
          started = true;
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
          await sleep(50);
          stopped = true;
          throw new JobHandedBack('stopped');
        }),
        1,
      );
      await q.add('greet', {}, 'greet-stopping');
      await until(() => started);
      await q.close(10_000);
      expect(stopped).toBe(true);
    });

    test('close does not wait for a job that does not stop', async () => {
      const q = await queue();
      let started = false;
      let release = (): void => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      await q.work(
        work(async () => {
          started = true;
          await released;
        }),
        1,
      );
      await q.add('greet', {}, 'greet-stuck');
      await until(() => started);
      await q.close(50);
      release();
    });
  });
}
