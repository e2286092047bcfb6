/** Search, count, stream and pages, against the oracle. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AnalyzedFeedback } from '../../../src/feedback.js';
import type { FeedbackFilter, FeedbackStore, PageRequest, SortOrder } from '../../../src/store/port.js';
import { generate, random } from '../generate.js';
import { byId, groupsOf, matches, sorted } from '../oracle.js';
import { changed, collect, daysOf, ids, type Place } from './place.js';

async function pages(store: FeedbackStore, filter: FeedbackFilter, request: PageRequest): Promise<AnalyzedFeedback[][]> {
  const all: AnalyzedFeedback[][] = [];
  for (let cursor: string | undefined; ;) {
    const page = await store.search(filter, cursor === undefined ? request : { ...request, cursor });
    all.push(page.items);
    if (page.next === undefined) return all;
    cursor = page.next;
  }
}

export function asking(place: Place): void {
  describe('asking', () => {
    // Ties in time and score, days of a zone 14 hours before UTC and 12 behind it, ids in no order.
    const rows = generate(0, 400, 7, { days: 12, randomIds: true }).map((row, i): AnalyzedFeedback => {
      if (i % 10 === 0) return { ...row, createdAt: '2026-09-05T12:00:00.000Z', day: '2026-09-05' };
      if (i % 25 === 1) return { ...row, createdAt: '2026-09-06T10:30:00.000Z', day: '2026-09-07' };
      if (i % 25 === 2) return { ...row, createdAt: '2026-09-07T11:30:00.000Z', day: '2026-09-06' };
      if (i % 5 === 3) return { ...row, analysis: { ...row.analysis, sentiment: { ...row.analysis.sentiment, score: -0.25 } } };
      if (i === 4) return { ...row, text: 'ÄRGERLICH (50 %) – Ящик РАЗБИТ, a+b=[c]' };
      return row;
    });
    const [first] = rows as [AnalyzedFeedback];
    beforeAll(async () => {
      await place.fresh();
      for (let at = 0; at < rows.length; at += 150) await place.store.commit(rows.slice(at, at + 150));
    });
    afterAll(place.drop);

    const filters: [string, FeedbackFilter][] = [
      ['nothing', {}],
      ['ids', { ids: [first.id, 'no/such'] }],
      ['a leaf', { topics: ['delivery.speed'] }],
      ['an area', { topics: ['delivery'] }],
      ['areas and leaves', { topics: ['delivery', 'delivery.speed', 'price.value'] }],
      ['a topic nobody mentions', { topics: ['no.such'] }],
      ['no topic of an empty list', { topics: [] }],
      ['a label of the document', { labels: ['negative', 'mixed'] }],
      ['unsupported', { labels: ['unsupported'] }],
      ['a label of a topic', { topics: ['service', 'returns.refund'], labels: ['negative'] }],
      ['the score of the document', { scoreMin: -0.8, scoreMax: -0.25 }],
      ['the score of a topic', { topics: ['product', 'price'], scoreMax: -0.5 }],
      ['label and score of the same mention', { topics: ['product', 'product.quality', 'price'], labels: ['negative'], scoreMin: -0.6 }],
      ['languages', { languages: ['de', 'th'] }],
      ['sources and kinds', { sources: ['helpdesk', 'nps-survey'], kinds: ['ticket'] }],
      ['channels and products', { channels: ['web'], products: ['lamp', 'sofa'] }],
      ['customers', { customers: rows.slice(0, 30).flatMap(({ customer }) => customer ?? []) }],
      ['flags', { flags: ['mixed-language'] }],
      ['days of the shop', { days: ['2026-09-06', '2026-09-07'] }],
      ['since', { since: '2026-09-05T12:00:00.000Z' }],
      ['until', { until: '2026-09-05T12:00:00.000Z' }],
      ['a window with a topic', { topics: ['product'], since: '2026-09-03T00:00:00.000Z', until: '2026-09-06T10:30:00.001Z' }],
      ['rating', { ratingMin: 2, ratingMax: 4 }],
      ['contains, whatever the case', { contains: 'ÜBERGROSS'.replace('SS', 'ß') }],
      ['contains Cyrillic', { contains: 'ящик разбит' }],
      ['contains Thai', { contains: 'ราคา' }],
      ['contains signs that patterns use', { contains: '(50 %) – ящик разбит, A+B=[c]' }],
      ['contains nothing known', { contains: 'no.such' }],
    ];
    test.each(filters)('%s', async (_what, filter) => {
      const expected = rows.filter((row) => matches(row, filter));
      expect(await place.store.count(filter)).toBe(expected.length);
      expect(ids(await collect(place.store.stream(filter)))).toEqual(ids(expected.sort(byId)));
      for (const sort of ['newest', 'severity'] as SortOrder[]) {
        expect(ids((await pages(place.store, filter, { limit: 37, sort })).flat()), sort).toEqual(ids(sorted(rows, filter, sort)));
      }
    });

    test.each(filters)('folded: %s', async (_what, filter) => {
      for (const sort of ['newest', 'severity'] as SortOrder[]) {
        const groups = groupsOf(sorted(rows, filter, sort));
        const answers: [string, number][] = [];
        for (let cursor: string | undefined, more = true; more;) {
          const page = await place.store.search(filter, { limit: 23, sort, fold: true, ...(cursor !== undefined && { cursor }) });
          answers.push(...ids(page.items).map((id): [string, number] => [id, 1 + (page.folded?.get(id) ?? 0)]));
          cursor = page.next;
          more = cursor !== undefined;
        }
        expect(answers, sort).toEqual(groups.map((group) => [group[0]?.id, group.length]));
        expect(await place.store.duplicates(filter)).toBe(groups.reduce((sum, { length }) => sum + length - 1, 0));
      }
    });

    test('filters drawn at random', async () => {
      const next = random(11);
      for (let i = 0; i < 40; i += 1) {
        const filter: FeedbackFilter = {};
        for (const [, part] of filters) if (next() < 0.08) Object.assign(filter, part);
        const what = JSON.stringify(filter);
        expect(await place.store.count(filter), what).toBe(rows.filter((row) => matches(row, filter)).length);
        const sort = next() < 0.5 ? 'newest' : 'severity';
        const { items } = await place.store.search(filter, { limit: 1_000, sort });
        expect(ids(items), `${sort} ${what}`).toEqual(ids(sorted(rows, filter, sort)));
      }
    });

    test('an item comes as it was stored', async () => {
      const { items } = await place.store.search({ ids: [first.id] }, { limit: 1, sort: 'severity' });
      expect(items).toEqual([first]);
    });

    test('a page says where the next begins, and the last one does not', async () => {
      const all = sorted(rows, {}, 'newest');
      const page = await place.store.search({}, { limit: 399, sort: 'newest' });
      expect(page.items).toHaveLength(399);
      expect(await place.store.search({}, { limit: 399, sort: 'newest', cursor: page.next! })).toEqual({ items: [all[399]] });
      expect(await place.store.search({}, { limit: 400, sort: 'newest' })).toEqual({ items: all });
    });

    test.each([
      [{ limit: 0, sort: 'newest' }, 'page limit: expected 1 to 1000, got 0'],
      [{ limit: 1_001, sort: 'newest' }, 'page limit: expected 1 to 1000, got 1001'],
      [{ limit: 5, sort: 'newest', cursor: 'nonsense' }, 'page cursor: expected one that a page sorted by newest returned, got nonsense'],
    ] as [PageRequest, string][])('%j is refused', async (request, message) => {
      await expect(place.store.search({}, request)).rejects.toThrow(message);
    });

    test('a cursor of another order is refused', async () => {
      const { next } = await place.store.search({}, { limit: 5, sort: 'newest' });
      await expect(place.store.search({}, { limit: 5, sort: 'severity', cursor: next! })).rejects.toThrow('page cursor');
    });

    test('the newest day is that of the shop', async () => {
      expect(await place.store.newestDay()).toBe(daysOf(rows).at(-1));
    });
  });

  describe('pages while rows arrive', () => {
    beforeEach(place.fresh);
    afterEach(place.drop);

    test.each(['newest', 'severity'] as SortOrder[])('%s: nothing twice, nothing missed of what was there', async (sort) => {
      const before = generate(0, 60);
      await place.store.commit(before);
      const seen: string[] = [];
      for (let cursor: string | undefined, from = 60; ; from += 20) {
        const page = await place.store.search({}, { limit: 13, sort, ...(cursor !== undefined && { cursor }) });
        seen.push(...ids(page.items));
        if (page.next === undefined) break;
        cursor = page.next;
        if (from < 120) await place.store.commit(generate(from, from + 20));
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(ids(before).filter((id) => !seen.includes(id))).toEqual([]);
    });

    test.each(['newest', 'severity'] as SortOrder[])('%s, folded: a large group is passed over, page by page', async (sort) => {
      const [row] = generate(0, 1) as [AnalyzedFeedback];
      const at = (i: number): string => new Date(Date.parse('2026-09-20T00:00:00.000Z') + i * 60_000).toISOString();
      const copies = Array.from({ length: 1_300 }, (_, i) => {
        const externalId = `copy${i}`;
        const duplicateKeys =
          i % 10 === 0 ? [`chain${Math.floor(i / 20)}`, `chain${Math.floor(i / 20) + 1}`] : [`chain${Math.floor(i / 20)}`];
        return { ...row, externalId, id: `${row.source}/${externalId}`, createdAt: at(i), day: '2026-09-20', duplicateKeys };
      });
      const others = generate(1, 9).map((other) => ({ ...other, duplicateKeys: [] }));
      const arrived = [...copies, ...others];
      // In no order, in several batches.
      arrived.sort((a, b) =>
        a.contentHash + a.id.split('').reverse().join('') < b.contentHash + b.id.split('').reverse().join('') ? -1 : 1,
      );
      for (let from = 0; from < arrived.length; from += 500) await place.store.commit(arrived.slice(from, from + 500));
      const expected = groupsOf([...sorted(arrived, {}, sort)].filter(({ id }) => !id.includes('copy') || id.endsWith('copy1299')));
      const found = (await pages(place.store, {}, { limit: 4, sort, fold: true })).flat();
      expect(ids(found)).toEqual(expected.map(([first]) => first?.id));
      expect((await place.store.search({}, { limit: 1_000, sort, fold: true })).folded).toEqual(
        new Map([[`${row.source}/copy1299`, 1_299]]),
      );
      expect(await place.store.duplicates({})).toBe(1_299);
    });

    test('a row whose text changes leaves its group', async () => {
      const [a, b] = generate(0, 2) as [AnalyzedFeedback, AnalyzedFeedback];
      await place.store.commit([
        { ...a, duplicateKeys: ['one', 'two'] },
        { ...b, duplicateKeys: ['two'] },
      ]);
      expect(await place.store.duplicates({})).toBe(1);
      await place.store.commit([changed(b, { duplicateKeys: ['three'] })]);
      expect(await place.store.duplicates({})).toBe(0);
      expect(ids((await place.store.search({}, { limit: 5, sort: 'newest', fold: true })).items)).toHaveLength(2);
    });

    test('ids come in the order of code points, over many chunks', async () => {
      const names = ['a', 'B', 'Z', 'z', 'ä', '\uFFFD', '😀', '0', '~'];
      const rows = Array.from({ length: 1_203 }, (_, i) => {
        const [row] = generate(i % 100, (i % 100) + 1) as [AnalyzedFeedback];
        const externalId = `${names[i % names.length]!}${i}`;
        return { ...row, source: 's', externalId, id: `s/${externalId}` };
      });
      await place.store.commit(rows);
      const inOrder = ids(rows.sort(byId));
      expect(ids(await collect(place.store.stream({})))).toEqual(inOrder);
      for (const at of [0, 700, 1_202]) expect(ids(await collect(place.store.stream({}, inOrder[at])))).toEqual(inOrder.slice(at + 1));
    });

    test('an empty store answers', async () => {
      expect(await place.store.search({}, { limit: 5, sort: 'newest' })).toEqual({ items: [] });
      expect(await place.store.count({ topics: ['delivery'] })).toBe(0);
      expect(await collect(place.store.stream({}))).toEqual([]);
      expect(await collect(place.store.rollups({}, {}))).toEqual([]);
      expect(await place.store.newestDay()).toBeUndefined();
      await place.store.refreshRollups(['2026-09-01']);
      expect(await place.store.commit([])).toEqual({ inserted: 0, updated: 0, unchanged: 0, days: [] });
    });
  });
}
