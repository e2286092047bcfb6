/** Daily counts, against the oracle. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AnalyzedFeedback } from '../../../src/feedback.js';
import { openStore } from '../../../src/store/open.js';
import { generate } from '../generate.js';
import { rollupsOf } from '../oracle.js';
import { changed, collect, daysOf, type Place } from './place.js';

export function rollups(place: Place): void {
  describe('roll-ups', () => {
    beforeEach(place.fresh);
    afterEach(place.drop);
    const rollups = (range = {}, filter = {}) => collect(place.store.rollups(range, filter));

    test('are the sums of what is stored, in order of day and dimensions', async () => {
      const rows = generate(0, 300, 3, { days: 20 });
      await place.store.commit(rows);
      await place.store.refreshRollups(daysOf(rows));
      expect(await rollups()).toEqual(rollupsOf(rows));
    });

    test('count days of the shop, not of UTC', async () => {
      const rows = generate(0, 90, 3, { days: 5 }).map((row, i): AnalyzedFeedback => {
        if (i % 3 === 0) return { ...row, createdAt: '2026-09-02T10:30:00.000Z', day: '2026-09-03' };
        if (i % 3 === 1) return { ...row, createdAt: '2026-09-04T11:30:00.000Z', day: '2026-09-03' };
        return row;
      });
      await place.store.commit(rows);
      await place.store.refreshRollups(daysOf(rows));
      expect(await rollups()).toEqual(rollupsOf(rows));
    });

    test('follow a row to its new day and topics exactly, and again the same when refreshed twice', async () => {
      const rows = generate(0, 80, 5, { days: 4 });
      await place.store.commit(rows);
      await place.store.refreshRollups(daysOf(rows));
      const after = rows.map((row, i) => {
        if (i % 4 === 0) return changed(row, { day: '2026-09-10', createdAt: '2026-09-10T08:00:00.000Z' });
        if (i % 4 === 1) return changed(row, { analysis: generate(i + 500, i + 501)[0]!.analysis });
        if (i % 4 === 2 && row.channel !== undefined) return changed(row, { channel: 'new-channel' });
        return row;
      });
      const { days } = await place.store.commit(after);
      await place.store.refreshRollups(days);
      expect(await rollups()).toEqual(rollupsOf(after));
      await place.store.refreshRollups(days);
      expect(await rollups()).toEqual(rollupsOf(after));
    });

    test('of weeks not named stay as they were', async () => {
      const rows = generate(0, 90, 5, { days: 14 });
      await place.store.commit(rows);
      await place.store.refreshRollups(['2026-09-10']);
      expect(await rollups()).toEqual(rollupsOf(rows.filter(({ day }) => day >= '2026-09-07' && day <= '2026-09-13')));
    });

    test('give each author one voice a topic and week, over days, sources and channels', async () => {
      const rows = generate(0, 200, 7, { days: 10 }).map((row, i) => ({ ...row, ...(i % 3 === 0 ? {} : { customer: `c_${i % 7}` }) }));
      await place.store.commit(rows);
      await place.store.refreshRollups(daysOf(rows));
      const counted = await rollups();
      expect(counted).toEqual(rollupsOf(rows));
      // The week from 7 September, all topics: what seven authors wrote is seven voices, whatever of it is in an unknown language.
      const week = rows.filter((row) => row.day >= '2026-09-07' && row.analysis.sentiment.label !== 'unsupported');
      const authors = new Set(week.flatMap(({ customer }) => customer ?? []));
      const alone = week.filter(({ customer }) => customer === undefined).length;
      const voices = counted.filter(({ day, topic }) => day >= '2026-09-07' && topic === '*').reduce((sum, row) => sum + row.voices, 0);
      expect(week.length).toBeGreaterThan(authors.size + alone + 10);
      expect(voices).toBeCloseTo(authors.size + alone, 4);
    });

    test('share a voice anew over the week when its author speaks again on another day', async () => {
      const [first, second] = generate(0, 2, 7).map((row, i): AnalyzedFeedback => {
        const analysis = { ...row.analysis, sentiment: { label: 'negative' as const, score: -0.5, confidence: 1 }, topics: [], areas: [] };
        return { ...row, customer: 'c_1', createdAt: `2026-09-0${8 + i}T10:00:00.000Z`, day: `2026-09-0${8 + i}`, analysis };
      }) as [AnalyzedFeedback, AnalyzedFeedback];
      const voices = async (): Promise<number[]> => (await rollups()).map((row) => row.negativeVoices);
      await place.store.commit([first]);
      await place.store.refreshRollups([first.day]);
      expect(await voices()).toEqual([1]);
      const { days } = await place.store.commit([second]);
      await place.store.refreshRollups(days);
      expect(await voices()).toEqual([0.5, 0.5]);
    });

    test('tell apart what was tagged with other versions', async () => {
      const rows = generate(0, 40, 5, { days: 2 }).map((row, i) =>
        i % 2 === 0 ? row : { ...row, versions: { engine: '1', lexicon: 'older', taxonomy: 't' } },
      );
      await place.store.commit(rows);
      await place.store.refreshRollups(daysOf(rows));
      expect(await rollups()).toEqual(rollupsOf(rows));
      expect(new Set((await rollups()).map(({ versions }) => versions)).size).toBe(2);
    });

    test('by range and filter; an area with its leaves', async () => {
      const rows = generate(0, 300, 9, { days: 6 });
      await place.store.commit(rows);
      await place.store.refreshRollups(daysOf(rows));
      const all = rollupsOf(rows);
      expect(await rollups({ from: '2026-09-02', to: '2026-09-04' })).toEqual(
        all.filter(({ day }) => day >= '2026-09-02' && day <= '2026-09-04'),
      );
      expect(await rollups({ from: '2026-09-05' }, { topics: ['*'] })).toEqual(
        all.filter(({ day, topic }) => day >= '2026-09-05' && topic === '*'),
      );
      expect(await rollups({}, { topics: ['price', 'delivery.speed'] })).toEqual(
        all.filter(({ topic }) => topic === 'price' || topic.startsWith('price.') || topic === 'delivery.speed'),
      );
      expect(await rollups({}, { languages: ['sv'], kinds: ['review'], channels: ['web', ''], products: ['desk', ''] })).toEqual(
        all.filter(
          (r) => r.language === 'sv' && r.kind === 'review' && ['web', ''].includes(r.channel) && ['desk', ''].includes(r.product),
        ),
      );
      expect(await rollups({}, { topics: [], sources: ['helpdesk'] })).toEqual([]);
    });

    test('are right after two processes refreshed the same days while rows arrived', async () => {
      const rows = generate(0, 160, 13, { days: 2 });
      const other = await openStore(place.url);
      const days = daysOf(rows);
      const work: Promise<unknown>[] = [];
      for (let at = 0; at < rows.length; at += 40) {
        await place.store.commit(rows.slice(at, at + 40));
        work.push(place.store.refreshRollups(days), other.refreshRollups(days));
      }
      await Promise.all(work);
      expect(await rollups()).toEqual(rollupsOf(rows));
      await other.close();
    });
  });
}
