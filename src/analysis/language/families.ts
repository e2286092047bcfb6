/** Languages so near to one another that a detector confuses them and one lexicon reads them all. */

/** First stands the one with a lexicon, whose words the others mostly share. Figures: lexicons/README.md. */
const FAMILIES: readonly (readonly string[])[] = [
  ['sr', 'hr', 'bs'],
  ['id', 'ms'],
];
const FAMILY_OF = new Map(FAMILIES.flatMap((family) => family.map((code) => [code, family] as const)));
const SCANDINAVIAN = new Set(['da', 'nb', 'sv']);

/** The languages of its family, itself among them; empty where it has none. */
export const familyOf = (code: string): readonly string[] => FAMILY_OF.get(code) ?? [];

/** Whose lexicon and word lists a language is read with: its own, or those of the head of its family. */
export const readWith = (code: string): string => familyOf(code)[0] ?? code;

/** Whether two languages are so close that a few words cannot tell them apart. */
export const related = (a: string, b: string): boolean =>
  a === b || familyOf(a).includes(b) || (SCANDINAVIAN.has(a) && SCANDINAVIAN.has(b));
