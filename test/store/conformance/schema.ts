/** Versions of the stored shape, and health. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { duplicateKeys } from '../../../src/analysis/index.js';
import { SCHEMA_VERSION, type AnalyzedFeedback } from '../../../src/feedback.js';
import type { Migrations } from '../../../src/store/migrations.js';
import { STEPS } from '../../../src/store/steps.js';
import { openStore } from '../../../src/store/open.js';
import { generate } from '../generate.js';
import { byId, matches } from '../oracle.js';
import { collect, daysOf, type Place } from './place.js';

export function schema(place: Place): void {
  describe('schema', () => {
    beforeEach(place.fresh);
    afterEach(place.drop);

    /** A made-up shape before the first: the language was a plain code. */
    const toVersion0 = (document: Record<string, unknown>): Record<string, unknown> => {
      const { language, ...analysis } = document['analysis'] as AnalyzedFeedback['analysis'];
      return { ...document, schemaVersion: 0, analysis: { ...analysis, lang: language.code } };
    };
    const migrations: Migrations = {
      ...STEPS,
      0: (document) => {
        const { lang, ...analysis } = document['analysis'] as { lang: string };
        return { ...document, analysis: { ...analysis, language: { code: lang, confidence: 1 } } };
      },
    };

    test('an older store is brought up to date when it is opened', async () => {
      const rows = generate(0, 530);
      await place.store.commit(rows);
      await place.store.refreshRollups(daysOf(rows));
      await place.store.close();
      await place.adapter.rewrite(place.url, 0, toVersion0);
      place.store = await openStore(place.url, { migrations });
      const expected = rows.map((row) => ({
        ...row,
        analysis: { ...row.analysis, language: { code: row.analysis.language.code, confidence: 1 } },
        duplicateKeys: duplicateKeys(row.text),
      }));
      expect(await collect(place.store.stream({}))).toEqual(expected.sort(byId));
      expect(await place.store.count({ topics: ['delivery'], languages: ['de'] })).toBe(
        rows.filter((row) => matches(row, { topics: ['delivery'], languages: ['de'] })).length,
      );
      expect(await place.store.commit(rows)).toMatchObject({ unchanged: 530 });
      await place.store.close();
      place.store = await openStore(place.url);
      expect(await place.store.count({})).toBe(530);
    });

    test('a store of version 1 learns its near-duplicates', async () => {
      const text = 'The parcel came two weeks late and nobody of your service ever answered my three letters';
      const rows = generate(0, 3).map((row, i) => ({ ...row, duplicateKeys: [], text: i < 2 ? `${text}, order ${i}.` : row.text }));
      await place.store.commit(rows);
      await place.store.close();
      await place.adapter.rewrite(place.url, 1, ({ duplicateKeys: _keys, ...document }) => ({ ...document, schemaVersion: 1 }));
      place.store = await openStore(place.url);
      expect(await place.store.duplicates({})).toBe(1);
      const { items } = await place.store.search({}, { limit: 5, sort: 'newest', fold: true });
      expect(items).toHaveLength(2);
      expect(items.map((item) => item.duplicateKeys)).toEqual(items.map((item) => duplicateKeys(item.text)));
    });

    test('an older store without a way to migrate is refused, and stays as it was', async () => {
      await place.store.commit(generate(0, 3));
      await place.store.close();
      await place.adapter.rewrite(place.url, 0, toVersion0);
      await expect(openStore(place.url)).rejects.toThrow(/stored as schema version 0, which this Undertone cannot bring up to date/);
      place.store = await openStore(place.url, { migrations });
      expect(await place.store.count({})).toBe(3);
    });

    test('a newer store is refused', async () => {
      await place.store.close();
      await place.adapter.rewrite(place.url, 99, (document) => document);
      await expect(openStore(place.url)).rejects.toThrow(/written by a newer Undertone \(schema version 99, this one knows up to 3\)/);
      await place.adapter.rewrite(place.url, SCHEMA_VERSION, (document) => document);
      place.store = await openStore(place.url);
    });

    test('a store that is there is healthy and says what it is', async () => {
      const health = await place.store.health();
      expect(health).toMatchObject({ ok: true });
      expect(health.detail).toContain(place.store.name);
    });
  });
}
