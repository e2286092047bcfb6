/** E-mail addresses, IP addresses, and URLs that carry a secret. Every search is bounded per anchor, so all are linear. */
import { isIPv6 } from 'node:net';
import type { Found } from './spans.js';

// Letters of scripts that put spaces between words: in Thai or Japanese the word before an address touches it.
const LETTERS = 'A-Za-z\\u00C0-\\u024F\\u0370-\\u052F';
const LOCAL = new RegExp(`[${LETTERS}0-9._%+'-]`);
const DOMAIN = new RegExp(`^(?:[${LETTERS}0-9-]{1,63}\\.){1,8}(?:xn--[a-z0-9-]{2,59}|[${LETTERS}]{2,24})`, 'i');
const LOCAL_EDGE = /^[^A-Za-z0-9\u00C0-\u024F\u0370-\u052F_+]+/;
const QUOTED = /"[^"\n]{1,62}"$/;

export function findEmails(text: string): Found[] {
  const found: Found[] = [];
  let floor = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const domain = DOMAIN.exec(text.slice(at + 1, at + 256));
    if (domain === null) continue;
    let start = at;
    while (start > floor && at - start < 64 && LOCAL.test(text[start - 1]!)) start--;
    if (start === at) start -= QUOTED.exec(text.slice(Math.max(floor, at - 64), at))?.[0].length ?? 0;
    else start += LOCAL_EDGE.exec(text.slice(start, at))?.[0].length ?? 0;
    if (start >= at) continue;
    floor = at + 1 + domain[0].length;
    found.push({ start, end: floor, kind: 'email' });
  }
  return found;
}

const AT = '(?: ?[(\\[{<] ?(?:at|ät|arroba|@) ?[)\\]}>] ?)';
const AT_WORD = '(?: (?:at|arroba) )';
const DOT = '(?: ?[(\\[{<] ?(?:dot|punkt|ponto|punto|titik|tačka|tacka|\\.) ?[)\\]}>] ?| (?:dot|punkt|ponto|punto|titik|tačka|tacka) )';
const NAME = '[\\p{L}0-9_+-]{1,64}';
/** Plain disguises: `name (at) host dot com`, `name[at]host.com`, `name at host dot com`. */
const DISGUISED = new RegExp(
  `(?<![\\p{L}0-9_.+-])${NAME}(?:(?:\\.|${DOT})${NAME}){0,3}(?:${AT}[\\p{L}0-9-]{1,63}(?:(?:\\.|${DOT})[\\p{L}0-9-]{1,63}){0,3}(?:\\.|${DOT})|${AT_WORD}[\\p{L}0-9-]{1,63}${DOT})` +
    '(?:[a-z]{2,3}|info|shop|online|email|name|store|tech)(?![\\p{L}0-9])',
  'giu',
);
const DISGUISE_HINT = /[([{<] ?(?:at|ät|arroba|@) ?[)\]}>]| (?:dot|punkt|ponto|punto|titik|tačka|tacka) /i;

export function findDisguisedEmails(text: string): Found[] {
  if (!DISGUISE_HINT.test(text)) return [];
  return Array.from(text.matchAll(DISGUISED), (m) => ({ start: m.index, end: m.index + m[0].length, kind: 'email' as const }));
}

