/** docs/store.md is a contract: its document, its fields and its queries are tried out here. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { MongoClient, type Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AnalyzedFeedback, Rollup } from '../../src/feedback.js';
import { countedId, rowsOf, type CountedDay } from '../../src/store/mongo/counts.js';
import { toDocument } from '../../src/store/mongo/documents.js';
import { openStore } from '../../src/store/open.js';
import type { FeedbackStore } from '../../src/store/port.js';
import { freshDatabase, mongoServer } from '../servers.js';
import { generate } from './generate.js';
import { matches, rollupsOf, sorted } from './oracle.js';

const page = readFileSync(new URL('../../docs/store.md', import.meta.url), 'utf8');
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1]!);

const rows = generate(0, 1_500, 17, { days: 30 });
const all = rollupsOf(rows);
const leaves = all.filter(({ topic }) => topic.includes('.'));

/** Sums of the roll-ups by a key. */
function sums(rollups: Rollup[], key: (row: Rollup) => string): Map<string, { n: number; negative: number }> {
  const result = new Map<string, { n: number; negative: number }>();
  for (const row of rollups) {
    const sum = result.get(key(row)) ?? { n: 0, negative: 0 };
    result.set(key(row), { n: sum.n + row.n, negative: sum.negative + row.negative });
  }
  return result;
}

function monday(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
}

const shares = [...sums(leaves, ({ topic, day }) => `${topic} ${monday(day)}`)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);

const inFourWeeks = leaves.filter(({ day }) => day >= '2026-09-07' && day <= '2026-10-04');
const worst = [...new Set(inFourWeeks.map(({ language }) => language))].sort().map((language) => {
  const topics = [...sums(inFourWeeks.filter((row) => row.language === language), ({ topic }) => topic)]; // prettier-ignore
  topics.sort(([a, x], [b, y]) => y.negative - x.negative || (a < b ? -1 : 1));
  return { language, worst: topics.slice(0, 3).map(([topic, { negative, n }]) => ({ topic, negative, n })) };
});

const nps = [...new Set(rows.map(({ product = '' }) => product))].sort().map((product) => {
  const answers = rows.flatMap((row) => (row.product ?? '') === product ? (row.nps ?? []) : []); // prettier-ignore
  const balance = answers.reduce((sum, answer) => sum + (answer >= 9 ? 1 : answer < 7 ? -1 : 0), 0);
  return { product, answers: answers.length, nps: (100 * balance) / answers.length };
});

const complaints = sorted(rows.filter((row) => matches(row, { topics: ['delivery'], labels: ['negative'], languages: ['de'] })), {}, 'newest').slice(0, 20); // prettier-ignore

