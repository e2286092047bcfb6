import { describe, expect, it } from 'vitest';
import { stem } from '../../src/analysis/text/stem.js';
import { termWords } from '../../src/analysis/text/term-words.js';

describe('stem', () => {
  it.each([
    ['en', 'zipper zippers'], ['en', 'crash crashes crashed crashing'], ['en', "zipper zipper's"], ['de', 'reißverschluss reißverschlüsse reissverschluss'], ['de', 'lieferung lieferungen'],
    ['es', 'envio envios'], ['fr', 'livraison livraisons'], ['it', 'batteria batterie'], ['nl', 'levering leveringen'],
    ['nb', 'batteri batteriet batterier'], ['pt', 'entrega entregas'], ['sv', 'trasig trasigt trasiga'], ['id', 'kirim dikirim kiriman'],
    ['da', 'lynlås lynlåsen lynlåse lynlåsene'], ['sr', 'rajsferslus rajsferslusi rajsferslusa rajsferslusom'],
  ])('%s: %s are one', (language, forms) => {
    expect(new Set(forms.split(' ').map((form) => stem(language, form))).size).toBe(1);
  }); // prettier-ignore

  it.each([
    ['en', 'app apt ape'], ['sr', 'sat sad sam'], ['da', 'pris pose post'], ['de', 'akku rad rat'], ['pl', 'zamek zamki'], ['th', 'แอป แอบ'],
  ])('%s: %s stay apart', (language, words) => {
    expect(new Set(words.split(' ').map((word) => stem(language, word))).size).toBe(words.split(' ').length);
  }); // prettier-ignore

  it('leaves what is no plain word as it is', () => {
    for (const odd of ['', 'x', '4g', 'a-b', 'ß'.repeat(50), '\ud800abcd']) expect(stem('de', odd)).toBe(odd);
  });
});

describe('termWords', () => {
  const read = (language: string, text: string) =>
    termWords(language, text)
      .map(({ start, end, folded, joined }) => `${joined ? '+' : ' '}${folded === '' ? '-' : text.slice(start, end)}`)
      .join('');

  it.each([
    ['en', 'Late, again! 3 days late', ' Late again -+days+late'],
    ['en', 'mail [email] or www.shop.example/x now', ' mail or now'],
    ['en', 'thanks @anna it works', ' thanks it+works'],
    ['sr', 'Пакет kasni', ' Пакет+kasni'],
    ['fr', "l'appli plante", " l'+appli+plante"],
    ['th', 'แอปเด้งบ่อย [phone] แย่', ' แอป+เด้ง+บ่อย แย่'],
    ['zh', '手机很热。', ' 手机+很+热'],
  ])('%s: %s', (language, text, expected) => {
    expect(read(language, text).replace(/^\+/, ' ')).toBe(expected);
  });

  it('reads a part of a text, and texts of any length, at the places they stand', () => {
    expect(termWords('en', 'one two three', 4, 7)).toMatchObject([{ start: 4, end: 7, folded: 'two' }]);
    const long = 'แอปเด้งบ่อย'.repeat(300);
    for (const { start, end } of termWords('th', long).slice(0, 500)) expect('แอปเด้งบ่อย'.repeat(2)).toContain(long.slice(start, end));
  });
});
