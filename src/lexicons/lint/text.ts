/** How an entry is written: characters that look right and match nothing, blanks, capitals, foreign scripts. */
import type { Report } from './finding.js';

const INVISIBLE = /[\u00ad\u200b\u200c\u2060\ufeff]|(?<!\p{Extended_Pictographic}\ufe0f?)\u200d|[\u0000-\u0008\u000b-\u001f\u007f]/u;
/** `:D`, `xD`, `T_T`: capitals are part of them. */
const EMOTICON = /^(?:[:;=8x<>(^].{1,3}|[tq]_+[tq]|x+d+)$/i;
const LETTER_OF = { Latin: /\p{Script=Latin}/u, Cyrillic: /\p{Script=Cyrillic}/u, Thai: /\p{Script=Thai}/u };

/** Scripts of the letters that a language's entries may have; Serbian Cyrillic is folded to Latin, so it stands in Latin. */
const scriptsOf = (language: string): (keyof typeof LETTER_OF)[] => (language === 'th' ? ['Thai', 'Latin'] : ['Latin']);

/** @param text a term or a topic pattern */
export function lintText(language: string, text: string, line: number, report: Report): void {
  const shown = JSON.stringify(text.slice(0, 60));
  const code = INVISIBLE.exec(text)?.[0].codePointAt(0);
  if (code !== undefined) {
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
    report(line, 'error', 'invisible', `${shown} holds an invisible character (${name}): delete it, or run --fix`);
  }
  if (text !== text.normalize('NFC')) {
    report(line, 'error', 'not-nfc', `${shown} writes its accents as separate characters: type them as one (NFC), or run --fix`);
  }
  if (text !== text.trim() || /\s{2,}|[^\S ]/.test(text)) {
    report(line, 'error', 'blanks', `${shown} has a blank too many: single spaces between words only, or run --fix`);
  }
  if (text !== text.toLowerCase() && !EMOTICON.test(text)) {
    report(line, 'error', 'capitals', `${shown} has capitals: entries are in lower case, and match capitals all the same; run --fix`);
  }
  const allowed = scriptsOf(language);
  const foreign = [...text].filter((c) => /\p{L}/u.test(c) && !/\p{Script=Common}/u.test(c) && !allowed.some((s) => LETTER_OF[s].test(c)));
  if (foreign.length > 0) {
    const cyrillic = language === 'sr' && foreign.every((c) => LETTER_OF.Cyrillic.test(c)) && !LETTER_OF.Latin.test(text);
    report(
      line,
      'error',
      'script',
      cyrillic
        ? `${shown} is in Cyrillic: write it in Latin, it matches both`
        : `${shown} has letters of another script (${[...new Set(foreign)].slice(0, 5).join(' ')}): type them as ${allowed.join(' or ')}`,
    );
  }
}

/** The same text without what `lintText` can be sure about. */
export const tidy = (text: string): string => {
  const plain = text
    .replace(new RegExp(INVISIBLE, 'gu'), '')
    .normalize('NFC')
    .replace(/[^\S\t]+/g, ' ')
    .trim();
  return EMOTICON.test(plain) ? plain : plain.toLowerCase();
};
