/** Quarantine, records and runs. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noCounts, type RejectedRow } from '../../../src/feedback.js';
import { openStore } from '../../../src/store/open.js';
import type { Run } from '../../../src/store/port.js';
import { collect, type Place } from './place.js';

export function records(place: Place): void {
  describe('quarantine', () => {
    beforeEach(place.fresh);
    afterEach(place.drop);
    const reject = (id: string, source: string, row: number): RejectedRow => ({
      id,
      source,
      file: 'a.csv',
      row,
      reason: 'no text',
      raw: `raw ${id}`,
      rejectedAt: '2026-11-24T08:00:00.000Z',
    });

    test('keeps each rejected row once, in order of place', async () => {
      await place.store.quarantine([
        reject('x', 'shop', 10),
        reject('y', 'shop', 9),
        { ...reject('z', 'app', 1), column: 'rating', value: '11' },
      ]);
      await place.store.quarantine([{ ...reject('x', 'shop', 10), reason: 'no date' }]);
      expect(await collect(place.store.rejects({}))).toEqual([
        { ...reject('z', 'app', 1), column: 'rating', value: '11' },
        reject('y', 'shop', 9),
        { ...reject('x', 'shop', 10), reason: 'no date' },
      ]);
      expect((await collect(place.store.rejects({ sources: ['shop'] }))).map(({ id }) => id)).toEqual(['y', 'x']);
      await place.store.removeRejects(['y', 'none']);
      expect((await collect(place.store.rejects({}))).map(({ id }) => id)).toEqual(['z', 'x']);
      await place.store.quarantine([]);
    });

    test('lists more than a chunk', async () => {
      const rows = Array.from({ length: 1_100 }, (_, i) => reject(`r${i}`, 'shop', (i % 550) + 1));
      await place.store.quarantine(rows);
      const listed = await collect(place.store.rejects({}));
      expect(listed).toHaveLength(1_100);
      expect(listed.map(({ row }) => row)).toEqual(rows.map(({ row }) => row).sort((a, b) => a - b));
    });
  });

  describe('records', () => {
    beforeEach(place.fresh);
    afterEach(place.drop);

    test('are written once, changed by whoever read the last revision, and removed', async () => {
      const { records } = place.store;
      const document = { 'a.b': ['$x', 1], text: 'ö', none: null };
      expect(await records.get('sent', 'weekly/2026-W47')).toBeUndefined();
      expect(await records.put('sent', 'weekly/2026-W47', document)).toBe(1);
      expect(await records.put('sent', 'weekly/2026-W47', { other: true })).toBeUndefined();
      expect(await records.get('sent', 'weekly/2026-W47')).toEqual({ key: 'weekly/2026-W47', revision: 1, document });
      expect(await records.put('sent', 'weekly/2026-W47', { n: 2 }, 1)).toBe(2);
      expect(await records.put('sent', 'weekly/2026-W47', { n: 3 }, 1)).toBeUndefined();
      expect(await records.put('sent', 'no such', { n: 3 }, 4)).toBeUndefined();
      expect(await records.get('sent', 'weekly/2026-W47')).toEqual({ key: 'weekly/2026-W47', revision: 2, document: { n: 2 } });
      expect(await records.remove('sent', 'weekly/2026-W47')).toBe(true);
      expect(await records.remove('sent', 'weekly/2026-W47')).toBe(false);
      expect(await records.put('sent', 'weekly/2026-W47', document)).toBe(1);
    });

    test('are listed by kind and prefix, in order of key', async () => {
      const { records } = place.store;
      for (const key of ['b/2', 'a/1', 'b/10', 'bé/1', 'b']) await records.put('sent', key, key);
      await records.put('query', 'b/3', 1);
      expect((await records.list('sent')).map(({ key }) => key)).toEqual(['a/1', 'b', 'b/10', 'b/2', 'bé/1']);
      expect((await records.list('sent', 'b/')).map(({ key }) => key)).toEqual(['b/10', 'b/2']);
      expect(await records.list('none')).toEqual([]);
    });

    test('of all who write a new one at once, or change it at once, one succeeds', async () => {
      const other = await openStore(place.url);
      const at = (i: number): typeof other.records => (i % 2 === 0 ? place.store : other).records;
      const all = Array.from({ length: 10 }, (_, i) => i);
      const first = await Promise.all(all.map((i) => at(i).put('sent', 'k', i)));
      expect(first.filter((revision) => revision !== undefined)).toEqual([1]);
      const next = await Promise.all(all.map((i) => at(i).put('sent', 'k', `${i}!`, 1)));
      expect(next.filter((revision) => revision !== undefined)).toEqual([2]);
      expect((await place.store.records.get('sent', 'k'))?.document).toBe(`${next.indexOf(2)}!`);
      await other.close();
    });
  });

  describe('runs', () => {
    beforeEach(place.fresh);
    afterEach(place.drop);
    const part = (key: string) => ({
      source: 'shop',
      key,
      fingerprint: 'f',
      spec: { 'a.b': ['$x', 1] },
      status: 'waiting' as const,
      counts: noCounts(),
      days: [],
    });
    const run = (id: string, startedAt: string, parts = 2): Run => ({
      id,
      status: 'running',
      startedAt,
      sources: [{ name: 'shop', columns: { 'text.of': '$review' } }],
      parts: Array.from({ length: parts }, (_, i) => part(`p${i}`)),
    });

    test('start once, finish part by part, close', async () => {
      const begun = run('r1', '2026-11-24T03:30:00.000Z');
      expect(await place.store.runs.get('r1')).toBeUndefined();
      expect(await place.store.runs.start(begun)).toEqual(begun);
      expect(await place.store.runs.start({ ...begun, parts: [] })).toEqual(begun);
      const counts = { ...noCounts(), read: 5, new: 4, rejected: 1, redacted: { email: 1 } };
      const failed = await place.store.runs.finishPart('r1', 1, { status: 'failed', counts, days: ['2026-11-23'], error: 'unreadable' });
      expect(failed.parts).toEqual([part('p0'), { ...part('p1'), status: 'failed', counts, days: ['2026-11-23'], error: 'unreadable' }]);
      const done = await place.store.runs.finishPart('r1', 1, { status: 'done', counts, days: ['2026-11-23'] });
      expect(done.parts[1]).toEqual({ ...part('p1'), status: 'done', counts, days: ['2026-11-23'] });
      expect(await place.store.runs.finishPart('r1', 1, { status: 'done', counts, days: ['2026-11-23'] })).toEqual(done);
      const closed = await place.store.runs.close('r1', 'partial', '2026-11-24T03:40:00.000Z', 'why');
      expect(closed).toEqual({ ...done, status: 'partial', closedAt: '2026-11-24T03:40:00.000Z', error: 'why' });
      expect(await place.store.runs.get('r1')).toEqual(closed);
    });

    test('parts that finish at once are all there, and one of them sees the last', async () => {
      await place.store.runs.start(run('r1', '2026-11-24T03:30:00.000Z', 12));
      const other = await openStore(place.url);
      const seen = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          (i % 2 === 0 ? place.store : other).runs.finishPart('r1', i, { status: 'done', counts: { ...noCounts(), read: i }, days: [] }),
        ),
      );
      expect(seen.filter(({ parts }) => parts.every(({ status }) => status === 'done')).length).toBeGreaterThan(0);
      expect((await place.store.runs.get('r1'))?.parts.map(({ counts }) => counts.read)).toEqual(Array.from({ length: 12 }, (_, i) => i));
      await other.close();
    });

    test('the latest come newest first', async () => {
      for (const [id, at] of [['b', '2026-11-22'], ['c', '2026-11-24'], ['a', '2026-11-23']] as const) await place.store.runs.start(run(id, `${at}T03:30:00.000Z`)); // prettier-ignore
      expect((await place.store.runs.latest(2)).map(({ id }) => id)).toEqual(['c', 'a']);
    });

    test('a part or a run that is not there is said', async () => {
      await place.store.runs.start(run('r1', '2026-11-24T03:30:00.000Z'));
      const result = { status: 'done' as const, counts: noCounts(), days: [] };
      await expect(place.store.runs.finishPart('r1', 2, result)).rejects.toThrow('run r1: expected a part from 0 to 1, got 2');
      await expect(place.store.runs.finishPart('r2', 0, result)).rejects.toThrow('run r2: expected in the store');
      await expect(place.store.runs.close('r2', 'done', '2026-11-24T03:40:00.000Z')).rejects.toThrow('run r2: expected in the store');
    });
  });
}
