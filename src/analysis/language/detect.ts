/**
 * Which language a text is in. A cascade, cheapest first: the script; our own linear model over the languages that have a lexicon,
 * held against how many of the words that language knows; and only where these do not settle it, a wide detector of 176 languages,
 * joined with what we know. Relatives that detectors confuse (hr bs sr, id ms) are told apart by words only one of them uses.
 */
import { francAll } from 'franc';
import type { Units } from '../text/units.js';
import type { Word } from '../text/words.js';
import { cyrillicToLatin, fold } from '../text/fold.js';
import { languageForm, type LanguageModel } from './model.js';
import { LANGUAGE_OF_SCRIPT, countScripts, mainScript } from './scripts.js';

export interface Detected {
  code: string;
  /** 0 to 1. */
  confidence: number;
}
export interface LanguageGuess {
  code: string;
  /** 0 to 1. */
  share: number;
}
export interface DetectorFiles {
  model: LanguageModel;
  /** Language -> the content of its words.tsv. */
  words: ReadonlyMap<string, string>;
  /** Content of markers.tsv. */
  markers: string;
}

const ISO3: Record<string, string> = {
  en: 'eng', de: 'deu', sv: 'swe', sr: 'srp', id: 'ind', pt: 'por', es: 'spa', fr: 'fra', it: 'ita', nl: 'nld', da: 'dan', nb: 'nob',
  fi: 'fin', pl: 'pol', cs: 'ces', sk: 'slk', hu: 'hun', ro: 'ron', tr: 'tur', vi: 'vie', hr: 'hrv', sl: 'slv', ca: 'cat', et: 'est',
  lv: 'lvs', lt: 'lit', tl: 'tgl', ms: 'zlm', ru: 'rus', uk: 'ukr', bg: 'bul', mk: 'mkd', be: 'bel', ar: 'arb', fa: 'pes', ur: 'urd',
}; // prettier-ignore
const ISO1 = new Map(Object.entries(ISO3).map(([two, three]) => [three, two]));

/** Languages so close that our own model, fitted on few sentences, says little between them: the wide detector and markers do. */
const FAMILIES: readonly (readonly string[])[] = [
  ['sr', 'hr', 'bs'],
  ['id', 'ms'],
];
const FAMILY_OF = new Map(FAMILIES.flatMap((family) => family.map((code) => [code, family] as const)));
const SCANDINAVIAN = new Set(['da', 'nb', 'sv']);
const CYRILLIC = new Set(['sr', 'ru', 'uk', 'bg', 'mk', 'be']);

/** Letters that only these languages write in Cyrillic, and letters that rule them out. */
const CYRILLIC_LETTERS: [string, RegExp, RegExp][] = [
  ['sr', /[ђћ]/i, /[ёйщъыьэюяіїєґѓќѕў]/i],
  ['mk', /[ѓќѕ]/i, /[ёйщъыьэюяіїєґђћў]/i],
  ['be', /ў/i, /[щъѓќѕ]/i],
  ['uk', /[їєґ]/i, /[ёъыэўѓќ]/i],
  ['ru', /[ыэё]/i, /[іїєґўјљњђћџѓќѕ]/i],
];

const NO_MARKERS: readonly (readonly [string, number])[] = [];
const UNDETERMINED: Detected = { code: 'und', confidence: 0 };
/** Our own answer stands without asking further at this probability and this share of known words. Set. */
const SURE = 0.9;
const KNOWN_ENOUGH = 0.4;
/** What one known word more or less in a text is worth against the wide detector, in log-odds. Set. */
const KNOWN_WEIGHT = 3;
const KNOWN_USUAL = 0.35;
const OWN_WEIGHT = 0.6;
/** The same between members of one family. Set. */
const OWN_WEIGHT_INSIDE = 0.1;
const HINT = 1.5;
const UNEXPECTED = -2;
/** Shops meet the languages they have asked us to read more often than others. Set. */
const SUPPORTED = 0.7;
/** Below this share of the evidence the answer is `und`. */
const UND_BELOW = 0.3;
const FLOOR = 0.01;
/** What our own model is taken to think of a language it does not know. Set. */
const UNMODELLED = 0.1;
const LOOK_AT_WORDS = 200;
/** How the wide detector's undivided Serbo-Croatian is shared out. Set. */
const SERBO_CROATIAN = [
  ['sr', 0.5],
  ['hr', 0.25],
  ['bs', 0.25],
] as const;

