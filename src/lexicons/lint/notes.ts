/** What is no fault and worth a look now and then: asked for with `--all`. */
import { keyOf, type LanguageEntries } from './entries.js';
import { reporter, type Finding } from './finding.js';
import type { LintMatcher } from './matcher.js';
import type { Phrase } from './topics.js';

/** A blocker is there to swallow entries; one that holds none does nothing, until a term for one of its words is added. */
export function lintBlockers(matcher: LintMatcher, { blockers }: LanguageEntries, findings: Finding[]): void {
  const { language, lexicon, hits, units } = matcher;
  const report = reporter(`${language}/blockers.tsv`, findings);
  for (const { term, key, line } of blockers) {
    if (key === '' || term.includes('*')) continue;
    matcher.read(term);
    let swallows = false;
    for (let h = 0; h < hits.length && !swallows; h++) {
      const node = hits.node[h]!;
      swallows = lexicon.modifier[node]! >= 0 || !Number.isNaN(lexicon.weight[node]!);
    }
    for (let i = 0; i < units.length && !swallows; i++) swallows = !Number.isNaN(units.word[i]?.mark ?? Number.NaN);
    if (!swallows) report(line, 'warning', 'blocks-nothing', `"${term}" holds no term and no modifier, so it blocks nothing yet: delete it, or keep it for a term to come`);
  }
}

/** Phrases of one piece that stand in more than one topic: a text may be about both, or one of them is a slip. */
export function lintSharedPhrases(language: string, phrases: readonly Phrase[], findings: Finding[]): void {
  const report = reporter(`${language}/topics.tsv`, findings);
  for (const places of phrasePlaces(language, phrases)) {
    const [first] = places;
    const others = [...new Map(places.filter(({ topic }) => topic !== first!.topic).map((p) => [p.topic, p])).values()];
    if (others.length === 0) continue;
    const where = others.map(({ topic, line }) => `${topic} (line ${line})`).join(', ');
    report(first!.line, 'warning', 'shared-phrase', `"${first!.phrase}" of ${first!.topic} is also a phrase of ${where}: keep it where it belongs`);
  }
}

interface Place {
  /** Written as it is, not put together from `(a|b) c`. */
  literal: boolean;
  phrase: string;
  topic: string;
  line: number;
  polarity: number;
}

/** Where each phrase of one piece stands, those that stand once left out. */
export function phrasePlaces(language: string, phrases: readonly Phrase[]): Place[][] {
  const places = new Map<string, Place[]>();
  for (const { elements, exclusion, topic, line, polarity, pattern } of phrases) {
    if (exclusion || elements.length > 1) continue;
    for (const phrase of elements[0]!.alternatives) {
      const key = keyOf(language, phrase);
      const known = places.get(key);
      const place = { phrase, topic, line, polarity, literal: pattern.includes(phrase) };
      if (known === undefined) places.set(key, [place]);
      else if (!known.some((p) => p.topic === topic && p.line === line)) known.push(place);
    }
  }
  return [...places.values()].filter((found) => found.length > 1);
}

/** The same phrase twice within one topic, with different polarity: `-` or `+` counts, and the other line is read in vain. */
export function lintPolarity(language: string, phrases: readonly Phrase[], findings: Finding[]): void {
  const report = reporter(`${language}/topics.tsv`, findings);
  const sign = (polarity: number): string => (polarity < 0 ? '-' : polarity > 0 ? '+' : '0');
  for (const places of phrasePlaces(language, phrases)) {
    for (const [i, place] of places.entries()) {
      const before = places.slice(0, i).find((p) => p.topic === place.topic && p.polarity !== place.polarity);
      if (before === undefined) continue;
      const opposite = before.polarity * place.polarity < 0;
      // `(old|new|my) account` is neutral and `old account` is not: a rule and its exception.
      if (!opposite && !(place.literal && before.literal)) continue;
      const both = `"${place.phrase}" of ${place.topic} has ${sign(place.polarity)} here and ${sign(before.polarity)} in line ${before.line}`;
      report(place.line, opposite ? 'error' : 'warning', 'contradiction', `${both}: keep one`);
      break;
    }
  }
}
