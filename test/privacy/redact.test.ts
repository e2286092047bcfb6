import { describe, expect, it } from 'vitest';
import { redact } from '../../src/privacy/redact.js';

const REPLACED: [string, string][] = [
  // e-mail
  ['write to anna.svensson@example.com please', 'write to [email] please'],
  ['(jörg+shop@müller-bau.de)', '([email])'],
  ['Mail: FIRST_LAST@Mail.Example.CO.UK.', 'Mail: [email].'],
  ['ส่งอีเมลsomchai@example.co.thมาแล้ว', 'ส่งอีเมล[email]มาแล้ว'],
  ['пиши на почта@пример.рф сутра', 'пиши на [email] сутра'],
  ['ａｎｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ です', '[email] です'],
  ['"anna s"@example.com', '[email]'],
  ['anna (at) example dot com', '[email]'],
  ['anna[at]example.com', '[email]'],
  ['reach me: anna.berg at gmail dot com, thanks', 'reach me: [email], thanks'],
  ['meine Adresse anna (ät) web punkt de', 'meine Adresse [email]'],
  // phone, international
  ['call +46 70 123 45 67 now', 'call [phone] now'],
  ['+4915123456789', '[phone]'],
  ['+44 (0)20 7946 0958', '[phone]'],
  ['(+62) 812-3456-7890', '[phone]'],
  ['0046 70 123 45 67', '[phone]'],
  ['+1 (555) 123-4567', '[phone]'],
  ['โทร +66 81 234 5678 ค่ะ', 'โทร [phone] ค่ะ'],
  ['+381 64 123 4567', '[phone]'],
  ['+55 11 98765-4321', '[phone]'],
  // phone, local
  ['ring mig på 070-123 45 67', 'ring mig på [phone]'],
  ['Rufen Sie 0151 23456789 an', 'Rufen Sie [phone] an'],
  ['030/1234567', '[phone]'],
  ['เบอร์ 081-234-5678', 'เบอร์ [phone]'],
  ['เบอร์๐๘๑-๒๓๔-๕๖๗๘นะ', 'เบอร์[phone]นะ'],
  ['WA 0812-3456-7890 ya', 'WA [phone] ya'],
  ['064/123-4567', '[phone]'],
  ['(11) 98765-4321', '[phone]'],
  ['912 345 678', '[phone]'],
  ['(555) 123-4567', '[phone]'],
  ['555-123-4567', '[phone]'],
  ['06 12 34 56 78', '[phone]'],
  ['8 (912) 345-67-89', '[phone]'],
  ['０９０－１２３４－５６７８', '[phone]'],
  ['My order is late, call me at 5551234', 'My order is late, call me at [phone]'],
  ['Telefon: 12345678', 'Telefon: [phone]'],
  ['telefone 912345678', 'telefone [phone]'],
  ['hubungi saya di 6281234567890', 'hubungi saya di [phone]'],
  ['https://wa.me/46701234567', 'https://wa.me/[phone]'],
  ['Meu tel é 98765 4321', 'Meu tel é [phone]'],
  ['0701234567, 0707654321', '[phone], [phone]'],
  ['070-123\u00A045\u00A067', '[phone]'],
  // cards
  ['card 4111 1111 1111 1111 was charged', 'card [card] was charged'],
  ['4111111111111111', '[card]'],
  ['5500-0000-0000-0004', '[card]'],
  ['3400 000000 00009', '[card]'],
  ['order 4111111111111111', 'order [card]'],
  ['๔๑๑๑ ๑๑๑๑ ๑๑๑๑ ๑๑๑๑', '[card]'],
  // IBANs
  ['DE89 3704 0044 0532 0130 00', '[iban]'],
  ['refund to de89370400440532013000 please', 'refund to [iban] please'],
  ['GB29 NWBK 6016 1331 9268 19.', '[iban].'],
  ['IBAN:SE4550000000058398257466', 'IBAN:[iban]'],
  ['RS35260005601001611379', '[iban]'],
  // IP
  ['from 192.168.1.20', 'from [ip]'],
  ['http://10.0.0.1:8080/admin', 'http://[ip]:8080/admin'],
  ['2001:db8:85a3::8a2e:370:7334', '[ip]'],
  ['fe80::1ff:fe23:4567:890a', '[ip]'],
  // URLs with secrets
  ['https://user:hunter2@example.com/x', '[url]'],
  ['see https://shop.example.com/reset?token=abc123.', 'see [url].'],
  ['https://example.com/a?lang=de&access_token=zzz&x=1', '[url]'],
  ['https://example.com/#id_token=abc', '[url]'],
  ['example.com/login?session=42', '[url]'],
  ['https://example.com/invite/9fQ2xK7bLm3ZpT8wRc5Y', '[url]'],
  ['https://example.com/o/550e8400-e29b-41d4-a716-446655440000', '[url]'],
  ['https://example.com/?email=anna@example.com', 'https://example.com/?email=[email]'],
  // several at once
  ['anna@example.com, +46 70 123 45 67, 10.1.2.3', '[email], [phone], [ip]'],
];

