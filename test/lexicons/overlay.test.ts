import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createAnalyzer, type UndertoneAnalyzer } from '../../src/analysis/index.js';
import { functionWords } from '../../src/lexicons/function-words.js';
import { lexiconFolder, loadLexiconFiles } from '../../src/lexicons/load.js';
import { withShopLexicons } from '../../src/lexicons/overlay.js';

const ours = loadLexiconFiles();
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((path) => rmSync(path, { recursive: true, force: true })));

function folderWith(files: Record<string, string>): string {
  const path = mkdtempSync(join(tmpdir(), 'undertone-shop-'));
  folders.push(path);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}
const shop = (files: Record<string, string>): UndertoneAnalyzer => createAnalyzer(withShopLexicons(ours, folderWith(files)));
const evidence = (analyzer: UndertoneAnalyzer, text: string): [string, number, string][] =>
  analyzer
    .analyze(text, { language: 'en' })
    .evidence.map(({ start, end, weight, rule }) => [text.slice(start, end), weight, rule]);

describe("the shop's own lexicon", () => {
  it.each([
    ['adds a word', { 'en/sentiment.tsv': 'wobbulates\t-2\n' }, 'The dial wobbulates today.', ['wobbulates', -2.6, 'shop-term']],
    ['adds a phrase', { 'en/tuned.tsv': 'blue dial\t2\t# new\n' }, 'It has the blue dial today.', ['blue dial', 2, 'shop-term']],
    ['beats our weight', { 'en/sentiment.tsv': 'terrible\t1\n' }, 'The dial was terrible today.', ['terrible', 1, 'shop-term']],
    ['beats what was tuned', { 'en/sentiment.tsv': 'wobbulates\t1\n', 'en/tuned.tsv': 'wobbulates\t-2\n' }, 'The dial wobbulates today.', ['wobbulates', 1, 'shop-term']],
    ['is negated as ours is', { 'en/sentiment.tsv': 'zingtastic\t2\n' }, 'The dial is not zingtastic today.', ['zingtastic', -1.6, 'shop-term+negation']],
    ['makes a term neutral', { 'en/sentiment.tsv': 'terrible\t0\n' }, 'The dial was terrible today.', undefined],
    ['blocks a term of ours', { 'en/blockers.tsv': 'terrible\n' }, 'The dial was terrible today.', undefined],
    ['adds a degree word', { 'en/sentiment.tsv': 'zingtastic\t2\n', 'en/modifiers.tsv': 'mightsome\tintensifier\t2\n' }, 'The dial is mightsome zingtastic today.', ['zingtastic', 4, 'shop-term+intensified']],
  ])('%s', (_, files, text, expected) => {
    expect(evidence(shop(files as Record<string, string>), text)[0]).toEqual(expected);
  }); // prettier-ignore

  it('leaves every other text and language as it was', () => {
    const [before, after] = [createAnalyzer(ours), shop({ 'en/sentiment.tsv': 'wobbulates\t-2\n', 'en/modifiers.tsv': 'mightsome\tintensifier\t2\n' })];
    for (const text of ['The parcel came late, but the colour is lovely!', 'Sehr schlechter Service, nie wieder.', 'ส่งของช้ามาก'])
      expect(after.analyze(text)).toEqual(before.analyze(text));
  });

  it('takes patterns for topics of ours', () => {
    const text = 'I asked about the wobbulator yesterday.';
    const [topic] = shop({ 'en/topics.tsv': 'product.quality\twobbulator*\t0\n' }).analyze(text, { language: 'en' }).topics;
    expect(topic).toMatchObject({ id: 'product.quality' });
  });

  it('has another version with every entry, and the same with another remark', () => {
    const version = (files: Record<string, string>): string => withShopLexicons(ours, folderWith(files)).version;
    const one = version({ 'en/sentiment.tsv': 'wobbulates\t-2\n' });
    expect(one).not.toBe(ours.version);
    expect(version({ 'en/sentiment.tsv': 'wobbulates\t-1\n' })).not.toBe(one);
    expect(version({ 'de/sentiment.tsv': 'wobbulates\t-2\n' })).not.toBe(one);
    expect(version({ 'en/sentiment.tsv': '# of ours\n\nwobbulates\t-2\t# seen\n' })).toBe(one);
    expect(version({ 'en/sentiment.tsv': '# nothing yet\n' })).toBe(ours.version);
    expect(withShopLexicons(ours, lexiconFolder()).version).toBe(ours.version);
  });

  it.each([
    [{ 'en/sentiments.tsv': 'a\t1\n' }, /en\/sentiments\.tsv: expected one of blockers\.tsv, .*tuned\.tsv/],
    [{ 'tlh/sentiment.tsv': 'a\t1\n' }, /tlh: expected the code of a language that has a lexicon/],
    [{ 'sentiment.tsv': 'a\t1\n' }, /sentiment\.tsv: expected emoji\.tsv, taxonomy\.yaml or a folder/],
    [{ 'en/sentiment.tsv': 'fine\t1\nwobbulates\t-9\n' }, /en\/sentiment\.tsv:2: weight of "wobbulates": expected -4 to 4, got -9/],
    [{ 'en/topics.tsv': '# ours\nproduct.colour\tgrey\t0\n' }, /en\/topics\.tsv:2: topic "product\.colour": expected an id/],
  ])('names the place of a fault: %j', (files, expected) => {
    expect(() => shop(files as Record<string, string>).lexicon('en')).toThrow(expected);
  });

  const LENS = 'lens:\n  coating: {stages: [use], in: "coating of lenses"}\ndelivery:\n  drone: {stages: [wait], in: "by drone"}\n';

  it('adds topics and areas of its own, which its patterns may be for', () => {
    const analyzer = shop({ 'taxonomy.yaml': LENS, 'en/topics.tsv': 'delivery.drone\tquadcopter*\t0\nlens.coating\twobbulator*\t-\n' });
    const { topics, areas } = analyzer.analyze('The wobbulator peels. A quadcopter brought it.', { language: 'en' });
    expect(topics.map(({ id }) => id)).toEqual(expect.arrayContaining(['lens.coating', 'delivery.drone']));
    expect(areas.map(({ id }) => id)).toEqual(expect.arrayContaining(['lens', 'delivery']));
    expect(topics.find(({ id }) => id === 'lens.coating')).toMatchObject({ label: 'negative' });
    expect(shop({ 'taxonomy.yaml': LENS }).analyze('My parcel never arrived', { language: 'en' })).toEqual(createAnalyzer(ours).analyze('My parcel never arrived', { language: 'en' }));
  }); // prettier-ignore

  it('has another taxonomy version with topics of its own, whatever the remarks, and the same lexicon version', () => {
    const versions = (files: Record<string, string>) => shop(files).versions;
    const [before, one] = [createAnalyzer(ours).versions, versions({ 'taxonomy.yaml': LENS })];
    expect(one).toEqual({ ...before, taxonomy: expect.not.stringMatching(before.taxonomy) as string });
    expect(versions({ 'taxonomy.yaml': `# ours\n${LENS}` })).toEqual(one);
    expect(versions({ 'taxonomy.yaml': LENS.replace('by drone', 'flown') }).taxonomy).not.toBe(one.taxonomy);
  });

  it.each([
    ['delivery:\n  speed: {stages: [wait], in: "ours"}\n', /taxonomy\.yaml: delivery\.speed: there is a topic of this id already/],
    ['lens:\n  coating: {stages: [nap], in: "x"}\n', /taxonomy\.yaml: lens\.coating\.stages\.0/],
    ['Lens:\n  coating: {stages: [use], in: "x"}\n', /taxonomy\.yaml: Lens\.coating: expected an id of lower-case/],
    ['lens: [\n', /shop-[^/]*\/taxonomy\.yaml: /],
  ])('names the place of a fault in its topics: %j', (yaml, expected) => {
    expect(() => shop({ 'taxonomy.yaml': yaml })).toThrow(expected);
  });

  it('says that the folder is not there', () => {
    expect(() => withShopLexicons(ours, '/nowhere/lexicons')).toThrow(/expected a folder .* found nothing at \/nowhere\/lexicons/);
  });
});

it('has function words of every language', () => {
  for (const code of createAnalyzer(ours).languages) expect(functionWords(code).size).toBeGreaterThan(50);
});
