/** The store port: domain questions, not database verbs. `test/store/conformance.ts` proves every adapter. */
import type { AnalyzedFeedback, Checkpoint, Day, Kind, Label, PartCounts, RejectedRow, Rollup } from '../feedback.js';

export interface CommitCounts {
  inserted: number;
  updated: number;
  unchanged: number;
  /** Days whose roll-ups are out of date by this: of every row written, and the day it had before where that changed. */
  days: Day[];
}

/** Which feedback. Absent fields do not filter; lists are "any of". Times are instants in UTC, `until` exclusive. */
export interface FeedbackFilter {
  ids?: string[];
  /** Leaf ids or areas; an area means its whole subtree. With `labels`, the label is that of the topic mention. */
  topics?: string[];
  labels?: Label[];
  languages?: string[];
  sources?: string[];
  kinds?: Kind[];
  channels?: string[];
  products?: string[];
  customers?: string[];
  flags?: string[];
  /** Days of the shop. */
  days?: Day[];
  since?: string;
  until?: string;
  ratingMin?: number;
  ratingMax?: number;
  /** Bounds of the score asked about: of the topic mention where `topics` is given, else of the document. */
  scoreMin?: number;
  scoreMax?: number;
  /** Case-insensitive substring of the stored text. */
  contains?: string;
}

/** `newest`: createdAt descending. `severity`: the score asked about ascending, then newest. Ties by id. */
export type SortOrder = 'newest' | 'severity';

export interface PageRequest {
  /** 1 to 1,000. */
  limit: number;
  sort: SortOrder;
  /** As returned by the page before; stable while rows are added. */
  cursor?: string;
  /**
   * Of near-duplicates that match (feedback that shares a duplicate key, also by way of others that match), only the first in this
   * order, at its place. One that arrives between two pages moves its group to its own place.
   */
  fold?: boolean;
}

export interface Page<T> {
  items: T[];
  /** Absent on the last page. */
  next?: string;
  /** Where pages are folded: id of an item -> how many others that match are folded into it; absent ones have none. */
  folded?: ReadonlyMap<string, number>;
}

export interface DayRange {
  /** First day, inclusive; absent: from the beginning. */
  from?: Day;
  /** Last day, inclusive; absent: to the end. */
  to?: Day;
}

export type PartStatus = 'waiting' | 'done' | 'skipped' | 'failed';

/** One part of a run, by its position in the run's list. */
export interface RunPart {
  source: string;
  /** The part's key, as in its checkpoint. */
  key: string;
  /** State of the input when the run was set up, as in the part's checkpoint. */
  fingerprint: string;
  /** What the source needs to find the part again; opaque to all others. */
  spec: unknown;
  status: PartStatus;
  counts: PartCounts;
  /** Days this part wrote to; roll-ups of these are recomputed. */
  days: Day[];
  /** Why it failed; no customer text. */
  error?: string;
}

/**
 * running -> done      every part done or skipped
 *         -> partial   closed, but a part failed
 *         -> failed    the run itself could not be set up
 */
export type RunStatus = 'running' | 'done' | 'partial' | 'failed';

export interface Run {
  id: string;
  status: RunStatus;
  startedAt: string;
  closedAt?: string;
  /** The resolved sources of this run (no secrets, no text), so that every worker reads them alike. */
  sources: unknown[];
  parts: RunPart[];
  error?: string;
}

/** Dimensions of a roll-up that a question can do without. */
export type SummableDimension = 'source' | 'channel' | 'language' | 'product' | 'versions';

export interface FeedbackStore {
  /** What this store is, by its own name, for `doctor` and the report: `SQLite 3.45 (./undertone.db)`. */
  readonly name: string;
  /** Creates indexes or tables; migrates an older schema version; refuses a newer one. Safe to call from many processes. */
  init(): Promise<void>;
  /**
   * Writes a batch, then its checkpoint: in one transaction where the server has them, else in that order with durable
   * writes, so that a batch delivered twice gives the same store. Rows whose `contentHash` is stored already are not written.
   * A checkpoint that is to hold this batch's own counts is given as a function of them, called before it is written; it may be called again, and the last call counts.
   * With `replaces` (id -> the `contentHash` it was made from), a row is written only in the place of that very version: one that
   * was changed or removed since then is left alone and counts as unchanged.
   */
  commit(
    batch: AnalyzedFeedback[],
    checkpoint?: Checkpoint | ((counts: CommitCounts) => Checkpoint),
    replaces?: ReadonlyMap<string, string>,
  ): Promise<CommitCounts>;
  /** Keeps rejected rows; a repeat of the same id replaces. */
  quarantine(rows: RejectedRow[]): Promise<void>;
  rejects(filter: { sources?: string[] }): AsyncIterable<RejectedRow>;
  removeRejects(ids: string[]): Promise<void>;
  checkpoint(source: string, part: string): Promise<Checkpoint | undefined>;