/** `pt-BR`, `pt_PT`, `EN`, `srp` -> `pt`, `pt`, `en`, `sr`; undefined where it is no code. */
export function languageCode(hint: string | undefined): string | undefined {
  const primary = /^([A-Za-z]{2,3})(?:[-_].*)?$/.exec(hint?.trim() ?? '')?.[1]?.toLowerCase();
  if (primary === undefined) return undefined;
  const code = primary.length === 3 ? (ISO1.get(primary) ?? primary) : primary;
  return code === 'no' || code === 'nn' ? 'nb' : code === 'in' ? 'id' : code;
}

/** franc among all the languages it and we know: where no wide detector is given. */
function francGuesses(text: string): LanguageGuess[] {
  const ranked = francAll(text.slice(0, 600), { only: Object.values(ISO3), minLength: 3 }).filter(([code]) => code !== 'und');
  // franc's best is always 1: the distance to it is all it says.
  const weights = ranked.slice(0, 5).map(([, score]) => Math.exp(20 * (score - 1)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return ranked.slice(0, 5).map(([code], i) => ({ code: ISO1.get(code) ?? code, share: weights[i]! / sum }));
}

export class LanguageDetector {
  readonly #model: LanguageModel;
  /** Word -> bits of the languages with a lexicon that know it. */
  readonly #known = new Map<string, number>();
  /** Bit of `#known` -> index of the language in the model. */
  readonly #bitOf: number[] = [];
  readonly #markers = new Map<string, [string, number][]>();
  readonly #logits: Float64Array;
  readonly #knownWords: Int32Array;
  /** By language of the model: 1 where it is written in the script; its prior where nothing is hinted or expected. */
  readonly #latin: Uint8Array;
  readonly #cyrillic: Uint8Array;
  readonly #basePrior: Float64Array;
  /** The model's languages that have a lexicon. */
  readonly #supported: Set<string>;
  readonly #wide: (text: string) => LanguageGuess[];

  constructor(files: DetectorFiles, secondOpinion: ((text: string) => LanguageGuess[]) | undefined) {
    this.#model = files.model;
    this.#wide = secondOpinion ?? francGuesses;
    this.#supported = new Set([...files.words.keys()].filter((code) => files.model.languages.includes(code)));
    const n = files.model.languages.length;
    this.#cyrillic = Uint8Array.from(files.model.languages, (code) => (CYRILLIC.has(code) ? 1 : 0));
    this.#latin = Uint8Array.from(files.model.languages, (code) => (code === 'sr' || !CYRILLIC.has(code) ? 1 : 0));
    this.#basePrior = Float64Array.from(files.model.languages, (code) => (this.#supported.has(code) ? SUPPORTED : 0));
    this.#logits = new Float64Array(n);
    this.#knownWords = new Int32Array(n);
    files.model.languages.forEach((language, k) => {
      if (files.words.has(language)) this.#bitOf.push(k);
      const bit = 1 << (this.#bitOf.length - 1);
      for (const word of (files.words.get(language) ?? '').split('\n')) {
        if (word === '' || word.startsWith('# ')) continue;
        for (const form of language === 'sr' ? [word, fold('sr', word)] : [word]) this.#known.set(form, (this.#known.get(form) ?? 0) | bit);
      }
    });
    for (const line of files.markers.split('\n')) {
      const [word, code, weight] = line.split('\t');
      if (weight === undefined || word === undefined || code === undefined || line.startsWith('# ')) continue;
      for (const form of new Set([word, fold('sr', word)])) {
        const list = this.#markers.get(form);
        if (list === undefined) this.#markers.set(form, [[code, Number(weight)]]);
        else list.push([code, Number(weight)]);
      }
    }
  }

  /** Language of the tokens from `from` up to `to`, all of them if absent; `text` is what they were cut from. */
  detect(
    text: string,
    units: Units,
    hint: string | undefined,
    expected: readonly string[] | undefined,
    from = 0,
    to = units.tokenCount,
  ): Detected {
    const script = mainScript(countScripts(text));
    if (script === 'None') return UNDETERMINED;
    const owner = LANGUAGE_OF_SCRIPT[script];
    if (owner !== undefined) return { code: owner, confidence: 0.99 };
    if (script === 'Cyrillic') {
      for (const [code, has, not] of CYRILLIC_LETTERS) if (has.test(text) && !not.test(text)) return { code, confidence: 0.98 };
    }
    const hinted = languageCode(hint);
    if (script !== 'Latin' && script !== 'Cyrillic')
      return this.#pick(this.#wide(text).map(({ code, share }) => [code, Math.log(share + FLOOR)]));

    const end = Math.min(to, from + LOOK_AT_WORDS);
    const logits = this.#logits;
    const words = this.#model.logits(units, from, end, logits);
    if (words === 0) return UNDETERMINED;
    const languages = this.#model.languages;
    const wanted = script === 'Cyrillic' ? this.#cyrillic : this.#latin;
    const prior = (code: string): number =>
      (code === hinted ? HINT : 0) +
      (expected !== undefined && !expected.includes(code) ? UNEXPECTED : 0) +
      (this.#supported.has(code) ? SUPPORTED : 0);
    let best = -1;
    let top = -Infinity;
    for (let k = 0; k < languages.length; k++) {
      const logit = wanted[k] === 1 ? logits[k]! + this.#basePrior[k]! : -Infinity;
      logits[k] = logit;
      if (logit > top) [best, top] = [k, logit];
    }
    if (hinted !== undefined || expected !== undefined) {
      top = -Infinity;
      for (let k = 0; k < languages.length; k++) {
        logits[k]! += prior(languages[k]!) - this.#basePrior[k]!;
        if (logits[k]! > top) [best, top] = [k, logits[k]!];
      }
    }
    let sum = 0;
    // What is a hundred thousand times less likely adds nothing.
    for (let k = 0; k < languages.length; k++) if (logits[k]! > top - 12) sum += Math.exp(logits[k]! - top);
    const own = languages[best]!;
    const share = (k: number): number => (k < 0 ? 0 : Math.exp(logits[k]! - top) / sum);
    this.#countKnown(units, from, end);
    const family = FAMILY_OF.get(own);
    // Without a word that only a relative would use, a text of the family is taken for its head's, which has the lexicon.
    const probability = family === undefined ? share(best) : family.reduce((p, code) => p + share(languages.indexOf(code)), 0);
    const alone =
      family === undefined ||
      !this.#hasMarkers(units, from, end, family) ||
      (expected?.includes(family[0]!) === true && !family.some((code) => code !== family[0] && expected.includes(code)));
    if (
      alone &&
      words >= 3 &&
      probability >= SURE &&
      this.#knownWords[family === undefined ? best : languages.indexOf(family[0]!)]! / words >= KNOWN_ENOUGH
    ) {
      return { code: family?.[0] ?? own, confidence: Math.min(0.99, probability) };
    }
    // Not settled: the wide detector, joined with what we know.
    const reach = Math.sqrt(Math.min(words, 16));
    const guesses = new Map<string, number>();
    for (const { code, share } of this.#wide(text)) {
      if (code === 'sh') for (const [c, part] of SERBO_CROATIAN) guesses.set(c, (guesses.get(c) ?? 0) + share * part);
      else guesses.set(code, (guesses.get(code) ?? 0) + share);
    }
    const markers = this.#markerSums(units, from, end);
    const scored: [string, number][] = [];
    for (const code of new Set([...guesses.keys(), ...languages])) {
      if ((script === 'Cyrillic') !== CYRILLIC.has(code) && !(script === 'Latin' && code === 'sr')) continue;
      const k = languages.indexOf(code);
      let score = Math.log((guesses.get(code) ?? 0) + FLOOR) + (markers.get(code) ?? 0);
      const family = FAMILY_OF.get(code);
      if (k < 0) score += prior(code) + OWN_WEIGHT * Math.log(UNMODELLED);
      else if (family === undefined || script === 'Cyrillic') score += OWN_WEIGHT * Math.log(share(k) + FLOOR);
      else {
        const together = family.reduce((p, member) => p + share(languages.indexOf(member)), 0);
        score +=
          OWN_WEIGHT * Math.log(together + FLOOR) +
          OWN_WEIGHT_INSIDE * Math.log((together > 0 ? share(k) / together : 0) + FLOOR) +
          prior(code);
      }
      // A family shares the vocabulary of the member that has a lexicon.
      const reader = family?.[0] ?? code;
      if (this.#supported.has(reader)) score += KNOWN_WEIGHT * (this.#knownWords[languages.indexOf(reader)]! / words - KNOWN_USUAL) * reach;
      scored.push([code, score]);
    }
    return this.#pick(scored);
  }

  #pick(scored: [string, number][]): Detected {
    scored.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    const first = scored[0];
    if (first === undefined) return UNDETERMINED;
    const confidence = 1 / scored.reduce((sum, [, s]) => sum + Math.exp(s - first[1]), 0);
    return confidence < UND_BELOW ? { code: 'und', confidence } : { code: first[0], confidence: Math.min(0.99, confidence) };
  }

  /** Share of the words from `from` up to `to` that the language's lexicon knows, 0 to 1; 0 for a language without one. */
  knownShare(units: Units, from: number, to: number, code: string): number {
    if (!this.#supported.has(code) || to <= from) return 0;
    this.#countKnown(units, from, to);
    return this.#knownWords[this.#model.languages.indexOf(code)]! / (to - from);
  }

  /** The language that knows most of these words, and the share it knows. */
  bestKnown(units: Units, from: number, to: number): [code: string, share: number] {
    this.#countKnown(units, from, to);
    let best = 0;
    for (const k of this.#bitOf) if (this.#knownWords[k]! > this.#knownWords[best]!) best = k;
    return [this.#model.languages[best]!, this.#knownWords[best]! / Math.max(1, to - from)];
  }

  /** Whether two languages are so close that a few words cannot tell them apart. */
  related(a: string, b: string): boolean {
    return a === b || FAMILY_OF.get(a)?.includes(b) === true || (SCANDINAVIAN.has(a) && SCANDINAVIAN.has(b));
  }

  #countKnown(units: Units, from: number, to: number): void {
    const counts = this.#knownWords.fill(0);
    for (let i = from; i < to; i++) {
      const word = units.token[i];
      if (word === undefined) continue;
      let bits = word.known ?? this.#bits(word);
      for (let b = 0; bits !== 0; b++, bits >>>= 1) if ((bits & 1) === 1) counts[this.#bitOf[b]!]!++;
    }
  }

  #bits(word: Word): number {
    return (word.known = this.#known.get(languageForm(word.surface)) ?? 0);
  }

  /** Whether a word stands in the text that only a relative of the family's head would use. */
  #hasMarkers(units: Units, from: number, to: number, [head]: readonly string[]): boolean {
    for (let i = from; i < to; i++) {
      const word = units.token[i];
      if (word === undefined) continue;
      const markers = word.markers ?? this.#markersOf(word);
      if (markers.some(([code]) => code !== head && FAMILY_OF.get(code)?.[0] === head)) return true;
    }
    return false;
  }

  #markersOf(word: Word): readonly (readonly [string, number])[] {
    return (word.markers = this.#markers.get(cyrillicToLatin(word.surface.toLowerCase())) ?? NO_MARKERS);
  }

  #markerSums(units: Units, from: number, to: number): Map<string, number> {
    const sums = new Map<string, number>();
    for (let i = from; i < to; i++) {
      const word = units.token[i];
      if (word === undefined) continue;
      for (const [code, weight] of word.markers ?? this.#markersOf(word)) sums.set(code, Math.min(6, (sums.get(code) ?? 0) + weight));
    }
    return sums;
  }
}
