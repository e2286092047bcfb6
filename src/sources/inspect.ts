/** A dry run over one file: what it is taken for, and what would become of its rows. */
import { basename, dirname, resolve } from 'node:path';
import { FilesSource, type Field } from '../config.js';
import type { Feedback, Kind } from '../feedback.js';
import { NO_DELIMITER } from './layout.js';
import { nameFromPath } from './open.js';
import type { PulledReject } from './port.js';
import { RecordFile, type ReadOptions } from './record-file.js';

const ROWS_SHOWN = 5;
const REJECTS_SHOWN = 20;

export interface Inspection {
  file: string;
  format: 'csv' | 'ndjson' | 'json';
  compression: 'gzip' | null;
  encoding: string;
  /** Null outside CSV and for a file of one column. */
  delimiter: string | null;
  /** Keys that lead to the array in a JSON wrapper object; null where there is none. */
  array: string | null;
  kind: Kind;
  /** Every column that is used, ours beside it; confidence 0 to 1. */
  columns: { column: string; field: Field; confidence: number; how: 'config' | 'alias' | 'guess' }[];
  unmapped: string[];
  /** Of dates like 03/04/2026; null where the file has none. */
  dateOrder: 'dmy' | 'mdy' | 'ymd' | 'undecidable' | null;
  /** The first rows as they would be stored, before redaction and analysis. */
  rows: Feedback[];
  counts: { ok: number; rejected: number };
  /** Rejected rows by reason, most first. */
  reasons: { reason: string; n: number }[];
  /** The first rejected rows. */
  rejects: PulledReject[];
  warnings: string[];
}

/**
 * Reads the whole file in constant memory and stores nothing. The rows it shows are personal data, not redacted.
 * @param config settings of the source the file belongs to; absent: those of a file given by hand.
 * @throws UnreadableSource where it cannot be read as feedback at all.
 */
export async function inspectFile(path: string, config: Partial<FilesSource> | undefined, options: ReadOptions): Promise<Inspection> {
  const source = FilesSource.parse({ name: nameFromPath(path), ...config, path });
  const file = await RecordFile.open(dirname(resolve(path)), basename(path), source, options);
  const { layout, mapping } = file;
  const rows: Feedback[] = [];
  const rejects: PulledReject[] = [];
  const counts = { ok: 0, rejected: 0 };
  const reasons = new Map<string, number>();
  await file.scan(layout.data, undefined, (record, window) => {
    const pulled = file.read(record, window);
    if (pulled?.ok === true) {
      counts.ok++;
      if (rows.length < ROWS_SHOWN) rows.push(pulled.feedback);
    } else if (pulled !== undefined) {
      counts.rejected++;
      reasons.set(pulled.reason, (reasons.get(pulled.reason) ?? 0) + 1);
      if (rejects.length < REJECTS_SHOWN) rejects.push(pulled);
    }
  });
  const warnings = [...mapping.warnings];
  if (!file.hasDates)
    warnings.push(`no date column: every row gets the time the file was last changed; set columns.createdAt if there is one`);
  if (!file.hasIds) warnings.push('no id column: rows are told apart by their content; set columns.id if there is one');
  if (file.dateOrder === 'undecidable') warnings.push('no date says whether day or month comes first; set dateOrder');
  if (counts.ok + counts.rejected === 0) warnings.push('no rows');
  return {
    file: path,
    format: layout.format,
    compression: layout.gzip ? 'gzip' : null,
    encoding: layout.encoding,
    delimiter: layout.csv === undefined || layout.csv.delimiter === NO_DELIMITER ? null : layout.csv.delimiter,
    array: layout.arrayPath ?? null,
    kind: file.kind,
    columns: mapping.uses.map(({ column, field, confidence, how }) => ({ column, field, confidence, how })),
    unmapped: mapping.unmapped,
    dateOrder: file.dateOrder ?? null,
    rows,
    counts,
    reasons: [...reasons].map(([reason, n]) => ({ reason, n })).sort((a, b) => b.n - a.n),
    rejects,
    warnings,
  };
}
