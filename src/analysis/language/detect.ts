/**
 * Which language a text is in. A cascade, cheapest first: the script; the common words of the languages that have a lexicon,
 * looked up once a distinct word; where those do not settle it, franc, as a ranking among the languages of the script.
 */
import { francAll } from 'franc';
import type { Units } from '../text/units.js';
import type { Word } from '../text/words.js';
import { cyrillicToLatin, fold } from '../text/fold.js';
import { LANGUAGE_OF_SCRIPT, countScripts, mainScript, type Script } from './scripts.js';

export interface Detected {
  code: string;
  /** 0 to 1. */
  confidence: number;
}

const ISO3: Record<string, string> = {
  en: 'eng', de: 'deu', sv: 'swe', sr: 'srp', id: 'ind', pt: 'por', es: 'spa', fr: 'fra', it: 'ita', nl: 'nld', da: 'dan', nb: 'nob',
  fi: 'fin', pl: 'pol', cs: 'ces', sk: 'slk', hu: 'hun', ro: 'ron', tr: 'tur', vi: 'vie', hr: 'hrv', sl: 'slv', ca: 'cat', et: 'est',
  lv: 'lvs', lt: 'lit', tl: 'tgl', ms: 'zlm', ru: 'rus', uk: 'ukr', bg: 'bul', mk: 'mkd', be: 'bel', ar: 'arb', fa: 'pes', ur: 'urd',
}; // prettier-ignore
const ISO1 = new Map(Object.entries(ISO3).map(([two, three]) => [three, two]));
/** For text in Latin script: the languages with a lexicon, then those shops meet besides. */
const LATIN = ['en', 'de', 'sv', 'sr', 'id', 'pt', 'es', 'fr', 'it', 'nl', 'da', 'nb', 'fi', 'pl', 'cs', 'hu', 'ro', 'tr', 'vi', 'ca'];
const CYRILLIC = ['ru', 'uk', 'bg', 'mk', 'be', 'sr'];
const ARABIC = ['ar', 'fa', 'ur'];

/** Letters only Serbian has among the languages in Cyrillic; those that rule it out. */
const SERBIAN_LETTER = /[ђћџ]/i;
const NOT_SERBIAN_LETTER = /[ёйщъыьэюяіїєґѓќѕў]/i;

/** Evidence (natural log of a likelihood ratio) a decision by words needs over the second best. */
const MARGIN = 2;
const UNDETERMINED: Detected = { code: 'und', confidence: 0 };

/** `pt-BR`, `pt_PT`, `EN`, `srp` -> `pt`, `pt`, `en`, `sr`; undefined where it is no code. */
export function languageCode(hint: string | undefined): string | undefined {
  const primary = /^([A-Za-z]{2,3})(?:[-_].*)?$/.exec(hint?.trim() ?? '')?.[1]?.toLowerCase();
  if (primary === undefined) return undefined;
  const code = primary.length === 3 ? (ISO1.get(primary) ?? primary) : primary;
  return code === 'no' || code === 'nn' ? 'nb' : code === 'in' ? 'id' : code;
}

export class LanguageDetector {
  /** Word in lower case -> evidence by language index: log of how much likelier than in text at large. */
  readonly #words = new Map<string, Float32Array>();

  /**
   * @param languages those with a lexicon, in index order
   * @param commonWords per language `word<TAB>share per 10,000 words` lines
   */
  constructor(
    readonly languages: readonly string[],
    commonWords: ReadonlyMap<string, string>,
  ) {
    /** Share of a word that a language's list does not hold, per 10,000: below the rarest listed. */
    const floor = 0.3;
    languages.forEach((language, index) => {
      for (const line of (commonWords.get(language) ?? '').split('\n')) {
        if (line.startsWith('#') || line === '') continue;
        const [word, share] = line.split('\t') as [string, string];
        for (const form of new Set([word, language === 'sr' ? fold('sr', word) : word])) {
          let votes = this.#words.get(form);
          if (votes === undefined) this.#words.set(form, (votes = new Float32Array(languages.length)));
          votes[index] = Math.max(votes[index]!, Math.log(1 + Number(share) / floor));
        }
      }
    });
  }

