import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { nameFromPath, sourcesFromPaths, UnreadableSource } from '../../src/sources/open.js';
import { globToRegExp, listFiles } from '../../src/sources/paths.js';
import type { SourcePart } from '../../src/sources/port.js';
import { accepted, newFolder, openReader, pullPart, readAll, rejected, writeTemp } from './read.js';

const HEADER = 'id,date,text,rating';
const ROWS = [
  '1,2026-11-01,plain text of one line,5',
  '2,2026-11-02,"quoted, with a comma",4',
  '3,2026-11-03,"over\r\n\r\ntwo ""lines"" and a blank one",3',
  '4,2026-11-04,"never closed,2',
  '5,2026-11-05,"åäö čćž ข้อความ 👍",1',
  '6,2026-11-06,too,many,cells',
  '',
  '7,2026-11-07,no score,',
  '8,2026-11-08,"stray"quote,1',
  '9,2026-13-09,no such month,1',
  '10,2026-11-10,"the last, over\ntwo lines",5',
];
const CSV = [HEADER, ...ROWS].join('\r\n');
const JSON_ROWS = Array.from({ length: 9 }, (_, i) => ({
  id: i,
  date: `2026-11-0${i + 1}`,
  text: i === 4 ? '' : `text ${i} "åé" {[`,
  rating: i % 5 || 5,
}));
const NDJSON = JSON_ROWS.map((row) => JSON.stringify(row))
  .join('\n')
  .replace('"text 7', '"text": "7');

