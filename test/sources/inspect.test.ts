import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FilesSource } from '../../src/config.js';
import { inspectFile } from '../../src/sources/inspect.js';
import { UnreadableSource } from '../../src/sources/open.js';
import { openReplay, replayRow } from '../../src/sources/replay.js';
import { OPTIONS, readAll, rejected, writeTemp } from './read.js';

describe('inspect', () => {
  test('says what a file is taken for, as plain JSON', async () => {
    const path = writeTemp(
      'reviews.csv.gz',
      gzipSync('id;Datum;Kommentar;Sterne;Lager\n1;03/04/2026;"Kam; spät";4;B\n2;05/04/2026;gut;9;B\n'),
    );
    const found = await inspectFile(path, { timeZone: 'Europe/Berlin' }, OPTIONS);
    expect(JSON.parse(JSON.stringify(found))).toEqual({
      file: path,
      format: 'csv',
      compression: 'gzip',
      encoding: 'utf-8',
      delimiter: ';',
      array: null,
      kind: 'review',
      columns: expect.arrayContaining([{ column: 'Kommentar', field: 'text', confidence: 0.85, how: 'alias' }]) as unknown,
      unmapped: ['Lager'],
      dateOrder: 'undecidable',
      rows: [],
      counts: { ok: 0, rejected: 2 },
      reasons: [{ reason: expect.stringContaining('dateOrder') as string, n: 2 }],
      rejects: [expect.objectContaining({ row: 2, column: 'Datum', value: '03/04/2026' }), expect.objectContaining({ row: 3 })],
      warnings: [expect.stringContaining('dateOrder')],
    });
    const decided = await inspectFile(path, { timeZone: 'Europe/Berlin', dateOrder: 'dmy' }, OPTIONS);
    expect(decided.rows).toMatchObject([{ externalId: '1', createdAt: '2026-04-02T22:00:00.000Z', text: 'Kam; spät', rating: 4 }]);
    expect(decided.counts).toEqual({ ok: 1, rejected: 1 });
  });

  test('warns where dates and ids are missing', async () => {
    const found = await inspectFile(writeTemp('a.json', '{"data":{"rows":[{"comment":"came late"}]}}'), undefined, OPTIONS);
    expect(found).toMatchObject({ format: 'json', array: 'data.rows', delimiter: null, dateOrder: null, counts: { ok: 1, rejected: 0 } });
    expect(found.warnings.join('\n')).toMatch(/no date column[\s\S]*no id column/);
  });
});

describe('replay', () => {
  test('a rejected row reads right once the config is', async () => {
    const path = writeTemp('a.csv', 'id,date,text,nps\n1,13/11/2026,"two\nlines, ""here""",88\n2,2026-11-01,other,120\n');
    const rejects = rejected(await readAll(path));
    expect(rejects.map((reject) => reject.row)).toEqual([2, 4]);
    const source = FilesSource.parse({ name: 'shop', path, scales: { nps: [0, 100] } });
    const replay = openReplay(source, OPTIONS);
    expect(await replay(rejects[0]!)).toMatchObject({
      ok: true,
      feedback: { externalId: '1', nps: 9, text: 'two\nlines, "here"', createdAt: '2026-11-13T00:00:00.000Z' },
    });
    expect(await replay(rejects[1]!)).toMatchObject({
      ok: false,
      id: rejects[1]!.id,
      row: 4,
      value: '120',
      reason: expect.stringContaining('0 to 100') as string,
    });
  });

  test('rows of JSON, of windows-1252 and of a file put right meanwhile', async () => {
    const json = writeTemp('a.json', '[{"id":1,"date":"2026-11-01","text":"came\\nlate","rating":9}]');
    const scales = { rating: [0, 10] as [number, number] };
    expect(
      await replayRow(FilesSource.parse({ name: 'shop', path: json, scales }), OPTIONS, rejected(await readAll(json))[0]!),
    ).toMatchObject({ feedback: { rating: 9, ratingScale: [0, 10] } });
    const csv = writeTemp('b.csv', Buffer.from('id,date,text,rating\n1,2026-11-01,größer,9\n', 'latin1'));
    const [reject] = rejected(await readAll(csv));
    expect(await replayRow(FilesSource.parse({ name: 'shop', path: csv, scales }), OPTIONS, reject!)).toMatchObject({
      feedback: { text: 'größer' },
    });
    writeFileSync(csv, 'id,date,text,rating\n');
    expect(await replayRow(FilesSource.parse({ name: 'shop', path: csv, scales }), OPTIONS, reject!)).toMatchObject({
      feedback: { text: 'größer' },
    });
  });

  test('a row kept only in part is not taken for a whole one, and a file must still be there', async () => {
    const path = writeTemp('a.csv', `id,date,text\n1,2026-11-01,${'x'.repeat(20_000)}\n`);
    const [reject] = rejected(await readAll(path, { textLength: 15_000 }));
    const source = FilesSource.parse({ name: 'shop', path });
    expect(await replayRow(source, OPTIONS, reject!)).toMatchObject({
      ok: false,
      id: reject!.id,
      reason: expect.stringMatching(/^too long to be kept whole/) as string,
    });
    await expect(replayRow(source, OPTIONS, { ...reject!, file: 'gone.csv' })).rejects.toThrow(UnreadableSource);
  });
});
