/** What the adapters share about pages, filters and sums. */
import type { AnalyzedFeedback, Checkpoint, Rollup } from '../feedback.js';
import type { CommitCounts, PageRequest, SortOrder } from './port.js';

/** Where a page ended: the sort key of its last item. `created` in milliseconds since 1970. */
export interface Position {
  score: number;
  created: number;
  id: string;
}

export const encodeCursor = (sort: SortOrder, { score, created, id }: Position): string =>
  Buffer.from(JSON.stringify([sort, score, created, id])).toString('base64url');

/** The page request checked. @throws RangeError for a limit outside 1 to 1,000 or a cursor of another sort order. */
export function readPage({ limit, sort, cursor }: PageRequest): { limit: number; sort: SortOrder; after?: Position } {
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) throw new RangeError(`page limit: expected 1 to 1000, got ${limit}`);
  if (cursor === undefined) return { limit, sort };
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    value = undefined;
  }
  if (Array.isArray(value)) {
    const [of, score, created, id] = value as unknown[];
    if (of === sort && typeof score === 'number' && typeof created === 'number' && typeof id === 'string')
      return { limit, sort, after: { score, created, id } };
  }
  throw new RangeError(`page cursor: expected one that a page sorted by ${sort} returned, got ${cursor.slice(0, 40)}`);
}

/** Matches `contains`: Unicode's simple case folding, the same in every store. */
export const containsPattern = (text: string): RegExp => new RegExp(escapePattern(text), 'iu');
export const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

export const instant = (text: string): number => {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new RangeError(`filter: expected an ISO 8601 instant, got ${text.slice(0, 40)}`);
  return time;
};

/** Sums of decimal fractions differ in their last bits with the order of adding, which no store promises. */
export const roundSum = (sum: number): number => Math.round(sum * 1_000_000) / 1_000_000 + 0;

export const roundSums = <T extends Pick<Rollup, 'scoreSum' | 'voices' | 'negativeVoices' | 'csatSum' | 'cesSum'>>(row: T): T => ({
  ...row,
  voices: roundSum(row.voices),
  negativeVoices: roundSum(row.negativeVoices),
  scoreSum: roundSum(row.scoreSum),
  csatSum: roundSum(row.csatSum),
  cesSum: roundSum(row.cesSum),
});

/** Behind a prefix: sorts after all that begins with it. */
export const LAST = '\u{10FFFF}';

/** One row an id, the last one given: a batch that names a row twice writes it once. */
export const lastOfEach = (batch: AnalyzedFeedback[]): AnalyzedFeedback[] => {
  const rows = new Map(batch.map((row) => [row.id, row]));
  return rows.size === batch.length ? batch : [...rows.values()];
};

export type CheckpointArgument = Checkpoint | ((counts: CommitCounts) => Checkpoint) | undefined;
export const resolveCheckpoint = (checkpoint: CheckpointArgument, counts: CommitCounts): Checkpoint | undefined =>
  typeof checkpoint === 'function' ? checkpoint(counts) : checkpoint;
