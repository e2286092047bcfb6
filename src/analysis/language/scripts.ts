/** Which script a text is in, counted over its letters: decides many languages alone, and narrows the rest. */
import { KIND_OF, LETTER } from '../text/characters.js';

export type Script =
  'Latin' | 'Cyrillic' | 'Thai' | 'Greek' | 'Arabic' | 'Hebrew' | 'Devanagari' | 'Han' | 'Kana' | 'Hangul' | 'Other' | 'None';

/** Inclusive ranges of the basic plane, most common first. */
const RANGES: [Script, number, number][] = [
  ['Latin', 0x41, 0x24f],
  ['Latin', 0x1e00, 0x1eff],
  ['Thai', 0x0e00, 0x0e7f],
  ['Cyrillic', 0x400, 0x52f],
  ['Greek', 0x370, 0x3ff],
  ['Hebrew', 0x590, 0x5ff],
  ['Arabic', 0x600, 0x77f],
  ['Devanagari', 0x900, 0x97f],
  ['Kana', 0x3040, 0x30ff],
  ['Han', 0x3400, 0x9fff],
  ['Hangul', 0xac00, 0xd7a3],
  ['Hangul', 0x1100, 0x11ff],
];

function scriptOf(code: number): Script {
  for (const [script, low, high] of RANGES) if (code >= low && code <= high) return script;
  return 'Other';
}

/** Letters counted of a long text: enough to know, and keeps the cost bounded. */
const LOOK_AT = 2_000;

/** Letters per script in the first part of the text. */
export function countScripts(text: string): Map<Script, number> {
  const counts = new Map<Script, number>();
  let latin = 0;
  const end = Math.min(text.length, LOOK_AT);
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) latin++;
    else if (code >= 0x80 && (KIND_OF[code] === LETTER || (code >= 0x0e31 && code <= 0x0e4e))) {
      const script = scriptOf(code);
      if (script === 'Latin') latin++;
      else counts.set(script, (counts.get(script) ?? 0) + 1);
    }
  }
  if (latin > 0) counts.set('Latin', latin);
  return counts;
}

/** The script most letters are in; Kana wins over the Han it is mixed with. */
export function mainScript(counts: ReadonlyMap<Script, number>): Script {
  if ((counts.get('Kana') ?? 0) > 0 && (counts.get('Kana') ?? 0) + (counts.get('Han') ?? 0) > (counts.get('Latin') ?? 0)) return 'Kana';
  let best: Script = 'None';
  let most = 0;
  for (const [script, n] of counts) {
    // A Thai or Han character says more than a letter: a brand name in Latin must not outweigh the sentence around it.
    const weight = script === 'Latin' ? n : n * 2;
    if (weight > most) [best, most] = [script, weight];
  }
  return best;
}

/** Languages that own their script, as far as feedback goes. */
export const LANGUAGE_OF_SCRIPT: Partial<Record<Script, string>> = {
  Thai: 'th',
  Greek: 'el',
  Hebrew: 'he',
  Devanagari: 'hi',
  Kana: 'ja',
  Han: 'zh',
  Hangul: 'ko',
};

const CYRILLIC = new Set(['sr', 'ru', 'uk', 'bg', 'mk', 'be']);

/** Whether a language is written in the script; Serbian is in both. The one place that says so. */
export const isWrittenIn = (script: 'Latin' | 'Cyrillic', code: string): boolean =>
  script === 'Cyrillic' ? CYRILLIC.has(code) : code === 'sr' || !CYRILLIC.has(code);