  /** Recomputes the roll-ups of the ISO weeks of these days from the stored feedback: an author's voice is shared over their week. */
  refreshRollups(days: Day[]): Promise<void>;
  /**
   * In order of day, then the other dimensions. `since`/`until` of the filter are ignored: the range says which days. An adapter may
   * sum over the dimensions that are not in `tellApart`, which are then empty in its rows; absent: all are told apart.
   */
  rollups(
    range: DayRange,
    filter: Pick<FeedbackFilter, 'topics' | 'languages' | 'sources' | 'kinds' | 'channels' | 'products'>,
    tellApart?: readonly SummableDimension[],
  ): AsyncIterable<Rollup>;

  search(filter: FeedbackFilter, page: PageRequest): Promise<Page<AnalyzedFeedback>>;
  /** How many match, exactly. */
  count(filter: FeedbackFilter): Promise<number>;
  /** How many of those that match are near-duplicates of another that does, the first of each group not counted. */
  duplicates(filter: FeedbackFilter): Promise<number>;
  /** Everything that matches, in id order, without holding it in memory; from behind the id `after`, where one is given. */
  stream(filter: FeedbackFilter, after?: string): AsyncIterable<AnalyzedFeedback>;
  /** Day of the newest stored feedback. */
  newestDay(): Promise<Day | undefined>;

  readonly runs: RunStore;
  readonly settings: SettingStore;
  readonly records: RecordStore;
  /** Is the server there, which is it, and what should an operator know? Never throws. */
  health(): Promise<{ ok: boolean; detail: string; advice?: string }>;
  close(): Promise<void>;
}

export interface RunStore {
  /** Starts a run; a repeat with the same id returns the stored one unchanged. */
  start(run: Run): Promise<Run>;
  get(id: string): Promise<Run | undefined>;
  /** Newest first. */
  latest(limit: number): Promise<Run[]>;
  /** Sets the result of one part (by its index) and returns the run after it. Idempotent; parts may finish at once. */
  finishPart(id: string, index: number, result: Pick<RunPart, 'status' | 'counts' | 'days' | 'error'>): Promise<Run>;
  close(id: string, status: Exclude<RunStatus, 'running'>, closedAt: string, error?: string): Promise<Run>;
}

/** Small named values shared by all processes on this store: the pseudonym key, markers. */
export interface SettingStore {
  get(name: string): Promise<string | undefined>;
  /** Stores the value if the name has none yet; returns the one in force, so that racing processes agree. */
  setOnce(name: string, value: string): Promise<string>;
  set(name: string, value: string): Promise<void>;
}

/** A small document with a key of its own: a subscription, what was sent, a saved question. */
export interface StoredRecord {
  key: string;
  /** 1 when new, one more with each change. */
  revision: number;
  /** As JSON can hold it; its owner knows its shape. */
  document: unknown;
}

/** Records by kind and key. What may happen once is written with `put` and no revision: of all who try, one succeeds. */
export interface RecordStore {
  get(kind: string, key: string): Promise<StoredRecord | undefined>;
  /** In order of key; with `prefix`, those whose key begins so. */
  list(kind: string, prefix?: string): Promise<StoredRecord[]>;
  /**
   * Writes a new record, or with `revision` the next version of one that has exactly this revision.
   * @returns the record's revision now, or undefined where it is there already, is gone, or was changed meanwhile: nothing is written then
   */
  put(kind: string, key: string, document: unknown, revision?: number): Promise<number | undefined>;
  /** @returns whether there was one. */
  remove(kind: string, key: string): Promise<boolean>;
}
