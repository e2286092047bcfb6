/** A thousand good rows and fifty broken ones of ten kinds: every broken row costs itself and is named rightly. */
import { expect, test } from 'vitest';
import { OPTIONS, accepted, openReader, readAll, rejected, writeTemp } from './read.js';
import { inspectFile } from '../../src/sources/inspect.js';

const KINDS: [RegExp, (id: string) => string][] = [
  [/^no text$/, (id) => `${id},2026-11-05,,4,web`],
  [/^unreadable date/, (id) => `${id},next Tuesday,came late,4,web`],
  [/^unreadable date/, (id) => `${id},,came late,4,web`],
  [/^broken quoting$/, (id) => `${id},2026-11-05,"never closed, alas,4,web`],
  [/^broken quoting$/, (id) => `${id},2026-11-05,"he said "no" to me",4,web`],
  [/^wrong number of columns: expected 5, got 4$/, (id) => `${id},2026-11-05,came late,4`],
  [/^wrong number of columns: expected 5, got 6$/, (id) => `${id},2026-11-05,came late, twice,4,web`],
  [/^wrong type: expected a number$/, (id) => `${id},2026-11-05,came late,four,web`],
  [/^outside its scale: expected rating from 1 to 5$/, (id) => `${id},2026-11-05,came late,6,web`],
  [/^text over the limit: expected at most 100000 characters, got 100001$/, (id) => `${id},2026-11-05,${'x'.repeat(100_001)},4,web`],
];

const good = (i: number): string =>
  i % 10 === 0
    ? `g${i},2026-11-04,"over\ntwo lines, ""quoted""",3,web`
    : i % 4 === 0
      ? `g${i},2026-11-04,"with, comma",5,web`
      : `g${i},2026-11-04,plain ${i},2,`;

test('1,000 good and 50 broken rows of ten kinds', async () => {
  const lines = ['id,date,text,rating,channel'];
  const expected: { row: number; reason: RegExp }[] = [];
  let line = 2;
  const add = (record: string): void => {
    lines.push(record);
    line += record.split('\n').length;
  };
  for (let i = 0; i < 1000; i++) {
    add(good(i));
    if (i % 20 !== 7) continue;
    const n = (i - 7) / 20;
    const [reason, make] = KINDS[n % 10]!;
    expected.push({ row: line, reason });
    add(make(`b${n}`));
  }
  const path = writeTemp('mixed.csv', lines.join('\n'));
  for (const settings of [{}, { split: { splitOver: 0, range: 300_000 } }]) {
    const rows = await readAll(path, settings);
    expect(accepted(rows).map((row) => row.externalId)).toEqual(Array.from({ length: 1000 }, (_, i) => `g${i}`));
    const rejects = rejected(rows);
    expect(rejects).toHaveLength(50);
    rejects.forEach((reject, i) => {
      expect(reject.row).toBe(expected[i]!.row);
      expect(reject.reason).toMatch(expected[i]!.reason);
      expect(reject.raw.startsWith(`b${i},`)).toBe(true);
      expect(reject.raw.length).toBeLessThanOrEqual(10_000);
      expect(reject.file).toBe('mixed.csv');
    });
    expect(new Set(rejects.map((reject) => reject.id)).size).toBe(50);
    expect(rejects[0]!.id).toMatch(/^shop\/mixed\.csv#\d+$/);
  }
  expect((await openReader(path, { split: { splitOver: 0, range: 300_000 } }).parts()).length).toBeGreaterThan(1);

  const inspection = await inspectFile(path, {}, OPTIONS);
  expect(inspection.counts).toEqual({ ok: 1000, rejected: 50 });
  expect(inspection.rejects).toHaveLength(20);
  expect(inspection.reasons.reduce((sum, { n }) => sum + n, 0)).toBe(50);
});
