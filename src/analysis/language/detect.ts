/**
 * Which language a text is in. A cascade, cheapest first: the script; our own linear model over the languages we have sentences of,
 * held against how many of the words a lexicon's language knows; and only where these do not settle it, a wide detector of 176
 * languages, joined with what we know. Relatives that detectors confuse (hr bs sr, id ms) are told apart by our own model and by words
 * only one of them uses; the wide detector only says which family it is.
 */
import type { Units } from '../text/units.js';
import { familyOf, readWith } from './families.js';
import type { LanguageModel } from './model.js';
import { Priors, type Beforehand } from './prior.js';
import { LANGUAGE_OF_SCRIPT, countScripts, isWrittenIn, mainScript } from './scripts.js';
import { Vocabulary } from './vocabulary.js';
import { francGuesses, sharesOf, type LanguageGuess } from './wide.js';

export { languageCode } from './codes.js';
export type { LanguageGuess } from './wide.js';

export interface Detected {
  code: string;
  /**
   * 0 to 1: how probable the code is among all languages weighed. `npm run accuracy` prints how often each tenth of it is right. For `und`
   * it is the confidence of the language that came first and was not believed.
   */
  confidence: number;
}
export interface DetectorFiles {
  model: LanguageModel;
  /** Language -> the content of its words.tsv. */
  words: ReadonlyMap<string, string>;
  /** Content of markers.tsv. */
  markers: string;
}

/** Letters that only these languages write in Cyrillic, and letters that rule them out. */
const CYRILLIC_LETTERS: [string, RegExp, RegExp][] = [
  ['sr', /[ђћ]/i, /[ёйщъыьэюяіїєґѓќѕў]/i],
  ['mk', /[ѓќѕ]/i, /[ёйщъыьэюяіїєґђћў]/i],
  ['be', /ў/i, /[щъѓќѕ]/i],
  ['uk', /[їєґ]/i, /[ёъыэўѓќ]/i],
  ['ru', /[ыэё]/i, /[іїєґўјљњђћџѓќѕ]/i],
];

const UNDETERMINED: Detected = { code: 'und', confidence: 0 };
/** Our own answer stands without asking further at this probability and this share of known words. Set. */
const SURE = 0.9;
const KNOWN_ENOUGH = 0.4;
/** What one known word more or less in a text is worth against the wide detector, in log-odds. Set. */
const KNOWN_WEIGHT = 3;
const KNOWN_USUAL = 0.35;
/** Weights of the two detectors' log-shares. Chosen on the project's held-out sentences. */
const OWN_WEIGHT = 1.5;
/** Of our own log-shares between members of one family. */
const OWN_INSIDE = 0.55;
const WIDE_WEIGHT = 0.7;
/** Of the wide detector's log-shares between members of one family. */
const WIDE_INSIDE = 0.3;
/** Below this share of the evidence the answer is `und`. */
const UND_BELOW = 0.18;
/** The parts of the evidence are not independent: their sum is sharper than it is right. Set by the reliability that `npm run accuracy` prints. */
const TEMPERATURE = 1.4;
const FLOOR = 0.01;
const INSIDE_FLOOR = 0.02;
/** What our own model is taken to think of a language it does not know. Set. */
const UNMODELLED = 0.15;
/** What the wide detector is taken to think of Hindi in Latin letters, which it does not know. Set. */
const UNJUDGED = 0.15;
/** A text whose language the known words alone settle: its least words, the share that is known, and what another may know of that. Set. */
const PLAIN_WORDS = 6;
const PLAIN_KNOWN = 0.75;
const PLAIN_OTHER = 0.5;
const LOOK_AT_WORDS = 200;

export class LanguageDetector {
  readonly #model: LanguageModel;
  readonly #vocabulary: Vocabulary;
  readonly #priors: Priors;
  readonly #logits: Float64Array;
  /** By index of the model's languages: 1 where it is written in the script. */
  readonly #latin: Uint8Array;
  readonly #cyrillic: Uint8Array;
  /** By index of the model's languages: index of the language whose known words count for it, -1 where there is none. */
  readonly #reader: Int32Array;
  /** By index of the model's languages: indices of its family, itself among them. */
  readonly #family: (readonly number[] | undefined)[];
  readonly #wide: (text: string) => LanguageGuess[];

