/** Codes of languages, as sources write them and as we do. */
export const ISO3: Readonly<Record<string, string>> = {
  en: 'eng', de: 'deu', sv: 'swe', sr: 'srp', id: 'ind', pt: 'por', es: 'spa', fr: 'fra', it: 'ita', nl: 'nld', da: 'dan', nb: 'nob',
  fi: 'fin', pl: 'pol', cs: 'ces', sk: 'slk', hu: 'hun', ro: 'ron', tr: 'tur', vi: 'vie', hr: 'hrv', sl: 'slv', ca: 'cat', et: 'est',
  lv: 'lvs', lt: 'lit', tl: 'tgl', ms: 'zlm', ru: 'rus', uk: 'ukr', bg: 'bul', mk: 'mkd', be: 'bel', ar: 'arb', fa: 'pes', ur: 'urd',
}; // prettier-ignore
export const ISO1: ReadonlyMap<string, string> = new Map(Object.entries(ISO3).map(([two, three]) => [three, two]));

/** `pt-BR`, `pt_PT`, `EN`, `srp` -> `pt`, `pt`, `en`, `sr`; undefined where it is no code. */
export function languageCode(hint: string | undefined): string | undefined {
  const primary = /^([A-Za-z]{2,3})(?:[-_].*)?$/.exec(hint?.trim() ?? '')?.[1]?.toLowerCase();
  if (primary === undefined) return undefined;
  const code = primary.length === 3 ? (ISO1.get(primary) ?? primary) : primary;
  return code === 'no' || code === 'nn' ? 'nb' : code === 'in' ? 'id' : code;
}
