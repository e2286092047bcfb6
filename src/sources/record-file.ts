/** One opened file: its layout and mapping decided, ready to turn records into feedback. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Field, FilesSource } from '../config.js';
import type { Kind } from '../feedback.js';
import { aliasesOf } from './aliases.js';
import { isSeekable, openBytes, Window, type Place, type RawRecord, type RecordScanner } from './bytes.js';
import { CsvScanner, splitRecord } from './csv.js';
import { DateReader, orderOf, type DateOrder } from './dates.js';
import { decodeRecord } from './encoding.js';
import { ElementScanner, INVALID_JSON, LineScanner } from './json-records.js';
import { isObject, parseJson, readLayout, valueAt, type Layout } from './layout.js';
import { kindOf, mapColumns, type Mapping } from './mapping.js';
import type { Pulled, PulledReject } from './port.js';
import { hashValues, RepeatCounter, toFeedback, type FieldRejection, type RowOptions, type Values } from './rows.js';
import { cut } from './text.js';

export interface ReadOptions {
  /** The shop's zone: of dates that name none, where the source has no zone of its own. */
  timeZone: string;
  /** Longest text accepted, in UTF-16 code units. */
  textLength: number;
}

/** Longest quoted cell and line of a CSV: what a text within the limit takes at most, and never less than a mebibyte. */
export const recordLimit = (textLength: number): number => Math.max(1024 * 1024, 4 * textLength);

const RAW_LENGTH = 10_000;
const VALUE_LENGTH = 200;
/** Ends a raw record that was too long to keep. */
const CUT = '…';
const CUT_REASON = 'too long to be kept whole: expected the row put right in its file, and the file read again';
/** Fields that a JSON key may still be mapped to when the first records did not have it. */
const OPTIONAL: readonly Field[] = ['rating', 'nps', 'csat', 'ces', 'language', 'product', 'channel', 'customer', 'url', 'title'];

export type DateOrderDecision = DateOrder | 'undecidable' | undefined;

export class RecordFile {
  private readonly row: RowOptions;
  private readonly mapped: Set<Field>;
  /** For CSV: positions of cells. */
  private readonly cells: [Field, number][];
  /** For JSON: keys. */
  private readonly keys: [Field, string][];
  private readonly seenKeys: Set<string>;
  private readonly repeats = new RepeatCounter();

  private constructor(
    readonly path: string,
    /** Relative to the source's folder: what the quarantine shows. */
    readonly name: string,
    private readonly config: FilesSource,
    options: ReadOptions,
    readonly layout: Layout,
    readonly mapping: Mapping,
    readonly kind: Kind,
    /** Of dates whose digits leave the order open; undefined where no such date is. */
    readonly dateOrder: DateOrderDecision,
    modified: Date,
  ) {
    const order = dateOrder === 'undecidable' ? undefined : dateOrder;
    const dates = new DateReader(config.timeZone ?? layout.timeZone ?? options.timeZone, order);
    this.mapped = new Set(mapping.uses.map((use) => use.field));
    this.cells = mapping.uses.filter((use) => use.index >= 0).map((use) => [use.field, use.index]);
    this.keys = mapping.uses.map((use) => [use.field, use.column]);
    this.seenKeys = new Set(layout.columns.map((column) => column.name.split('.')[0]!));
    this.row = { config, kind, dates, textLength: options.textLength, mapped: this.mapped, fallbackDate: modified.toISOString() };
  }

  /** @throws UnreadableSource where the file cannot be read as feedback. */
  static async open(folder: string, name: string, config: FilesSource, options: ReadOptions): Promise<RecordFile> {
    const path = join(folder, name);
    const layout = await readLayout(path, config, recordLimit(options.textLength));
    const mapping = mapColumns(layout, config, name);
    const { mtime } = await stat(path);
    const make = (order: DateOrderDecision) =>
      new RecordFile(path, name, config, options, layout, mapping, kindOf(config, name, mapping), order, mtime);
    return make(config.dateOrder ?? (await decideOrder(layout, mapping, make(undefined))));
  }

  get hasIds(): boolean {
    return this.mapped.has('id');
  }

  get hasDates(): boolean {
    return this.mapped.has('createdAt');
  }

  get seekable(): boolean {
    return isSeekable(this.layout);
  }

  scanner(): RecordScanner {
    const { format, csv } = this.layout;
    return format === 'csv' ? new CsvScanner(csv!) : format === 'ndjson' ? new LineScanner() : new ElementScanner();
  }

  async window(from: Place, end?: number): Promise<Window> {
    const range = end === undefined || !this.seekable ? { start: from.offset } : { start: from.offset, end };
    return new Window(await openBytes(this.path, { ...this.layout, ...range }), from);
  }

  /** Shows every record from a place on, with the window it lies in, until `visit` says false. Much faster than a generator. */
  async scan(from: Place, end: number | undefined, visit: (record: RawRecord, window: Window) => boolean | void): Promise<void> {
    const window = await this.window(from, end);
    try {
      const scanner = this.scanner();
      for (;;) {
        const record = scanner.next(window);
        if (record !== undefined) {
          if (visit(record, window) === false) return;
        } else if (window.eof) return;
        else await window.fill();
      }
    } finally {
      await window.close();
    }
  }