describe('the document', () => {
  const example = JSON.parse(blocks('json')[0]!) as Record<string, unknown>;

  test('is what the code stores', () => {
    const { _id, mentionKeys: _keys, ...rest } = example;
    const parsed = AnalyzedFeedback.parse({ ...rest, id: _id });
    expect({ id: _id, ...rest }).toEqual(parsed);
    expect({ ...toDocument(parsed), createdAt: parsed.createdAt }).toEqual(example);
  });

  test('shows and explains every field there is', () => {
    const fields = (schema: Document, path: string): string[] =>
      Object.entries((schema['properties'] ?? {}) as Record<string, Document>).flatMap(([name, field]) => [
        path + name,
        ...fields(field, `${path}${name}.`),
      ]);
    const paths = fields(z.toJSONSchema(AnalyzedFeedback), '').filter((path) => path !== 'id');
    const table = page.slice(page.indexOf('| field | type'), page.indexOf('## Roll-ups'));
    const group = ['analysis', 'analysis.language', 'analysis.sentiment', 'versions'];
    expect(paths.filter((path) => !group.includes(path) && !table.includes(`\`${path}\``))).toEqual([]);
    expect(
      paths.filter((path) => path.split('.').reduce<unknown>((at, key) => (at as Document | undefined)?.[key], example) === undefined),
    ).toEqual([]);
  });

  test('shows a roll-up as the code reads it', () => {
    const rollup = JSON.parse(blocks('json')[1]!) as CountedDay;
    const read = [...rowsOf(rollup)];
    expect(read.map(({ topic, n, negative, positive }) => [topic, n, negative, positive])).toEqual([
      ['*', 3, 2, 1],
      ['delivery', 2, 2, 0],
      ['delivery.speed', 2, 2, 0],
    ]);
    expect(countedId(rollup)).toBe((rollup as CountedDay & { _id: string })._id);
    for (const row of read) expect(row.negative + row.neutral + row.positive + row.mixed + row.unsupported).toBe(row.n);
  });

  test('names every count of a roll-up', () => {
    const table = page.slice(page.indexOf('| field (MongoDB)'), page.indexOf('## In MongoDB'));
    expect(Object.keys(Rollup.shape).filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
  });
});

describe('the queries in SQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-docs-'));
  const file = join(folder, 'docs.db');
  let answers: Record<string, unknown>[][];
  beforeAll(async () => {
    const store = await openStore(`sqlite:${file}`);
    await fill(store);
    const database = new Database(file);
    answers = blocks('sql').map((sql) => database.prepare(sql).all() as Record<string, unknown>[]);
    database.close();
    await store.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('negative share by topic and week', () => {
    expect(answers[0]!.map(({ n, negative }) => ({ n, negative }))).toEqual(shares);
    expect(
      answers[0]!.every(
        ({ week, share, n, negative }) => monday(week as string) === week && share === (negative as number) / (n as number),
      ),
    ).toBe(true);
  });
  test('worst topics per market', () => {
    expect(answers[1]).toEqual(worst.flatMap(({ language, worst }) => worst.map((topic) => ({ language, ...topic }))));
  });
  test('NPS by product', () => {
    expect(answers[2]).toEqual(nps);
  });
  test('newest complaints', () => {
    expect(answers[3]!.map(({ id, created_at, text }) => ({ id, created_at, text }))).toEqual(
      complaints.map(({ id, createdAt, text }) => ({ id, created_at: createdAt, text })),
    );
  });
  test('are all tried', () => expect(answers).toHaveLength(4));
});

const server = await mongoServer();

describe.skipIf(server === undefined)(`the queries in ${server?.name ?? 'MongoDB'}`, () => {
  let answers: Document[][];
  beforeAll(async () => {
    const url = freshDatabase(server!.url);
    const store = await openStore(url);
    await fill(store);
    const client = new MongoClient(url);
    answers = await Promise.all(
      blocks('js').map((query) => {
        const [, collection, pipeline] = /^db\.(\w+)\.aggregate\((.*)\);\s*$/s.exec(query)!;
        // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page's own query, as a person would paste it
        return client.db().collection(collection!).aggregate((new Function(`return ${pipeline}`) as () => Document[])()).toArray(); // prettier-ignore
      }),
    );
    await client.db().dropDatabase();
    await client.close();
    await store.close();
  });

  test('negative share by topic and week', () => {
    expect(answers[0]!.map((row) => ({ n: Number(row['n']), negative: Number(row['negative']) }))).toEqual(shares);
  });
  test('worst topics per market', () => {
    expect(answers[1]).toEqual(worst.map(({ language, worst }) => ({ _id: language, worst })));
  });
  test('NPS by product', () => {
    expect(answers[2]).toEqual(nps.map(({ product, ...rest }) => ({ _id: product, ...rest })));
  });
  test('newest complaints', () => {
    expect(answers[3]!.map((row) => [String(row['_id']), String(row['text'])])).toEqual(complaints.map(({ id, text }) => [id, text]));
  });
  test('are all tried', () => expect(answers).toHaveLength(4));
});

async function fill(store: FeedbackStore): Promise<void> {
  for (let at = 0; at < rows.length; at += 500) await store.commit(rows.slice(at, at + 500));
  await store.refreshRollups([...new Set(rows.map(({ day }) => day))]);
}
