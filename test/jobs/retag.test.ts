/** Tags made anew in either store: what changes, what the table says of it, and what is left when it is broken off at any place. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noStageTimes, type JobDeps } from '../../jobs/deps.js';
import { openPool, type AnalysisPool } from '../../jobs/pool.js';
import { enqueueRetag, lastRetag, previewRetag, RETAG, retag, retagJob, type RetagOptions } from '../../jobs/retag.js';
import type { AnalyzedFeedback } from '../../src/feedback.js';
import { InlineQueue } from '../../src/queue/inline.js';
import { retagJson } from '../../src/reports/retagging.js';
import type { FeedbackStore } from '../../src/store/port.js';
import { freshDatabase, mongoServer } from '../servers.js';
import { dump, scratch, silent, store, undisturbed, type Dump } from './harness.js';

/** By id modulo 4: a word that only the shop knows, a complaint and praise that everybody knows, and a language without a lexicon. */
const TEXTS = [
  'The dial wobbulates',
  'The parcel never arrived, terrible',
  'Great quality, I love it',
  'Toimitus myöhästyi taas kerran ja paketti oli rikki',
];
const ROWS = 60;
const SHOP = { 'en/sentiment.tsv': 'wobbulates\t-3\n', 'en/topics.tsv': 'product.durability\twobbulates\t0\n' };

const folder = scratch();
let pool: AnalysisPool;
/** Analyses as before the shop had words of its own. */
let plain: AnalysisPool;
let before: Dump;
let expected: Dump;

function write(name: string, text: string): void {
  mkdirSync(dirname(folder.file(name)), { recursive: true });
  writeFileSync(folder.file(name), text);
}

beforeAll(async () => {
  const rows = Array.from({ length: ROWS }, (_, i) => {
    const day = String(10 + (i % 7)).padStart(2, '0');
    return `r${100 + i},2026-11-${day}T23:30:00Z,${1 + (i % 5)},"${TEXTS[i % 4]!}. Call +46 70 123 45 67",k${i % 9},${i % 4 === 3 ? 'fi' : 'en'}`;
  });
  write('data/reviews.csv', `id,created_at,rating,text,customer_id,language\n${rows.join('\n')}\n`);
  for (const [name, text] of Object.entries(SHOP)) write(`shop/${name}`, text);
  pool = await openPool({ threads: 1, pseudonymKey: '', shopLexicons: folder.file('shop') });
  plain = await openPool({ threads: 1, pseudonymKey: '' });
  before = (await undisturbed(folder.file('data'))).dump;
  expected = (await undisturbed(folder.file('data'), { lexicons: folder.file('shop') })).dump;
});
afterAll(async () => {
  await pool.close();
  await plain.close();
  folder.remove();
});

const mongo = await mongoServer();
const STORES: [string, (name: string) => string, boolean][] = [
  ['SQLite', (name) => `sqlite:${folder.file(`${name}.db`)}`, true],
  [mongo?.name ?? 'MongoDB', () => freshDatabase(mongo?.url ?? ''), mongo !== undefined],
];
let made = 0;

const filled = ({ rollups, ...rest }: Dump): Dump => ({ ...rest, rollups: (rollups as { n: number }[]).filter(({ n }) => n > 0) });

