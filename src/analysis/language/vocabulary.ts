/** Which words of a text the languages know, and which of them speak for one of two relatives. Kept with the word, so it is looked up once a form. */
import { cyrillicToLatin, fold } from '../text/fold.js';
import type { Units } from '../text/units.js';
import type { Word } from '../text/words.js';
import { languageForm } from './model.js';

type Marker = readonly [code: string, weight: number];
/**
 * Beginnings and insides of words that Croatian and Bosnian write with ije or je where Serbian feedback has e (lijepo, vjera, gdje), accents left out.
 * Which letters come before and after keeps out words that all three share (nije, projekt).
 */
const JEKAVIAN =
  /^(?:(?:na|po|u|pro|pri|za|iz|raz|ne|naj|do|od|pre|o)?(?:lijep|ljeps|vrijem|uvijek|dvije|obje|mlijek|mlijec|gdje|prije(?!m)|poslije|vidje|htje|zelje(?!l)|vjer|mjest|mjesec|covje|djec|djet|dijet|djel(?!at)|dijel|rjes|rijes|rjec|rijec|cijen|cijel|bijel|bjel|svijet|svjet|smije[sn]|smjes|vijest|vjest|mjer|mijen|mjen|primjer|slijed|sljed|pjes|pjev|tijel|tjel|lijec|lijek|lijev|rijek|rijet|snijeg|snjez|zvijez|zvjez|nedjelj|ponedjelj|sjed|sjec|sjet|sjev|osje[ct]|uspje|uspije|savjet|vrijed|slijep|srijed|bjez|bjeg|vjetr|vjetar|vijek|vijec|razumije|umije|ljet|kolje|cvije|cvjet|grije|grjes|zahtjev|uvjet|utjec|tijes|tjes|crijev|promje|zapovje|ovdje|ondje|nigdje|negdje|svugdje|djevo|djed|nje[mz]a[cn]|medvjed|sijec|stijen|zivje|trpje|volje[lo]|donije|odnije|unije|prenije))/;
const JEKAVIAN_MARKERS: readonly Marker[] = [
  ['hr', 1],
  ['bs', 1],
];
const NO_MARKERS: readonly Marker[] = [];
/** All markers of a text together say no more than this. */
const MARKERS_MOST = 6;

export class Vocabulary {
  /** Word -> bits of the languages with a lexicon that know it. */
  readonly #known = new Map<string, number>();
  /** Bit of `#known` -> index of the language in the model. */
  readonly #bitOf: number[] = [];
  readonly #markers = new Map<string, Marker[]>();
  readonly #counts: Int32Array;

  /** @param words language -> the content of its words.tsv; @param markers content of markers.tsv */
  constructor(languages: readonly string[], words: ReadonlyMap<string, string>, markers: string) {
    this.#counts = new Int32Array(languages.length);
    languages.forEach((language, k) => {
      const list = words.get(language);
      if (list === undefined) return;
      const bit = 1 << this.#bitOf.length;
      this.#bitOf.push(k);
      for (const word of list.split('\n')) {
        if (word === '' || word.startsWith('# ')) continue;
        for (const form of language === 'sr' ? [word, fold('sr', word)] : [word]) this.#known.set(form, (this.#known.get(form) ?? 0) | bit);
      }
    });
    for (const line of markers.split('\n')) {
      const [word, code, weight] = line.split('\t');
      if (weight === undefined || word === undefined || code === undefined || line.startsWith('# ')) continue;
      for (const form of new Set([word, fold('sr', word)])) {
        const list = this.#markers.get(form);
        if (list === undefined) this.#markers.set(form, [[code, Number(weight)]]);
        else list.push([code, Number(weight)]);
      }
    }
  }

  /** Known words by index of the language, of the tokens from `from` up to `to`; reused by the next call. */
  countKnown(units: Units, from: number, to: number): Int32Array {
    const counts = this.#counts.fill(0);
    for (let i = from; i < to; i++) {
      const word = units.token[i];
      if (word === undefined) continue;
      let bits = word.known ?? this.#bits(word);
      for (let b = 0; bits !== 0; b++, bits >>>= 1) if ((bits & 1) === 1) counts[this.#bitOf[b]!]!++;
    }
    return counts;
  }

  #bits(word: Word): number {
    return (word.known = this.#known.get(languageForm(word.surface)) ?? 0);
  }

  /** Language -> what the markers in the tokens say for it, in log-odds. */
  markers(units: Units, from: number, to: number): Map<string, number> {
    const sums = new Map<string, number>();
    for (let i = from; i < to; i++) {
      const word = units.token[i];
      if (word === undefined) continue;
      for (const [code, weight] of word.markers ?? this.#markersOf(word))
        sums.set(code, Math.min(MARKERS_MOST, (sums.get(code) ?? 0) + weight));
    }
    return sums;
  }

  #markersOf(word: Word): readonly Marker[] {
    const form = cyrillicToLatin(word.surface.toLowerCase());
    const listed = this.#markers.get(form) ?? NO_MARKERS;
    return (word.markers = form.includes('je') && JEKAVIAN.test(fold('sr', form)) ? [...listed, ...JEKAVIAN_MARKERS] : listed);
  }
}
