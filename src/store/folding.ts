/**
 * Folding near-duplicates: feedback that shares a duplicate key is in one group, and so is what shares one with that. Groups are made
 * when they are asked for, of what matches, so they depend on what is stored and not on the order in which it came.
 */
import type { AnalyzedFeedback } from '../feedback.js';
import { encodeCursor, type Position } from './paging.js';
import type { Page, SortOrder } from './port.js';

/** Sets that grow together, of numbers from 0 (union-find, the lower number leading). */
export class Sets {
  private readonly parents: number[] = [];
  /** Times that two sets became one: members less sets. */
  joined = 0;

  find(node: number): number {
    let root = node;
    for (let up = this.parents[root]; up !== undefined && up !== root; up = this.parents[root]) root = up;
    for (let at = node; at !== root;) {
      const up = this.parents[at] ?? root;
      this.parents[at] = root;
      at = up;
    }
    return root;
  }

  join(a: number, b: number): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x === y) return;
    this.parents[Math.max(x, y)] = Math.min(x, y);
    this.parents[Math.min(x, y)] = Math.min(x, y);
    this.joined += 1;
  }
}

/** What folding needs to know of a row that matches. */
export interface Member {
  position: Position;
  keys: readonly string[];
}

/** A row of a page, in order. */
export interface Row extends Member {
  item: AnalyzedFeedback;
}

/** What a store answers, for one filter and order. */
export interface Foldable {
  /** The next rows that match, at most `limit`; fewer mean the end. */
  rows(after: Position | undefined, limit: number): Promise<Row[]>;
  /** All rows that match and have one of the keys. */
  withKeys(keys: string[]): Promise<Member[]>;
}

/** Rows read at once while those of a large group are passed over. */
const MOST_ROWS = 500;

export async function foldedPage(
  store: Foldable,
  { limit, sort, after }: { limit: number; sort: SortOrder; after?: Position },
): Promise<Page<AnalyzedFeedback>> {
  const groups = new Groups(store, sort);
  const shown: Row[] = [];
  let from = after;
  for (let size = limit + 1; shown.length <= limit; size = Math.min(2 * size, Math.max(MOST_ROWS, limit + 1))) {
    const rows = await store.rows(from, size);
    await groups.learn(rows);
    shown.push(...rows.filter((row) => groups.isFirst(row)));
    from = rows.at(-1)?.position;
    if (rows.length < size) break;
  }
  const page = shown.slice(0, limit);
  const folded = new Map(page.map((row): [string, number] => [row.position.id, groups.size(row) - 1]).filter(([, n]) => n > 0));
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    ...(shown.length > limit && last !== undefined ? { next: encodeCursor(sort, last.position) } : {}),
    folded,
  };
}

/** The groups of the rows met so far, whole. */
class Groups {
  private readonly nodes = new Map<string, number>();
  private readonly sets = new Sets();
  private readonly members = new Map<string, Member>();
  private groups = new Map<number, { first: Member; size: number }>();

  constructor(
    private readonly store: Foldable,
    private readonly sort: SortOrder,
  ) {}

  /** Finds all that is in one group with these rows: asks for what has their keys, then the keys of that, until there is no new one. */
  async learn(rows: readonly Member[]): Promise<void> {
    let keys = this.newKeys(rows);
    if (keys.length === 0) return;
    while (keys.length > 0) {
      const found = await this.store.withKeys(keys);
      keys = this.newKeys(found);
      for (const member of found) this.members.set(member.position.id, member);
    }
    this.groups = new Map();
    for (const member of this.members.values()) {
      const set = this.setOf(member);
      const group = this.groups.get(set);
      if (group === undefined) this.groups.set(set, { first: member, size: 1 });
      else {
        group.size += 1;
        if (compare(this.sort, member.position, group.first.position) < 0) group.first = member;
      }
    }
  }

  isFirst(row: Member): boolean {
    const first = this.groups.get(this.setOf(row))?.first;
    // A row without keys is alone; one that went meanwhile is as it was when it was read.
    return row.keys.length === 0 || first === undefined || first.position.id === row.position.id;
  }

  size(row: Member): number {
    return row.keys.length === 0 ? 1 : (this.groups.get(this.setOf(row))?.size ?? 1);
  }

  private setOf({ keys }: Member): number {
    return this.sets.find(this.nodes.get(keys[0] ?? '') ?? -1);
  }

  /** Joins the keys of each member; those never seen before are the answer. */
  private newKeys(members: readonly Member[]): string[] {
    const fresh: string[] = [];
    for (const { keys } of members) {
      let first: number | undefined;
      for (const key of keys) {
        let node = this.nodes.get(key);
        if (node === undefined) {
          this.nodes.set(key, (node = this.nodes.size));
          fresh.push(key);
        }
        if (first === undefined) first = node;
        else this.sets.join(first, node);
      }
    }
    return fresh;
  }
}

/** Counts near-duplicates: told of rows and their keys, in any order and any number of times. */
export class DuplicateCounter<Id> {
  private readonly sets = new Sets();
  private readonly nodes = new Map<Id, number>();
  private readonly firsts = new Map<string, number>();

  add(key: string, id: Id): void {
    let node = this.nodes.get(id);
    if (node === undefined) this.nodes.set(id, (node = this.nodes.size));
    const first = this.firsts.get(key);
    if (first === undefined) this.firsts.set(key, node);
    else this.sets.join(first, node);
  }

  /** Rows that share a group with another, less one a group. */
  get duplicates(): number {
    return this.sets.joined;
  }
}

/** In the order of a page. */
function compare(sort: SortOrder, a: Position, b: Position): number {
  const byScore = sort === 'severity' ? a.score - b.score : 0;
  return byScore || b.created - a.created || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
}
