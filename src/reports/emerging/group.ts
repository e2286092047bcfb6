/** Terms that are one story are shown as one: a phrase and its parts, overlapping pieces of a longer phrase, a word and its misspelling. */
import type { Details } from './details.js';
import { risesBy } from './score.js';

/** A part that stands so often inside a phrase is nothing without it. */
const INSIDE = 0.8;
/** So many of the authors of a term use the other one: the same authors say the same thing. */
const SAME_AUTHORS = 0.7;
/** Terms without a word in common belong together only when they always come together: a text that many paste. */
const ALWAYS = 0.9;
/** Shorter words that differ by a letter are different words. */
const MISSPELT_FROM = 6;

export interface Group {
  head: Details;
  /** The terms that it stands for besides its own, strongest first. */
  others: Details[];
}

/**
 * @param details highest z first
 * @param shareOf the period's part of all uses counted for terms like this one: what chance would give it
 */
export function groupTerms(details: readonly Details[], shareOf: (details: Details) => number): Group[] {
  const groups: Group[] = [];
  for (const one of headsFirst(details)) {
    const group = groups.find(({ head, others }) => isSameStory(head, one, shareOf(one)) || others.some((other) => isPartOf(other, one)));
    if (group === undefined) groups.push({ head: one, others: [] });
    else group.others.push(one);
  }
  return groups.sort((a, b) => b.head.score.z - a.head.score.z || (a.head.stems.join(' ') < b.head.stems.join(' ') ? -1 : 1));
}

/** A phrase comes before the parts that hardly ever stand without it, even where these have the higher z. */
function headsFirst(details: readonly Details[]): Details[] {
  const ranked: Details[] = [];
  const done = new Set<Details>();
  for (const one of details) {
    if (done.has(one)) continue;
    const wholes = details
      .filter((other) => other !== one && contains(other, one) && other.score.term.count >= INSIDE * one.score.term.count)
      .sort((a, b) => b.stems.length - a.stems.length || b.score.z - a.score.z);
    for (const next of [...wholes.slice(0, 1), one]) {
      if (!done.has(next)) ranked.push(next);
      done.add(next);
    }
  }
  return ranked;
}

function isSameStory(head: Details, other: Details, share: number): boolean {
  if (head.language !== other.language) return false;
  if (isMisspelling(head, other)) return true;
  const together = shared(head.authors, other.authors);
  if (!head.stems.some((stem) => other.stems.includes(stem))) {
    return together >= ALWAYS * Math.max(head.authors.size, other.authors.size);
  }
  if (contains(other, head)) return true;
  const inside = together / Math.max(1, other.authors.size);
  if (inside >= SAME_AUTHORS) return true;
  // A word that rises only by the phrase it is in has no rise of its own.
  const { count, baseline } = other.score.term;
  const before = contains(head, other) ? baseline - head.score.term.baseline : baseline;
  return !risesBy(Math.round(count * (1 - inside)), Math.max(0, before), share);
}

/** A word that mostly stands in a phrase of the story: klemmt, where Reißverschluss klemmt is told already. */
const isPartOf = (whole: Details, part: Details): boolean =>
  contains(whole, part) && shared(whole.authors, part.authors) >= SAME_AUTHORS * part.authors.size;

/** Whether the stems of the part stand in the whole in a row. */
function contains(whole: Details, part: Details): boolean {
  if (whole.language !== part.language || whole.stems.length <= part.stems.length) return false;
  return ` ${whole.stems.join(' ')} `.includes(` ${part.stems.join(' ')} `);
}

function shared(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  let n = 0;
  for (const author of small) if (large.has(author)) n++;
  return n;
}

function isMisspelling(head: Details, other: Details): boolean {
  if (head.stems.length > 1 || other.stems.length > 1) return false;
  const [a, b] = [head.stems[0]!, other.stems[0]!];
  return a[0] === b[0] && Math.min(a.length, b.length) >= MISSPELT_FROM && oneEditApart(a, b);
}

/** One letter more, less, other, or two neighbours swapped. */
function oneEditApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from++;
  let [endA, endB] = [a.length, b.length];
  while (endA > from && endB > from && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
  }
  const [restA, restB] = [a.slice(from, endA), b.slice(from, endB)];
  return Math.max(restA.length, restB.length) <= 1 || (restA.length === 2 && restB === restA[1]! + restA[0]!);
}
