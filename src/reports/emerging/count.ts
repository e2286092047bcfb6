/**
 * Who used which term, in the period and before it, by authors. Twice over the feedback, with bounded memory: most terms are used
 * once or twice and must not be kept.
 *
 * 1. Every term is counted in one of 16 million buckets, by message. A bucket is at least what each of its terms has, so terms of a
 *    small bucket are out (Park, Chen & Yu 1995, "An effective hash-based algorithm for mining association rules", SIGMOD Record 24).
 * 2. The rest are counted exactly. Only authors with several messages in a stretch can count a term twice; what they have used is
 *    remembered, for as many of these authors at once as fit.
 *
 * At a million messages: 32 MB of buckets, some 32 MB of authors, 40 MB of terms, 64 MB of what authors used.
 */
import { documents, termsIn, type Reading, type Source } from './documents.js';
import { KeySet, TermTable, type TermCount } from './tables.js';
import { keyOfPair, keyOfText } from './terms.js';

/** Fewer authors in period and baseline together: no term. A term's own count never decides whether it is tested, only this sum. */
export const MIN_USES = 5;
const BUCKETS = 1 << 24;
const FULL = 0xffff;
/** With more terms than this, rarer ones are left out. */
const MOST_TERMS = 400_000;
/** Uses remembered at once. */
const MOST_USED = 4_000_000;

/** How many wrote in a language. */
export interface LanguageCount {
  language: string;
  /** In the period. */
  authors: number;
  /** Authors a stretch of the baseline: who writes in each of twelve weeks is twelve. */
  baselineAuthors: number;
  /** Terms of one, two and three words in the first message of each of them: the size of what is compared. */
  size: number[];
  baselineSize: number[];
}

export interface Counts {
  languages: LanguageCount[];
  /** `language` is the position in `languages`. */
  terms: TermCount[];
  /** What a term has at least, in authors of period and baseline together. */
  minUses: number;
}

interface Survey {
  languages: LanguageCount[];
  buckets: Uint16Array;
  /** Authors with several messages in a stretch. */
  repeaters: KeySet;
  /** Their messages, the first of each left out, and terms a message. */
  repeats: number;
  termsEach: number;
}

/** @param isEnough whether so many authors are enough to compare; the terms of other languages are not counted */
export async function countTerms(source: Source, isEnough: (language: LanguageCount) => boolean): Promise<Counts> {
  const survey = await surveyOf(source);
  const minUses = leastUses(survey.buckets);
  const terms = await exactly(source, survey, minUses, isEnough);
  return { languages: survey.languages, terms, minUses };
}

async function surveyOf(source: Source): Promise<Survey> {
  const languages = new Map<string, LanguageCount>();
  const buckets = new Uint16Array(BUCKETS);
  const authors = new KeySet();
  const repeaters = new KeySet();
  const inLanguage = new KeySet();
  let [repeats, messages, terms] = [0, 0, 0];
  for await (const { item, author, inPeriod } of documents(source)) {
    messages++;
    if (!authors.add(author)) {
      repeaters.add(author);
      repeats++;
    }
    for (const { language, places } of termsIn(item, source.read)) {
      let count = languages.get(language);
      if (count === undefined) {
        count = { language, authors: 0, baselineAuthors: 0, size: [0, 0, 0], baselineSize: [0, 0, 0] };
        languages.set(language, count);
      }
      const isFirst = inLanguage.add(keyOfPair(author, keyOfText(language)));
      if (isFirst) count[inPeriod ? 'authors' : 'baselineAuthors']++;
      const size = inPeriod ? count.size : count.baselineSize;
      const keys = new Set<number>();
      for (const { key, length } of places) {
        if (keys.has(key)) continue;
        keys.add(key);
        if (isFirst) size[length - 1]!++;
      }
      terms += keys.size;
      for (const key of keys) {
        const bucket = key & (BUCKETS - 1);
        if (buckets[bucket]! < FULL) buckets[bucket]!++;
      }
    }
  }
  return { languages: [...languages.values()], buckets, repeaters, repeats, termsEach: terms / Math.max(1, messages) };
}

/** The least that keeps the number of terms within bounds. */
function leastUses(buckets: Uint16Array): number {
  const byCount = new Uint32Array(FULL + 1);
  for (const count of buckets) byCount[count]!++;
  let left = BUCKETS;
  for (let least = 0; least <= FULL; least++) {
    if (least >= MIN_USES && left <= MOST_TERMS) return least;
    left -= byCount[least]!;
  }
  return FULL;
}

async function exactly(
  source: Source,
  { languages, buckets, repeaters, repeats, termsEach }: Survey,
  minUses: number,
  isEnough: (language: LanguageCount) => boolean,
): Promise<TermCount[]> {
  const table = new TermTable();
  const indexOf = new Map(languages.map((count, i) => [count.language, isEnough(count) ? i : -1]));
  const rounds = Math.max(1, Math.ceil((2 * repeats * termsEach) / MOST_USED));
  const used = new KeySet();
  const count = ({ item, author, day, inPeriod }: Reading): void => {
    const repeated = repeaters.has(author);
    for (const { language, places } of termsIn(item, source.read)) {
      const index = indexOf.get(language)!;
      if (index < 0) continue;
      const seen = new Set<number>();
      for (const { key, length } of places) {
        if (buckets[key & (BUCKETS - 1)]! < minUses || seen.has(key)) continue;
        seen.add(key);
        if (!repeated || used.add(keyOfPair(author, key))) table.use(key, index, length, day, inPeriod);
        else table.see(key, day);
      }
    }
  };
  for (let round = 0; round < rounds; round++) {
    used.clear();
    for await (const reading of documents(source)) if (reading.author % rounds === round) count(reading);
  }
  return [...table].filter((term) => term.count + term.baseline >= minUses);
}
