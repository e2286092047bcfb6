/** What a commit does to the store. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noCounts, type AnalyzedFeedback, type Checkpoint } from '../../../src/feedback.js';
import { openStore } from '../../../src/store/open.js';
import { generate } from '../generate.js';
import { byId } from '../oracle.js';
import { changed, collect, daysOf, ids, type Place } from './place.js';

const checkpoint = (part: string, cursor: string): Checkpoint => ({
  source: 'shop',
  part,
  cursor,
  done: false,
  fingerprint: 'f1',
  counts: { ...noCounts(), read: 3, redacted: { email: 2 } },
});

export function committing(place: Place): void {
  describe('committing', () => {
    beforeEach(place.fresh);
    afterEach(place.drop);

    test('what is committed is there, whole, also for the next process', async () => {
      const rows = generate(0, 60);
      expect(await place.store.commit(rows)).toEqual({ inserted: 60, updated: 0, unchanged: 0, days: daysOf(rows) });
      await place.store.close();
      place.store = await openStore(place.url);
      expect(await collect(place.store.stream({}))).toEqual(rows.sort(byId));
    });

    test('the same batch again writes nothing and makes no day out of date', async () => {
      await place.store.commit(generate(0, 60));
      expect(await place.store.commit(generate(0, 60))).toEqual({ inserted: 0, updated: 0, unchanged: 60, days: [] });
      expect(await place.store.commit(generate(50, 70))).toMatchObject({ inserted: 10, updated: 0, unchanged: 10 });
    });

    test('a changed row replaces the one before, and is found under its new topics only', async () => {
      const [row, other] = generate(0, 2) as [AnalyzedFeedback, AnalyzedFeedback];
      const topic = (id: string) => ({ id, label: 'negative' as const, score: -0.5, evidence: [] });
      const area = (id: string) => ({ id, label: 'negative' as const, score: -0.5 });
      const before = { ...row, analysis: { ...row.analysis, topics: [topic('delivery.speed')], areas: [area('delivery')] } };
      await place.store.commit([before, other]);
      const after = changed(before, {
        createdAt: '2026-12-24T10:00:00.000Z',
        day: '2026-12-24',
        analysis: { ...row.analysis, topics: [topic('price.fees')], areas: [area('price')] },
      });
      expect(await place.store.commit([after, other])).toEqual({
        inserted: 0,
        updated: 1,
        unchanged: 1,
        days: [row.day, '2026-12-24'].sort(),
      });
      const find = async (topics: string[]): Promise<string[]> =>
        ids((await place.store.search({ topics, ids: [row.id] }, { limit: 10, sort: 'newest' })).items);
      expect(await find(['delivery.speed', 'delivery'])).toEqual([]);
      expect(await find(['price.fees'])).toEqual([row.id]);
      expect(await find(['price'])).toEqual([row.id]);
      expect(await collect(place.store.stream({ ids: [row.id] }))).toEqual([after]);
    });

    test('a row twice in a batch is stored as it came last', async () => {
      const [row] = generate(0, 1) as [AnalyzedFeedback];
      const later = changed(row, { text: 'second thoughts' });
      expect(await place.store.commit([row, later])).toMatchObject({ inserted: 1, unchanged: 1 });
      expect(await collect(place.store.stream({}))).toEqual([later]);
    });

    test('a row made from a stored version stands in for that version only', async () => {
      const [row, newer, gone] = generate(0, 3) as [AnalyzedFeedback, AnalyzedFeedback, AnalyzedFeedback];
      await place.store.commit([row, changed(newer, { text: 'came in between' })]);
      const batch = [row, newer, gone].map((one) => changed(one, { text: 'made from what was read before' }));
      const replaces = new Map([row, newer, gone].map(({ id, contentHash }) => [id, contentHash]));
      const counts = await place.store.commit(batch, checkpoint('a', '3'), replaces);
      expect(counts).toEqual({ inserted: 0, updated: 1, unchanged: 2, days: [row.day] });
      const texts = (await collect(place.store.stream({}))).map(({ id, text }) => [id, text]);
      expect(texts.sort()).toEqual([[newer.id, 'came in between'], [row.id, 'made from what was read before']].sort()); // prettier-ignore
      expect(await place.store.checkpoint('shop', 'a')).toEqual(checkpoint('a', '3'));
      expect(await place.store.commit(batch, undefined, replaces)).toMatchObject({ updated: 0, unchanged: 3 });
    });

    test('text of any script, quotes, zero characters and very long text come back as they were', async () => {
      const texts = ['ช้ามาก 😡', '"quoted" \\ back', "it's; DROP TABLE feedback", 'a\u0000b', 'žluťoučký', 'x'.repeat(100_000), ''];
      const rows = texts.map((text, i) => ({ ...(generate(i, i + 1)[0] as AnalyzedFeedback), text }));
      await place.store.commit(rows);
      expect((await collect(place.store.stream({}))).map(({ text }) => text).sort()).toEqual(texts.sort());
    });

    test('a score of -0 is 0', async () => {
      const [row] = generate(0, 1) as [AnalyzedFeedback];
      const sentiment = { ...row.analysis.sentiment, score: -0 };
      await place.store.commit([{ ...row, analysis: { ...row.analysis, sentiment } }]);
      const [stored] = await collect(place.store.stream({}));
      expect(stored?.analysis.sentiment.score).toBe(0);
    });

    test('the checkpoint goes with its batch, each part its own', async () => {
      expect(await place.store.checkpoint('shop', 'a')).toBeUndefined();
      await place.store.commit(generate(0, 3), checkpoint('a', '3'));
      await place.store.commit([], checkpoint('b', '9'));
      await place.store.commit(generate(3, 5), ({ inserted }) => ({
        ...checkpoint('a', '5'),
        counts: { ...noCounts(), new: inserted },
        days: ['2026-09-01'],
      }));
      expect(await place.store.checkpoint('shop', 'a')).toEqual({
        ...checkpoint('a', '5'),
        counts: { ...noCounts(), new: 2 },
        days: ['2026-09-01'],
      });
      expect(await place.store.checkpoint('shop', 'b')).toEqual(checkpoint('b', '9'));
      expect(await place.store.checkpoint('other', 'a')).toBeUndefined();
    });

    test('a commit that breaks off does not move the checkpoint, and a repeat makes it whole', async () => {
      const broken = place.store.commit(generate(0, 20), () => {
        throw new Error('killed here');
      });
      await expect(broken).rejects.toThrow('killed here');
      expect(await place.store.checkpoint('shop', 'a')).toBeUndefined();
      expect(await place.store.count({})).toBe(place.adapter.atomic ? 0 : 20);
      await place.store.commit(generate(0, 20), checkpoint('a', '20'));
      expect(await place.store.count({})).toBe(20);
      expect(await place.store.checkpoint('shop', 'a')).toEqual(checkpoint('a', '20'));
    });

    test('the day a row left is not forgotten, though the process dies between row and checkpoint', async () => {
      const [row] = generate(0, 1) as [AnalyzedFeedback];
      await place.store.commit([row], { ...checkpoint('a', '1'), days: [] });
      const moved = changed(row, { createdAt: '2026-12-24T10:00:00.000Z', day: '2026-12-24' });
      let calls = 0;
      const broken = place.store.commit([moved], () => {
        calls += 1;
        if (calls === (place.adapter.atomic ? 1 : 2)) throw new Error('killed here');
        return { ...checkpoint('a', '2'), days: [] };
      });
      await expect(broken).rejects.toThrow('killed here');
      const left = (await place.store.checkpoint('shop', 'a'))?.days ?? [];
      const again = await place.store.commit([moved], (counts) => ({ ...checkpoint('a', '2'), days: [...left, ...counts.days].sort() }));
      expect([...left, ...again.days]).toContain(row.day);
      expect((await place.store.checkpoint('shop', 'a'))?.days).toContain(row.day);
    });
  });
}
