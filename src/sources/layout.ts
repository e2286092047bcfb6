/** Tells from a file's first bytes how it is laid out: format, encoding, delimiter, header, where the records begin. */
import { extname } from 'node:path';
import type { FilesSource } from '../config.js';
import { openBytes, Window, type Place, type RawRecord, type RecordScanner } from './bytes.js';
import { CsvScanner, splitRecord, type CsvDialect } from './csv.js';
import { decodeRecord, sniffEncoding, type Encoding } from './encoding.js';
import { UnreadableSource } from './errors.js';
import { ElementScanner, findArray, LineScanner } from './json-records.js';

export interface Column {
  /** As in the header; for JSON the keys joined by dots. */
  name: string;
  /** What a second header row says of it (the question). */
  label?: string;
}

export interface Layout {
  format: 'csv' | 'ndjson' | 'json';
  gzip: boolean;
  encoding: Encoding;
  /** Only for CSV. */
  csv?: CsvDialect;
  /** Keys that lead to the array in a JSON wrapper object. */
  arrayPath?: string;
  columns: Column[];
  /** Cells of the first records, one array a record, in the order of `columns`. */
  samples: unknown[][];
  /** Where the first record begins. */
  data: Place;
  /** Zone that the file itself says its dates are in. */
  timeZone?: string;
}

const HEAD = 256 * 1024;
const SAMPLES = 200;
const DELIMITERS = [',', ';', '\t', '|'];
/** For files of one column, whose texts may hold any of the usual ones. */
export const NO_DELIMITER = '\x1f';

/** @throws UnreadableSource where the file cannot be opened or cannot hold records. */
export async function readLayout(path: string, config: FilesSource, limit: number): Promise<Layout> {
  const gzip = /\.gz$/i.test(path);
  const raw = await readHead(path, gzip, 'utf-8');
  const { encoding, bom } = sniffEncoding(raw.bytes, config.encoding);
  const wide = encoding.startsWith('utf-16');
  const head = wide ? await readHead(path, gzip, encoding) : { ...raw, bytes: raw.bytes.subarray(bom) };
  // Offsets count the decoded bytes, from which UTF-16 decoding drops the byte order mark.
  const start: Place = { offset: wide ? 0 : bom, line: 1 };
  const base = { gzip, encoding };
  const extension = extname(path.replace(/\.gz$/i, '')).toLowerCase();
  const first = head.bytes.find((byte) => byte > 0x20);
  const looksJson = first === 0x7b || first === 0x5b;
  if (['.csv', '.tsv', '.txt'].includes(extension) || !looksJson) {
    // Excel may say the delimiter in a line of its own.
    const stated = /^sep=([\x20-\x7e\t])\r?\n/i.exec(head.bytes.toString('latin1', 0, 8));
    if (stated === null) return { ...base, ...csvLayout(head, start, encoding, extension, config, limit, path) };
    const below: Head = { ...head, bytes: head.bytes.subarray(stated[0].length) };
    const place: Place = { offset: start.offset + stated[0].length, line: 2 };
    return { ...base, ...csvLayout(below, place, encoding, extension, { ...config, delimiter: stated[1]! }, limit, path) };
  }
  return { ...base, ...jsonLayout(head, start, extension, encoding) };
}

interface Head {
  bytes: Buffer;
  /** Whether `bytes` is the whole file. */
  whole: boolean;
}

async function readHead(path: string, gzip: boolean, encoding: Encoding): Promise<Head> {
  const reader = await openBytes(path, { gzip, encoding });
  try {
    const target = Buffer.alloc(HEAD);
    let length = 0;
    for (let read = 1; read > 0 && length < HEAD; length += read) read = await reader.read(target, length);
    return { bytes: target.subarray(0, length), whole: length < HEAD };
  } finally {
    await reader.close();
  }
}

