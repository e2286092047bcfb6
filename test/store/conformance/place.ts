/** Where the conformance tests run: a store that is made anew, and small helpers. */
import type { AnalyzedFeedback } from '../../../src/feedback.js';
import { openStore } from '../../../src/store/open.js';
import type { FeedbackStore } from '../../../src/store/port.js';

export interface Adapter {
  /** Url of a store that does not exist yet. */
  fresh(): Promise<string>;
  /** Removes what `fresh` gave. */
  drop(url: string): Promise<void>;
  /** Rewrites every stored document and the store's version, as an older or newer Undertone would have left them. */
  rewrite(url: string, version: number, change: (document: Record<string, unknown>) => Record<string, unknown>): Promise<void>;
  /** Whether a batch and its checkpoint are one transaction. */
  atomic: boolean;
}

/** The store under test; tests may close it and put another in its place. */
export class Place {
  url = '';
  store!: FeedbackStore;

  constructor(readonly adapter: Adapter) {}

  readonly fresh = async (): Promise<void> => {
    this.url = await this.adapter.fresh();
    this.store = await openStore(this.url);
  };

  readonly drop = async (): Promise<void> => {
    await this.store.close();
    await this.adapter.drop(this.url);
  };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export const ids = (items: AnalyzedFeedback[]): string[] => items.map(({ id }) => id);
export const daysOf = (items: AnalyzedFeedback[]): string[] => [...new Set(items.map(({ day }) => day))].sort();

/** The row as its source gives it later, different. */
export const changed = (row: AnalyzedFeedback, change: Partial<AnalyzedFeedback>): AnalyzedFeedback => ({
  ...row,
  ...change,
  contentHash: `${row.contentHash}'`,
});
