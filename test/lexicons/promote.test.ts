import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../../src/analysis/index.js';
import type { LexiconFiles } from '../../src/analysis/types.js';
import { loadLexiconFiles } from '../../src/lexicons/load.js';
import { promote, type Promoted, type Promotion } from '../../src/lexicons/promote.js';

const ours = loadLexiconFiles();
/** Ours with files of a shop over them. */
const withFiles = (shop: Record<string, string>): LexiconFiles => ({
  ...ours,
  overlay: (name) => (shop[name] === undefined ? [] : [{ place: `shop/${name}`, text: shop[name] }]),
});
const run = (promotion: Partial<Promotion>, shop: Record<string, string> = {}): Promoted =>
  promote(withFiles(shop), 'shop/en/topics.tsv', { language: 'en', topic: 'product.durability', term: 'gizmotron', polarity: '-', ...promotion });

describe('promote', () => {
  it.each<[what: string, promotion: Partial<Promotion>, before: string, after: string]>([
    ['makes the file', {}, '', 'product.durability\tgizmotron\t-\n'],
    ['writes it as the lexicon does', { term: '  The  GIZMOTRON fell ' }, '', 'product.durability\tthe gizmotron fell\t-\n'],
    ['puts it behind its topic', {}, '# ours\nproduct.durability\tblorbs\t0\nservice.speed\tflib\t0', '# ours\nproduct.durability\tblorbs\t0\nproduct.durability\tgizmotron\t-\nservice.speed\tflib\t0\n'],
    ['puts a new topic in its place', {}, 'delivery.speed\tblorbs\t0\n# slow\nservice.speed\tflib\t0\n', 'delivery.speed\tblorbs\t0\nproduct.durability\tgizmotron\t-\n# slow\nservice.speed\tflib\t0\n'],
    ['takes a pattern', { term: 'gizmotron* ... (fell|blorbed)' }, '', 'product.durability\tgizmotron* ... (fell|blorbed)\t-\n'],
    ['takes Thai', { language: 'th', term: 'ปุ่มกดเด้งหลุด' }, '', 'product.durability\tปุ่มกดเด้งหลุด\t-\n'],
    ['writes Serbian in Latin', { language: 'sr', term: 'Рајсфершлус пукао' }, '', 'product.durability\trajsferšlus pukao\t-\n'],
    ['takes a topic of the shop', { topic: 'lens.coating' }, '', 'lens.coating\tgizmotron\t-\n'],
  ])('%s', (_, promotion, before, after) => {
    const shop = { 'taxonomy.yaml': 'lens:\n  coating: {stages: [use], in: "coating of lenses"}\n', [`${promotion.language ?? 'en'}/topics.tsv`]: before };
    const promoted = run(promotion, shop);
    expect(promoted).toMatchObject({ outcome: 'added', content: after });
    const { language = 'en', topic = 'product.durability', term = 'gizmotron' } = promotion;
    // One of each kind is tried out: compiling a language takes a while.
    if (language === 'en' && topic === 'product.durability') return;
    const analyzer = createAnalyzer(withFiles({ ...shop, [`${language}/topics.tsv`]: after }));
    const text = language === 'en' ? `Look at the ${term} today` : term;
    expect(analyzer.analyze(text, { language }).topics).toContainEqual(expect.objectContaining({ id: topic, label: 'negative' }));
  }); // prettier-ignore

  it('never writes a phrase twice', () => {
    expect(run({ term: 'Gizmotron' }, { 'en/topics.tsv': '# x\nproduct.durability\tgizmotron\t-\n' })).toEqual({ outcome: 'there', pattern: 'gizmotron', line: 2 });
    expect(run({ language: 'sr', term: 'ћушка' }, { 'sr/topics.tsv': 'product.durability\tcuska\t-\n' })).toMatchObject({ outcome: 'there', line: 1 });
    expect(run({ topic: 'delivery.lost', term: 'never arrived' })).toEqual({ outcome: 'covered', pattern: 'never arrived' });
  }); // prettier-ignore

  it.each<[Partial<Promotion>, RegExp]>([
    [{ term: '!gizmotron' }, /expected a word or a phrase/],
    [{ term: '{be} late' }, /expected a word or a phrase/],
    [{ term: '(gizmotron' }, /a \( without its \)/],
    [{ term: 'giz*tron' }, /a \* stands only at the end/],
    [{ term: 'gizmotron, fell' }, /punctuation/],
    [{ term: '???' }, /no word/],
    [{ topic: 'general.verdict' }, /expected one that has phrases/],
    [{ language: 'de', term: 'ложка' }, /another script/],
  ])('refuses %j', (promotion, expected) => {
    expect(() => run(promotion)).toThrow(expected);
  });

  it('leaves another polarity to the person who set it', () => {
    expect(() => run({}, { 'en/topics.tsv': 'product.durability\tgizmotron\t+\n' })).toThrow(/topics\.tsv:1: has "gizmotron" with polarity \+, not -/);
  });
});
