/** What is known of a text's language before a word of it is read, in log-odds. It weighs and never decides: clear words outweigh all of it. */
import { languageCode } from './codes.js';

export interface Beforehand {
  /** What the source says (BCP-47). */
  hint?: string | undefined;
  /** Languages the shop expects. */
  expected?: readonly string[] | undefined;
  /** Language -> how many earlier texts of the same author were in it. */
  authorLanguages?: Readonly<Record<string, number>> | undefined;
}

/** A source's own word for it: four and a half times as likely. Set. */
const HINT = 1.5;
const UNEXPECTED = -2;
/** Shops meet the languages they have asked us to read more often than others. Set. */
const SUPPORTED = 1.1;
/** The wide detector knows 176 languages, and most of those we have no sentences of hardly ever write to a shop. Set. */
const RARE = -1;
/** People mostly stay with their language, yet some write in two: twenty times as likely at most. Set. */
const AUTHOR_MOST = 3;
const AUTHOR_STEP = 1.5;

/**
 * Log-odds that an author's history lends a language: 1.5 ln(1 + its texts), 3 at most, times its share of all their texts. One other
 * text gives 1, six in one language and none in another 2.9; where they wrote half in each, both get half.
 */
export function authorPrior(code: string, history: Readonly<Record<string, number>>): number {
  let all = 0;
  let own = 0;
  for (const [tag, count] of Object.entries(history)) {
    if (!(count > 0 && count < Infinity)) continue;
    all += count;
    if (languageCode(tag) === code) own += count;
  }
  return own === 0 ? 0 : Math.min(AUTHOR_MOST, AUTHOR_STEP * Math.log1p(own)) * (own / all);
}

/** The prior of each language; what does not change from text to text is worked out once. */
export class Priors {
  #base: Float64Array;
  #expected: readonly string[] | undefined;

  constructor(
    readonly languages: readonly string[],
    readonly supported: ReadonlySet<string>,
  ) {
    this.#base = this.#of({});
  }

  /** Log-odds by index of `languages`; not to be written to. */
  all(before: Beforehand): Float64Array {
    if (before.expected !== this.#expected) {
      this.#expected = before.expected;
      this.#base = this.#of({ expected: before.expected });
    }
    return before.hint === undefined && before.authorLanguages === undefined ? this.#base : this.#of(before);
  }

  of(code: string, { hint, expected, authorLanguages }: Beforehand): number {
    return (
      (this.supported.has(code) ? SUPPORTED : this.languages.includes(code) ? 0 : RARE) +
      (hint !== undefined && languageCode(hint) === code ? HINT : 0) +
      (expected !== undefined && !expected.includes(code) ? UNEXPECTED : 0) +
      (authorLanguages === undefined ? 0 : authorPrior(code, authorLanguages))
    );
  }

  #of(before: Beforehand): Float64Array {
    return Float64Array.from(this.languages, (code) => this.of(code, before));
  }
}
