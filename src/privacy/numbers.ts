/**
 * Card and phone numbers. Both are found in runs of digit groups with short separators between them; a run is read group
 * by group and no window is longer than a card, so the time is linear whatever the text.
 *
 * A phone number is told from an order number, a price, a date or a size by its shape (an international prefix, a trunk
 * zero, a national grouping) and by the words in front of it: `call me on` makes more shapes phones, `order` makes fewer.
 */
import type { Found } from './spans.js';

interface Group {
  start: number;
  end: number;
  digits: string;
  /** What stands between this group and the one before it; '' for the first. */
  separator: string;
}

const RUN = /\d+(?:[ .\-/()]{1,3}\d+)*/g;
const GROUP = /([ .\-/()]*)(\d+)/g;

export function findNumbers(text: string): Found[] {
  const found: Found[] = [];
  for (const run of text.matchAll(RUN)) {
    if (run[0].length < 6) continue;
    const groups: Group[] = [];
    for (const m of run[0].matchAll(GROUP)) {
      const end = run.index + m.index + m[0].length;
      groups.push({ start: end - m[2]!.length, end, digits: m[2]!, separator: m[1]! });
    }
    let afterPhone = false;
    for (let i = 0; i < groups.length;) {
      const card = cardAt(groups, i);
      if (card > 0) {
        found.push({ start: groups[i]!.start, end: groups[i + card - 1]!.end, kind: 'card' });
        i += card;
        afterPhone = false;
        continue;
      }
      // A number that goes on from other digits without a space is part of them: 302-1234567-1234567, 2024/0812345678.
      const apart: boolean = i === 0 || afterPhone || groups[i]!.separator.includes(' ');
      const size: number = apart ? phoneAt(text, groups, i) : 0;
      afterPhone = size > 0;
      if (size > 0) {
        found.push({ ...withBrackets(text, groups[i]!.start, groups[i + size - 1]!.end), kind: 'phone' });
        i += size;
      } else i += Math.max(1, dateAt(groups, i));
    }
  }
  return found;
}

/** How many groups from `i` are a card number: 13 to 19 digits that pass Luhn, the longest such. 0 where none. */
function cardAt(groups: Group[], i: number): number {
  const first = groups[i]!.digits;
  // 2 to 6 begin every payment network's numbers; 1 begins timestamps, 0 phone numbers.
  if (!/^[2-6]/.test(first) || first.length > 19) return 0;
  let digits = '';
  let size = 0;
  for (let n = 0; i + n < groups.length; n++) {
    const group = groups[i + n]!;
    if (n > 0 && group.separator !== ' ' && group.separator !== '-') break;
    digits += group.digits;
    if (digits.length > 19) break;
    // Cards are written in groups of four (American Express 4-6-5); 302-1234567-1234567 is an order number.
    if (digits.length >= 13 && (n === 0 || first.length >= 4) && luhn(digits)) size = n + 1;
  }
  return size;
}

export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    sum += i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

const isYear = (digits: string): boolean => /^(?:19|20)\d\d$/.test(digits);
const isMonth = (digits: string): boolean => /^(?:0?[1-9]|1[0-2])$/.test(digits);
const isDayOfMonth = (digits: string): boolean => /^(?:0?[1-9]|[12]\d|3[01])$/.test(digits);
const isClock = (hour: string, minute: string): boolean => /^(?:[01]?\d|2[0-4])$/.test(hour) && /^[0-5]\d$/.test(minute);

/** How many groups from `i` are a date, a span of years or a span of opening hours; 0 where none. */
function dateAt(groups: Group[], i: number): number {
  const [a, b, c, d] = groups.slice(i, i + 4);
  if (a === undefined || b === undefined) return 0;
  if (isYear(a.digits) && isYear(b.digits) && b.separator.trim() !== '') return 2;
  if (isClock(a.digits, b.digits) && b.separator === '.' && c !== undefined && d?.separator === '.' && isClock(c.digits, d.digits)) {
    if (/^ ?- ?$/.test(c.separator)) return 4;
  }
  if (/^\d{4}$/.test(a.digits) && /^\d{4}$/.test(b.digits) && /^ ?- ?$/.test(b.separator)) {
    if ([a, b].every((g) => isClock(g.digits.slice(0, 2), g.digits.slice(2)))) return 2;
  }
  if (c !== undefined && c.separator === b.separator && d?.separator !== c.separator) {
    if (isYear(a.digits) && isMonth(b.digits) && isDayOfMonth(c.digits)) return 3;
    const dayMonth = (isDayOfMonth(a.digits) && isMonth(b.digits)) || (isMonth(a.digits) && isDayOfMonth(b.digits));
    if (dayMonth && (isYear(c.digits) || (c.digits.length === 2 && b.separator !== ' '))) return 3;
  }
  if (isMonth(a.digits) && isYear(b.digits) && b.separator.length === 1 && b.separator !== ' ') return 2;
  return 0;
}