function headRecords(head: Head, scanner: RecordScanner, start: Place, from: Place, max: number): RawRecord[] {
  const window = Window.over(head.bytes, start);
  window.pos = from.offset - start.offset;
  window.line = from.line;
  const records: RawRecord[] = [];
  while (records.length < max) {
    const record = scanner.next(window);
    if (record === undefined) return head.whole ? records : records.slice(0, -1); // the last one is cut off
    records.push(record);
  }
  return records;
}

type FormatLayout = Omit<Layout, 'gzip' | 'encoding'>;

function csvLayout(
  head: Head,
  start: Place,
  encoding: Encoding,
  extension: string,
  config: FilesSource,
  limit: number,
  path: string,
): FormatLayout {
  const newline = head.bytes.includes(10) || !head.bytes.includes(13) ? 10 : 13;
  const text = (r: RawRecord) => decodeRecord(head.bytes, r.start, r.end, encoding);
  const read = (delimiter: string, quote: boolean, columns = 0) => {
    const dialect: CsvDialect = { delimiter, quote, newline, columns, limit };
    const records = headRecords(head, new CsvScanner(dialect), start, start, SAMPLES + 3);
    return { dialect, records, rows: records.map((r) => (r.problem === undefined ? splitRecord(text(r), delimiter, quote) : [])) };
  };
  if (config.delimiter !== undefined && config.delimiter.charCodeAt(0) > 127) {
    throw new UnreadableSource(`source ${config.name}: delimiter: expected an ASCII character, got ${config.delimiter}`);
  }
  const delimiter = config.delimiter ?? sniffDelimiter(read, extension);
  const width = read(delimiter, true).rows[0]?.length ?? 0;
  const quoted = read(delimiter, true, width);
  const quote = delimiter !== '\t' || !quotesAreLiteral(quoted, read(delimiter, false, width));
  const { dialect, records, rows } = quote ? quoted : read(delimiter, false, width);
  const header = rows[0] ?? [];
  if (records[0] !== undefined && header.length === 0)
    throw new UnreadableSource(`${path}: line 1: expected a header row, got broken quoting`);
  const { columns, extra, timeZone } = readHeader(header, rows.slice(1, 3));
  const next = records[extra + 1];
  const place =
    next === undefined
      ? { offset: start.offset + head.bytes.length, line: start.line + 1 + extra }
      : { offset: next.offset, line: next.line };
  const layout: FormatLayout = {
    format: 'csv',
    csv: dialect,
    columns,
    samples: rows.slice(extra + 1).filter((r) => r.length === columns.length),
    data: place,
  };
  if (timeZone !== undefined) layout.timeZone = timeZone;
  return layout;
}

type HeadReading = { records: RawRecord[]; rows: string[][] };

function sniffDelimiter(read: (delimiter: string, quote: boolean) => HeadReading, extension: string): string {
  let best = NO_DELIMITER;
  let bestScore = 0;
  for (const delimiter of DELIMITERS) {
    const rows = read(delimiter, true).rows.filter((row) => row.length > 0);
    const width = rows[0]?.length ?? 0;
    if (width < 2) continue;
    const same = rows.filter((row) => row.length === width).length / rows.length;
    const score = same + Math.min(width, 50) / 1000 + (delimiter === '\t' && extension === '.tsv' ? 1 : 0);
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

/** Whether reading quotes as quotes breaks rows of a TSV that are right when they are ordinary characters. */
function quotesAreLiteral(quoted: HeadReading, literal: HeadReading): boolean {
  const width = literal.rows[0]?.length ?? 0;
  const bad = (reading: HeadReading) => reading.rows.filter((row) => row.length !== width).length;
  const wrapped = literal.rows.flat().filter((cell) => cell.length > 1 && cell.startsWith('"') && cell.endsWith('"')).length;
  return bad(literal) < bad(quoted) && wrapped < bad(quoted);
}

/** Header rows of Qualtrics (codes, questions, import ids) and SurveyMonkey (questions, sub-labels), else the one row. */
function readHeader(header: string[], below: string[][]): { columns: Column[]; extra: number; timeZone?: string } {
  const [second = [], third = []] = below;
  const qualtrics = third.some((cell) => cell.startsWith('{"ImportId":'));
  const blanks = header.some((cell, i) => cell.trim() === '' && (second[i] ?? '').trim() !== '');
  const surveyMonkey =
    (second[0] ?? '').trim() === '' && (blanks || second.some((cell) => /^(open-ended response|response)$/i.test(cell.trim())));
  const labelled = second.length === header.length && (qualtrics || surveyMonkey);
  let question = '';
  const columns = header.map((cell, i) => {
    const label = labelled ? second[i]!.trim() : '';
    const own = cell.trim();
    if (own !== '') question = own;
    const name = own !== '' ? own : label !== '' && question !== '' ? `${question} - ${label}` : `column ${i + 1}`;
    return label === '' ? { name } : { name, label };
  });
  const zone = /"timeZone":"([^"]+)"/.exec(third.find((cell) => cell.includes('"timeZone"')) ?? '')?.[1];
  const result = { columns, extra: qualtrics ? 2 : labelled ? 1 : 0 };
  return qualtrics && zone !== undefined ? { ...result, timeZone: zone } : result;
}

