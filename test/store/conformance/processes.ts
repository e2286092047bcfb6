/** Several processes on one store. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openStore } from '../../../src/store/open.js';
import { generate } from '../generate.js';
import { byId } from '../oracle.js';
import { collect, type Place } from './place.js';

export function processes(place: Place): void {
  describe('several processes', () => {
    beforeEach(place.fresh);
    afterEach(place.drop);

    test('two writers, also of the same rows, lose nothing and store nothing twice', async () => {
      const writers = await Promise.all([write(place.url, 0, 600), write(place.url, 300, 900)]);
      const sum = (name: keyof Total): number => writers.reduce((total, writer) => total + writer[name], 0);
      expect(sum('inserted')).toBe(900);
      expect(sum('updated')).toBe(0);
      expect(sum('unchanged')).toBe(300);
      expect(await collect(place.store.stream({}))).toEqual(generate(0, 900).sort(byId));
    });

    test('a store opened by many at once is made once', async () => {
      const fresh = await place.adapter.fresh();
      const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(fresh)));
      await Promise.all(stores.map((one, i) => one.commit(generate(i * 10, i * 10 + 20))));
      expect(await stores[0]?.count({})).toBe(50);
      await Promise.all(stores.map((one) => one.close()));
      await place.adapter.drop(fresh);
    });
  });

  describe('settings', () => {
    beforeEach(place.fresh);
    afterEach(place.drop);

    test('the first value stays, whoever else comes with one', async () => {
      const other = await openStore(place.url);
      const values = await Promise.all(
        Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? place.store : other).settings.setOnce('key', `v${i}`)),
      );
      expect(new Set(values).size).toBe(1);
      expect(await other.settings.get('key')).toBe(values[0]);
      await place.store.settings.set('key', 'new');
      expect(await other.settings.get('key')).toBe('new');
      expect(await place.store.settings.get('none')).toBeUndefined();
      await other.close();
    });
  });
}

interface Total {
  inserted: number;
  updated: number;
  unchanged: number;
}

async function write(url: string, from: number, to: number): Promise<Total> {
  const script = fileURLToPath(new URL('../writer.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, url, String(from), String(to)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`writer ended with ${String(code)}`);
  return JSON.parse(output) as Total;
}
