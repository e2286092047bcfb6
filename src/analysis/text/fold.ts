/**
 * Folding: the form under which a word is looked up. Text and lexicon go through the same function, so a word written
 * without its accents, in capitals, in full-width letters or in the other script finds the same entry.
 */

/** Languages whose users often leave accents away: folded on both sides. ñ stays apart from n in Spanish. */
const ACCENTS_FOLDED = new Set(['en', 'es', 'fr', 'it', 'nl', 'pt', 'id', 'sr']);

const CYRILLIC_TO_LATIN: Record<string, string> = {
  а: 'a', б: 'b', в: 'v', г: 'g', д: 'd', ђ: 'đ', е: 'e', ж: 'ž', з: 'z', и: 'i', ј: 'j', к: 'k', л: 'l', љ: 'lj', м: 'm',
  н: 'n', њ: 'nj', о: 'o', п: 'p', р: 'r', с: 's', т: 't', ћ: 'ć', у: 'u', ф: 'f', х: 'h', ц: 'c', ч: 'č', џ: 'dž', ш: 'š',
}; // prettier-ignore

const ASCII = /^[\x20-\x7e]*$/;
/** Joiners and variation selectors: they change how a character is drawn, not what it is. */
const INVISIBLE = /\u200b|\u200c|\u200d|\u2060|\ufe0e|\ufe0f/g;
const MARKS = /\p{M}+/gu;

/** Serbian Cyrillic in lower case to Latin with diacritics; other characters pass. */
export function cyrillicToLatin(lower: string): string {
  let out = '';
  for (const c of lower) out += CYRILLIC_TO_LATIN[c] ?? c;
  return out;
}

/**
 * Lower case, compatibility forms unified, typographic apostrophes made plain; accents folded where the language allows.
 * Serbian: Cyrillic to Latin, č ć š ž to c c s z, and đ, dj to d, so that `гдје`, `gdje` and `gde` are one word.
 */
export function fold(language: string, text: string): string {
  let s = text.toLowerCase();
  if (!ASCII.test(s)) {
    s = s.normalize('NFKC').replace(/[‘’ʼ`´]/g, "'");
    if (language === 'sr') s = cyrillicToLatin(s).replace(/đ/g, 'd');
    if (language === 'es') s = s.replace(/ñ/g, '\u0001');
    if (ACCENTS_FOLDED.has(language)) s = s.normalize('NFD').replace(MARKS, '').replace(/ø/g, 'o').replace(/ß/g, 'ss').replace(/œ/g, 'oe');
    if (language === 'es') s = s.replace(/\u0001/g, 'ñ');
    s = s.normalize('NFC').replace(INVISIBLE, '');
  } else if (s.includes('`')) s = s.replace(/`/g, "'");
  return language === 'sr' ? s.replace(/dj/g, 'd') : s;
}

/**
 * `sooo goooood`: a run of three or more letters shortened to two and to one, in this order, as lookups to try.
 * Empty where the word has no such run.
 */
export function shortenRuns(folded: string): string[] {
  if (!/(\p{L})\1\1/u.test(folded)) return [];
  return [folded.replace(/(\p{L})\1{2,}/gu, '$1$1'), folded.replace(/(\p{L})\1{2,}/gu, '$1')];
}
