import { beforeAll, describe, expect, it } from 'vitest';
import { loadAnalyzer } from '../../src/lexicons/analyzer.js';
import type { UndertoneAnalyzer } from '../../src/analysis/index.js';
import { Analysis } from '../../src/feedback.js';

let analyzer: UndertoneAnalyzer;
beforeAll(async () => {
  analyzer = await loadAnalyzer();
});

describe('what a text is about that says nothing of it', () => {
  it.each([
    ['Absolutely awful, I am so disappointed', 'negative', 'awful'],
    ['Bin rundum begeistert!', 'positive', 'begeistert'],
    ['แย่มาก ผิดหวังสุดๆ', 'negative', 'แย่มาก'],
  ])('praise or complaint in general: %s', (text, label, reason) => {
    const { topics, areas } = analyzer.analyze(text);
    expect(topics).toMatchObject([{ id: 'general.verdict', label }]);
    expect(areas).toMatchObject([{ id: 'general', label }]);
    const spans = topics[0]!.evidence.map(({ start, end }) => text.slice(start, end).toLowerCase());
    expect(spans.some((span) => reason.includes(span) || span.includes(reason))).toBe(true);
  });

  it.each([
    ['a topic that is named comes alone', 'Awful, the parcel came two weeks late', 'delivery.speed'],
    ['nothing is felt', 'Hello, this is Tuesday.', undefined],
    ['a language without a lexicon', 'Bardzo słaba jakość, jestem bardzo rozczarowany tym zakupem', undefined],
  ])('%s', (_, text, topic) => {
    const { topics } = analyzer.analyze(text);
    expect(topics.map(({ id }) => id)).not.toContain('general.verdict');
    expect(topics[0]?.id).toBe(topic);
  });
});

describe('a text gets its language and the sentiment a reader would give it', () => {
  it.each([
    ['en', 'negative', 'The parcel came two weeks late and nobody answered my emails, never again!'],
    ['en', 'positive', 'Arrived early, well packed, exactly as described. Love it'],
    ['en', 'neutral', 'Does this come in size 12?'],
    ['de', 'negative', 'Seit drei Wochen warte ich auf die Lieferung und keiner meldet sich.'],
    ['de', 'positive', 'Schnelle Lieferung, super Qualität, gerne wieder!'],
    ['sv', 'negative', 'Trasig vid leverans och kundtjänst svarar inte. Aldrig mer.'],
    ['sv', 'positive', 'Snabb leverans och jättebra kvalitet, är supernöjd'],
    ['th', 'negative', 'ส่งช้ามาก รอมาสองอาทิตย์แล้วยังไม่ได้ของ ผิดหวังมาก'],
    ['th', 'positive', 'ของดีมาก ส่งไว แพ็คมาดี ชอบมากค่ะ'],
    ['sr', 'negative', 'Пакет није стигао, ужас од услуге'],
    ['sr', 'negative', 'Nisam zadovoljna, haljina se pocepala posle prvog pranja'],
    ['sr', 'positive', 'Brza isporuka, odlican kvalitet, sve preporuke'],
    ['id', 'negative', 'Barang rusak dan penjual tidak mau tanggung jawab, kecewa banget'],
    ['id', 'positive', 'Barangnya bagus banget, pengiriman cepat, recommended seller'],
    ['pt', 'negative', 'Não recomendo, o produto veio com defeito e ninguém responde'],
    ['pt', 'positive', 'Chegou antes do prazo, produto excelente, adorei'],
    ['es', 'negative', 'Llevo dos semanas esperando el pedido y nadie contesta, fatal'],
    ['fr', 'positive', 'Livraison rapide, produit conforme, je recommande'],
    ['it', 'negative', 'Prodotto arrivato rotto, assistenza inesistente, pessima esperienza'],
    ['nl', 'positive', 'Snelle levering en precies wat ik zocht, erg tevreden'],
    ['da', 'negative', 'Pakken kom aldrig frem, og kundeservice svarer ikke. Elendigt'],
    ['nb', 'positive', 'Rask levering og veldig god kvalitet, anbefales!'],
  ])('%s %s: %s', (language, label, text) => {
    const result = analyzer.analyze(text);
    expect(result.language.code).toBe(language);
    expect(result.sentiment.label).toBe(label);
    expect(Analysis.parse(result)).toBeDefined();
  });

  it.each([
    ['not good at all', 'negative'],
    ['the food was not bad', 'positive'],
    ['I would never buy this again', 'negative'],
    ['great product but the delivery was a disaster and nobody helped, very disappointed', 'negative'],
  ])('follows negation and contrast: %s', (text, label) => {
    const { score } = analyzer.analyze(text, { language: 'en' }).sentiment;
    expect(Math.sign(score)).toBe(label === 'negative' ? -1 : 1);
  });
});

describe('scripts and spellings of one language give one answer', () => {
  it.each([
    ['Испорука је била брза, одличан квалитет!', 'Isporuka je bila brza, odličan kvalitet!', 'Isporuka je bila brza, odlican kvalitet!'],
    ['Пакет никад није стигао, катастрофа.', 'Paket nikad nije stigao, katastrofa.', 'Paket nikad nije stigao, katastrofa.'],
  ])('%s', (...spellings) => {
    const [cyrillic, ...latin] = spellings.map((text) => analyzer.analyze(text, { language: 'sr' }));
    for (const result of latin) {
      expect(result.language.code).toBe('sr');
      expect(result.sentiment.label).toBe(cyrillic!.sentiment.label);
      expect(result.topics.map((t) => t.id)).toEqual(cyrillic!.topics.map((t) => t.id));
      expect(result.evidence.map((e) => e.weight)).toEqual(cyrillic!.evidence.map((e) => e.weight));
    }
  });
});

