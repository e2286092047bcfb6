import { describe, expect, it } from 'vitest';
import type { LexiconFiles } from '../../src/analysis/index.js';
import { fixes, lintLexicons, type LintOptions } from '../../src/lexicons/lint/lint.js';

const TAXONOMY = 'delivery:\n  speed: {stages: [wait], in: "late, fast"}\n  cost: {stages: [buy], in: "price of it"}\n';

const filesOf = (contents: Record<string, string>): LexiconFiles => ({
  names: Object.keys(contents).sort(), // prettier-ignore
  text: (name) => contents[name] ?? '',
  version: '',
  model: () => undefined,
});

/** `file:line rule` of each finding, and the messages. */
function lint(contents: Record<string, string>, options?: LintOptions): { places: string[]; messages: string } {
  const { findings } = lintLexicons(filesOf({ 'taxonomy.yaml': TAXONOMY, ...contents }), options);
  return {
    places: findings.map(({ file, line, level, rule }) => `${file}:${line} ${level} ${rule}`),
    messages: findings.map(({ message }) => message).join('\n'),
  };
}

describe('the lint of the lexicons', () => {
  it('has nothing to say of a clean language', () => {
    const clean = {
      'de/sentiment.tsv': '# German\ngut\t2\nnicht gut\t-2\nschlecht\t-2\n',
      'de/modifiers.tsv': 'nicht\tnegator\t-1\nsehr\tintensifier\t1.5\n',
      'de/blockers.tsv': 'gut leserlich\n',
      'de/topics.tsv': '@tag\ttag|tage\ndelivery.speed\t(zu spät|pünktlich*)\t0\ndelivery.speed\t{tag} ... gewartet\t-\ndelivery.speed\t!pünktlich bezahlt\t0\n',
      'emoji.tsv': '😀\t2\n:)\t1\n',
      'markers.tsv': 'aja\tid\t1.5\n',
    };
    expect(lint(clean, { all: true })).toEqual({ places: [], messages: '' });
  });

  it('takes a taxonomy of the shop for an addition to ours', () => {
    const shop = (yaml: string) => lint({ 'taxonomy.yaml': yaml, 'de/topics.tsv': 'delivery.speed\tzu spät\t0\nlens.coating\tentspiegelt\t0\n' }, { taxonomy: filesOf({ 'taxonomy.yaml': `${TAXONOMY}price:\n  value: {stages: [buy], in: "price"}\n` }) });
    expect(shop('lens:\n  coating: {stages: [use], in: "coating"}\n').places).toEqual([]);
    expect(shop('delivery:\n  speed: {stages: [use], in: "late"}\n').messages).toMatch(/delivery\.speed: there is a topic of this id already/);
  }); // prettier-ignore

  it.each<[what: string, file: string, content: string, place: string, message: RegExp]>([
    ['a line without weight', 'de/sentiment.tsv', 'prima\t2\nsuper\n', '2 error malformed', /expected term<TAB>weight/],
    ['a weight out of range', 'de/sentiment.tsv', 'prima\t5\n', '1 error malformed', /expected -4 to 4, got 5/],
    ['an unknown kind', 'de/modifiers.tsv', 'sehr\tbooster\t1.5\n', '1 error malformed', /expected one of negator.*booster/],
    ['a factor out of range', 'de/modifiers.tsv', 'sehr\tintensifier\t0.5\n', '1 error factor', /a intensifier has 1\.05 to 2\.5, got 0\.5/],
    ['a blocker with a weight', 'de/blockers.tsv', 'gute nacht\t0\n', '1 error malformed', /one phrase a line/],
    ['a comment without its space', 'de/blockers.tsv', '#gute nacht\n', '1 error comment', /a comment begins with "# "/],
    ['one term twice', 'de/sentiment.tsv', 'prima\t2\nprima\t2\n', '2 error duplicate', /in line 1 already/],
    ['one term in two spellings', 'pt/sentiment.tsv', 'otimo\t2\nótimo\t3\n', '2 error duplicate', /the same as "otimo".*3 here and 2 in line 1/],
    ['opposite signs', 'sr/sentiment.tsv', 'lose\t2\nloše\t-2\n', '2 error contradiction', /-2 here and 2 in line 1/],
    ['a word its beginning covers', 'de/sentiment.tsv', 'prächtig*\t2\nprächtige\t2\n', '2 warning covered', /covered by "prächtig\*"/],
    ['a beginning of three letters', 'de/sentiment.tsv', 'bug*\t-1\n', '1 warning short-beginning', /too many words/],
    ['a beginning of two letters', 'de/sentiment.tsv', 'bu*\t-1\n', '1 error short-beginning', /too many words/],
    ['one letter', 'de/sentiment.tsv', 'x\t-1\n', '1 error one-letter', /one letter/],
    ['weight 0 for nothing', 'de/sentiment.tsv', 'tisch\t0\n', '1 warning no-weight', /no beginning covers it/],
    ['Cyrillic in German', 'de/sentiment.tsv', 'primа\t2\n', '1 error script', /another script \(а\)/],
    ['Serbian in Cyrillic', 'sr/sentiment.tsv', 'лоше\t-2\n', '1 error script', /write it in Latin, it matches both/],
    ['Cyrillic in Thai', 'th/sentiment.tsv', 'дี\t-2\n', '1 error script', /type them as Thai or Latin/],
    ['a zero-width space', 'de/sentiment.tsv', 'sehr\u200bgut\t2\n', '1 error invisible', /U\+200B/],
    ['accents as separate characters', 'de/sentiment.tsv', 'scho\u0308n\t2\n', '1 error not-nfc', /NFC/],
    ['two spaces', 'de/sentiment.tsv', 'sehr  gut\t2\n', '1 error blanks', /blank too many/],
    ['capitals', 'de/sentiment.tsv', 'Prima\t2\n', '1 error capitals', /lower case/],
    ['a comma inside', 'de/sentiment.tsv', 'hält, was\t2\n', '1 error dead', /not found in its own text.*punctuation/],
    ['no word at all', 'de/modifiers.tsv', '?\tquestion\t0.4\n', '1 error dead', /no word, number or emoji/],
    ['a star inside a word', 'de/sentiment.tsv', 'sch*ße\t-3\n', '1 error dead', /only at the end of a word/],
    ['Thai with a sign behind', 'th/sentiment.tsv', '555+\t1\n', '1 error dead', /word boundaries/],
    ['lines out of order', 'de/sentiment.tsv', 'super\t2\nprima\t2\n', '2 warning order', /"prima" belongs before "super"/],
    ['an unknown topic', 'de/topics.tsv', 'delivery.sped\tspät\t-\n', '1 error unknown-topic', /expected an id of taxonomy/],
    ['an open parenthesis', 'de/topics.tsv', 'delivery.speed\t(spät\t-\n', '1 error malformed', /a \( without its \)/],
    ['an unknown group', 'de/topics.tsv', 'delivery.speed\t{tag} spät\t-\n', '1 error malformed', /group \{tag\}/],
    ['a group nobody uses', 'de/topics.tsv', '@tag\ttag|tage\ndelivery.speed\tspät\t-\n', '1 warning group', /@tag is used by no pattern/],
    ['one phrase in two topics', 'de/topics.tsv', 'delivery.speed\teilporto\t0\ndelivery.cost\teilporto\t0\n', '2 warning overlap', /also a phrase of delivery\.speed \(line 1\)/],
    ['one phrase twice', 'de/topics.tsv', 'delivery.speed\t(spät|zäh)\t-\ndelivery.speed\t(zäh|spät)\t-\n', '2 error duplicate', /in line 1 already/],
    ['one phrase, two polarities', 'de/topics.tsv', 'delivery.speed\t(zäh|flott)\t0\ndelivery.speed\tzäh\t-\n', '2 warning contradiction', /- here and 0 in line 1/],
    ['a phrase that excludes itself', 'de/topics.tsv', 'delivery.speed\tzu spät\t-\ndelivery.speed\t!spät\t0\n', '1 error dead', /an exclusion \(!\) of delivery\.speed drops it/],
    ['a full stop inside', 'de/topics.tsv', 'delivery.speed\t(laut|lt. dhl)\t-\n', '1 error dead', /"lt\. dhl" never matches/],
    ['a sign that is no word', 'de/topics.tsv', 'delivery.cost\t(% auf|rabatt)\t+\n', '1 error lost', /matches "auf" alone/],
    ['an exclusion for nothing', 'de/topics.tsv', 'delivery.speed\tspät\t-\ndelivery.speed\t!spätzle\t0\n', '2 warning excludes-nothing', /shares no word/],
    ['a topic in two places', 'de/topics.tsv', 'delivery.speed\tspät\t-\ndelivery.cost\tporto\t0\ndelivery.speed\tzäh\t-\n', '3 warning order', /other lines up to line 1/],
    ['one emoji twice', 'emoji.tsv', '⭐\t2\n⭐️\t2\n', '2 error duplicate', /same as line 1/],
    ['a marker of two words', 'markers.tsv', 'dua kata\tid\t1\n', '1 error dead', /more than one word/],
  ])('finds %s', (_, file, content, place, message) => {
    const { places, messages } = lint({ [file]: content });
    expect(places).toEqual([`${file}:${place}`]);
    expect(messages).toMatch(message);
  });

  it.each<[what: string, contents: Record<string, string>, place: string]>([
    ['a term and a blocker', { 'de/sentiment.tsv': 'prima\t2\n', 'de/blockers.tsv': 'prima\n' }, 'de/blockers.tsv:1 error contradiction'],
    ['a modifier and a blocker', { 'de/modifiers.tsv': 'aber\tcontrast\t1\n', 'de/blockers.tsv': 'aber\n' }, 'de/modifiers.tsv:1 error contradiction'],
    ['a term and a contrast', { 'de/modifiers.tsv': 'aber\tcontrast\t1\n', 'de/sentiment.tsv': 'aber\t-1\n' }, 'de/modifiers.tsv:1 error contradiction'],
  ])('finds what is both %s', (_, contents, place) => {
    expect(lint(contents).places).toEqual([place]);
  });

  it.each<[what: string, contents: Record<string, string>]>([
    ['a word against its beginning', { 'de/sentiment.tsv': 'preis*\t1\npreislich überzogen\t-2\npreiswucher\t-3\n' }],
    ['a word that is a degree word too', { 'en/sentiment.tsv': 'pretty\t1\n', 'en/modifiers.tsv': 'pretty\tintensifier\t1.3\n' }],
    ['a rule and its exception', { 'en/topics.tsv': 'delivery.speed\t(late|early) parcel\t0\ndelivery.speed\tlate parcel\t-\n' }],
    ['& between words', { 'en/topics.tsv': 'delivery.cost\tclick & collect\t0\n' }],
    ['Latin among Thai', { 'th/sentiment.tsv': 'good\t2\nwifi ช้า\t-2\n' }],
    ['emoticons with capitals', { 'en/sentiment.tsv': ':D\t1\n' }],
    ['Thai words of one letter and its vowel', { 'th/sentiment.tsv': 'ดี\t2\n' }],
  ])('lets %s be', (_, contents) => {
    expect(lint(contents)).toEqual({ places: [], messages: '' });
  });

  it.each<[what: string, yaml: string, place: string, message: RegExp]>([
    ['an unknown stage', 'a:\n  b: {stages: [later], in: x}\n', '2 error stages', /expected some of discover.*got later/],
    ['no definition', 'a:\n  b: {stages: [buy]}\n', '2 error no-definition', /a\.b\.in/],
    ['an id twice', 'a:\n  b: {stages: [buy], in: x}\n  b: {stages: [buy], in: y}\n', '3 error malformed', /each id stands once/],
    ['a word it does not know', 'a:\n  b: {stages: [buy], in: x, out: y}\n', '2 error malformed', /a\.b\.out: expected in, stages, examples, not/],
    ['a counterexample of no topic', 'a:\n  b:\n    stages: [buy]\n    in: x\n    not: {late: a.c}\n', '5 error examples', /a\.b\.not.*"late", got a\.c/], // prettier-ignore
    ['an area that says nothing', 'a:\n  in: ""\n  b: {stages: [buy], in: x}\n', '1 error no-definition', /a\.in/],
  ])('finds %s in the taxonomy', (_, yaml, place, message) => {
    const { places, messages } = lint({ 'taxonomy.yaml': yaml });
    expect(places).toEqual([`taxonomy.yaml:${place}`]);
    expect(messages).toMatch(message);
  });

  it('counts the phrases of every topic where it is asked to, at most three a line', () => {
    const contents = { 'taxonomy.yaml': TAXONOMY, 'de/topics.tsv': 'delivery.speed\t(a1|b2|c3|d4|e5)\t0\ndelivery.speed\tzu spät\t-\n' };
    const { topics, findings } = lintLexicons(filesOf(contents), { complete: true });
    expect(topics.map(({ topic, lines, phrases, asked }) => [topic, lines, phrases, asked])).toEqual([
      ['delivery.speed', 2, 4, 40],
      ['delivery.cost', 0, 0, 40],
    ]);
    expect(findings.filter(({ file }) => file.startsWith('de/')).map(({ rule }) => rule)).toEqual(['few-phrases', 'few-phrases']);
    // Of a whole lexicon, it also wants each area defined, and texts that do and do not belong to each topic.
    expect(findings.filter(({ file }) => file === 'taxonomy.yaml').map(({ line, rule }) => `${line} ${rule}`)).toEqual([
      '1 no-definition',
      '2 examples',
      '2 examples',
      '3 examples',
      '3 examples',
    ]);
  });

  it('tells of phrases in two topics and of idle blockers when asked for all', () => {
    const contents = { 'de/topics.tsv': 'delivery.speed\t(eilporto|spät)\t0\ndelivery.cost\t(porto|eilporto)\t0\n', 'de/blockers.tsv': 'gute nacht\n' };
    expect(lint(contents).places).toEqual([]);
    expect(lint(contents, { all: true }).places).toEqual(['de/blockers.tsv:1 warning blocks-nothing', 'de/topics.tsv:1 warning shared-phrase']);
  });
});

describe('lint --fix', () => {
  it('sorts, mends and merges what needs no judgement, and keeps comments where they belong', () => {
    const sentiment = '# Portuguese\nsuper\t2\n# sem acento\notimo\t3\nótimo\t3\n Bom  preço\t1\nmau\t-1\nmaus*\t-2\nmausinho\t-2\nótima\t3\notima\t-3\n';
    const files = filesOf({ 'pt/sentiment.tsv': sentiment, 'pt/words.tsv': 'b\na\n', 'pt/blockers.tsv': 'a\nb\n' });
    expect(Object.fromEntries(fixes(files, ['pt']))).toEqual({
      // A contradiction stays for a person to settle.
      'pt/sentiment.tsv': '# Portuguese\nbom preço\t1\nmau\t-1\nmaus*\t-2\notima\t-3\nsuper\t2\nótima\t3\nótimo\t3\n',
    });
  });
});