  /** What a record says; undefined for one of which every cell is empty. */
  read(record: RawRecord, { view }: Window, encoding = this.layout.encoding): Pulled | undefined {
    const text = (end: number) => decodeRecord(view, record.start, end, encoding);
    if (record.problem !== undefined)
      return this.reject(record, text(Math.min(record.end, record.start + RAW_LENGTH * 4)), { reason: record.problem });
    const raw = text(record.end);
    const values = this.values(raw);
    if (values === undefined) return undefined;
    const feedback = 'reason' in values ? values : toFeedback(values, this.row);
    if ('reason' in feedback) return this.reject(record, raw, feedback, 'reason' in values ? undefined : values.customer);
    if (!this.hasIds) feedback.externalId = this.contentId(values as Values);
    return { ok: true, feedback };
  }

  /** A record out of the quarantine; undefined where nothing is in it. */
  readAgain(raw: string, line: number): Pulled | undefined {
    const place = { offset: 0, line };
    const window = Window.over(Buffer.from(raw), place);
    const record = this.scanner().next(window);
    if (record === undefined) return undefined;
    // Part of a record must not pass for a whole one.
    if (raw.length > RAW_LENGTH / 2 && raw.endsWith(CUT)) return this.reject(place, raw, { reason: CUT_REASON });
    return this.read(record, window, 'utf-8');
  }

  /** Values of the mapped columns of a CSV record or a JSON object. */
  private values(raw: string): Values | FieldRejection | undefined {
    const { csv, columns } = this.layout;
    const values: Values = {};
    if (csv !== undefined) {
      const cells = splitRecord(raw, csv.delimiter, csv.quote);
      if (cells.every((cell) => cell.trim() === '')) return undefined;
      if (cells.length !== columns.length) return { reason: `wrong number of columns: expected ${columns.length}, got ${cells.length}` };
      for (const [field, index] of this.cells) values[field] = cells[index];
      return values;
    }
    const object = parseJson(raw);
    if (!isObject(object)) return { reason: object === undefined ? INVALID_JSON : 'not an object' };
    for (const key in object) if (!this.seenKeys.has(key)) this.learn(key);
    for (const [field, key] of this.keys) values[field] = valueAt(object, key);
    if (typeof values.id === 'number' && !Number.isSafeInteger(values.id)) values.id = longId(raw, this.keys) ?? values.id;
    return values;
  }

  private learn(key: string): void {
    this.seenKeys.add(key);
    const alias = aliasesOf(key).find(
      ({ field }) => OPTIONAL.includes(field) && !this.mapped.has(field) && this.config.columns[field] === undefined,
    );
    if (alias === undefined) return;
    this.mapped.add(alias.field);
    this.keys.push([alias.field, key]);
  }

  private contentId(values: Values): string {
    const hash = hashValues(values);
    const n = this.repeats.count(hash);
    const id = hash.toString('hex', 0, 12);
    return n === 1 ? id : `${id}-${n}`;
  }

  private reject(place: Place, raw: string, { field, reason, value }: FieldRejection, customer?: unknown): PulledReject {
    const column = field === undefined ? undefined : (this.mapping.uses.find((use) => use.field === field)?.column ?? field);
    return {
      ok: false,
      id: `${this.config.name}/${this.name}#${place.offset}`,
      file: this.name,
      row: place.line,
      ...(column === undefined ? {} : { column }),
      reason,
      ...(value === undefined ? {} : { value: cut(value, VALUE_LENGTH) }),
      raw: raw.length > RAW_LENGTH ? cut(raw, RAW_LENGTH - CUT.length) + CUT : raw,
      ...(typeof customer === 'string' || typeof customer === 'number' ? { customer: String(customer) } : {}),
    };
  }

  /** The date cell of a record as it stands there. */
  dateCell(record: RawRecord, { view }: Window): unknown {
    if (record.problem !== undefined) return undefined;
    const values = this.values(decodeRecord(view, record.start, record.end, this.layout.encoding));
    return values === undefined || 'reason' in values ? undefined : values.createdAt;
  }
}

/** Digits of an id too long for a JavaScript number, from the record itself. */
function longId(raw: string, keys: [Field, string][]): string | undefined {
  const key = keys
    .find(([field]) => field === 'id')![1]
    .split('.')
    .at(-1)!;
  const found = [...raw.matchAll(/"([^"\\]+)"\s*:\s*(\d{16,})\s*[,}]/g)].filter((match) => match[1] === key);
  return found.length === 1 ? found[0]![2] : undefined;
}

/** The majority of the first records decides; where they leave it open, the first later record that does not. */
async function decideOrder(layout: Layout, mapping: Mapping, file: RecordFile): Promise<DateOrderDecision> {
  const use = mapping.uses.find(({ field }) => field === 'createdAt');
  if (use === undefined) return undefined;
  const seen = { dmy: 0, mdy: 0, ambiguous: 0 };
  for (const row of layout.samples) {
    const order = orderOf(row[use.index]);
    if (order !== undefined) seen[order]++;
  }
  if (seen.dmy !== seen.mdy) return seen.dmy > seen.mdy ? 'dmy' : 'mdy';
  // A file whose first records are all ISO dates is not read to its end for the odd other one, unless that comes early.
  if (seen.ambiguous === 0) return undefined;
  let decided: DateOrderDecision = 'undecidable';
  await file.scan(layout.data, undefined, (record, window) => {
    const order = orderOf(file.dateCell(record, window));
    if (order === 'dmy' || order === 'mdy') decided = order;
    return decided === 'undecidable';
  });
  return decided;
}

/** Of everything but the path: a row means the same as long as this is the same. */
export function configHash(config: FilesSource, options: ReadOptions): string {
  const rest: Partial<FilesSource> = { ...config };
  delete rest.path;
  return createHash('sha256')
    .update(JSON.stringify([READER_VERSION, rest, options]))
    .digest('hex');
}

/** Raise it when rows of an unchanged file come to mean something else. */
const READER_VERSION = 1;