describe('evidence', () => {
  const text = 'Super schnelle Lieferung 😀, aber der Reißverschluss ist kaputt.';

  it('points at the words that stand in the text, emoji before them or not', () => {
    const { evidence } = analyzer.analyze(text);
    const broken = evidence.find((e) => text.slice(e.start, e.end).includes('kaputt'));
    expect(broken!.weight).toBeLessThan(0);
  });

  it('names the topic with the words that show it, and gives each topic its own sentiment', () => {
    const { topics } = analyzer.analyze(text);
    const delivery = topics.find((t) => t.id === 'delivery.speed');
    expect(delivery?.label).toBe('positive');
    expect(text.slice(delivery!.evidence[0]!.start, delivery!.evidence[0]!.end)).toMatch(/Lieferung/);
    expect(topics.some((t) => t.id.startsWith('product.') && t.label === 'negative')).toBe(true);
  });

  it('is there for a complaint in which no word of the lexicon stands', () => {
    const plain = 'Ordered three, got one.';
    const result = analyzer.analyze(plain, { language: 'en' });
    if (result.sentiment.label === 'negative') expect(result.evidence.length).toBeGreaterThan(0);
    expect(result.sentiment.score).toBeLessThan(0);
  });
});

describe('what is not known is said', () => {
  it.each([
    ['Zestaw dotarł szybko i działa bez zarzutu, polecam wszystkim', 'pl'],
    ['Toimitus oli nopea ja tuote on erittäin hyvä', 'fi'],
    ['配送が遅くて残念でした', 'ja'],
    ['Доставка была очень быстрой, всё понравилось', 'ru'],
  ])('a language without a lexicon is unsupported, never neutral: %s', (text, code) => {
    const { language, sentiment, topics } = analyzer.analyze(text);
    expect(language.code).toBe(code);
    expect(sentiment).toEqual({ label: 'unsupported', score: 0, confidence: 0 });
    expect(topics).toEqual([]);
  });

  it('flags a rating that says the opposite of the text, and leaves the text its say', () => {
    const text = 'Worst purchase ever, broke after one day and no refund';
    const plain = analyzer.analyze(text);
    const rated = analyzer.analyze(text, { rating: 1 });
    expect(rated.sentiment).toEqual(plain.sentiment);
    expect(rated.flags).toContain('rating-disagrees');
    expect(plain.flags).not.toContain('rating-disagrees');
  });
});

describe('any string gets an answer', () => {
  const answers: [string, string, (result: ReturnType<UndertoneAnalyzer['analyze']>) => boolean][] = [
    ['empty', '', (r) => r.language.code === 'und' && r.sentiment.label === 'unsupported'],
    ['white space', ' \n\t\u3000 ', (r) => r.language.code === 'und' && r.sentiment.label === 'unsupported'],
    ['only emoji', '😡😡', (r) => r.language.code === 'und' && r.sentiment.label === 'negative'],
    ['only good emoji', '😍👍', (r) => r.sentiment.label === 'positive'],
    ['only digits', '12345', (r) => r.sentiment.label === 'unsupported'],
    ['half a surrogate pair', 'good \ud83d quality \udc00', (r) => r.sentiment.score > 0],
    ['100 kB of words', 'The delivery was late and the box was broken. '.repeat(2_200), (r) => r.sentiment.label === 'negative'],
    ['over the limit', 'bad '.repeat(100_000), (r) => r.flags.includes('truncated')],
    ['mixed scripts', 'Доставка super schnell มาก 好', () => true],
    ['NUL and controls', 'great\u0000 \u0007 service', (r) => r.sentiment.score > 0],
  ];
  it.each(answers)('%s', (_name, text, holds) => {
    const result = analyzer.analyze(text);
    expect(Analysis.safeParse(result).success).toBe(true);
    expect(holds(result)).toBe(true);
    for (const { start, end } of [...result.evidence, ...result.topics.flatMap((t) => t.evidence)]) {
      expect(start).toBeLessThan(end);
      expect(end).toBeLessThanOrEqual(text.length);
    }
  });

  it('random strings of any script', () => {
    let seed = 7;
    const random = (n: number): number => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 1) % n;
    const words = [
      'nicht',
      'gut',
      'never',
      'ไม่',
      'ดี',
      '!!!',
      '?',
      ',',
      'ali',
      'но',
      '\ud83d',
      '😀',
      'but',
      '(',
      "'",
      'https://x.y/z',
      '[email]',
      '@a',
      '#',
      '.',
      '\n',
      '  ',
    ];
    for (let i = 0; i < 1_500; i++) {
      const text = Array.from({ length: random(30) }, () =>
        random(3) === 0 ? String.fromCharCode(random(65_536)) : words[random(words.length)]!,
      ).join(random(2) === 0 ? ' ' : '');
      const result = analyzer.analyze(text);
      expect(Analysis.safeParse(result).success, JSON.stringify(text)).toBe(true);
    }
  });

  it.each(['a', 'ก', 'bad ', '!', '😀', ',', "n't ", 'aber '])('1 MB of %j is read in linear time', (piece) => {
    const timed = (length: number): number => {
      const text = piece.repeat(Math.ceil(length / piece.length));
      const from = performance.now();
      analyzer.analyze(text, { language: 'en' });
      return performance.now() - from;
    };
    timed(10_000);
    // Not a benchmark: a quadratic step would take minutes here.
    expect(timed(1_000_000)).toBeLessThan(10_000);
  });
});

it('gives the same answer twice, whatever was read between', () => {
  const text = 'Pünktlich geliefert, leider falsche Farbe 😕';
  const first = analyzer.analyze(text);
  for (const other of ['Odlično!', 'ดีมาก', 'xyz', '']) analyzer.analyze(other);
  expect(analyzer.analyze(text)).toEqual(first);
});
