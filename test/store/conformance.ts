/** What every store must do: one suite, run on every adapter. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { noCounts, type AnalyzedFeedback, type Checkpoint, type RejectedRow } from '../../src/feedback.js';
import type { Migrations } from '../../src/store/migrations.js';
import { openStore } from '../../src/store/open.js';
import type { FeedbackFilter, FeedbackStore, PageRequest, Run, SortOrder } from '../../src/store/port.js';
import { generate, random } from './generate.js';
import { byId, matches, rollupsOf, sorted } from './oracle.js';

export interface Adapter {
  /** Url of a store that does not exist yet. */
  fresh(): Promise<string>;
  /** Removes what `fresh` gave. */
  drop(url: string): Promise<void>;
  /** Rewrites every stored document and the store's version, as an older or newer Undertone would have left them. */
  rewrite(url: string, version: number, change: (document: Record<string, unknown>) => Record<string, unknown>): Promise<void>;
  /** Whether a batch and its checkpoint are one transaction. */
  atomic: boolean;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function pages(store: FeedbackStore, filter: FeedbackFilter, request: PageRequest): Promise<AnalyzedFeedback[][]> {
  const all: AnalyzedFeedback[][] = [];
  for (let cursor: string | undefined; ;) {
    const page = await store.search(filter, cursor === undefined ? request : { ...request, cursor });
    all.push(page.items);
    if (page.next === undefined) return all;
    cursor = page.next;
  }
}

const ids = (items: AnalyzedFeedback[]): string[] => items.map(({ id }) => id);
const daysOf = (items: AnalyzedFeedback[]): string[] => [...new Set(items.map(({ day }) => day))].sort();
const changed = (row: AnalyzedFeedback, change: Partial<AnalyzedFeedback>): AnalyzedFeedback => ({
  ...row,
  ...change,
  contentHash: `${row.contentHash}'`,
});
const checkpoint = (part: string, cursor: string): Checkpoint => ({
  source: 'shop',
  part,
  cursor,
  done: false,
  fingerprint: 'f1',
  counts: { ...noCounts(), read: 3, redacted: { email: 2 } },
});