  detect(text: string, units: Units, hint: string | undefined, expected: readonly string[] | undefined): Detected {
    const scripts = countScripts(text);
    const script = mainScript(scripts);
    if (script === 'None') return UNDETERMINED;
    const owner = LANGUAGE_OF_SCRIPT[script];
    if (owner !== undefined) return { code: owner, confidence: 0.99 };
    if (script === 'Cyrillic') {
      if (SERBIAN_LETTER.test(text) && !NOT_SERBIAN_LETTER.test(text)) return { code: 'sr', confidence: 0.99 };
      if (NOT_SERBIAN_LETTER.test(text)) return this.#franc(text, CYRILLIC.slice(0, 5), 0.8);
    }
    if (script !== 'Latin' && script !== 'Cyrillic') return script === 'Arabic' ? this.#franc(text, ARABIC, 0.8) : UNDETERMINED;
    return this.#byWords(text, units, script, hint, expected);
  }

  #byWords(text: string, units: Units, script: Script, hint: string | undefined, expected: readonly string[] | undefined): Detected {
    const n = this.languages.length;
    const sums = new Float64Array(n);
    let known = 0;
    let words = 0;
    const look = Math.min(units.length, 200);
    for (let i = 0; i < look; i++) {
      const word = units.word[i];
      if (word === undefined) continue;
      words++;
      const votes = this.#votesOf(word);
      if (votes === NO_VOTES) continue;
      known++;
      for (let k = 0; k < n; k++) sums[k]! += votes[k]!;
    }
    const hinted = languageCode(hint);
    for (let k = 0; k < n; k++) {
      const code = this.languages[k]!;
      if (code === hinted) sums[k]! += 1.5;
      if (expected !== undefined && !expected.includes(code)) sums[k]! -= 2;
    }
    let best = 0;
    for (let k = 1; k < n; k++) if (sums[k]! > sums[best]!) best = k;
    let second = best === 0 ? 1 : 0;
    for (let k = 0; k < n; k++) if (k !== best && sums[k]! > sums[second]!) second = k;
    const margin = sums[best]! - (sums[second] ?? 0);
    const share = words === 0 ? 0 : known / words;
    if (sums[best]! > 3 && margin >= MARGIN && share >= 0.3) return { code: this.languages[best]!, confidence: confidence(margin) };
    const ranked = this.#franc(text, script === 'Cyrillic' ? CYRILLIC : LATIN, 0.6);
    if (sums[best]! > 1 && (ranked.code === this.languages[best] || (margin >= 0.5 && share >= 0.4))) {
      return { code: this.languages[best]!, confidence: Math.max(0.55, confidence(margin) - 0.05) };
    }
    if (hinted !== undefined && text.length < 40) return { code: hinted, confidence: 0.5 };
    return text.length < 25 ? (sums[best]! > 1 ? { code: this.languages[best]!, confidence: 0.5 } : UNDETERMINED) : ranked;
  }

  #votesOf(word: Word): Float32Array {
    if (word.votes !== undefined) return word.votes;
    const lower = word.surface.toLowerCase();
    const latin = /[а-џ]/.test(lower) ? cyrillicToLatin(lower) : lower;
    word.votes = this.#words.get(latin) ?? this.#words.get(latin.normalize('NFC')) ?? NO_VOTES;
    return word.votes;
  }

  #franc(text: string, among: readonly string[], most: number): Detected {
    const only = among.map((code) => ISO3[code]!);
    const sample = text.slice(0, 1_000);
    const [first, second] = francAll(sample, { only, minLength: 3 });
    if (first === undefined || first[0] === 'und') return UNDETERMINED;
    // franc's best is always 1: only the distance to the second says anything.
    return { code: ISO1.get(first[0]) ?? first[0], confidence: Math.min(most, 0.3 + 3 * (1 - (second?.[1] ?? 0))) };
  }
}

const NO_VOTES = new Float32Array(0);
const confidence = (margin: number): number => Math.min(0.99, 1 / (1 + Math.exp(-margin)));
