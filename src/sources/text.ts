/** Cell text -> the text a person wrote. */

const TAG =
  /<\/?(?:p|br|div|span|b|i|u|a|em|strong|li|ul|ol|h[1-6]|table|tbody|tr|td|th|img|html|head|body|font|style|script|blockquote|pre|hr)(?:\s[^<>]*)?\/?>/i;
const ALL_TAGS = new RegExp(TAG.source, 'gi');
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos|nbsp|hellip|mdash|ndash|rsquo|lsquo|ldquo|rdquo|euro));/gi;
const NAMED: Record<string, string> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', hellip: '…', mdash: '—', ndash: '–',
  rsquo: '’', lsquo: '‘', ldquo: '“', rdquo: '”', euro: '€',
}; // prettier-ignore
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]/g;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Plain text: HTML and entities resolved, control characters dropped, line breaks as \n, lone surrogates as U+FFFD, trimmed. */
export function cleanText(value: string): string {
  let text = value;
  if (text.includes('<') && TAG.test(text)) text = stripTags(text);
  if (text.includes('&')) text = text.replace(ENTITY, entity);
  return cleanLine(text.replace(/\r\n?/g, '\n'));
}

/** As `cleanText` for what is no prose: ids, names. */
export function cleanLine(value: string): string {
  return value.replace(CONTROL, '').replace(LONE_SURROGATE, '\ufffd').trim();
}

function stripTags(html: string): string {
  return html
    .replace(/<(style|script)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<(?:br|hr)\b[^<>]*>\n?|<\/(?:p|div|li|tr|h[1-6]|blockquote|ul|ol|table)\s*>/gi, '\n')
    .replace(ALL_TAGS, '')
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n');
}

function entity(whole: string, decimal: string | undefined, hex: string | undefined, name: string | undefined): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
  const code = decimal !== undefined ? Number(decimal) : parseInt(hex!, 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}

/** At most `length` UTF-16 code units, without cutting a character in half. */
export function cut(value: string, length: number): string {
  if (value.length <= length) return value;
  const last = value.charCodeAt(length - 1);
  return value.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
