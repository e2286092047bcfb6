import { describe, expect, it } from 'vitest';
import { authorPrior } from '../../src/analysis/language/prior.js';
import { loadAnalyzer } from '../../src/lexicons/analyzer.js';

const analyzer = await loadAnalyzer();
const code = (text: string, hints = {}): string => analyzer.analyze(text, hints).language.code;

describe('a text gets its language', () => {
  it.each([
    ['sr', 'Paket je stigao posle dve nedelje, a kutija je bila cela izgužvana.'],
    ['sr', 'Nisam zadovoljna, razocarala sam se i vise necu narucivati ovde.'],
    ['sr', 'Не вреди ни динара, мајица се распала после првог прања.'],
    ['hr', 'Naručila sam haljinu prije tri tjedna, a tvrtka se uopće ne javlja.'],
    ['hr', 'Tko je odgovoran za ovo? Računalo je stiglo s razbijenim zaslonom.'],
    ['bs', 'Kahva je bila hladna, a hljeb star, nikad više u taj kafić u Sarajevu.'],
    ['id', 'Barangnya bagus banget tapi kirimnya lama, kurirnya gak ramah.'],
    ['id', 'Kualitas produk tidak sesuai dengan gambar, saya kecewa karena uang tidak kembali.'],
    ['ms', 'Penghantaran lambat sangat, awak semua perlu baiki servis kaunter kerana pelanggan menunggu.'],
    ['nb', 'Jeg fikk aldri pakken, og ingen svarer når jeg ringer dere.'],
    ['da', 'Jeg fik aldrig pakken, og der er ikke nogen af jer, der svarer.'],
    ['hi', 'Bhai kya bakwas phone hai, do din me hi kharab ho gaya.'],
    ['hi', 'फोन बहुत अच्छा है'],
    ['sl', 'Naročila sem čevlje, prišli pa so šele po treh tednih.'],
    ['mk', 'Не знам што да правам, парите не ми ги вратија.'],
    ['cy', "Mae'r gwasanaeth yn wael iawn a doedd neb yn fodlon helpu ni o gwbl."],
  ])('%s: %s', (language, text) => {
    expect(code(text)).toBe(language);
  });
});

describe('what is known beforehand weighs and does not decide', () => {
  const unclear = 'Super';

  it('a clear text keeps its language against hint, expectation and history together', async () => {
    const croatian = await loadAnalyzer({ expected: ['hr'] });
    const text = 'Die Lieferung kam zwei Wochen zu spät und niemand hat sich bei mir gemeldet.';
    expect(croatian.analyze(text, { language: 'hr', authorLanguages: { hr: 500 } }).language.code).toBe('de');
  });

  it.each(['de', 'da', 'en'])('a short text that could be either goes to the language its author wrote before: %s', (language) => {
    expect(code(unclear, { authorLanguages: { [language]: 8 } })).toBe(language);
  });

  it.each([
    ['one text', { sr: 1 }, 1.04],
    ['six texts, no other', { sr: 6 }, 2.92],
    ['never more than 3', { sr: 100_000 }, 3],
    ['half of them', { sr: 50, en: 50 }, 1.5],
    ['tags of one language are one', { 'sr-Latn': 3, 'sr-Cyrl': 3 }, 2.92],
    ['none', { en: 9 }, 0],
    ['counts that are none', { sr: -3, en: Number.NaN, de: Infinity }, 0],
    ['no history', {}, 0],
  ])('history in log-odds: %s', (_, history, expected) => {
    expect(authorPrior('sr', history)).toBeCloseTo(expected, 2);
  });

  it('Serbian is expected: a text without a word that only Croatian has is Serbian', async () => {
    const serbian = await loadAnalyzer({ expected: ['sr'] });
    expect(serbian.analyze('Odlicna usluga, sve pohvale za ljubazno osoblje').language.code).toBe('sr');
  });
});
