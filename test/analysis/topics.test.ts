import { describe, expect, it } from 'vitest';
import { compileLexicon, openLexicon } from '../../src/analysis/lexicon/compile.js';
import { Hits } from '../../src/analysis/lexicon/trie.js';
import { addTopicPhrases } from '../../src/analysis/sentiment/document.js';
import { scoreClauses } from '../../src/analysis/sentiment/score.js';
import { tokenize, tokenizeThai } from '../../src/analysis/text/tokenize.js';
import { Units } from '../../src/analysis/text/units.js';
import { WordCache } from '../../src/analysis/text/words.js';
import { denyMentions } from '../../src/analysis/topics/negation.js';
import { topicSentiments, type TextSentiment } from '../../src/analysis/topics/sentiment.js';
import { parseTaxonomy } from '../../src/analysis/topics/taxonomy.js';

const taxonomy = parseTaxonomy(
  ['delivery.speed', 'delivery.lost', 'delivery.damage', 'product.quality', 'service.attitude']
    .map((id) => id.split('.') as [string, string])
    .reduce(
      (yaml, [area, leaf], i, all) => `${yaml}${all[i - 1]?.[0] === area ? '' : `${area}:\n`}  ${leaf}: {stages: [use], in: d}\n`,
      '',
    ),
);
const lines = (entries: string[]): string => entries.map((entry) => entry.replaceAll(' > ', '\t')).join('\n');

const FILES: Record<string, string> = {
  'en/sentiment.tsv': lines(['great > 3', 'good > 2', 'bad > -2', 'awful > -3', 'happy > 2']),
  'en/modifiers.tsv': lines(['but > contrast > 1.2', 'although > concession > 0.7', 'never > negator > 1', 'not > negator > 1', 'nothing > negator > 1', 'no > negator > 1']), // prettier-ignore
  'en/blockers.tsv': 'not only\n',
  'en/topics.tsv': lines([
    'delivery.speed > delivery > 0',
    'delivery.speed > late > -',
    'delivery.speed > late delivery > -',
    'delivery.speed > on time > +',
    'delivery.speed > delivered on time > +',
    'delivery.speed > early > +',
    'delivery.lost > never ... arrived > -',
    'delivery.lost > not delivered > -',
    'delivery.damage > (box|parcel) ... broken > -',
    'delivery.damage > was broken > -',
    'product.quality > quality > 0',
    'service.attitude > (staff|service) > 0',
    'service.attitude > staff ... friendly > +',
  ]),
  'de/modifiers.tsv': lines(['nicht > negator > 1', 'nichts > negator > 1', 'aber > contrast > 1.2']),
  'de/sentiment.tsv': lines(['schlecht > -2', 'schön > 2']),
  'de/topics.tsv': lines([
    'delivery.speed > zu spät > -',
    'delivery.damage > (kam|war) ... beschädigt > -',
    'delivery.lost > nicht angekommen > -',
  ]),
  'th/modifiers.tsv': lines(['แต่ > contrast > 1.2', 'ไม่ > negator > 1']),
  'th/topics.tsv': lines(['delivery.damage > กล่อง...แตก > -', 'delivery.speed > ส่งช้า > -']),
};
const files = { names: Object.keys(FILES), text: (name: string) => FILES[name] ?? '', version: '1', model: () => undefined };
const lexicons = new Map(
  ['en', 'de', 'th'].map((code, i) => [code, openLexicon(code, i, compileLexicon(code, files, taxonomy.index), files)]),
);

const EVEN: TextSentiment = [0.4, 0.2, 0.4];
function read(
  language: string,
  text: string,
  whole = EVEN,
): {
  topics: string[];
  labels: Record<string, string>;
  scores: Record<string, number>;
  spans: Record<string, string[]>;
  areas: Record<string, string>;
} {
  // prettier-ignore
  const lexicon = lexicons.get(language)!;
  const units = new Units();
  const hits = new Hits();
  if (lexicon.characters) tokenizeThai(text, units, new WordCache());
  else tokenize(text, units, new WordCache(), false);
  lexicon.trie.match(units, hits, lexicon.isOutput);
  const scored = scoreClauses(units, hits, lexicon);
  const mentions = lexicon.topics.match(units, hits);
  denyMentions(units, hits, lexicon, scored, mentions);
  addTopicPhrases(scored, mentions);
  const { topics, areas } = topicSentiments([{ units, scored, mentions }], taxonomy, whole);
  return {
    topics: topics.map(({ id }) => id),
    labels: Object.fromEntries(topics.map(({ id, label }) => [id, label])),
    scores: Object.fromEntries(topics.map(({ id, score }) => [id, score])),
    spans: Object.fromEntries(topics.map(({ id, evidence }) => [id, evidence.map(({ start, end }) => text.slice(start, end))])),
    areas: Object.fromEntries(areas.map(({ id, label }) => [id, label])),
  };
}