const IPV4 = /(?<![\d.,])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d]|[.,]\d)/g;
const IPV6 = /(?<![0-9A-Za-z:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?:(?:\.\d{1,3}){3})?(?![0-9A-Za-z:])/g;
const VERSION =
  /(?:(?<![a-z])(?:v|ver|vers|version\p{L}*|versi|versão|versión|verzij\p{L}*|firmware|build|release|update|uppdatering|app|android|ios|windows|chrome|firefox|safari)|верзиј\p{L}*|версия|เวอร์ชั?่?น)[\s:.#-]*(?:(?:nr|no|nummer|number|is|ist|är)[\s.:]*)?$/iu;
const MONEY_BEFORE = /(?:[$€£¥฿₫₹₽]|(?<![a-z])(?:rp|idr|vnd|eur|usd))\.?\s?$/i;

export function findIps(text: string): Found[] {
  const found: Found[] = [];
  for (const m of text.matchAll(IPV4)) {
    if (m[0].split('.').some((octet) => Number(octet) > 255 || (octet.length > 1 && octet.startsWith('0')))) continue;
    const head = text.slice(Math.max(0, m.index - 30), m.index);
    if (VERSION.test(head) || MONEY_BEFORE.test(head)) continue;
    found.push({ start: m.index, end: m.index + m[0].length, kind: 'ip' });
  }
  if (!text.includes(':')) return found;
  for (const m of text.matchAll(IPV6)) {
    const groups = m[0].split(':').filter((group) => group !== '');
    // `4::5` and `::1` parse as addresses too, and are a score and this machine.
    if (!/\d/.test(m[0]) || groups.length < 2 || (groups.length < 3 && groups.every((group) => group.length < 3)) || !isIPv6(m[0]))
      continue;
    found.push({ start: m.index, end: m.index + m[0].length, kind: 'ip' });
  }
  return found.sort((a, b) => a.start - b.start);
}

const URL = /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/[^\s<>"\u0E00-\u0E7F\u3000-\u30FF\u4E00-\u9FFF]+/g;
const BARE_URL =
  /(?<![A-Za-z0-9_@.:/-])(?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24}(?::\d{1,5})?[/?#][^\s<>"\u0E00-\u0E7F\u3000-\u30FF\u4E00-\u9FFF]*/gi;
const SECRET_NAME =
  /(?:^|[_.-])(?:token|key|secret|password|passwort|lösenord|senha|passwd|pwd|pass|pw|sig|signature|hmac|session|sess|s?sid|auth|authorization|code|otp|pin|jwt|hash|credential)s?$|(?:token|secret|password|apikey|accesskey|sessionid|sessid|sid)$/i;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export function findSecretUrls(text: string): Found[] {
  const found: Found[] = [];
  for (const pattern of text.includes('://') ? [URL, BARE_URL] : [BARE_URL]) {
    for (const m of text.matchAll(pattern)) {
      const url = m[0].replace(/[.,;:!?)\]}'*]{1,20}$/, '');
      if (hasSecret(url)) found.push({ start: m.index, end: m.index + url.length, kind: 'url' });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function hasSecret(url: string): boolean {
  const rest = url.replace(/^[^:/?#]*:\/\//, '');
  const authority = /^[^/?#]*/.exec(rest)![0];
  if (authority.includes('@') && url.includes('://')) return true;
  const [path = '', ...queries] = rest.slice(authority.length).split(/[?#]/);
  for (const parameter of queries.join('&').split(/[&;]/)) {
    const equals = parameter.indexOf('=');
    const value = parameter.slice(equals + 1);
    if (equals > 0 && value !== '' && (SECRET_NAME.test(parameter.slice(0, equals)) || isRandom(value))) return true;
    if (equals === -1 && isRandom(parameter)) return true;
  }
  return path.split('/').some(isRandom);
}

/** Looks drawn, not written: a UUID, or a long unbroken piece that changes between letters, cases and digits again and again. */
function isRandom(segment: string): boolean {
  if (segment.length < 16 || segment.length > 4_096) return segment.length > 4_096;
  if (UUID.test(segment) || /^eyJ[\w-]{10,}\./.test(segment)) return true;
  return segment.split(/[-_.~!,+=%]/).some((piece) => {
    if (piece.length < 16) return false;
    const changes = piece.match(/[a-z](?=[A-Z\d])|[A-Z](?=[a-z\d])|\d(?=[A-Za-z])/g)?.length ?? 0;
    return changes >= Math.max(4, piece.length / 8) && /^[\w]+$/.test(piece);
  });
}
