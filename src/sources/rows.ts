/** Values of a record, by field -> Feedback, or why not. */
import { createHash } from 'node:crypto';
import { FIELDS, type Field, type FilesSource } from '../config.js';
import { Feedback, type Kind, type Rejection } from '../feedback.js';
import { orderOf, type DateReader } from './dates.js';
import { idInLink, parseKind } from './mapping.js';
import { isEmpty, readScore, SCORES } from './scores.js';
import { cleanLine, cleanText } from './text.js';

export type Values = Partial<Record<Field, unknown>>;

export interface RowOptions {
  config: FilesSource;
  kind: Kind;
  dates: DateReader;
  /** Longest text, in UTF-16 code units. */
  textLength: number;
  /** The fields that have a column. */
  mapped: ReadonlySet<Field>;
  /** Date of rows in a file that has no date column. */
  fallbackDate: string;
}

/** A rejection whose `column` is still our field's name. */
export type FieldRejection = Omit<Rejection, 'column'> & { field?: Field };

class Refused extends Error {
  constructor(readonly rejection: FieldRejection) {
    super(rejection.reason);
  }
}

const UNREADABLE_DATE = 'unreadable date: expected ISO 8601, a day like 31.12.2026 or 12/31/2026, or epoch seconds or milliseconds';
const ORDER_OPEN = 'unreadable date: day and month cannot be told apart in this file; set dateOrder of the source to dmy or mdy';

/** @returns feedback whose `externalId` is empty where the file has no id column. */
export function toFeedback(values: Values, o: RowOptions): Feedback | FieldRejection {
  const refused = (field: Field, reason: string, value?: unknown): Refused =>
    new Refused(value === undefined ? { field, reason } : { field, reason, value: asText(value) });
  try {
    return convert(values, o, (field, reason, value) => {
      throw refused(field, reason, value);
    });
  } catch (error) {
    if (error instanceof Refused) return error.rejection;
    throw error;
  }
}

function convert(values: Values, o: RowOptions, refuse: (field: Field, reason: string, value?: unknown) => never): Feedback {
  const { config } = o;
  const line = (field: Field): string | undefined => {
    const value = values[field];
    if (isEmpty(value)) return undefined;
    if (typeof value !== 'string' && typeof value !== 'number') return refuse(field, 'wrong type: expected text', value);
    return cleanLine(String(value)) || undefined;
  };
  const prose = (field: 'text' | 'title'): string => {
    const value = values[field] ?? '';
    return typeof value === 'string' ? cleanText(value) : refuse(field, 'wrong type: expected text', value);
  };

  const externalId = o.mapped.has('id') ? readId(values, line, refuse) : '';
  let text = prose('text');
  const title = prose('title');
  if (title !== '' && !text.startsWith(title)) text = text === '' ? title : `${title}\n${text}`;
  if (text === '') refuse('text', 'no text');
  if (text.length > o.textLength)
    refuse('text', `text over the limit: expected at most ${o.textLength} characters, got ${text.length}`, text);

  const row: Feedback = { source: config.name, externalId, kind: o.kind, createdAt: readDate(values, o, refuse), text };
  for (const score of SCORES) {
    const value = values[score];
    if (isEmpty(value) || (score === 'csat' && (value === 'offered' || value === 'unoffered'))) continue;
    const read = readScore(score, value, config);
    if (typeof read !== 'number') return refuse(score, read.reason, value);
    row[score] = read;
  }
  const { rating: scale } = config.scales;
  if (row.rating !== undefined && scale !== undefined && (scale[0] !== 1 || scale[1] !== 5)) row.ratingScale = scale;
  const channel = line('channel') ?? config.channel;
  if (channel !== undefined) row.channel = channel;
  const product = line('product') ?? config.product;
  if (product !== undefined) row.product = product;
  const customer = line('customer');
  if (customer !== undefined) row.customer = customer;
  const language = languageCode(line('language')) ?? config.language;
  if (language !== undefined) row.languageHint = language;
  const url = line('url');
  if (url !== undefined) row.url = url;
  if (!isEmpty(values.kind))
    row.kind = parseKind(values.kind) ?? refuse('kind', 'wrong type: expected review, survey or ticket', values.kind);

  // The contract, whatever is above.
  const parsed = Feedback.safeParse(externalId === '' ? { ...row, externalId: '-' } : row);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const place = issue.path[0];
    const field = FIELDS.find((f) => f === place) ?? 'text';
    refuse(field, `wrong type: ${issue.message}`, values[field]);
  }
  return row;
}

function readId(values: Values, line: (field: Field) => string | undefined, refuse: (f: Field, r: string, v?: unknown) => never): string {
  const value = values.id;
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    refuse('id', 'wrong type: expected an id that is text or a whole number below 2^53', value);
  const id = line('id');
  if (id === undefined) return refuse('id', 'no id: expected a value in the id column');
  return id.startsWith('http') ? (idInLink(id) ?? id) : id;
}

function readDate(values: Values, o: RowOptions, refuse: (f: Field, r: string, v?: unknown) => never): string {
  if (!o.mapped.has('createdAt')) return o.fallbackDate;
  const value = values.createdAt;
  if (isEmpty(value)) return refuse('createdAt', UNREADABLE_DATE, value ?? '');
  if (typeof value !== 'string' && typeof value !== 'number') return refuse('createdAt', 'wrong type: expected a date', value);
  const date = o.dates.read(value);
  if (date !== undefined) return date;
  const open = o.dates.order === undefined && orderOf(value) === 'ambiguous';
  return refuse('createdAt', open ? ORDER_OPEN : UNREADABLE_DATE, value);
}

/** `pt` of `pt-BR` or `PT_br`; undefined for what is no code. */
export function languageCode(value: string | undefined): string | undefined {
  const code = value?.split(/[-_]/)[0]?.toLowerCase();
  return code !== undefined && /^[a-z]{2,3}$/.test(code) ? code : undefined;
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Hash of what the file says in the mapped columns, as it says it, so that a change of our reading does not rename rows. */
export function hashValues(values: Values): Buffer {
  const hash = createHash('sha256');
  for (const field of FIELDS) {
    const value = values[field];
    if (value !== undefined && value !== null && value !== '') hash.update(`${field}\0${asText(value)}\0`);
  }
  return hash.digest();
}

/** Counts repeats of hashes at about 16 bytes a row: rows without ids are told apart by content, and equal ones by their count. */
export class RepeatCounter {
  private table = new Float64Array(1 << 12);
  private used = 0;
  private readonly repeats = new Map<number, number>();

  /** How often the hash has come, this time included. */
  count(hash: Buffer): number {
    // 48 bits; 0 marks a free slot.
    const key = hash.readUIntBE(0, 6) || 1;
    if (!this.add(key)) {
      const n = (this.repeats.get(key) ?? 1) + 1;
      this.repeats.set(key, n);
      return n;
    }
    if (this.used * 4 > this.table.length * 3) this.grow();
    return 1;
  }

  private add(key: number): boolean {
    const mask = this.table.length - 1;
    let slot = key % this.table.length;
    while (this.table[slot] !== 0) {
      if (this.table[slot] === key) return false;
      slot = (slot + 1) & mask;
    }
    this.table[slot] = key;
    this.used++;
    return true;
  }

  private grow(): void {
    const old = this.table;
    this.table = new Float64Array(old.length * 2);
    this.used = 0;
    for (const key of old) if (key !== 0) this.add(key);
  }
}
