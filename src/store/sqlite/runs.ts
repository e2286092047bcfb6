/** Run documents: the run in one row, each part in a row of its own, so that parts finish without reading the others first. */
import { PartCounts, type Day } from '../../feedback.js';
import type { Run, RunPart, RunStatus, RunStore } from '../port.js';
import type { Connection } from './connection.js';
import type { SqliteDatabase, SqlRow } from './driver.js';

const given = <K extends string>(key: K, value: string | number | null | undefined): Partial<Record<K, string>> =>
  value == null ? {} : ({ [key]: String(value) } as Partial<Record<K, string>>);

export class SqliteRuns implements RunStore {
  constructor(private readonly connection: Connection) {}

  async start(run: Run): Promise<Run> {
    return this.connection.write((database) => {
      const stored = read(database, run.id);
      if (stored !== undefined) return stored;
      database
        .prepare('INSERT INTO run VALUES (?, ?, ?, ?, ?, ?)')
        .run([run.id, run.status, run.startedAt, run.closedAt ?? null, JSON.stringify(run.sources), run.error ?? null]);
      run.parts.forEach((part, i) => {
        const { source, key, fingerprint, spec, status, counts, days, error } = part;
        database
          .prepare('INSERT INTO run_part VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
          .run([
            run.id,
            i,
            source,
            key,
            fingerprint,
            JSON.stringify(spec ?? null),
            status,
            JSON.stringify(counts),
            JSON.stringify(days),
            error ?? null,
          ]);
      });
      return found(database, run.id);
    });
  }

  async get(id: string): Promise<Run | undefined> {
    return read(this.connection.database, id);
  }

  async latest(limit: number): Promise<Run[]> {
    const { database } = this.connection;
    const rows = database.prepare('SELECT * FROM run ORDER BY started_at DESC, id DESC LIMIT ?').all([limit]);
    return rows.map((row) => withParts(database, row));
  }

  async finishPart(id: string, index: number, result: Pick<RunPart, 'status' | 'counts' | 'days' | 'error'>): Promise<Run> {
    return this.connection.write((database) => {
      const run = found(database, id);
      if (run.parts[index] === undefined)
        throw new RangeError(`run ${id}: expected a part from 0 to ${run.parts.length - 1}, got ${index}`);
      database
        .prepare('UPDATE run_part SET status = ?, counts = ?, days = ?, error = ? WHERE run = ? AND number = ?')
        .run([result.status, JSON.stringify(result.counts), JSON.stringify(result.days), result.error ?? null, id, index]);
      return found(database, id);
    });
  }

  async close(id: string, status: Exclude<RunStatus, 'running'>, closedAt: string, error?: string): Promise<Run> {
    return this.connection.write((database) => {
      database.prepare('UPDATE run SET status = ?, closed_at = ?, error = ? WHERE id = ?').run([status, closedAt, error ?? null, id]);
      return found(database, id);
    });
  }
}

function read(database: SqliteDatabase, id: string): Run | undefined {
  const row = database.prepare('SELECT * FROM run WHERE id = ?').get([id]);
  return row === undefined ? undefined : withParts(database, row);
}

function found(database: SqliteDatabase, id: string): Run {
  const run = read(database, id);
  if (run === undefined) throw new Error(`run ${id}: expected in the store, got none`);
  return run;
}

function withParts(database: SqliteDatabase, row: SqlRow): Run {
  const parts = database.prepare('SELECT * FROM run_part WHERE run = ? ORDER BY number').all([String(row['id'])]);
  return {
    id: String(row['id']),
    status: row['status'] as RunStatus,
    startedAt: String(row['started_at']),
    ...given('closedAt', row['closed_at']),
    sources: JSON.parse(String(row['sources'])) as unknown[],
    parts: parts.map((part) => ({
      source: String(part['source']),
      key: String(part['key']),
      fingerprint: String(part['fingerprint']),
      spec: JSON.parse(String(part['spec'])) as unknown,
      status: part['status'] as RunPart['status'],
      counts: PartCounts.parse(JSON.parse(String(part['counts']))),
      days: JSON.parse(String(part['days'])) as Day[],
      ...given('error', part['error']),
    })),
    ...given('error', row['error']),
  };
}