function jsonLayout(head: Head, start: Place, extension: string, encoding: Encoding): FormatLayout {
  const lines = headRecords(head, new LineScanner(), start, start, 2);
  const text = (r: RawRecord) => decodeRecord(head.bytes, r.start, r.end, encoding);
  const firstIsArray = head.bytes[head.bytes.findIndex((byte) => byte > 0x20)] === 0x5b;
  const firstLine = lines[0] === undefined ? undefined : parseJson(text(lines[0]));
  let format: 'ndjson' | 'json' = 'json';
  let arrayPath = '';
  let from: Place = start;
  const within = (offset: number): Place => ({
    offset: start.offset + offset,
    line: 1 + head.bytes.subarray(0, offset).reduce((n, byte) => n + (byte === 10 ? 1 : 0), 0),
  });
  if (firstIsArray) from = within(head.bytes.indexOf(0x5b) + 1);
  else if (['.ndjson', '.jsonl'].includes(extension) || (isObject(firstLine) && lines.length > 1)) format = 'ndjson';
  else {
    const array = findArray(head.bytes);
    const single = head.whole && isObject(firstLine) && array !== undefined && firstLine['text'] !== undefined; // one NDJSON record
    if (array !== undefined && !single) {
      from = within(array.offset);
      arrayPath = array.path;
    }
  }
  const scanner = format === 'ndjson' ? new LineScanner() : new ElementScanner();
  const objects = headRecords(head, scanner, start, from, SAMPLES)
    .map((r) => (r.problem === undefined ? parseJson(text(r)) : undefined))
    .filter(isObject);
  const names = new Set<string>();
  for (const object of objects) collectPaths(object, '', names, 0);
  const columns = [...names].map((name) => ({ name }));
  const samples = objects.map((object) => columns.map(({ name }) => valueAt(object, name)));
  const layout: FormatLayout = { format, columns, samples, data: from };
  if (arrayPath !== '') layout.arrayPath = arrayPath;
  return layout;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function collectPaths(object: Record<string, unknown>, prefix: string, names: Set<string>, depth: number): void {
  for (const [key, value] of Object.entries(object)) {
    const path = prefix + key;
    if (isObject(value)) {
      if (depth < 4) collectPaths(value, `${path}.`, names, depth + 1);
    } else if (Array.isArray(value)) {
      if (isObject(value[0]) && depth < 4) collectPaths(value[0], `${path}.0.`, names, depth + 1);
    } else names.add(path);
  }
}

/** The value under keys joined by dots; a key that has dots of its own is found first. */
export function valueAt(object: Record<string, unknown>, path: string): unknown {
  if (Object.hasOwn(object, path)) return object[path];
  let value: unknown = object;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}