  constructor(files: DetectorFiles, secondOpinion: ((text: string) => LanguageGuess[]) | undefined) {
    const { languages } = files.model;
    this.#model = files.model;
    this.#wide = secondOpinion ?? francGuesses;
    this.#vocabulary = new Vocabulary(languages, files.words, files.markers);
    this.#priors = new Priors(languages, new Set(files.words.keys()));
    this.#logits = new Float64Array(languages.length);
    this.#latin = Uint8Array.from(languages, (code) => (isWrittenIn('Latin', code) ? 1 : 0));
    this.#cyrillic = Uint8Array.from(languages, (code) => (isWrittenIn('Cyrillic', code) ? 1 : 0));
    this.#family = languages.map((code) => {
      const family = familyOf(code)
        .map((member) => languages.indexOf(member))
        .filter((k) => k >= 0);
      return family.length > 1 ? family : undefined;
    });
    this.#reader = Int32Array.from(languages, (code) => {
      const head = readWith(code);
      return files.words.has(head) ? languages.indexOf(head) : -1;
    });
  }

  /** Language of the tokens from `from` up to `to`, all of them if absent; `text` is what they were cut from. */
  detect(text: string, units: Units, before: Beforehand, from = 0, to = units.tokenCount): Detected {
    const script = mainScript(countScripts(text));
    if (script === 'None') return UNDETERMINED;
    const owner = LANGUAGE_OF_SCRIPT[script];
    if (owner !== undefined) return { code: owner, confidence: 0.99 };
    if (script === 'Cyrillic') {
      for (const [code, has, not] of CYRILLIC_LETTERS) if (has.test(text) && !not.test(text)) return { code, confidence: 0.98 };
    }
    if (script !== 'Latin' && script !== 'Cyrillic')
      return pick(this.#wide(text).map(({ code, share }) => [code, Math.log(share + FLOOR) + this.#priors.of(code, before)]));

    const end = Math.min(to, from + LOOK_AT_WORDS);
    const known = this.#vocabulary.countKnown(units, from, end);
    const languages = this.#model.languages;
    const plain = script === 'Latin' ? this.#plainCase(known, end - from, before) : undefined;
    if (plain !== undefined) return plain;
    const logits = this.#logits;
    const words = this.#model.logits(units, from, end, logits);
    if (words === 0) return UNDETERMINED;
    const written = script === 'Cyrillic' ? this.#cyrillic : this.#latin;
    const prior = this.#priors.all(before);
    let best = -1;
    let top = -Infinity;
    for (let k = 0; k < languages.length; k++) {
      if (written[k] === 0) continue;
      const posterior = logits[k]! + prior[k]!;
      if (posterior > top) [best, top] = [k, posterior];
    }
    const reader = this.#reader[best]!;
    const total = logSum(logits, written);
    if (words >= 3 && reader >= 0 && known[reader]! / words >= KNOWN_ENOUGH) {
      const family = script === 'Latin' ? this.#family[best] : undefined;
      if (family === undefined) {
        let sum = 0;
        for (let k = 0; k < languages.length; k++) if (written[k] === 1) sum += Math.exp(logits[k]! + prior[k]! - top);
        if (1 / sum >= SURE) return { code: languages[best]!, confidence: Math.min(0.99, 1 / sum) };
      } else {
        const together = family.reduce((sum, k) => sum + Math.exp(logits[k]! - total), 0);
        const markers = this.#vocabulary.markers(units, from, end);
        const member = pick(
          family.map((k) => [languages[k]!, this.#inside(k, Math.log(together) + total) + (markers.get(languages[k]!) ?? 0) + prior[k]!]),
        );
        if (together * member.confidence >= SURE) return { code: member.code, confidence: Math.min(0.99, together * member.confidence) };
      }
    }
    // Not settled: the wide detector, joined with what we know.
    const reach = Math.sqrt(Math.min(words, 16));
    const wide = sharesOf(this.#wide(text));
    const markers = this.#vocabulary.markers(units, from, end);
    const scored: [string, number][] = [];
    for (let k = 0; k < languages.length; k++) {
      if (written[k] === 0) continue;
      const code = languages[k]!;
      const family = script === 'Latin' ? this.#family[k] : undefined;
      let score = prior[k]! + (markers.get(code) ?? 0);
      if (family === undefined) {
        score += OWN_WEIGHT * Math.log(Math.exp(logits[k]! - total) + FLOOR);
        score += WIDE_WEIGHT * Math.log(code === 'hi' ? UNJUDGED : (wide.get(code) ?? 0) + FLOOR);
      } else {
        const together = family.reduce((sum, m) => sum + Math.exp(logits[m]! - total), 0);
        const guessed = family.reduce((sum, m) => sum + (wide.get(languages[m]!) ?? 0), 0);
        score += OWN_WEIGHT * Math.log(together + FLOOR) + this.#inside(k, Math.log(together) + total);
        score += WIDE_WEIGHT * Math.log(guessed + FLOOR);
        score += WIDE_INSIDE * Math.log(((wide.get(code) ?? 0) + FLOOR) / (guessed + family.length * FLOOR));
      }
      const reader = this.#reader[k]!;
      if (reader >= 0) score += KNOWN_WEIGHT * (known[reader]! / words - KNOWN_USUAL) * reach;
      scored.push([code, score]);
    }
    for (const [code, share] of wide) {
      if (languages.includes(code) || !isWrittenIn(script, code)) continue;
      scored.push([code, OWN_WEIGHT * Math.log(UNMODELLED) + WIDE_WEIGHT * Math.log(share + FLOOR) + this.#priors.of(code, before)]);
    }
    return pick(scored);
  }

  /** Most texts: one language knows nearly all of the words, and no other knows half as many. */
  #plainCase(known: Int32Array, words: number, { hint, expected }: Beforehand): Detected | undefined {
    if (words < PLAIN_WORDS || hint !== undefined) return undefined;
    let best = 0;
    let second = 0;
    for (let k = 1; k < known.length; k++) {
      if (known[k]! > known[best]!) [best, second] = [k, known[best]!];
      else if (known[k]! > second) second = known[k]!;
    }
    if (known[best]! < PLAIN_KNOWN * words || second > PLAIN_OTHER * known[best]! || this.#family[best] !== undefined) return undefined;
    const code = this.#model.languages[best]!;
    return expected !== undefined && !expected.includes(code) ? undefined : { code, confidence: 0.99 };
  }

  /** Share of the words from `from` up to `to` that the language knows, 0 to 1; 0 for a language without a list of its own. */
  knownShare(units: Units, from: number, to: number, code: string): number {
    const reader = this.#reader[this.#model.languages.indexOf(code)] ?? -1;
    return reader < 0 || to <= from ? 0 : this.#vocabulary.countKnown(units, from, to)[reader]! / (to - from);
  }

  /** The language that knows most of these words, and the share it knows. */
  bestKnown(units: Units, from: number, to: number): [code: string, share: number] {
    const known = this.#vocabulary.countKnown(units, from, to);
    let best = 0;
    known.forEach((count, k) => {
      if (count > known[best]!) best = k;
    });
    return [this.#model.languages[best]!, known[best]! / Math.max(1, to - from)];
  }

  /** What our own model says for the member `k` of a family, whose logits' log-sum is `family`. */
  #inside(k: number, family: number): number {
    return OWN_INSIDE * Math.log(Math.exp(this.#logits[k]! - family) + INSIDE_FLOOR);
  }
}

function logSum(logits: Float64Array, written: Uint8Array): number {
  let sum = 0;
  for (let k = 0; k < logits.length; k++) if (written[k] === 1) sum += Math.exp(logits[k]!);
  return Math.log(sum);
}

/** The likeliest of codes with their log-odds; `und` where it is not likely enough. */
function pick(scored: [string, number][]): Detected {
  scored.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const first = scored[0];
  if (first === undefined) return UNDETERMINED;
  const confidence = 1 / scored.reduce((sum, [, s]) => sum + Math.exp((s - first[1]) / TEMPERATURE), 0);
  return confidence < UND_BELOW ? { code: 'und', confidence } : { code: first[0], confidence: Math.min(0.99, confidence) };
}
