/**
 * Takes personal data out of a text before anything is queued or stored, whatever the language:
 * e-mail addresses, phone numbers, card numbers (Luhn), IBANs (mod 97), IP addresses, URLs that carry a secret.
 */
import { findDisguisedEmails, findEmails, findIps, findSecretUrls } from './addresses.js';
import { findIbans } from './iban.js';
import { findNumbers } from './numbers.js';
import { type Found, replaceSpans, toAscii } from './spans.js';

export interface Redacted {
  text: string;
  /** How many of each kind were replaced: email, phone, card, iban, ip, url. */
  counts: Record<string, number>;
}

const DIGIT =
  '[0-9\\u0660-\\u0669\\u06F0-\\u06F9\\u0966-\\u096F\\u09E6-\\u09EF\\u0E50-\\u0E59\\u0ED0-\\u0ED9\\u1040-\\u1049\\u17E0-\\u17E9\\uFF10-\\uFF19]';
/** Nothing personal can be in a text without one of these; most texts have none, and cost one scan. */
const HINT = new RegExp(
  `[@\\uFF20=]|::|:(?=//)|${DIGIT}(?:[ .:()/\\-\\u00A0\\u2000-\\u2015]{0,3}${DIGIT}){3}|[a-z]\\.[a-z]{2,24}/|[([{<] ?(?:at|ät|arroba) ?[)\\]}>]| (?:dot|punkt|ponto|punto|titik|tačka|tacka) `,
  'i',
);

const DETECTORS: ((text: string) => Found[])[] = [findSecretUrls, findEmails, findDisguisedEmails, findIbans, findIps, findNumbers];

/** Replacing one thing can lay bare another; a second pass settles nearly every text. */
const PASSES = 8;

/** Replaces personal data by `[email]`, `[phone]`, `[card]`, `[iban]`, `[ip]`, `[url]`. Linear; redacting twice changes nothing. */
export function redact(text: string): Redacted {
  const counts: Record<string, number> = {};
  let result = text;
  for (let pass = 0; pass < PASSES && HINT.test(result); pass++) {
    const found = find(result);
    if (found.length === 0) break;
    for (const { kind } of found) counts[kind] = (counts[kind] ?? 0) + 1;
    result = replaceSpans(result, found, ({ kind }) => `[${kind}]`);
  }
  return { text: result, counts };
}

function find(text: string): Found[] {
  const all: Found[] = [];
  let rest = toAscii(text);
  for (const detect of DETECTORS) {
    const found = withoutOverlaps(detect(rest));
    if (found.length === 0) continue;
    all.push(...found);
    // What is found is blanked for the detectors after it, so that spans never overlap.
    rest = replaceSpans(rest, found, ({ start, end }) => '\0'.repeat(end - start));
  }
  return all.sort((a, b) => a.start - b.start);
}

function withoutOverlaps(found: Found[]): Found[] {
  let end = 0;
  return found.filter((span) => {
    if (span.start < end) return false;
    end = span.end;
    return true;
  });
}
