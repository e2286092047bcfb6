/** A phrase that says good or bad by itself, under a negation: "never had a late delivery" is no complaint of it. */
import type { Lexicon } from '../lexicon/compile.js';
import { MODIFIER_KINDS } from '../lexicon/parse.js';
import type { Hits } from '../lexicon/trie.js';
import { PARAMETERS as P } from '../sentiment/parameters.js';
import type { Scored } from '../sentiment/score.js';
import { CLAUSE_BREAK, type Units } from '../text/units.js';
import type { Mention } from './matcher.js';

const NEGATOR = MODIFIER_KINDS.indexOf('negator');
const CONTRAST = MODIFIER_KINDS.indexOf('contrast');
const CONCESSION = MODIFIER_KINDS.indexOf('concession');

type Entry = 'negator' | 'term' | 'clause' | undefined;

/**
 * Gives mentions that are denied what is left of their polarity, its sign turned, as for valence terms. The negator has then had its say:
 * it no longer counts as one that denies nothing known.
 */
export function denyMentions(units: Units, hits: Hits, lexicon: Lexicon, scored: Scored, mentions: readonly Mention[]): void {
  const polar = mentions.filter(({ polarity }) => polarity !== 0);
  if (polar.length === 0) return;
  // A negator that is part of a phrase ("never arrived") denies only what overlaps with that phrase.
  let ownerOf: Map<number, Mention> | undefined;
  const overlap = (a: Mention, b: Mention): boolean => a.start < b.end && b.start < a.end;
  const denies = (mention: Mention, i: number): boolean => {
    if (entryAt(units, hits, lexicon, i) !== 'negator') return false;
    const owner = (ownerOf ??= owners(polar)).get(i);
    return owner === undefined || (owner !== mention && overlap(owner, mention));
  };
  const spent = new Set<number>();
  for (const mention of polar) {
    const negator = negatorOf(units, hits, lexicon, mention, (i) => denies(mention, i));
    if (negator < 0) continue;
    mention.polarity *= mention.polarity > 0 ? P.negatedPositive : P.negatedNegative;
    if (ownerOf?.has(negator) === false) spent.add(negator);
  }
  if (spent.size === 0) return;
  scored.contributions = scored.contributions.filter(({ rule, start, clause, weight }) => {
    if (rule !== 'bare-negation' || !spent.has(start)) return true;
    scored.clauseSums[clause]! -= weight;
    return false;
  });
}

/** By unit: the mention of whose phrase it is a word. */
function owners(mentions: readonly Mention[]): Map<number, Mention> {
  const ownerOf = new Map<number, Mention>();
  for (const mention of mentions) {
    const { elements } = mention;
    for (let k = 0; k < elements.length; k += 2) for (let i = elements[k]!; i < elements[k + 1]!; i++) ownerOf.set(i, mention);
  }
  return ownerOf;
}

/** First unit of the negator that denies the mention; -1 where none does. */
function negatorOf(units: Units, hits: Hits, lexicon: Lexicon, { start, end, elements }: Mention, denies: (i: number) => boolean): number {
  const wordsBetween = (a: number, b: number): number => units.ordinal[b]! - units.ordinal[a]! - 1;
  const stops = (i: number): boolean => {
    const entry = entryAt(units, hits, lexicon, i);
    return entry === 'term' || entry === 'clause';
  };
  // In a gap of the pattern: "not" in "the box was not broken".
  for (let k = 1; k + 1 < elements.length; k += 2) for (let i = elements[k]!; i < elements[k + 1]!; i++) if (denies(i)) return i;
  // Before it, unless a term of its own stands between, which the negator then belongs to: "not happy with the late delivery".
  for (let i = start - 1; i >= 0 && wordsBetween(i, start) < P.negationReach; i--) {
    if (units.breakBefore[i + 1]! >= CLAUSE_BREAK) break;
    if (denies(i)) return i;
    if (stops(i)) break;
  }
  if (!lexicon.negatorFollows) return -1;
  // Behind it, at the end of the clause: "zu spät war es nicht".
  for (let i = end; i < units.length && wordsBetween(end - 1, i) < P.negationReachBack; i++) {
    if (units.breakBefore[i]! >= CLAUSE_BREAK) break;
    if (denies(i)) return i + 1 === units.length || units.breakBefore[i + 1]! >= CLAUSE_BREAK ? i : -1;
    if (stops(i)) break;
  }
  return -1;
}

/** What the longest entry that begins here is; a neutral phrase that swallows a negator ("not only") is nothing. */
function entryAt(units: Units, hits: Hits, lexicon: Lexicon, i: number): Entry {
  if (lexicon.characters && units.boundary[i] === 0) return undefined;
  let entry: Entry;
  let end = i;
  for (let h = hits.first[i]!; h < hits.first[i + 1]!; h++) {
    const node = hits.node[h]!;
    if (hits.end[h]! <= end) continue;
    const kind = lexicon.modifier[node]!;
    const weight = lexicon.weight[node]!;
    if (kind === NEGATOR) entry = 'negator';
    else if (kind === CONTRAST || kind === CONCESSION) entry = 'clause';
    else if (weight === weight && weight !== 0) entry = 'term';
    else if (lexicon.blocker[node] === 1) entry = undefined;
    else continue;
    end = hits.end[h]!;
  }
  return entry;
}
