import { describe, expect, test } from 'vitest';
import { Window, type RecordScanner } from '../../src/sources/bytes.js';
import { ElementScanner, findArray, LineScanner } from '../../src/sources/json-records.js';
import { reader } from './bytes-in-memory.js';

/** `line: text` of every record, its problem in place of the text. */
async function scan(scanner: RecordScanner, text: string, chunk: number): Promise<string[]> {
  const window = new Window(reader(Buffer.from(text)), { offset: 0, line: 1 }, chunk);
  const found: string[] = [];
  for (;;) {
    const record = scanner.next(window);
    if (record !== undefined)
      found.push(`${record.line}: ${record.problem ?? window.view.toString('utf8', record.start, record.end).trim()}`);
    else if (window.eof) return found;
    else await window.fill();
  }
}

const INVALID = 'invalid JSON';

describe('NDJSON', () => {
  test.each<[string, string, string[]]>([
    ['a line a record', '{"a":1}\n{"a":2}\r\n{"a":3}', ['1: {"a":1}', '2: {"a":2}', '3: {"a":3}']],
    ['blank lines', '\n{"a":1}\n \n\n{"a":2}\n', ['2: {"a":1}', '5: {"a":2}']],
    [
      'a line over the limit',
      `{"a":1}\n{"a":"${'x'.repeat(99)}"}\n{"a":3}`,
      ['1: {"a":1}', '2: text over the limit: a line longer than 50 bytes', '3: {"a":3}'],
    ],
  ])('%s', async (_, text, expected) => {
    for (const chunk of [3, 8, 1 << 16]) expect(await scan(new LineScanner(50), text, chunk)).toEqual(expected);
  });
});

/** [what, what stands behind the opening bracket, expected records]. */
const ARRAYS: [string, string, string[]][] = [
  ['on one line', '{"a":1},{"a":2}]', ['1: {"a":1}', '1: {"a":2}']],
  ['printed over lines', '\n  {\n    "a": 1\n  },\n  {\n    "a": 2\n  }\n]', ['2: {\n    "a": 1\n  }', '5: {\n    "a": 2\n  }']],
  ['empty', ' ]', []],
  ['brackets and quotes in strings', '{"a":"}],[{\\"\\\\"},{"a":[1,[2]]}]', ['1: {"a":"}],[{\\"\\\\"}', '1: {"a":[1,[2]]}']],
  ['values that are no objects', '1, "x", null,[2],{"a":1}]', ['1: 1', '1: "x"', '1: null', '1: [2]', '1: {"a":1}']],
  ['what follows the array is left', '{"a":1}],"meta":{"a":{"b":[{"c":1}]}}}', ['1: {"a":1}']],
  ['lost closing quote', '{"a":"x},{"a":2},{"a":3}]', [`1: ${INVALID}`, '1: {"a":2}', '1: {"a":3}']],
  ['lost closing quote over lines', '\n{"a":"x, "b":1},\n{"a":2},\n{"a":3}\n]', [`2: ${INVALID}`, '3: {"a":2}', '4: {"a":3}']],
  ['lost closing brace', '{"a":1,{"a":2},{"a":3}]', [`1: ${INVALID}`, '1: {"a":2}', '1: {"a":3}']],
  ['wrong closing bracket', '{"a":[1},{"a":2}]', [`1: ${INVALID}`, '1: {"a":2}']],
  ['broken with objects inside', '{"a":"x,"b":[{"c":1},{"c":2}]},{"a":2}]', [`1: ${INVALID}`, '1: {"c":2}', '1: {"a":2}']],
  ['cut off inside an element', '{"a":1},{"a":', ['1: {"a":1}', `1: ${INVALID}`]],
  ['element over the limit', `{"a":1},{"a":["${'x'.repeat(99)}"]},\n{"a":3}]`, ['1: {"a":1}', '1: text over the limit: an element longer than 60 bytes', '2: {"a":3}']],
]; // prettier-ignore

describe('JSON arrays', () => {
  test.each(ARRAYS)('%s', async (_, text, expected) => {
    for (const chunk of [4, 16, 1 << 16]) expect(await scan(new ElementScanner(60), text, chunk)).toEqual(expected);
  });

  test('values that just follow one another', async () => {
    expect(await scan(new ElementScanner(), '{"a":\n1}\n{"a":2}', 64)).toEqual(['1: {"a":\n1}', '3: {"a":2}']);
  });

  test.each<[string, string | undefined]>([
    ['{"links":[{"rel":"next","href":"a long link, longer than the records"}],"reviews":[{"a":1}]}', 'reviews'],
    ['{"response":{"pagination":{"page":1},"reviews":[{"a":1}]}}', 'response.reviews'],
    ['{"meta":[{"a":1}],"entries":[{"a":1,"tags":[{"data":[]}]},{"a":2}]}', 'entries'],
    ['{"a":"[{","b":[1,2],"c":[]}', undefined],
  ])('the array in %s', (text, path) => {
    const found = findArray(Buffer.from(text));
    expect(found?.path).toBe(path);
    if (found !== undefined) expect(text.slice(found.offset)).toMatch(/^\{"a":1/);
  });
});
