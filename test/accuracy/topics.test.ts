import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ownTopics, parseMapping } from '../../src/accuracy/mapping.js';
import { measureTopics } from '../../src/accuracy/topics.js';
import { parseTaxonomy } from '../../src/analysis/topics/taxonomy.js';
import type { SentimentLabel } from '../../src/feedback.js';
import { folder as temporary, undertone } from '../cli/undertone.js';

const TOPICS = ['delivery.speed', 'delivery.lost', 'price.value', 'product.quality', 'store.physical'];
const MAPPING = `
rows: [^Delivery, '#']
not judged: [store]
categories:
  Delivery: [delivery.speed, delivery.lost]
  Late: [delivery.speed, delivery.lost]
  Price#All: [price.value]
  Delivery#Verdict: {allows: [product.quality]}
  Delivery#Weather: not measured
`;
const mapping = parseMapping(MAPPING, 'm.yaml', TOPICS);

type Said = readonly (readonly [string, string])[];
const measured = (aspects: Said, found: Said, by = mapping): ReturnType<typeof measureTopics> =>
  measureTopics(
    [{ text: '', aspects: aspects.map(([category, label]) => ({ category, label })) }],
    [{ topics: found.map(([id, label]) => ({ id, label: label as SentimentLabel, score: label === 'positive' ? 1 : label === 'negative' ? -1 : 0 })) }],
    by,
  );

describe('measuring topics', () => {
  it.each<[string, Said, Said, { met: number; missed: number; wrong: number }]>([
    ['any accepted topic is a hit', [['Delivery', 'negative']], [['delivery.lost', 'negative']], { met: 1, missed: 0, wrong: 0 }],
    ['both of them are one hit', [['Delivery', 'negative']], [['delivery.lost', 'negative'], ['delivery.speed', 'negative']], { met: 1, missed: 0, wrong: 0 }], // prettier-ignore
    ['categories that ask for the same are one', [['Delivery', 'negative'], ['Late', 'negative']], [], { met: 0, missed: 1, wrong: 0 }],
    ['another topic is wrong', [['Delivery', 'negative']], [['price.value', 'negative']], { met: 0, missed: 1, wrong: 1 }],
    ['but not one that is not judged', [['Delivery', 'negative']], [['store.physical', 'negative']], { met: 0, missed: 1, wrong: 0 }],
    ['an allowed one is neither asked for nor wrong', [['Delivery#Verdict', 'positive']], [['product.quality', 'positive']], { met: 0, missed: 0, wrong: 0 }], // prettier-ignore
    ['nor missed', [['Delivery#Verdict', 'positive']], [], { met: 0, missed: 0, wrong: 0 }],
    ['beside what is not measured all are wrong', [['Delivery#Weather', 'negative']], [['delivery.speed', 'negative']], { met: 0, missed: 0, wrong: 1 }], // prettier-ignore
  ])('%s', (_, aspects, found, expected) => {
    expect(measured(aspects, found)).toMatchObject(expected);
  });

  it('leaves out rows without a selected category', () => {
    expect(measured([['Late', 'negative']], [['delivery.speed', 'negative']])).toBeUndefined();
    expect(measured([], [['delivery.speed', 'negative']])).toBeUndefined();
  });

  it.each<[string, Said, string, number, number | undefined]>([
    ['the same', [['Delivery', 'negative']], 'negative', 1, 1],
    ['the opposite', [['Delivery', 'positive']], 'negative', 0, 0],
    ['mixed for neutral', [['Delivery', 'neutral']], 'mixed', 1, undefined],
    ['mixed of two opposite aspects', [['Delivery', 'positive'], ['Late', 'negative']], 'mixed', 1, undefined], // prettier-ignore
    ['neutral beside a good one', [['Delivery', 'positive'], ['Late', 'neutral']], 'positive', 1, 1], // prettier-ignore
    ['neutral where it is bad', [['Delivery', 'negative']], 'neutral', 0, 0],
  ])('judges the sentiment of a found topic: %s', (_, aspects, label, right, sign) => {
    const figures = measured(aspects, [['delivery.speed', label]])!;
    expect(figures.sentiment).toEqual({ n: 1, right });
    expect(figures.sign).toEqual(sign === undefined ? { n: 0, right: 0 } : { n: 1, right: sign });
  });

  it('counts by topic: a hit under the one found, a miss under the first asked for', () => {
    expect(measured([['Delivery', 'negative']], [['delivery.lost', 'negative']])!.topics).toMatchObject({ 'delivery.lost': { met: 1 } });
    expect(measured([['Delivery', 'negative']], [['price.value', 'negative']])!.topics).toMatchObject({
      'delivery.speed': { missed: 1 },
      'price.value': { wrong: 1 },
    });
  });

  it('adds up over rows, and names categories it does not know', () => {
    const rows = ['Delivery', 'Delivery', 'Price#All', 'Delivery#New'].map((category) => ({ text: '', aspects: [{ category, label: null }] }));
    const found = ['delivery.speed', 'price.value', 'price.value', 'delivery.lost'].map((id) => ({ topics: [{ id, label: 'neutral' as const, score: 0 }] })); // prettier-ignore
    const figures = measureTopics(rows, found, mapping)!;
    expect(figures).toMatchObject({ rows: 4, met: 2, missed: 1, wrong: 2, precision: 0.5, unmapped: { 'Delivery#New': 1 }, sentiment: { n: 0 } });
    expect(figures.recall).toBeCloseTo(2 / 3);
    expect(figures.f1).toBeCloseTo(4 / 7);
  });

  it.each([
    ['no category stands for it', 'categories:\n  Price: [price.value]\n', 0],
    ['a category stands for it', 'categories:\n  Price: [price.value]\n  Overall: [general.verdict]\n', 1],
  ])('judges the topic of texts that name none only where %s', (_, yaml, wrong) => {
    const by = parseMapping(yaml, 'm.yaml', [...TOPICS, 'general.verdict'], 'general.verdict');
    expect(measured([['Price', 'negative']], [['general.verdict', 'negative']], by)).toMatchObject({ missed: 1, wrong });
  });

  it('takes rows that name our own topics as they are', () => {
    const rows = [{ text: '', topics: [['price.value', 'positive'] as [string, string]] }];
    const answer = [{ topics: [{ id: 'price.value', label: 'positive' as const, score: 0.5 }] }];
    expect(measureTopics(rows, answer, ownTopics(TOPICS))).toMatchObject({ met: 1, f1: 1, sentiment: { n: 1, right: 1 } });
  });
});