function utf16(text: string, bigEndian = false): Buffer {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

/** [name, content]: every way the same rows may be stored. */
const FILES: [string, string | Buffer][] = [
  ['rows.csv', CSV],
  ['bom.csv', `\ufeff${CSV}`],
  ['rows.csv.gz', gzipSync(CSV)],
  ['utf16le.csv', utf16(CSV)],
  ['utf16be.csv', utf16(CSV, true)],
  ['utf16.csv.gz', gzipSync(utf16(CSV))],
  ['semicolon.csv', CSV.split('"').map((piece, i) => (i % 2 === 0 ? piece.replaceAll(',', ';') : piece)).join('"')],
  ['noid.csv', CSV.replaceAll(/^(id|\d+),(date|2026)/gm, '$2').replaceAll('\n', '\n')],
  ['rows.ndjson', NDJSON],
  ['rows.jsonl.gz', gzipSync(NDJSON)],
  ['array.json', JSON.stringify(JSON_ROWS)],
  ['pretty.json', JSON.stringify({ total: 9, reviews: JSON_ROWS }, undefined, 2)],
  ['array.json.gz', gzipSync(JSON.stringify(JSON_ROWS))],
]; // prettier-ignore

describe('files', () => {
  test('a CSV in any encoding, compression and delimiter gives the same rows', async () => {
    const expected = await readAll(writeTemp('rows.csv', CSV));
    expect(accepted(expected).map((row) => row.externalId)).toEqual(['1', '2', '3', '5', '7', '10']);
    expect(accepted(expected)[2]?.text).toBe('over\n\ntwo "lines" and a blank one');
    expect(rejected(expected).map((row) => [row.row, row.reason])).toEqual([
      [7, 'broken quoting'],
      [9, 'wrong number of columns: expected 4, got 5'],
      [12, 'broken quoting'],
      [13, expect.stringMatching(/^unreadable date/)],
    ]);
    for (const [name, content] of FILES.slice(1, 6)) {
      const rows = await readAll(writeTemp(name, content));
      expect(accepted(rows)).toEqual(accepted(expected));
      expect(rejected(rows).map((row) => [row.row, row.reason, row.raw])).toEqual(
        rejected(expected).map((row) => [row.row, row.reason, row.raw]),
      );
    }
  });

  test('NDJSON and JSON arrays, plain, wrapped and zipped, give the same rows', async () => {
    const rows = await readAll(writeTemp('array.json', JSON.stringify(JSON_ROWS)));
    expect(accepted(rows)).toHaveLength(8);
    expect(rejected(rows).map((row) => row.reason)).toEqual(['no text']);
    for (const [name, content] of FILES.slice(11)) expect(accepted(await readAll(writeTemp(name, content)))).toEqual(accepted(rows));
    const lines = await readAll(writeTemp('rows.ndjson', NDJSON));
    expect(rejected(lines).map((row) => [row.row, row.column, row.reason])).toEqual([[5, 'text', 'no text'], [8, undefined, 'invalid JSON']]); // prettier-ignore
    expect(accepted(lines)).toEqual(accepted(rows).filter((row) => row.externalId !== '7'));
  });

  test.each(FILES)('%s: reading goes on from every cursor as if it had not stopped', async (name, content) => {
    const reader = openReader(writeTemp(name, content));
    const [part] = await reader.parts();
    const whole = await pullPart(reader, part!);
    expect(whole.length).toBeGreaterThan(8);
    let read = 0;
    for await (const page of reader.pull(part!.spec, { pageSize: 1 })) {
      read += page.rows.length;
      expect(await pullPart(reader, part!, page.cursor, 3)).toEqual(whole.slice(read));
    }
    expect(read).toBe(whole.length);
  });

  test.each([['rows.csv', CSV], ['bom.csv', `\ufeff${CSV}`], ['rows.ndjson', NDJSON]])('%s: byte ranges of any size together give the whole', async (name, content) => {
    const path = writeTemp(name, content);
    const whole = await readAll(path);
    const counts = new Set<number>();
    for (let range = 1; range < content.length + 20; range += 7) {
      const reader = openReader(path, { split: { splitOver: 0, range } });
      const parts = await reader.parts();
      counts.add(parts.length);
      expect(new Set(parts.map((part) => part.key)).size).toBe(parts.length);
      const rows = [];
      for (const part of parts) rows.push(...(await pullPart(reader, JSON.parse(JSON.stringify(part)) as SourcePart)));
      expect(rows).toEqual(whole);
    }
    expect(counts.size).toBeGreaterThan(3);
  }); // prettier-ignore

  test('what cannot be read from the middle, or has no ids, stays one part', async () => {
    for (const [name, content] of FILES.filter(([n]) => /gz|utf16|noid|json$/.test(n) && !n.includes('ndjson'))) {
      expect(await openReader(writeTemp(name, content), { split: { splitOver: 0, range: 10 } }).parts()).toHaveLength(1);
    }
  });

  test('rows without ids keep their names when the file grows, equal ones told apart', async () => {
    const path = writeTemp('noid.csv', 'date,text\n2026-11-01,late\n2026-11-01,late\n2026-11-02,late\n2026-11-01,late\n');
    const ids = accepted(await readAll(path)).map((row) => row.externalId);
    expect(ids).toEqual([ids[0], `${ids[0]}-2`, ids[2], `${ids[0]}-3`]);
    expect(ids[0]).toMatch(/^[0-9a-f]{24}$/);
    expect(ids[2]).not.toBe(ids[0]);
    appendFileSync(path, '2026-11-03,new\n');
    expect(
      accepted(await readAll(path))
        .map((row) => row.externalId)
        .slice(0, 4),
    ).toEqual(ids);
  });

  test('the fingerprint changes with the content, the time and the settings, and with nothing else', async () => {
    const path = writeTemp('rows.csv', CSV);
    utimesSync(path, 1_790_000_000, 1_790_000_000);
    const print = async (settings = {}) => (await openReader(path, settings).parts())[0]?.fingerprint;
    const first = await print();
    expect(await print()).toBe(first);
    expect(await print({ columns: { text: 'text' } })).not.toBe(first);
    writeFileSync(path, CSV.replace('plain', 'plaim'));
    utimesSync(path, 1_790_000_000, 1_790_000_000);
    const changed = await print();
    expect(changed).not.toBe(first);
    utimesSync(path, 1_790_000_100, 1_790_000_100);
    expect(await print()).not.toBe(changed);
  });

  test('a folder is read in a stable order, without hidden and foreign files', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'b', '.cache'), { recursive: true });
    for (const name of ['b/2.csv', 'B.tsv', 'a.ndjson.gz', 'b/.cache/x.csv', '.hidden.csv', 'notes.txt', 'z.json'])
      writeFileSync(join(folder, name), '');
    expect((await listFiles(folder)).names).toEqual(['B.tsv', 'a.ndjson.gz', 'b/2.csv', 'z.json']);
    expect((await listFiles(`${folder}/**/*.csv`)).names).toEqual(['b/2.csv']);
    expect((await listFiles(`${folder}/*.{tsv,txt}`)).names).toEqual(['B.tsv', 'notes.txt']);
    expect((await listFiles(`${folder}/nothing*.csv`)).names).toEqual([]);
    await expect(listFiles(join(folder, 'gone.csv'))).rejects.toThrow(/gone\.csv: expected a file or folder/);
  });

  test.each([
    ['*.csv', ['a.csv'], ['a/b.csv', 'acsv']],
    ['**/r?.csv', ['r1.csv', 'x/y/r2.csv'], ['r10.csv', 'x/r.csv']],
    ['20[0-9][!5]/{a,b*}.json', ['2026/a.json', '2021/bcd.json'], ['2025/a.json', '2026/ac.json']],
  ])('glob %s', (glob, yes, no) => {
    const pattern = globToRegExp(glob);
    for (const name of yes) expect(name).toMatch(pattern);
    for (const name of no) expect(name).not.toMatch(pattern);
  });

  test('empty files and files of a header give no rows', async () => {
    expect(await readAll(writeTemp('empty.csv', ''))).toEqual([]);
    expect(await readAll(writeTemp('empty.ndjson', '\n'))).toEqual([]);
    expect(await readAll(writeTemp('empty.json', '[]'))).toEqual([]);
    expect(await readAll(writeTemp('header.csv', `${HEADER}\r\n`))).toEqual([]);
  });

  test('a damaged gzip file gives the rows before the damage, then an error that names it', async () => {
    const noise = Array.from({ length: 20_000 }, (_, i) => `${i},2026-11-01,text ${(i * 7919) % 104_729},3`).join('\n');
    const bytes = gzipSync(`${HEADER}\n${noise}`);
    const reader = openReader(writeTemp('cut.csv.gz', bytes.subarray(0, bytes.length - 2000)));
    const [part] = await reader.parts();
    let rows = 0;
    const reading = async () => {
      for await (const page of reader.pull(part!.spec, { pageSize: 100 })) rows += page.rows.length;
    };
    await expect(reading()).rejects.toThrow(/cut\.csv\.gz: expected whole gzip data/);
    expect(rows).toBeGreaterThan(1000);
  });

  test('windows-1252 bytes are read as such, whole files and single rows in a UTF-8 file', async () => {
    const latin = Buffer.from('id,date,text\n1,2026-11-01,Gr\xf6\xdfe passt nicht \x80\n', 'latin1');
    expect(accepted(await readAll(writeTemp('latin.csv', latin)))[0]?.text).toBe('Größe passt nicht €');
    const mixed = Buffer.concat([Buffer.from('id,date,text\n1,2026-11-01,schön\n2,2026-11-01,größer\n'), latin.subarray(13), Buffer.from('4,2026-11-01,\xff schön\n').subarray(0, -1)]);
    expect(accepted(await readAll(writeTemp('mixed.csv', mixed))).map((row) => row.text).slice(0, 3)).toEqual(['schön', 'größer', 'Größe passt nicht €']);
    expect(accepted(await readAll(writeTemp('half.csv', Buffer.concat([Buffer.from('id,date,text\n1,2026-11-01,schön '), Buffer.from([0xc3]), Buffer.from(' so\n')]))))[0]?.text).toBe('schön \ufffd so');
  }); // prettier-ignore
});

describe('sources for paths', () => {
  test('names come from the paths and are never the same twice', () => {
    const folder = newFolder();
    const file = writeTemp('2026 Ümsätze.csv.gz', '', folder);
    const configs = sourcesFromPaths([file, 'test/fixtures', './test/fixtures/', `${folder}/*.csv`]);
    expect(configs.map((config) => config.name).slice(0, 3)).toEqual(['s2026-U-msa-tze', 'fixtures', 'fixtures-2']);
    expect(configs[1]).toMatchObject({ type: 'files', path: expect.stringMatching(/^\/.*test\/fixtures$/) as string });
    expect(nameFromPath('data/reviews/*.csv')).toBe('reviews');
    expect(() => sourcesFromPaths(['no/such/file.csv'])).toThrow(UnreadableSource);
  });
});