const KEPT: string[] = [
  '',
  'Delivered late and nobody answered.',
  // order and other reference numbers
  'order 12345678 never came',
  'Order no. 0701234567',
  'order #0812345678',
  'Bestellung Nr. 0151 23456789',
  'min order är 0701234567',
  'Bestellnummer: 4711081512',
  'ordernummer 20261124001',
  'pedido número 912345678',
  'porudžbina broj 064123456',
  'поруџбина број 064123456',
  'pesanan nomor 0812345678',
  'คำสั่งซื้อ 0812345678',
  '302-1234567-1234567',
  'called you about order 98765432',
  'SKU0812345678',
  'RMA-0812345678',
  'EAN 4006381333931',
  'Sendungsnummer 00340434161094042557',
  'invoice 2024-000123456',
  '1234567890',
  '1732437300000',
  // prices
  'paid 1 299 000 kr',
  'Rp 125.000.000',
  'Rp1.100.200.250',
  'R$ 1.234.567,89',
  'cost 129.99 and 19.99',
  '1.234.567 RSD',
  '500 000 000 rupiah',
  'ราคา ฿12,500.00',
  '20 000 000 kr',
  '+50 000 000 kr',
  // dates, years, times
  '2026-11-24',
  '24.11.2026 14:30',
  '01.02.2024',
  '01/02/24',
  '03/04/2026 - 05/04/2026',
  '2019-2024',
  '24 11 2026',
  'since 01-02-2024 until 03-02-2024',
  'öppet 08.00-17.00',
  'open 0800-1700',
  '2026-11-24T08:15:00.000Z',
  'วันที่ ๒๔/๑๑/๒๕๖๙',
  '12:30:45',
  '06/2024 07/2024',
  // sizes and measures
  'size 36 38 40 42',
  'sizes 36 38 40 42 44 46',
  '100 x 200 x 300 mm',
  '90-60-90',
  '32/34',
  '1920x1080',
  'W32 L34',
  // versions
  'version 1.2.3.4',
  'Android 14.0.1.2',
  'v2.4.0.1',
  'Version ist 10.2.33.1',
  '1.2.3',
  '300.1.2.3',
  // numbers that fail their check
  '4111 1111 1111 1112',
  'DE89370400440532013007',
  '0000000000000000',
  // addresses without secrets
  'https://example.com/products/samsung-galaxy-s21-ultra-256gb-black?color=blue&size=42',
  'https://www.example.com/de/hilfe/rueckgabe-und-erstattung-von-artikeln-2026',
  'https://youtu.be/watch?v=dQw4w9WgXcQ&t=30',
  'I met @anna and @bob',
  '5 @ 10.99',
  'std::vector<int> and 4::5',
  'and/or, 24/7, 50/50',
  'I was at the dot matrix store',
  'a = b',
  'rating 10/10 10/10 10/10',
  '😀'.repeat(10),
  '\uD800 broken \uDC00',
];

describe('redact', () => {
  it.each(REPLACED)('%j becomes %j', (given, expected) => {
    expect(redact(given).text).toBe(expected);
  });

  it.each(KEPT.map((text) => [text]))('%j is kept', (text) => {
    expect(redact(text)).toEqual({ text, counts: {} });
  });

  it('counts by kind', () => {
    expect(redact('a@b.com b@c.org 10.1.2.3 DE89370400440532013000').counts).toEqual({ email: 2, ip: 1, iban: 1 });
  });

  it('finds the same in a sentence of any language', () => {
    const around = [
      ['Please contact me: ', ' it is urgent'],
      ['Bitte melden Sie sich: ', ' es eilt'],
      ['Kontakta mig: ', ' det är bråttom'],
      ['ติดต่อฉัน ', ' ด่วน'],
      ['Молим вас јавите се: ', ' хитно је'],
      ['Tolong hubungi ', ' segera'],
      ['Por favor, contacte-me: ', ' é urgente'],
    ];
    for (const [before, after] of around) {
      for (const [secret, kind] of [
        ['x.y@example.com', 'email'],
        ['+46701234567', 'phone'],
        ['4111 1111 1111 1111', 'card'],
        ['DE89 3704 0044 0532 0130 00', 'iban'],
        ['203.0.113.9', 'ip'],
        ['https://example.com/?password=x1', 'url'],
      ]) {
        expect(redact(`${before}${secret}${after}`).text).toBe(`${before}[${kind}]${after}`);
      }
    }
  });

  it('changes nothing the second time, whatever the text', () => {
    const pieces = [
      ...REPLACED.map(([given]) => given),
      ...KEPT,
      '[phone]',
      '[email]',
      '@',
      '.',
      '+',
      '0',
      '12',
      '(',
      ')',
      '-',
      ' ',
      '/',
      'tel',
      'order',
      'com',
      '::',
      '=',
      '?',
    ];
    let seed = 7;
    const next = (n: number): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) % n;
    for (let i = 0; i < 3_000; i++) {
      const text = Array.from({ length: 1 + next(6) }, () => pieces[next(pieces.length)]! + (next(3) === 0 ? '' : ' ')).join('');
      const once = redact(text).text;
      expect(redact(once)).toEqual({ text: once, counts: {} });
    }
  });

  it('leaves none of the secrets in a long hostile text', () => {
    const text = `${'9'.repeat(50_000)} anna@example.com ${'@'.repeat(50_000)} +46 70 123 45 67 ${'a@'.repeat(20_000)}`;
    const { text: redacted, counts } = redact(text);
    expect(redacted).not.toMatch(/anna|123 45/);
    expect(counts).toEqual({ email: 1, phone: 1 });
  });
});