describe.each(STORES)('in %s', (_name, url, there) => {
  describe.skipIf(!there)('retag', () => {
    let stored: FeedbackStore;
    const options = (more: Partial<RetagOptions> = {}): RetagOptions => ({
      ...{ store: stored, pool, batch: 10, filter: {}, signal: new AbortController().signal },
      ...more,
    });
    const changeOf = (report: Awaited<ReturnType<typeof retag>>, topic: string) =>
      retagJson(report).topics.find((line) => line.topic === topic);

    beforeEach(async () => {
      stored = await store(url(`store-${++made}`));
      const feedback = before.feedback as AnalyzedFeedback[];
      await stored.commit(feedback);
      await stored.refreshRollups([...new Set(feedback.map(({ day }) => day))]);
    });
    afterEach(() => stored.close());

    test('leaves what reading it all anew would leave, says what changed, and has nothing to do the second time', async () => {
      const progress: number[] = [];
      const report = await retag(options({ onProgress: ({ read }) => progress.push(read) }));
      expect(filled(await dump(stored))).toEqual(filled(expected));
      expect(progress).toEqual([10, 20, 30, 40, 50, 60]);
      expect(report).toMatchObject({ dryRun: false, done: true, read: ROWS, retagged: ROWS, versions: pool.versions });
      // A quarter of the rows holds the shop's word, and nothing else is other than it was.
      expect(report.tally.different).toBe(15);
      const old = (before.feedback as AnalyzedFeedback[])[0]!.versions;
      expect(retagJson(report).found).toEqual([{ ...old, n: ROWS }]);
      expect(changeOf(report, 'product.durability')).toMatchObject({
        before: { n: 0, share: null },
        after: { n: 15, negative: 15, share: 1 },
        ...{ new: 15, lost: 0, relabelled: 0 },
      });
      expect(report.tally.documents).toMatchObject({
        ...{ before: { n: 45, negative: 15 }, after: { n: 45, negative: 30 } },
        ...{ new: 0, lost: 0, relabelled: 15 },
      });

      const after = await dump(stored);
      const again = await retag(options());
      expect(again).toMatchObject({ done: true, read: ROWS, retagged: 0 });
      expect([again.tally.different, changeOf(again, 'product.durability')]).toMatchObject([
        0,
        { before: { n: 15 }, after: { n: 15 }, new: 0 },
      ]);
      expect(await dump(stored)).toEqual(after);
    });

    test('and back again loses what came', async () => {
      await retag(options());
      const report = await retag(options({ pool: plain }));
      expect(changeOf(report, 'product.durability')).toMatchObject({ before: { n: 15 }, after: { n: 0 }, new: 0, lost: 15 });
      expect(filled(await dump(stored))).toEqual(filled(before));
    });

    test('a dry run tells the same and writes nothing, also of a sample', async () => {
      const preview = await previewRetag(options());
      expect(preview).toMatchObject({ dryRun: true, done: true, read: ROWS, retagged: ROWS });
      const sample = await previewRetag({ ...options(), limit: 9 });
      expect(sample).toMatchObject({ read: 9, retagged: 9 });
      expect(filled(await dump(stored))).toEqual(filled(before));
      expect(await lastRetag(stored)).toBeUndefined();
      expect((await retag(options())).tally).toEqual(preview.tally);
    });

    test.each([
      ['a language', { languages: ['fi'] }, 15],
      ['a source', { sources: ['no-such'] }, 0],
      ['a time', { since: '2026-11-16T00:00:00.000Z' }, 8],
      ['an area, by the tags of before', { topics: ['delivery'] }, 15],
      ['a topic that comes only with the new lexicon', { topics: ['product.durability'] }, 0],
    ])('of %s touches nothing else', async (_what, filter, n) => {
      const versions = (all: Dump): string[] => (all.feedback as AnalyzedFeedback[]).map((item) => item.versions.lexicon);
      expect(await retag(options({ filter }))).toMatchObject({ done: true, read: n, retagged: n });
      expect(versions(await dump(stored)).filter((lexicon) => lexicon === pool.versions.lexicon)).toHaveLength(n);
    });

    describe('broken off', () => {
      let whole: Awaited<ReturnType<typeof retag>>;
      beforeEach(async () => {
        whole = await previewRetag(options());
      });
      const goesOn = async (more: Partial<RetagOptions> = {}): Promise<number[]> => {
        const read: number[] = [];
        const report = await retag(options({ ...more, onProgress: (progress) => read.push(progress.read) }));
        expect(report).toEqual({ ...whole, dryRun: false });
        expect(await lastRetag(stored)).toEqual(report);
        expect(filled(await dump(stored))).toEqual(filled(expected));
        return read;
      };

      test('by its signal goes on behind the last batch, and the table is of the whole', async () => {
        const stop = new AbortController();
        const report = await retag(options({ signal: stop.signal, onProgress: ({ read }) => (read >= 20 ? stop.abort() : undefined) }));
        expect(report.done).toBe(false);
        expect(report.read).toBeLessThan(ROWS);
        expect(await lastRetag(stored)).toEqual(report);
        expect((await goesOn())[0]).toBe(report.read + 10);
      });

      test.each(['before its rows', 'between its rows and its checkpoint'])('in the third batch, %s', async (place) => {
        const commit = stored.commit.bind(stored);
        let batches = 0;
        stored.commit = async (batch, checkpoint, replaces) => {
          if (batch.length > 0 && ++batches === 3) {
            // Only half of it, as a store without transactions may leave it.
            if (place !== 'before its rows') await commit(batch.slice(0, 5), undefined, replaces);
            throw new Error('the process is gone');
          }
          return commit(batch, checkpoint, replaces);
        };
        await expect(retag(options())).rejects.toThrow('the process is gone');
        stored.commit = commit;
        expect((await goesOn({ batch: 7 }))[0]).toBe(37);
      });

      test('before its roll-ups, and gone on with by a retag of something else', async () => {
        const refresh = stored.refreshRollups.bind(stored);
        stored.refreshRollups = () => Promise.reject(new Error('the process is gone'));
        await expect(retag(options())).rejects.toThrow('the process is gone');
        stored.refreshRollups = refresh;
        expect(await retag(options({ filter: { languages: ['fi'] } }))).toMatchObject({ done: true, read: 15, retagged: 0 });
        expect(filled(await dump(stored))).toEqual(filled(expected));
      });
    });

    test('leaves a text alone that a night brings meanwhile', async () => {
      const items: AnalyzedFeedback[] = [];
      for await (const item of stored.stream({})) items.push(item);
      const newer = { ...items[3]!, text: 'I changed my mind', contentHash: 'newer' };
      const slow: AnalysisPool = {
        ...pool,
        retag: async (rows) => {
          if (rows.some(({ id }) => id === newer.id)) await stored.commit([newer]);
          return pool.retag(rows);
        },
      };
      await retag(options({ pool: slow }));
      for await (const item of stored.stream({ ids: [newer.id] })) expect(item).toEqual(newer);
      // Its versions are old: the next retag takes it.
      expect(await retag(options())).toMatchObject({ read: ROWS, retagged: 1 });
    });

    test('as a job: done once, and refused by a worker of other versions', async () => {
      const queue = new InlineQueue();
      const deps: JobDeps = { store: stored, queue, pool, batch: 10, log: silent, times: noStageTimes() };
      const errors: string[] = [];
      const job = retagJob(deps);
      const told = {
        ...job,
        definition: { ...job.definition, attempts: 1 },
        parked: (_: unknown, reason: string) => Promise.resolve(void errors.push(reason)),
      };
      await queue.work({ [RETAG]: told }, 2);
      await enqueueRetag(queue, { languages: ['en'] }, pool.versions);
      await enqueueRetag(queue, {}, pool.versions);
      await enqueueRetag(queue, {}, { ...pool.versions, lexicon: 'another' });
      await queue.drained();
      await queue.close(1_000);
      expect(errors).toEqual([expect.stringMatching(/^retag: expected versions .* another .*, this worker has .*: start it again$/)]);
      expect(await lastRetag(stored)).toMatchObject({ done: true, read: ROWS, retagged: 15 });
      expect(filled(await dump(stored))).toEqual(filled(expected));
    });
  });
});
