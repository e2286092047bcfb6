/** Which column of a file is which of our fields. */
import { FIELDS, type Field, type FilesSource } from '../config.js';
import { Kind } from '../feedback.js';
import { aliasesOf } from './aliases.js';
import { DateReader } from './dates.js';
import { UnreadableSource } from './errors.js';
import type { Column, Layout } from './layout.js';
import { isEmpty, parseNumber, SCORES } from './scores.js';

export interface ColumnUse {
  column: string;
  field: Field;
  /** 0 to 1: 1 where the config says so. */
  confidence: number;
  /** `guess`: told by the values, not by the name. */
  how: 'config' | 'alias' | 'guess';
  /** Position in the layout's columns; -1 for a JSON path the sample did not have. */
  index: number;
}

export interface Mapping {
  uses: ColumnUse[];
  unmapped: string[];
  warnings: string[];
}

/** Fields without which the rows are other rows: a configured column for them must be there. */
const VITAL: readonly Field[] = ['text', 'createdAt', 'id'];

/** @throws UnreadableSource where no column has the text, or the config names a vital column that a CSV file lacks. */
export function mapColumns(layout: Layout, config: FilesSource, file: string): Mapping {
  const { columns } = layout;
  const warnings: string[] = [];
  const uses: ColumnUse[] = [];
  const settled = new Set<Field>();
  for (const field of FIELDS) {
    const wanted = config.columns[field];
    if (wanted === undefined) continue;
    settled.add(field);
    if (wanted === null) continue;
    const index = findColumn(columns, wanted);
    if (index < 0 && layout.format === 'csv') {
      if (VITAL.includes(field)) throw new UnreadableSource(`${file}: columns.${field}: expected one of ${list(columns)}, got ${wanted}`);
      warnings.push(`columns.${field} is set to ${wanted}, which the file does not have`);
    } else uses.push({ column: columns[index]?.name ?? wanted, field, confidence: 1, how: 'config', index });
  }
  const taken = new Set(uses.map((use) => use.index));
  for (const use of candidates(layout, file)) {
    if (settled.has(use.field) || taken.has(use.index)) continue;
    settled.add(use.field);
    taken.add(use.index);
    uses.push(use);
  }
  const has = (field: Field) => uses.some((use) => use.field === field);
  if (!has('id') && !settled.has('id')) {
    // Google Play has the id only inside the link.
    const link = uses.find((use) => use.field === 'url' && valuesOf(layout, use.index).some((v) => idInLink(String(v)) !== undefined));
    if (link !== undefined) uses.push({ ...link, field: 'id' });
  }
  if (!has('createdAt') && !settled.has('createdAt')) guess(layout, uses, taken, 'createdAt', looksLikeDate, warnings);
  if (!has('text') && !settled.has('text')) guess(layout, uses, taken, 'text', looksLikeProse, warnings);
  if (!has('text') && !has('title') && layout.columns.length > 0) {
    throw new UnreadableSource(
      `${file}: expected a column with the text among ${list(columns)}; set columns.text of source ${config.name}`,
    );
  }
  return { uses, unmapped: columns.filter((_, i) => !taken.has(i)).map((c) => c.name), warnings };
}

const list = (columns: Column[]): string => columns.map((c) => c.name).join(', ') || 'no columns';

function findColumn(columns: Column[], wanted: string): number {
  const exact = columns.findIndex((c) => c.name === wanted);
  return exact >= 0 ? exact : columns.findIndex((c) => c.name.trim().toLowerCase() === wanted.trim().toLowerCase());
}

const valuesOf = (layout: Layout, index: number): unknown[] => layout.samples.map((row) => row[index]).filter((value) => !isEmpty(value));

/** What every column may be by its name and its values; surest first. */
function candidates(layout: Layout, file: string): ColumnUse[] {
  const found = layout.columns.flatMap(({ name, label }, index): ColumnUse[] => {
    const own = aliasesOf(name);
    const aliases = own.length > 0 || label === undefined ? own : aliasesOf(label);
    const values = valuesOf(layout, index);
    return aliases.flatMap(({ field: usual, confidence }) => {
      const field = name.toLowerCase() === 'score' ? scoreField(values, file) : usual;
      const use = { column: name, field, confidence, how: 'alias' as const, index };
      if (confidence > 0.9 || fits(field, values)) return [use];
      // A plain name beats odd values, so that these are refused and seen, unless another column has the name and the values.
      return confidence > 0.8 && aliases.length === 1 && field !== 'kind' ? [{ ...use, confidence: MISFIT }] : [];
    });
  });
  return found.sort((a, b) => b.confidence - a.confidence || a.index - b.index);
}

