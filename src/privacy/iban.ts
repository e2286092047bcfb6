/** International bank account numbers: a country's own length, then the check of ISO 7064 (mod 97 = 1). */
import type { Found } from './spans.js';

/** Length by country, from the IBAN registry. */
const LENGTHS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 ' +
    'FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 ' +
    'MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 ' +
    'SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
const ANCHOR = /(?<![A-Za-z0-9])[A-Za-z]{2}[ -]?\d{2}(?=[ -]?[A-Za-z0-9])/g;

export function findIbans(text: string): Found[] {
  const found: Found[] = [];
  for (const m of text.matchAll(ANCHOR)) {
    const length = LENGTHS.get(m[0].slice(0, 2).toUpperCase());
    if (length === undefined || m.index < (found.at(-1)?.end ?? 0)) continue;
    let code = '';
    let at = m.index;
    while (code.length < length && at < text.length) {
      const character = text[at]!;
      if (/[A-Za-z0-9]/.test(character)) code += character;
      // One space or dash between groups, as people write them.
      else if ((character !== ' ' && character !== '-') || !/[A-Za-z0-9]/.test(text[at - 1]!)) break;
      at++;
    }
    if (code.length === length && !/[A-Za-z0-9]/.test(text[at] ?? ' ') && mod97(code.toUpperCase()) === 1) {
      found.push({ start: m.index, end: at, kind: 'iban' });
    }
  }
  return found;
}

function mod97(code: string): number {
  let rest = 0;
  for (const character of code.slice(4) + code.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}
