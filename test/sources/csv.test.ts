import { describe, expect, test } from 'vitest';
import { Window } from '../../src/sources/bytes.js';
import { CsvScanner, splitRecord, type CsvDialect } from '../../src/sources/csv.js';
import { reader } from './bytes-in-memory.js';

const MEBIBYTE = 1024 * 1024;
const DIALECT: CsvDialect = { delimiter: ',', quote: true, newline: 10, columns: 3, limit: MEBIBYTE };

interface Row {
  line: number;
  offset: number;
  cells: string[] | string;
}

/** The records of a text; the problem stands in place of the cells of one that has one. `chunk`: bytes held at first. */
async function scan(text: string, dialect: Partial<CsvDialect> = {}, chunk = 1 << 18): Promise<Row[]> {
  const whole = { ...DIALECT, ...dialect };
  const window = new Window(reader(Buffer.from(text)), { offset: 0, line: 1 }, chunk);
  const scanner = new CsvScanner(whole);
  const rows: Row[] = [];
  for (;;) {
    const record = scanner.next(window);
    if (record === undefined) {
      if (window.eof) return rows;
      await window.fill();
      continue;
    }
    const raw = window.view.toString('utf8', record.start, record.end);
    rows.push({ line: record.line, offset: record.offset, cells: record.problem ?? splitRecord(raw, whole.delimiter, whole.quote) });
  }
}

const BROKEN = 'broken quoting';

/** [what, text, [line, cells] of every record]; three columns. */
const CASES: [string, string, [number, string[] | string][]][] = [
  ['plain rows', 'a,b,c\n1,2,3\n', [[1, ['a', 'b', 'c']], [2, ['1', '2', '3']]]],
  ['no line break at the end', 'a,b,c\n1,2,3', [[1, ['a', 'b', 'c']], [2, ['1', '2', '3']]]],
  ['CRLF', 'a,b,c\r\n"1","2","3"\r\n4,5,6\r\n', [[1, ['a', 'b', 'c']], [2, ['1', '2', '3']], [3, ['4', '5', '6']]]],
  ['empty cells', ',,\n1,,\n"","",""', [[1, ['', '', '']], [2, ['1', '', '']], [3, ['', '', '']]]],
  ['blank lines', '\n\na,b,c\n\r\n\n1,2,3\n\n', [[3, ['a', 'b', 'c']], [6, ['1', '2', '3']]]],
  ['delimiter and doubled quotes in quotes', '1,"a, ""b"" c",3', [[1, ['1', 'a, "b" c', '3']]]],
  ['only doubled quotes', '1,"""",""""""', [[1, ['1', '"', '""']]]],
  ['line breaks in quotes', '1,"a\nb\r\n\nc",3\n4,5,6', [[1, ['1', 'a\nb\r\n\nc', '3']], [5, ['4', '5', '6']]]],
  ['quotes inside an unquoted cell', '1,5" pipe,3\n4,say "hi",6', [[1, ['1', '5" pipe', '3']], [2, ['4', 'say "hi"', '6']]]],
  ['stray character behind a quote', '1,"a"b,3\n4,5,6', [[1, BROKEN], [2, ['4', '5', '6']]]],
  ['quotes not doubled', '1,"he said "no", then left",3\n4,5,6', [[1, BROKEN], [2, ['4', '5', '6']]]],
  ['broken row with a good cell over two lines', '1,"a"b,"x\ny"\n4,5,6', [[1, BROKEN], [3, ['4', '5', '6']]]],
  ['unclosed quote in the first row', '1,"a,3\n4,"b",6\n7,8,9', [[1, BROKEN], [2, ['4', 'b', '6']], [3, ['7', '8', '9']]]],
  ['unclosed quote in the middle, no quotes behind', '1,2,3\n4,"b,6\n7,8,9\n', [[1, ['1', '2', '3']], [2, BROKEN], [3, ['7', '8', '9']]]],
  ['unclosed quote at the end', '1,2,3\n4,5,"c', [[1, ['1', '2', '3']], [2, BROKEN]]],
  ['unclosed quote in the last cell', '1,2,"c\n"4","5","6"\n', [[1, BROKEN], [2, ['4', '5', '6']]]],
  ['unclosed quotes one after the other', '1,"a,3\n2,"b,3\n3,"c,3\n4,5,6', [[1, BROKEN], [2, BROKEN], [3, BROKEN], [4, ['4', '5', '6']]]],
  ['unclosed quote before a quoted cell that begins with a comma', '1,"a,3\n4,", b",6\n7,8,9', [[1, BROKEN], [2, ['4', ', b', '6']], [3, ['7', '8', '9']]]],
  ['unclosed quote before empty quoted cells', '1,"a,3\n4,"",6\n7,"h",9', [[1, BROKEN], [2, ['4', '', '6']], [3, ['7', 'h', '9']]]],
  ['unclosed quote before a cell over two lines', '1,"a,3\n4,"x\ny",6\n7,8,9', [[1, BROKEN], [2, ['4', 'x\ny', '6']], [4, ['7', '8', '9']]]],
  ['a good cell over lines in a row too long', '1,"a\nb",3,4\n7,8,9', [[1, ['1', 'a\nb', '3', '4']], [3, ['7', '8', '9']]]],
]; // prettier-ignore