describe('the longest match wins within its topic only', () => {
  it.each<[string, Record<string, string[]>]>([
    ['such a late delivery', { 'delivery.speed': ['late delivery'] }],
    ['delivered on time', { 'delivery.speed': ['delivered on time'] }],
    // A long match of one topic leaves the short one of another inside it.
    ['the parcel came late and broken', { 'delivery.damage': ['parcel came late and broken'], 'delivery.speed': ['late'] }],
  ])('%s', (text, spans) => {
    expect(read('en', text).spans).toEqual(spans);
  });
});

describe('a gap ends where its clause ends', () => {
  it.each<[string, string, string[]]>([
    ['en', 'the parcel was broken', ['delivery.damage']],
    ['en', 'parcel here, phone broken', []],
    ['en', 'got the parcel. It is broken', []],
    ['en', 'parcel fine (phone broken)', []],
    ['en', 'parcel fine but phone broken', []],
    ['en', 'parcel fine although phone broken', []],
    ['de', 'kam total beschädigt', ['delivery.damage']],
    ['de', 'kam schnell, beschädigt', []],
    ['de', 'kam schnell aber beschädigt', []],
    ['th', 'กล่องมาแตก', ['delivery.damage']],
    ['th', 'กล่องสวย แก้วแตก', []],
    ['th', 'กล่องสวยแต่แก้วแตก', []],
    // A space beside a number is no end.
    ['th', 'กล่อง 2 ใบแตก', ['delivery.damage']],
  ])('%s: %s', (language, text, topics) => {
    expect(read(language, text).topics).toEqual(topics);
  });
});

describe('a phrase under a negation is not what it says', () => {
  it.each<[string, string, string, string]>([
    ['en', 'never had a late delivery', 'delivery.speed', 'positive'],
    ['en', 'late delivery', 'delivery.speed', 'negative'],
    ['en', 'nothing was broken', 'delivery.damage', 'positive'],
    ['en', 'the parcel was not broken', 'delivery.damage', 'positive'],
    ['en', 'not on time', 'delivery.speed', 'negative'],
    ['en', 'was not delivered on time', 'delivery.speed', 'negative'],
    ['en', 'staff was never friendly', 'service.attitude', 'negative'],
    ['de', 'kam nicht beschädigt', 'delivery.damage', 'positive'],
    ['de', 'zu spät war es nicht', 'delivery.speed', 'positive'],
    // Its own negator does not deny it, nor one of another phrase, one of a term, one of another clause, one swallowed by a neutral phrase.
    ['en', 'it never arrived', 'delivery.lost', 'negative'],
    ['de', 'nicht angekommen', 'delivery.lost', 'negative'],
    ['en', 'never arrived on late', 'delivery.speed', 'negative'],
    ['en', 'not happy with the late delivery', 'delivery.speed', 'negative'],
    ['en', 'no, late delivery', 'delivery.speed', 'negative'],
    ['en', 'not only late', 'delivery.speed', 'negative'],
    ['en', 'not great but late', 'delivery.speed', 'negative'],
  ])('%s: %s', (language, text, topic, label) => {
    expect(read(language, text).labels[topic]).toBe(label);
  });
});

describe('what is felt about a topic', () => {
  it.each<[string, TextSentiment, Record<string, string>]>([
    ['the nearest term decides', EVEN, { 'service.attitude': 'positive', 'product.quality': 'negative' }],
    ['the text decides where nothing is near', [0.8, 0.1, 0.1], { 'delivery.speed': 'negative' }],
    ['for good too', [0.1, 0.1, 0.8], { 'delivery.speed': 'positive' }],
    ['a neutral text leaves it neutral', [0.05, 0.9, 0.05], { 'delivery.speed': 'neutral' }],
  ])('%s', (name, whole, labels) => {
    expect(read('en', name.startsWith('the nearest') ? 'great staff and awful quality' : 'about the delivery', whole).labels).toEqual(
      labels,
    );
  });

  it('opposite mentions of a topic make it mixed, and its area', () => {
    expect(read('en', 'The first came early. The second came late.')).toMatchObject({
      labels: { 'delivery.speed': 'mixed' },
      areas: { delivery: 'mixed' },
    });
  });

  it('mentions of one side add up', () => {
    const once = read('en', 'It came late.').scores['delivery.speed']!;
    const twice = read('en', 'It came late. The second came late.').scores['delivery.speed']!;
    expect(twice).toBeLessThan(once);
  });

  it('lists topics by strength', () => {
    expect(read('en', 'The quality is good. Late delivery, awful delivery, late again.').topics).toEqual([
      'delivery.speed',
      'product.quality',
    ]);
    expect(read('en', 'Great, great quality, awful quality. The delivery was good.').topics).toEqual(['product.quality', 'delivery.speed']);
  });
});