/** National ways of grouping that say phone by themselves, as the lengths of the groups joined by what stands between. */
const SHAPES: RegExp[] = [
  /^[2-9]\d\d[-. ]\d{3}[-. ]\d{4}$/, // North America
  /^1[-. ][2-9]\d\d[-. ]\d{3}[-. ]\d{4}$/,
  /^\(\d{2,4}\) ?\d{3,5}[- ]?\d{3,4}$/, // an area code in brackets
  /^\d\d 9?\d{4}-\d{4}$/, // Brazil
  /^9\d{4}-\d{4}$/,
  /^[1-9]\d\d[- ](?!000)\d{3}[- ](?!000)\d{3}$/, // Portugal, Spain, Poland
  /^[679]\d\d \d\d \d\d \d\d$/,
  /^3\d\d[ -]\d{6,7}$/, // Italian mobiles
  /^[78][- ]?\(?\d{3}\)?[- ]\d{3}[- ]\d\d[- ]\d\d$/, // Russia
  /^1[3-9]\d[- ]\d{4}[- ]\d{4}$/, // China
  /^[6-9]\d{4} \d{5}$/, // India
  /^1[38]00 \d{3} \d{3}$/, // Australia
];

/** How many groups from `i` are a phone number; 0 where none. */
function phoneAt(text: string, groups: Group[], i: number): number {
  const first = groups[i]!;
  const plus = text[first.start - 1] === '+' || (text[first.start - 1] === '(' && text[first.start - 2] === '+');
  const head = text.slice(Math.max(0, first.start - 60), first.start - (plus ? 1 : 0));
  if (plus) {
    const size = longest(groups, i, 8, 11, 15);
    return size > 0 && /^[1-9]/.test(first.digits) && !isMoney(text, head, groups[i + size - 1]!.end) ? size : 0;
  }
  if (dateAt(groups, i) > 0) return 0;
  const named = namedBy(head);
  if (named === 'reference') return 0;
  if (named !== 'phone' && /[A-Za-z\u00C0-\u024F\u0370-\u052F_#№][-_]?$/.test(head)) return 0;
  // A decimal, a list of values, a score: 12,0812345678 or 3:0812345678.
  if (named !== 'phone' && /\d[.,:]$/.test(head)) return 0;
  const size = phoneSize(text, groups, i, named === 'phone');
  return size > 0 && !isMoney(text, head, groups[i + size - 1]!.end) ? size : 0;
}

function phoneSize(text: string, groups: Group[], i: number, named: boolean): number {
  const first = groups[i]!;
  if (/^00[1-9]/.test(first.digits)) return longest(groups, i, 10, 13, 17);
  if (/^0[1-9]?/.test(first.digits) && !/^00/.test(first.digits) && !(first.digits === '0' && groups[i + 1]?.separator === '.')) {
    // Eight unbroken digits may as well be a date; nine are a phone number with its trunk zero.
    const size = longest(groups, i, first.digits.length === 8 ? 9 : 8, 10, 13);
    if (size > 0) return size;
  }
  for (let n = Math.min(5, groups.length - i); n >= 1; n--) {
    const last = groups[i + n - 1]!;
    const open = text[first.start - 1] === '(' ? 1 : 0;
    const written = text.slice(first.start - open, last.end);
    const next = groups[i + n]?.separator;
    if (next !== undefined && /^[-.]$/.test(next)) continue;
    if (written.length <= 24 && SHAPES.some((shape) => shape.test(written))) return n;
  }
  return named ? longest(groups, i, 6, 10, 15) : 0;
}

/**
 * The longest row of groups with `least` to `most` digits. From `enough` on a number is complete: it goes on only through
 * groups written like the ones before, so that `070-123 45 67` does not take the `2` of a following `2 pieces`.
 */
function longest(groups: Group[], i: number, least: number, enough: number, most: number): number {
  let total = 0;
  let size = 0;
  for (let n = 0; i + n < groups.length; n++) {
    const { digits, separator } = groups[i + n]!;
    if (n > 0) {
      if (dateAt(groups, i + n) > 0) break;
      const grouped = n >= 2 && digits.length > 1 && separator === groups[i + n - 1]!.separator;
      if (total >= enough && !grouped) break;
      if (n === 1 && total >= 9) break;
    }
    total += digits.length;
    if (total > most) break;
    if (total >= least) size = n + 1;
  }
  return size;
}

// Words that announce a phone number, in the languages we read.
const PHONE_WORD =
  'tele?(?:f|ph)\\p{L}*|tel|tlf|tfn|phone\\p{L}*|mobile?(?:n\\p{L}*)?|mob|cell(?:phone)?|celular|handy\\p{L}*|fone|fon|fax|whats ?app|wa|wa\\.me/|viber|sms|' +
  'hp|hubungi|kontak|call (?:me|us|at|on|back)|ring(?:a|er|t)?|nå mig|anrufen|rückruf\\p{L}*|erreichbar|ligar|liguem?|liga|telp|telpon|pozovite|zovite|nazovite|' +
  'тел\\p{L}*|моб\\p{L}*|позовите|зовите|appelez|ll[aá]m[ae]\\p{L}*';
const PHONE_WORD_THAI = 'โทร\\p{L}*|เบอร์|มือถือ|ติดต่อ';
const PHONE_CUE = new RegExp(`(?:(?<![\\p{L}\\d])(?:${PHONE_WORD})|${PHONE_WORD_THAI})(?:[^\\d\\n]{0,24})$`, 'iu');

// Words that announce some other number, and the small words that may stand between.
const REFERENCE_WORD =
  '(?:\\p{L}*(?:order|bestell|auftrag|rechnung|kunden|vorgang|sendung|beställning|faktura|kvitto|paket|kund|spårning|ärende|artik|invoice|receipt|ticket|track)\\p{L}*|' +
  'booking|buchung\\p{L}*|bokning\\p{L}*|reservation|reference|referen[csz]\\p{L}*|ref|case|sku|ean|isbn|gtin|imei|serial|serien\\p{L}*|model\\p{L}*|modell\\p{L}*|item|art|version|' +
  'pedido|encomenda|fatura|rastreio|protocolo|nota fiscal|código|codigo|porudžbin\\p{L}*|porudzbin\\p{L}*|narudžb\\p{L}*|račun\\p{L}*|pošiljk\\p{L}*|поруџбин\\p{L}*|наруџб\\p{L}*|рачун\\p{L}*|пошиљк\\p{L}*|' +
  'pesanan|resi|faktur|kode|transaksi|commande|about|regarding|re|wegen|über|angående|sobre|tentang|zbog|због|' +
  'sizes?|größen?|storlek\\p{L}*|str|ukuran|tamanhos?|veličin\\p{L}*|величин\\p{L}*|id)';
const REFERENCE_WORD_THAI = 'คำสั่งซื้อ|ออเดอร์|พัสดุ|ใบเสร็จ|รหัส|ขนาด|ไซส์|ไซซ์|เกี่ยวกับ|บิล';
const REFERENCE_CUE = new RegExp(
  `(?:(?<![\\p{L}\\d])${REFERENCE_WORD}|${REFERENCE_WORD_THAI}|[#№])(?:[\\s.:;=#№()"'/-]*(?:number|numbers|nummer|nummern|numret|nr|no|num|num\\.|n[º°o]|number:|número|numero|nomor|broj|број|id|code|kod|is|was|ist|war|är|var|é|je|је|adalah|คือ|เลขที่|หมายเลข)){0,3}[\\s.:;=#№()"'/-]*$`,
  'iu',
);

/** What the words right before a number say it is; the nearer word wins. */
function namedBy(head: string): 'phone' | 'reference' | undefined {
  if (!/[\p{L}#№]/u.test(head)) return undefined;
  // Reference words stand close, so where both match the reference is the nearer one: `call me about order 123`.
  if (REFERENCE_CUE.test(head)) return 'reference';
  return PHONE_CUE.test(head) ? 'phone' : undefined;
}

const MONEY_BEFORE = /(?:[$€£¥฿₫₹₽]|(?<![\p{L}])(?:rp|idr|kr|sek|nok|dkk|eur|euro|usd|thb|rsd|din|brl|gbp|chf|pln|vnd|inr))\.?:?\s?$/iu;
const MONEY_AFTER =
  /^\s?(?:[$€£¥฿₫₹₽%]|(?:(?:kr|sek|nok|dkk|eur|euro|usd|thb|baht|rsd|din|dinar\p{L}*|rupiah|brl|reais|gbp|chf|pln|vnd|inr|kg|g|gr|ml|cl|cm|mm|km|gb|mb|tb|kb|px|st|pcs|stk|x)(?![\p{L}])|บาท|дин|динар\p{L}*)|:-)/iu;

function isMoney(text: string, head: string, end: number): boolean {
  return MONEY_BEFORE.test(head) || MONEY_AFTER.test(text.slice(end, end + 12));
}

/** The span with its plus sign and the bracket that belongs to it. */
function withBrackets(text: string, start: number, end: number): { start: number; end: number } {
  let from = start;
  if (text[from - 1] === '+') from--;
  if (text[from - 1] === '(' && text.slice(start, end).includes(')') && !text.slice(start, end).includes('(')) from--;
  else if (text[from - 1] === '(' && text[from - 2] === '+') from -= 2;
  if (text[from - 1] === '+') from--;
  return { start: from, end };
}
