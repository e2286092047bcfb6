/** All that we need of an embedded SQLite, in the shape that libsql and node:sqlite both have. Everything is synchronous. */
import Database from 'libsql';

export type SqlValue = string | number | Uint8Array | null;
export type SqlRow = Record<string, string | number | null>;

/** A statement with what its question marks stand for. */
export interface Query {
  sql: string;
  parameters: SqlValue[];
}

export interface Statement {
  run(parameters?: SqlValue[]): void;
  all(parameters?: SqlValue[]): SqlRow[];
  get(parameters?: SqlValue[]): SqlRow | undefined;
}

export interface SqliteDatabase {
  exec(sql: string): void;
  /** Compiled once for each text. */
  prepare(sql: string): Statement;
  close(): void;
}

/** Texts of statements come from filters too, so the memory of them has a bound. */
const STATEMENTS = 200;

export function openDatabase(path: string): SqliteDatabase {
  const database = new Database(path);
  const statements = new Map<string, Statement>();
  return {
    exec: (sql) => void database.exec(sql),
    prepare(sql) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        const compiled = database.prepare(sql);
        statement = {
          run: (parameters = []) => void compiled.run(parameters),
          all: (parameters = []) => compiled.all(parameters) as SqlRow[],
          get: (parameters = []) => compiled.get(parameters) as SqlRow | undefined,
        };
        if (statements.size >= STATEMENTS) statements.clear();
        statements.set(sql, statement);
      }
      return statement;
    },
    close: () => void database.close(),
  };
}

/** The file is locked by another process just now. */
export const isBusy = (error: unknown): boolean => /^SQLITE_BUSY|^SQLITE_LOCKED/.test((error as { code?: string } | null)?.code ?? '');