describe('a mapping', () => {
  it.each([
    ['categories: {A: [delivery.sped]}', /m\.yaml: categories: A: expected topics of the taxonomy, got delivery\.sped/],
    ['categories: {A: }', /m\.yaml: categories: A: expected a list of topics, \{allows: \[topics\]\} or "not measured"/],
    ['categories: {A: [price.value]}\nnot judged: [prices]', /m\.yaml: not judged: expected topics or areas of the taxonomy, got prices/],
    ['categories: {A: [price.value]}\nrows: ["("]', /m\.yaml: rows: expected a regular expression, got \(/],
    ['categories: [', /m\.yaml: /],
  ])('%j is refused in words', (yaml, message) => {
    expect(() => parseMapping(yaml, 'm.yaml', TOPICS)).toThrow(message);
  });

  const folder = new URL('./mappings/', import.meta.url);
  it.each(readdirSync(folder))('%s names topics of the taxonomy', (file) => {
    const { index } = parseTaxonomy(readFileSync(new URL('../../lexicons/taxonomy.yaml', import.meta.url), 'utf8'));
    expect(() => parseMapping(readFileSync(new URL(file, folder), 'utf8'), file, index.keys())).not.toThrow();
  });
});

describe('undertone accuracy --mapping', () => {
  it('prints topic figures, and those of each topic with --topics', async () => {
    const dir = temporary({
      'm.yaml': 'categories:\n  Speed: [delivery.speed]\n',
      'set.ndjson': `${JSON.stringify({ text: 'The delivery was very slow.', label: 'negative', aspects: [{ category: 'Speed', label: 'negative' }] })}\n`,
    });
    try {
      const table = await undertone(['accuracy', 'set.ndjson', '--mapping', 'm.yaml', '--topics'], { cwd: dir.path });
      expect([table.code, table.stderr]).toEqual([0, '']);
      expect(table.stdout).toMatch(/set\.ndjson +1 +100\.0 +100\.0 +100\.0 +100\.0 +100\.0/);
      expect(table.stdout).toMatch(/delivery\.speed +1 +100\.0/);
      const json = await undertone(['accuracy', 'set.ndjson', '--mapping', 'm.yaml', '--json'], { cwd: dir.path });
      expect(JSON.parse(json.stdout)).toMatchObject({ onTopics: { met: 1, missed: 0, sentiment: { n: 1, right: 1 } } });
      const wrong = await undertone(['accuracy', 'set.ndjson', '--mapping', 'none.yaml'], { cwd: dir.path });
      expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('none.yaml: cannot be read (ENOENT)')]);
    } finally {
      dir.remove();
    }
  });
});