export function conformance(adapter: Adapter): void {
  let url: string;
  let store: FeedbackStore;
  const fresh = async (): Promise<void> => {
    url = await adapter.fresh();
    store = await openStore(url);
  };
  const drop = async (): Promise<void> => {
    await store.close();
    await adapter.drop(url);
  };

  describe('committing', () => {
    beforeEach(fresh);
    afterEach(drop);

    test('what is committed is there, whole, also for the next process', async () => {
      const rows = generate(0, 60);
      expect(await store.commit(rows)).toEqual({ inserted: 60, updated: 0, unchanged: 0, days: daysOf(rows) });
      await store.close();
      store = await openStore(url);
      expect(await collect(store.stream({}))).toEqual(rows.sort(byId));
    });

    test('the same batch again writes nothing and makes no day out of date', async () => {
      await store.commit(generate(0, 60));
      expect(await store.commit(generate(0, 60))).toEqual({ inserted: 0, updated: 0, unchanged: 60, days: [] });
      expect(await store.commit(generate(50, 70))).toMatchObject({ inserted: 10, updated: 0, unchanged: 10 });
    });

    test('a changed row replaces the one before, and is found under its new topics only', async () => {
      const [row, other] = generate(0, 2) as [AnalyzedFeedback, AnalyzedFeedback];
      const topic = (id: string) => ({ id, label: 'negative' as const, score: -0.5, evidence: [] });
      const area = (id: string) => ({ id, label: 'negative' as const, score: -0.5 });
      const before = { ...row, analysis: { ...row.analysis, topics: [topic('delivery.speed')], areas: [area('delivery')] } };
      await store.commit([before, other]);
      const after = changed(before, {
        createdAt: '2026-12-24T10:00:00.000Z',
        day: '2026-12-24',
        analysis: { ...row.analysis, topics: [topic('price.fees')], areas: [area('price')] },
      });
      expect(await store.commit([after, other])).toEqual({ inserted: 0, updated: 1, unchanged: 1, days: [row.day, '2026-12-24'].sort() });
      const find = async (topics: string[]): Promise<string[]> =>
        ids((await store.search({ topics, ids: [row.id] }, { limit: 10, sort: 'newest' })).items);
      expect(await find(['delivery.speed', 'delivery'])).toEqual([]);
      expect(await find(['price.fees'])).toEqual([row.id]);
      expect(await find(['price'])).toEqual([row.id]);
      expect(await collect(store.stream({ ids: [row.id] }))).toEqual([after]);
    });

    test('a row twice in a batch is stored as it came last', async () => {
      const [row] = generate(0, 1) as [AnalyzedFeedback];
      const later = changed(row, { text: 'second thoughts' });
      expect(await store.commit([row, later])).toMatchObject({ inserted: 1, unchanged: 1 });
      expect(await collect(store.stream({}))).toEqual([later]);
    });

    test('text of any script, quotes, zero characters and very long text come back as they were', async () => {
      const texts = ['ช้ามาก 😡', '"quoted" \\ back', "it's; DROP TABLE feedback", 'a\u0000b', 'žluťoučký', 'x'.repeat(100_000), ''];
      const rows = texts.map((text, i) => ({ ...(generate(i, i + 1)[0] as AnalyzedFeedback), text }));
      await store.commit(rows);
      expect((await collect(store.stream({}))).map(({ text }) => text).sort()).toEqual(texts.sort());
    });

    test('a score of -0 is 0', async () => {
      const [row] = generate(0, 1) as [AnalyzedFeedback];
      const sentiment = { ...row.analysis.sentiment, score: -0 };
      await store.commit([{ ...row, analysis: { ...row.analysis, sentiment } }]);
      const [stored] = await collect(store.stream({}));
      expect(stored?.analysis.sentiment.score).toBe(0);
    });

    test('the checkpoint goes with its batch, each part its own', async () => {
      expect(await store.checkpoint('shop', 'a')).toBeUndefined();
      await store.commit(generate(0, 3), checkpoint('a', '3'));
      await store.commit([], checkpoint('b', '9'));
      await store.commit(generate(3, 5), ({ inserted }) => ({
        ...checkpoint('a', '5'),
        counts: { ...noCounts(), new: inserted },
        days: ['2026-09-01'],
      }));
      expect(await store.checkpoint('shop', 'a')).toEqual({
        ...checkpoint('a', '5'),
        counts: { ...noCounts(), new: 2 },
        days: ['2026-09-01'],
      });
      expect(await store.checkpoint('shop', 'b')).toEqual(checkpoint('b', '9'));
      expect(await store.checkpoint('other', 'a')).toBeUndefined();
    });

    test('a commit that breaks off does not move the checkpoint, and a repeat makes it whole', async () => {
      const broken = store.commit(generate(0, 20), () => {
        throw new Error('killed here');
      });
      await expect(broken).rejects.toThrow('killed here');
      expect(await store.checkpoint('shop', 'a')).toBeUndefined();
      expect(await store.count({})).toBe(adapter.atomic ? 0 : 20);
      await store.commit(generate(0, 20), checkpoint('a', '20'));
      expect(await store.count({})).toBe(20);
      expect(await store.checkpoint('shop', 'a')).toEqual(checkpoint('a', '20'));
    });

    test('the day a row left is not forgotten, though the process dies between row and checkpoint', async () => {
      const [row] = generate(0, 1) as [AnalyzedFeedback];
      await store.commit([row], { ...checkpoint('a', '1'), days: [] });
      const moved = changed(row, { createdAt: '2026-12-24T10:00:00.000Z', day: '2026-12-24' });
      let calls = 0;
      const broken = store.commit([moved], () => {
        calls += 1;
        if (calls === (adapter.atomic ? 1 : 2)) throw new Error('killed here');
        return { ...checkpoint('a', '2'), days: [] };
      });
      await expect(broken).rejects.toThrow('killed here');
      const left = (await store.checkpoint('shop', 'a'))?.days ?? [];
      const again = await store.commit([moved], (counts) => ({ ...checkpoint('a', '2'), days: [...left, ...counts.days].sort() }));
      expect([...left, ...again.days]).toContain(row.day);
      expect((await store.checkpoint('shop', 'a'))?.days).toContain(row.day);
    });
  });

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
      await fresh();
      for (let at = 0; at < rows.length; at += 150) await store.commit(rows.slice(at, at + 150));
    });
    afterAll(drop);

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
      expect(await store.count(filter)).toBe(expected.length);
      expect(ids(await collect(store.stream(filter)))).toEqual(ids(expected.sort(byId)));
      for (const sort of ['newest', 'severity'] as SortOrder[]) {
        expect(ids((await pages(store, filter, { limit: 37, sort })).flat()), sort).toEqual(ids(sorted(rows, filter, sort)));
      }
    });

    test('filters drawn at random', async () => {
      const next = random(11);
      for (let i = 0; i < 40; i += 1) {
        const filter: FeedbackFilter = {};
        for (const [, part] of filters) if (next() < 0.08) Object.assign(filter, part);
        const what = JSON.stringify(filter);
        expect(await store.count(filter), what).toBe(rows.filter((row) => matches(row, filter)).length);
        const sort = next() < 0.5 ? 'newest' : 'severity';
        const { items } = await store.search(filter, { limit: 1_000, sort });
        expect(ids(items), `${sort} ${what}`).toEqual(ids(sorted(rows, filter, sort)));
      }
    });

    test('an item comes as it was stored', async () => {
      const { items } = await store.search({ ids: [first.id] }, { limit: 1, sort: 'severity' });
      expect(items).toEqual([first]);
    });

    test('a page says where the next begins, and the last one does not', async () => {
      const all = sorted(rows, {}, 'newest');
      const page = await store.search({}, { limit: 399, sort: 'newest' });
      expect(page.items).toHaveLength(399);
      expect(await store.search({}, { limit: 399, sort: 'newest', cursor: page.next! })).toEqual({ items: [all[399]] });
      expect(await store.search({}, { limit: 400, sort: 'newest' })).toEqual({ items: all });
    });

    test.each([
      [{ limit: 0, sort: 'newest' }, 'page limit: expected 1 to 1000, got 0'],
      [{ limit: 1_001, sort: 'newest' }, 'page limit: expected 1 to 1000, got 1001'],
      [{ limit: 5, sort: 'newest', cursor: 'nonsense' }, 'page cursor: expected one that a page sorted by newest returned, got nonsense'],
    ] as [PageRequest, string][])('%j is refused', async (request, message) => {
      await expect(store.search({}, request)).rejects.toThrow(message);
    });

    test('a cursor of another order is refused', async () => {
      const { next } = await store.search({}, { limit: 5, sort: 'newest' });
      await expect(store.search({}, { limit: 5, sort: 'severity', cursor: next! })).rejects.toThrow('page cursor');
    });

    test('the newest day is that of the shop', async () => {
      expect(await store.newestDay()).toBe(daysOf(rows).at(-1));
    });
  });

  describe('pages while rows arrive', () => {
    beforeEach(fresh);
    afterEach(drop);

    test.each(['newest', 'severity'] as SortOrder[])('%s: nothing twice, nothing missed of what was there', async (sort) => {
      const before = generate(0, 60);
      await store.commit(before);
      const seen: string[] = [];
      for (let cursor: string | undefined, from = 60; ; from += 20) {
        const page = await store.search({}, { limit: 13, sort, ...(cursor !== undefined && { cursor }) });
        seen.push(...ids(page.items));
        if (page.next === undefined) break;
        cursor = page.next;
        if (from < 120) await store.commit(generate(from, from + 20));
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(ids(before).filter((id) => !seen.includes(id))).toEqual([]);
    });

    test('ids come in the order of code points, over many chunks', async () => {
      const names = ['a', 'B', 'Z', 'z', 'ä', '\uFFFD', '😀', '0', '~'];
      const rows = Array.from({ length: 1_203 }, (_, i) => {
        const [row] = generate(i % 100, (i % 100) + 1) as [AnalyzedFeedback];
        const externalId = `${names[i % names.length]!}${i}`;
        return { ...row, source: 's', externalId, id: `s/${externalId}` };
      });
      await store.commit(rows);
      expect(ids(await collect(store.stream({})))).toEqual(ids(rows.sort(byId)));
    });

    test('an empty store answers', async () => {
      expect(await store.search({}, { limit: 5, sort: 'newest' })).toEqual({ items: [] });
      expect(await store.count({ topics: ['delivery'] })).toBe(0);
      expect(await collect(store.stream({}))).toEqual([]);
      expect(await collect(store.rollups({}, {}))).toEqual([]);
      expect(await store.newestDay()).toBeUndefined();
      await store.refreshRollups(['2026-09-01']);
      expect(await store.commit([])).toEqual({ inserted: 0, updated: 0, unchanged: 0, days: [] });
    });
  });

  describe('roll-ups', () => {
    beforeEach(fresh);
    afterEach(drop);
    const rollups = (range = {}, filter = {}) => collect(store.rollups(range, filter));

    test('are the sums of what is stored, in order of day and dimensions', async () => {
      const rows = generate(0, 300, 3, { days: 20 });
      await store.commit(rows);
      await store.refreshRollups(daysOf(rows));
      expect(await rollups()).toEqual(rollupsOf(rows));
    });

    test('count days of the shop, not of UTC', async () => {
      const rows = generate(0, 90, 3, { days: 5 }).map((row, i): AnalyzedFeedback => {
        if (i % 3 === 0) return { ...row, createdAt: '2026-09-02T10:30:00.000Z', day: '2026-09-03' };
        if (i % 3 === 1) return { ...row, createdAt: '2026-09-04T11:30:00.000Z', day: '2026-09-03' };
        return row;
      });
      await store.commit(rows);
      await store.refreshRollups(daysOf(rows));
      expect(await rollups()).toEqual(rollupsOf(rows));
    });

    test('follow a row to its new day and topics exactly, and again the same when refreshed twice', async () => {
      const rows = generate(0, 80, 5, { days: 4 });
      await store.commit(rows);
      await store.refreshRollups(daysOf(rows));
      const after = rows.map((row, i) => {
        if (i % 4 === 0) return changed(row, { day: '2026-09-10', createdAt: '2026-09-10T08:00:00.000Z' });
        if (i % 4 === 1) return changed(row, { analysis: generate(i + 500, i + 501)[0]!.analysis });
        if (i % 4 === 2 && row.channel !== undefined) return changed(row, { channel: 'new-channel' });
        return row;
      });
      const { days } = await store.commit(after);
      await store.refreshRollups(days);
      expect(await rollups()).toEqual(rollupsOf(after));
      await store.refreshRollups(days);
      expect(await rollups()).toEqual(rollupsOf(after));
    });

    test('of days not named stay as they were', async () => {
      const rows = generate(0, 40, 5, { days: 2 });
      await store.commit(rows);
      await store.refreshRollups(['2026-09-01']);
      expect(await rollups()).toEqual(rollupsOf(rows.filter(({ day }) => day === '2026-09-01')));
    });

    test('by range and filter; an area with its leaves', async () => {
      const rows = generate(0, 300, 9, { days: 6 });
      await store.commit(rows);
      await store.refreshRollups(daysOf(rows));
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
      const other = await openStore(url);
      const days = daysOf(rows);
      const work: Promise<unknown>[] = [];
      for (let at = 0; at < rows.length; at += 40) {
        await store.commit(rows.slice(at, at + 40));
        work.push(store.refreshRollups(days), other.refreshRollups(days));
      }
      await Promise.all(work);
      expect(await rollups()).toEqual(rollupsOf(rows));
      await other.close();
    });
  });

  describe('several processes', () => {
    beforeEach(fresh);
    afterEach(drop);

    test('two writers, also of the same rows, lose nothing and store nothing twice', async () => {
      const writers = await Promise.all([write(url, 0, 600), write(url, 300, 900)]);
      const sum = (name: keyof Total): number => writers.reduce((total, writer) => total + writer[name], 0);
      expect(sum('inserted')).toBe(900);
      expect(sum('updated')).toBe(0);
      expect(sum('unchanged')).toBe(300);
      expect(await collect(store.stream({}))).toEqual(generate(0, 900).sort(byId));
    });

    test('a store opened by many at once is made once', async () => {
      const fresh = await adapter.fresh();
      const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(fresh)));
      await Promise.all(stores.map((one, i) => one.commit(generate(i * 10, i * 10 + 20))));
      expect(await stores[0]?.count({})).toBe(50);
      await Promise.all(stores.map((one) => one.close()));
      await adapter.drop(fresh);
    });
  });

  describe('quarantine', () => {
    beforeEach(fresh);
    afterEach(drop);
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
      await store.quarantine([
        reject('x', 'shop', 10),
        reject('y', 'shop', 9),
        { ...reject('z', 'app', 1), column: 'rating', value: '11' },
      ]);
      await store.quarantine([{ ...reject('x', 'shop', 10), reason: 'no date' }]);
      expect(await collect(store.rejects({}))).toEqual([
        { ...reject('z', 'app', 1), column: 'rating', value: '11' },
        reject('y', 'shop', 9),
        { ...reject('x', 'shop', 10), reason: 'no date' },
      ]);
      expect((await collect(store.rejects({ sources: ['shop'] }))).map(({ id }) => id)).toEqual(['y', 'x']);
      await store.removeRejects(['y', 'none']);
      expect((await collect(store.rejects({}))).map(({ id }) => id)).toEqual(['z', 'x']);
      await store.quarantine([]);
    });

    test('lists more than a chunk', async () => {
      const rows = Array.from({ length: 1_100 }, (_, i) => reject(`r${i}`, 'shop', (i % 550) + 1));
      await store.quarantine(rows);
      const listed = await collect(store.rejects({}));
      expect(listed).toHaveLength(1_100);
      expect(listed.map(({ row }) => row)).toEqual(rows.map(({ row }) => row).sort((a, b) => a - b));
    });
  });

  describe('runs', () => {
    beforeEach(fresh);
    afterEach(drop);
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
      expect(await store.runs.get('r1')).toBeUndefined();
      expect(await store.runs.start(begun)).toEqual(begun);
      expect(await store.runs.start({ ...begun, parts: [] })).toEqual(begun);
      const counts = { ...noCounts(), read: 5, new: 4, rejected: 1, redacted: { email: 1 } };
      const failed = await store.runs.finishPart('r1', 1, { status: 'failed', counts, days: ['2026-11-23'], error: 'unreadable' });
      expect(failed.parts).toEqual([part('p0'), { ...part('p1'), status: 'failed', counts, days: ['2026-11-23'], error: 'unreadable' }]);
      const done = await store.runs.finishPart('r1', 1, { status: 'done', counts, days: ['2026-11-23'] });
      expect(done.parts[1]).toEqual({ ...part('p1'), status: 'done', counts, days: ['2026-11-23'] });
      expect(await store.runs.finishPart('r1', 1, { status: 'done', counts, days: ['2026-11-23'] })).toEqual(done);
      const closed = await store.runs.close('r1', 'partial', '2026-11-24T03:40:00.000Z', 'why');
      expect(closed).toEqual({ ...done, status: 'partial', closedAt: '2026-11-24T03:40:00.000Z', error: 'why' });
      expect(await store.runs.get('r1')).toEqual(closed);
    });

    test('parts that finish at once are all there, and one of them sees the last', async () => {
      await store.runs.start(run('r1', '2026-11-24T03:30:00.000Z', 12));
      const other = await openStore(url);
      const seen = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          (i % 2 === 0 ? store : other).runs.finishPart('r1', i, { status: 'done', counts: { ...noCounts(), read: i }, days: [] }),
        ),
      );
      expect(seen.filter(({ parts }) => parts.every(({ status }) => status === 'done')).length).toBeGreaterThan(0);
      expect((await store.runs.get('r1'))?.parts.map(({ counts }) => counts.read)).toEqual(Array.from({ length: 12 }, (_, i) => i));
      await other.close();
    });

    test('the latest come newest first', async () => {
      for (const [id, at] of [['b', '2026-11-22'], ['c', '2026-11-24'], ['a', '2026-11-23']] as const) await store.runs.start(run(id, `${at}T03:30:00.000Z`)); // prettier-ignore
      expect((await store.runs.latest(2)).map(({ id }) => id)).toEqual(['c', 'a']);
    });

    test('a part or a run that is not there is said', async () => {
      await store.runs.start(run('r1', '2026-11-24T03:30:00.000Z'));
      const result = { status: 'done' as const, counts: noCounts(), days: [] };
      await expect(store.runs.finishPart('r1', 2, result)).rejects.toThrow('run r1: expected a part from 0 to 1, got 2');
      await expect(store.runs.finishPart('r2', 0, result)).rejects.toThrow('run r2: expected in the store');
      await expect(store.runs.close('r2', 'done', '2026-11-24T03:40:00.000Z')).rejects.toThrow('run r2: expected in the store');
    });
  });

  describe('settings', () => {
    beforeEach(fresh);
    afterEach(drop);

    test('the first value stays, whoever else comes with one', async () => {
      const other = await openStore(url);
      const values = await Promise.all(
        Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? store : other).settings.setOnce('key', `v${i}`)),
      );
      expect(new Set(values).size).toBe(1);
      expect(await other.settings.get('key')).toBe(values[0]);
      await store.settings.set('key', 'new');
      expect(await other.settings.get('key')).toBe('new');
      expect(await store.settings.get('none')).toBeUndefined();
      await other.close();
    });
  });

  describe('schema', () => {
    beforeEach(fresh);
    afterEach(drop);

    /** A made-up shape before the first: the language was a plain code. */
    const toVersion0 = (document: Record<string, unknown>): Record<string, unknown> => {
      const { language, ...analysis } = document['analysis'] as AnalyzedFeedback['analysis'];
      return { ...document, schemaVersion: 0, analysis: { ...analysis, lang: language.code } };
    };
    const migrations: Migrations = {
      0: (document) => {
        const { lang, ...analysis } = document['analysis'] as { lang: string };
        return { ...document, analysis: { ...analysis, language: { code: lang, confidence: 1 } } };
      },
    };

    test('an older store is brought up to date when it is opened', async () => {
      const rows = generate(0, 530);
      await store.commit(rows);
      await store.refreshRollups(daysOf(rows));
      await store.close();
      await adapter.rewrite(url, 0, toVersion0);
      store = await openStore(url, { migrations });
      const expected = rows.map((row) => ({
        ...row,
        analysis: { ...row.analysis, language: { code: row.analysis.language.code, confidence: 1 } },
      }));
      expect(await collect(store.stream({}))).toEqual(expected.sort(byId));
      expect(await store.count({ topics: ['delivery'], languages: ['de'] })).toBe(
        rows.filter((row) => matches(row, { topics: ['delivery'], languages: ['de'] })).length,
      );
      expect(await store.commit(rows)).toMatchObject({ unchanged: 530 });
      await store.close();
      store = await openStore(url);
      expect(await store.count({})).toBe(530);
    });

    test('an older store without a way to migrate is refused, and stays as it was', async () => {
      await store.commit(generate(0, 3));
      await store.close();
      await adapter.rewrite(url, 0, toVersion0);
      await expect(openStore(url)).rejects.toThrow(/stored as schema version 0, which this Undertone cannot bring up to date/);
      store = await openStore(url, { migrations });
      expect(await store.count({})).toBe(3);
    });

    test('a newer store is refused', async () => {
      await store.close();
      await adapter.rewrite(url, 99, (document) => document);
      await expect(openStore(url)).rejects.toThrow(/written by a newer Undertone \(schema version 99, this one knows up to 1\)/);
      await adapter.rewrite(url, 1, (document) => document);
      store = await openStore(url);
    });

    test('a store that is there is healthy and says what it is', async () => {
      const health = await store.health();
      expect(health).toMatchObject({ ok: true });
      expect(health.detail).toContain(store.name);
    });
  });
}

interface Total {
  inserted: number;
  updated: number;
  unchanged: number;
}

async function write(url: string, from: number, to: number): Promise<Total> {
  const script = fileURLToPath(new URL('./writer.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, url, String(from), String(to)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`writer ended with ${String(code)}`);
  return JSON.parse(output) as Total;
}