const MISFIT = 0.2;

/** `score` alone is an NPS answer where its values leave 1 to 5 or the file's name says so, else a rating. */
function scoreField(values: unknown[], file: string): Field {
  const numbers = values.map(parseNumber).filter((n) => n !== undefined);
  return /nps/i.test(file) || numbers.some((n) => n > 5 || n < 1) ? 'nps' : 'rating';
}

function fits(field: Field, values: unknown[]): boolean {
  if (values.length === 0) return true;
  const numeric = values.filter((v) => parseNumber(v) !== undefined).length;
  // A word like "note" or "Bewertung" is a score in one file and a text in the next.
  if (field === 'text' || field === 'title') return numeric < values.length;
  if ((SCORES as readonly Field[]).includes(field)) return numeric * 2 >= values.length;
  // The id of a survey or a product repeats: as the id of its rows it would make one row of many.
  if (field === 'id') return new Set(values.map(String)).size * 2 > values.length;
  if (field === 'kind') return values.some((v) => parseKind(v) !== undefined);
  if (field === 'createdAt') return values.some((v) => looksLikeDate(v) || (parseNumber(v) ?? 0) > 1e8);
  return true;
}

function guess(
  layout: Layout,
  uses: ColumnUse[],
  taken: Set<number>,
  field: Field,
  fit: (v: unknown) => boolean,
  warnings: string[],
): void {
  const fitting = layout.columns
    .map((_, index) => index)
    .filter((index) => {
      const values = valuesOf(layout, index);
      return !taken.has(index) && values.length > 0 && values.filter(fit).length * 5 >= values.length * 4;
    });
  const [index] = fitting;
  if (index === undefined || fitting.length > 1) return;
  const column = layout.columns[index]!.name;
  taken.add(index);
  uses.push({ column, field, confidence: 0.3, how: 'guess', index });
  warnings.push(`column ${column} is taken as ${field} because of its values; set columns.${field} to be sure`);
}

const looksLikeProse = (value: unknown): boolean =>
  typeof value === 'string' && value.length >= 15 && (/\s\S+\s/.test(value) || /[\u0e00-\u0e7f\u3040-\u9fff]{8}/.test(value));

const anyOrder = [new DateReader('UTC', 'dmy'), new DateReader('UTC', 'mdy')];
const looksLikeDate = (value: unknown): boolean =>
  typeof value === 'string' &&
  /\d\D+\d/.test(value) &&
  !/^\d+[.,]\d+$/.test(value) &&
  anyOrder.some((dates) => dates.read(value) !== undefined);

/** The review's id inside a Google Play link. */
export function idInLink(link: string): string | undefined {
  const id = /[?&#](?:reviewId|ReviewPlace:id)=([^&#\s]+)/i.exec(link)?.[1];
  if (id === undefined) return undefined;
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** `Review`, `reviews`, `ticket` ... as a kind. */
export function parseKind(value: unknown): Kind | undefined {
  if (typeof value !== 'string') return undefined;
  const word = value.trim().toLowerCase();
  return Kind.safeParse(word.replace(/s$/, '')).data;
}

/** What the rows of a file are where no column says it: the config, else the file's name, else its columns. */
export function kindOf(config: FilesSource, file: string, mapping: Mapping): Kind {
  if (config.kind !== undefined) return config.kind;
  const name = file.split('/').at(-1)!.toLowerCase();
  for (const kind of Kind.options) if (name.includes(kind)) return kind;
  if (/(^|[^a-z])(nps|csat|ces)([^a-z]|$)/.test(name)) return 'survey';
  const has = (field: Field) => mapping.uses.some((use) => use.field === field);
  return has('nps') || has('csat') || has('ces') ? 'survey' : has('rating') ? 'review' : 'ticket';
}
