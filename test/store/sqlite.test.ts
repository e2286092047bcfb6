import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, describe } from 'vitest';
import { conformance } from './conformance.js';

const folder = mkdtempSync(join(tmpdir(), 'undertone-sqlite-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const fresh = (): string => join(folder, `${(count += 1)}.db`);

describe('SQLite', () => {
  conformance({
    fresh: async () => `sqlite:${fresh()}`,
    drop: async (url) => {
      for (const end of ['', '-wal', '-shm']) rmSync(url.slice('sqlite:'.length) + end, { force: true });
    },
    rewrite: async (url, version, change) => {
      const database = new Database(url.slice('sqlite:'.length));
      const update = database.prepare('UPDATE feedback SET doc = ? WHERE seq = ?');
      for (const { seq, doc } of database.prepare('SELECT seq, doc FROM feedback').all() as { seq: number; doc: string }[]) {
        update.run([JSON.stringify(change(JSON.parse(doc) as Record<string, unknown>)), seq]);
      }
      database.prepare("UPDATE setting SET value = ? WHERE name = 'schemaVersion'").run([String(version)]);
      database.close();
    },
    atomic: true,
  });
});
