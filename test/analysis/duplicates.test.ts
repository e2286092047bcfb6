/** Which texts are near-duplicates of each other: they share a key. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { duplicateKeys } from '../../src/analysis/index.js';
import { redact } from '../../src/privacy/redact.js';

const same = (a: string, b: string): boolean => duplicateKeys(a).some((key) => duplicateKeys(b).includes(key));

const english =
  'I ordered two wool blankets three weeks ago and the parcel still sits in some depot. Your chat only repeats that I should be patient.';
const short = 'Das Paket kam zwei Wochen zu spät und niemand hat Bescheid gesagt';
const serbian = 'Наручила сам љубичасту џемпер хаљину прије три недеље и још увијек чекам, а нико ми није ни ријеч одговорио на поруке';

describe('near-duplicates', () => {
  test.each([
    ['the same', english, english],
    ['capitals, exclamation marks and emoji', short, `${short.toUpperCase()}!!! 😡😡`],
    ['line ends and spaces', english, english.replaceAll('. ', '.\n\n  ')],
    ['letters drawn out', 'We waited so long for the sofa and then it had the wrong legs', 'We waited sooooo long for the sofa and then it had the wrong legs'],
    ['another number', 'Order 48213 of 3.11.2026 never came although I paid at once for it', 'Order 90377 of 14.12.2026 never came although I paid at once for it'],
    ['an order number in front', short, `B-77120/a: ${short}`],
    ['two letters in the wrong order', short, short.replace('niemand', 'neimand')],
    ['a word misspelt', english, english.replace('patient', 'pacient')],
    ['a word swapped', english, english.replace('blankets', 'cushions')],
    ['a word left out', short, short.replace('zwei Wochen', 'Wochen')],
    ['a greeting added', short, `Hallo! ${short}`],
    ['a greeting in front of a longer text', english, `Hello, ${english}`],
    ['what redaction left', 'Write to ann@example.com because nobody of the service team reads the chat at all', 'Write to [email] because nobody of the service team reads the chat at all'],
    ['an address in it', short, `${short} https://shop.example/o/1?x=y`],
    ['Serbian in both scripts', serbian, 'Naručila sam ljubičastu džemper haljinu prije tri nedelje i još uvijek čekam, a niko mi nije ni riječ odgovorio na poruke'],
    ['Serbian without diacritics', 'Naručio sam đubrivo i šargarepu za baštu, ali kutija je stigla potpuno raspadnuta', 'Narucio sam djubrivo i sargarepu za bastu, ali kutija je stigla potpuno raspadnuta'],
    ['Swedish without its dots', 'Soffan kom två veckor för sent och ingen hörde av sig från er sida', 'Soffan kom tva veckor for sent och ingen horde av sig fran er sida'],
    ['Thai with a polite ending and emoji', 'สั่งเสื้อไปสองตัวตั้งแต่ต้นเดือน จนวันนี้ยังไม่ได้ของเลย ทักไปถามร้านก็ไม่เคยตอบ', 'สั่งเสื้อไปสองตัวตั้งแต่ต้นเดือน จนวันนี้ยังไม่ได้ของเลย ทักไปถามร้านก็ไม่เคยตอบ ค่ะ 😭'],
    ['Indonesian, another number of days', 'Sudah 5 hari pesanan saya belum dikirim juga, penjualnya susah sekali dihubungi', 'Sudah 9 hari pesanan saya belum dikirim juga, penjualnya susah sekali dihubungi!!'],
    ['Portuguese without accents', 'Não recomendo a ninguém, a caixa chegou amassada e o botão já não funciona', 'Nao recomendo a ninguem, a caixa chegou amassada e o botao ja nao funciona'],
  ])('%s', (_what, a, b) => expect(same(a, b)).toBe(true)); // prettier-ignore

  test.each([
    ['good', 'good'],
    ['Super, gerne wieder!', 'Super, gerne wieder!'],
    ['Very good product, fast delivery, thank you', 'Very good product, fast delivery, thank you'],
    ['a b c d e f g h i j k l m n o p q r s t u v w x y z', 'a b c d e f g h i j k l m n o p q r s t u v w x y z'],
    ['1234 5678 91011 121314 151617 181920 212223 242526', '1234 5678 91011 121314 151617 181920 212223 242526'],
    ['👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍', '👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍'],
    ['na na na na na na na na na na na na na na na na', 'na na na na na na na na na na na na na na na na'],
    ['', ''],
  ])('too little to say: %j', (a, b) => {
    expect(duplicateKeys(a)).toEqual([]);
    expect(duplicateKeys(b)).toEqual([]);
  });

  test.each([
    ['another complaint in the same words', short, 'Das Paket kam zwei Tage zu früh und der Nachbar hat es angenommen'],
    ['the opposite', 'The driver was friendly and the box arrived early without a scratch', 'The driver was rude and the box arrived late with a deep scratch'],
    ['one sentence in common', 'The delivery was late. The lamp itself is lovely and gives a warm light in our hall', 'The delivery was late. My refund has not come and nobody answers the phone since Monday'],
    ['Spanish with and without no', 'Lo recomiendo a todos mis amigos porque el vestido es precioso', 'No lo recomiendo a todos mis amigos ya que la tela del vestido es mala'],
    ['Thai about other things', 'สั่งเสื้อไปสองตัวตั้งแต่ต้นเดือน จนวันนี้ยังไม่ได้ของเลย ทักไปถามร้านก็ไม่เคยตอบ', 'กระเป๋าสวยมาก หนังนุ่ม เย็บเรียบร้อย แม่ค้าตอบไวและแพ็คของมาอย่างดีเลยค่ะ'],
  ])('different: %s', (_what, a, b) => expect(same(a, b)).toBe(false)); // prettier-ignore

  test('the keys are the same whatever personal data was redacted', () => {
    const text = (mail: string): string => `Please call me back or write to ${mail}, the kettle you sent me leaks from the lid`;
    expect(duplicateKeys(redact(text('ann@example.com')).text)).toEqual(duplicateKeys(redact(text('bo.b@example.org')).text));
  });

  test('at most three keys, of eight characters, also of a very long text, in little time', () => {
    const long = Array.from({ length: 50_000 }, (_, i) => `word${String.fromCharCode(97 + (i % 26), 97 + ((i * 7) % 26))}`).join(' ');
    const start = performance.now();
    const keys = duplicateKeys(long);
    expect(performance.now() - start).toBeLessThan(200);
    expect(keys.length).toBeLessThanOrEqual(3);
    for (const key of [...keys, ...duplicateKeys(english), ...duplicateKeys(short)]) expect(key).toMatch(/^[\w-]{8}$/);
  });
});

describe('among the labelled sentences', () => {
  const folder = new URL('../accuracy/own/', import.meta.url).pathname;
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ndjson'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
    .map((line) => (JSON.parse(line) as { text: string }).text);
  const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}]+/gu, ' ').trim(); // prettier-ignore

  test('of ten thousand different ones at most one pair is joined', () => {
    const byKey = new Map<string, string>();
    const joined: string[] = [];
    for (const text of texts) {
      for (const key of duplicateKeys(text)) {
        const other = byKey.get(key);
        if (other !== undefined && plain(other) !== plain(text)) joined.push(`${other} | ${text}`);
        byKey.set(key, text);
      }
    }
    expect(texts.length).toBeGreaterThan(30_000);
    expect(joined.length, joined.join('\n')).toBeLessThanOrEqual(texts.length / 10_000);
  });

  // docs/store.md has the figures; the bars are a little below.
  test.each([
    ['an emoji and a number behind', (text: string) => `${text} 😡 12.11.2026`, 0, 1],
    ['one word in front', (text: string) => `Zdravstvujte ${text}`, 0, 0.9],
    ['one word in front of 18 words or more', (text: string) => `Zdravstvujte ${text}`, 18, 0.99],
    ['the third word another, of 18 words or more', (text: string) => text.split(' ').with(2, 'zdravstvujte').join(' '), 18, 0.9],
    ['the third word left out', (text: string) => text.split(' ').toSpliced(2, 1).join(' '), 8, 0.75],
  ])('found again with %s', (_what, edit, words, bar) => {
    const some = texts.filter((_, i) => i % 5 === 0);
    const long = some.filter((text) => duplicateKeys(text).length > 0 && text.split(' ').length >= Math.max(words, 3));
    const found = long.filter((text) => same(text, edit(text)));
    expect(found.length / long.length).toBeGreaterThanOrEqual(bar);
  });
});
