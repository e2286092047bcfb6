/**
 * Inflected forms brought together, for counting: zipper and zippers, Lieferung and Lieferungen. Not for looking entries up, which
 * say themselves where they are a beginning.
 */
import english from 'natural/lib/natural/stemmers/porter_stemmer.js';
import german from 'natural/lib/natural/stemmers/porter_stemmer_de.js';
import spanish from 'natural/lib/natural/stemmers/porter_stemmer_es.js';
import french from 'natural/lib/natural/stemmers/porter_stemmer_fr.js';
import italian from 'natural/lib/natural/stemmers/porter_stemmer_it.js';
import dutch from 'natural/lib/natural/stemmers/porter_stemmer_nl.js';
import norwegian from 'natural/lib/natural/stemmers/porter_stemmer_no.js';
import portuguese from 'natural/lib/natural/stemmers/porter_stemmer_pt.js';
import swedish from 'natural/lib/natural/stemmers/porter_stemmer_sv.js';
import indonesian from 'natural/lib/natural/stemmers/indonesian/stemmer_id.js';

/** Shorter words are left alone: what is left of them would be another word. */
const SHORTEST = 4;
const LONGEST = 40;

// natural has none for these. Endings of nouns and adjectives only, longest first; a stem of three letters must remain.
const DANISH = /(?:ernes|erne|enes|ene|ens|ets|er|en|et|e)$/;
const SERBIAN = /(?:ovima|evima|ovi|evi|ama|ima|oga|ome|omu|iji|ija|ije|og|om|em|im|ih|oj|a|e|i|o|u)$/;

const stripped = (word: string, ending: RegExp): string => {
  const stem = word.replace(ending, '');
  return stem.length < 3 ? word : stem;
};

const STEMMERS: Readonly<Record<string, (word: string) => string>> = {
  en: (word) => english.stem(word.replace(/'s$/, '')),
  de: (word) => german.stem(word),
  es: (word) => spanish.stem(word),
  fr: (word) => french.stem(word),
  it: (word) => italian.stem(word),
  nl: (word) => dutch.stem(word),
  nb: (word) => norwegian.stem(word),
  pt: (word) => portuguese.stem(word),
  sv: (word) => swedish.stem(word),
  id: (word) => indonesian.stem(word),
  da: (word) => stripped(word, DANISH),
  sr: (word) => stripped(word, SERBIAN),
};

/**
 * @param language one with a stemmer; in any other the word is its own stem
 * @param folded as `fold` gives it
 */
export function stem(language: string, folded: string): string {
  const stemmer = STEMMERS[language];
  if (stemmer === undefined || folded.length < SHORTEST || folded.length > LONGEST || !/^[\p{L}\p{M}']+$/u.test(folded)) return folded;
  return stemmer(folded) || folded;
}