describe('CSV', () => {
  test.each(CASES)('%s', async (_, text, expected) => {
    const rows = await scan(text);
    expect(rows.map(({ line, cells }) => [line, cells])).toEqual(expected);
    const lines = text.split('\n');
    // The offset is that of the line.
    for (const { line, offset } of rows) expect(offset).toBe(Buffer.byteLength(lines.slice(0, line - 1).join('\n')) + (line > 1 ? 1 : 0));
  });

  test('records do not depend on how many bytes arrive at a time', async () => {
    const text = CASES.map(([, t]) => t)
      .join('\n')
      .replaceAll('b', 'ö');
    const expected = await scan(text);
    expect(expected.length).toBeGreaterThan(40);
    for (const chunk of [2, 3, 5, 16, 61]) expect(await scan(text, {}, chunk)).toEqual(expected);
  });

  test.each<[string, Partial<CsvDialect>, string, (string[] | string)[]]>([
    ['semicolon', { delimiter: ';' }, '1;"a;b";3,5', [['1', 'a;b', '3,5']]],
    ['tab with literal quotes', { delimiter: '\t', quote: false }, '1\t"a\t3\n4\tb"\t6', [['1', '"a', '3'], ['4', 'b"', '6']]],
    ['lone CR', { newline: 13 }, '1,"a\rb",3\r4,5,6\r', [['1', 'a\rb', '3'], ['4', '5', '6']]],
    ['a quoted cell over the limit costs its line', { limit: 20 }, '1,"aaaaaaaaa\nbbbbbbbbbbbbbbb\nccc",3\n7,8,9', [BROKEN, ['bbbbbbbbbbbbbbb'], ['ccc"', '3'], ['7', '8', '9']]],
    ['a line over the limit costs itself', { limit: 20 }, `1,2,3\n4,${'x'.repeat(50)},6\n7,8,9`, [['1', '2', '3'], 'text over the limit: a line longer than 20 bytes', ['7', '8', '9']]],
  ])('%s', async (_, dialect, text, expected) => {
    for (const chunk of [4, 1 << 18]) expect((await scan(text, dialect, chunk)).map((row) => row.cells)).toEqual(expected);
  }); // prettier-ignore

  test('an unclosed quote in a long file costs one row, wherever it is', async () => {
    const lines = Array.from({ length: 60 }, (_, i) =>
      i % 3 === 0 ? `${i},"text ${i}, with a comma",x` : i % 3 === 1 ? `${i},plain,y` : `${i},"two\nlines",z`,
    );
    const whole = await scan(lines.join('\n'));
    expect(whole).toHaveLength(60);
    for (let at = 0; at < 60; at++) {
      const rows = await scan(lines.with(at, `${at},"never closed,q`).join('\n'));
      expect(rows.filter((row) => row.cells === BROKEN)).toHaveLength(1);
      expect(rows.map((row) => row.cells)).toEqual(whole.map((row, i) => (i === at ? BROKEN : row.cells)));
    }
  });
});
