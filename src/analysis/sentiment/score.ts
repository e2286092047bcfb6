/**
 * Sentiment by clause: valence terms, changed by what stands around them (negation, degree, wishes, questions, contrast), summed.
 * Every change is recorded, so that the parts add up to the sum.
 */
import type { Lexicon } from '../lexicon/compile.js';
import type { Hits } from '../lexicon/trie.js';
import { MODIFIER_KINDS } from '../lexicon/parse.js';
import { CLAUSE_BREAK, SENTENCE_BREAK, type Units } from '../text/units.js';
import { PARAMETERS as P } from './parameters.js';

const [NEGATOR, INTENSIFIER, DIMINISHER, CONTRAST, CONCESSION, IRREALIS, QUESTION, COMPARISON] = MODIFIER_KINDS.map((_, i) => i) as [
  number, number, number, number, number, number, number, number,
]; // prettier-ignore
const TERM = -1;

/** A matched entry of the lexicon: where, what kind, and how much. */
interface Item {
  start: number;
  end: number;
  /** TERM or an index of MODIFIER_KINDS. */
  kind: number;
  weight: number;
  factor: number;
  clause: number;
  used: boolean;
  selfNegated: boolean;
  /** Of the shop's own lexicon. */
  ofShop: boolean;
}

/** One signed contribution to the sum; units, end exclusive. */
export interface Contribution {
  start: number;
  end: number;
  clause: number;
  base: number;
  weight: number;
  rule: string;
}

export interface Scored {
  contributions: Contribution[];
  /** By unit: its clause and sentence, counted from 0. */
  clauseOf: number[];
  clauses: number;
  sentenceOfClause: number[];
  /** Sum of the contributions by clause, contrast and questions accounted for. */
  clauseSums: number[];
}

function collect(units: Units, hits: Hits, lexicon: Lexicon): Item[] {
  const items: Item[] = [];
  const { weight, modifier, factor, blocker, characters } = lexicon;
  for (let i = 0; i < units.length;) {
    if (characters && units.boundary[i] === 0) {
      i++;
      continue;
    }
    let node = -1;
    let end = i;
    for (let h = hits.first[i]!; h < hits.first[i + 1]!; h++) {
      const candidate = hits.node[h]!;
      const candidateEnd = hits.end[h]!;
      // Longest first; at the same length the word itself comes before a prefix, and a longer prefix before a shorter.
      if (candidateEnd <= end) continue;
      const valence = weight[candidate]! === weight[candidate]!;
      if (!valence && modifier[candidate]! < 0 && blocker[candidate] === 0) continue;
      if (
        characters &&
        candidateEnd < units.length &&
        units.boundary[candidateEnd] === 0 &&
        units.breakBefore[candidateEnd] === 0 &&
        !isSpace(units, candidateEnd)
      )
        continue;
      node = candidate;
      end = candidateEnd;
    }
    if (node < 0) {
      const mark = units.word[i]?.mark ?? Number.NaN;
      if (mark === mark)
        items.push({
          start: i,
          end: i + 1,
          kind: TERM,
          weight: (mark - P.markMiddle) * P.markWeight,
          factor: 1,
          clause: 0,
          used: false,
          selfNegated: false,
          ofShop: false,
        });
      i++;
      continue;
    }
    if (blocker[node] === 0) {
      const valence = weight[node]!;
      const kind = modifier[node]!;
      const item = {
        start: i,
        end,
        kind: TERM,
        weight: 0,
        factor: factor[node]!,
        clause: 0,
        used: false,
        selfNegated: lexicon.selfNegated[node] === 1,
        ofShop: lexicon.ofShop?.[node] === 1,
      };
      if (kind >= 0 && (valence !== valence || isDegree(kind))) item.kind = kind;
      if (valence === valence) item.weight = valence;
      items.push(item);
    }
    i = end;
  }
  // A word that is both (pretty, total): a degree word before a valence term, else a term.
  for (let k = 0; k < items.length; k++) {
    const item = items[k]!;
    if (item.kind < 0 || item.weight === 0) continue;
    const next = items[k + 1];
    const modifies =
      next !== undefined &&
      next.kind === TERM &&
      distance(units, item, next) <= P.degreeReach &&
      units.breakBefore[next.start]! < CLAUSE_BREAK;
    if (!modifies) item.kind = TERM;
  }
  return items;
}

const isDegree = (kind: number): boolean => kind === INTENSIFIER || kind === DIMINISHER || kind === COMPARISON || kind === NEGATOR;
const isSpace = (units: Units, i: number): boolean => units.word[i]?.surface === ' ';
/** Words between the end of `a` and the start of `b`, 0 when they touch. */
const distance = (units: Units, a: Item, b: Item): number => units.ordinal[b.start]! - units.ordinal[a.end - 1]! - 1;

function segment(units: Units, items: Item[], spaces: boolean): Pick<Scored, 'clauseOf' | 'clauses' | 'sentenceOfClause'> {
  const clauseOf: number[] = [];
  const sentenceOfClause: number[] = [0];
  let clause = 0;
  let sentence = 0;
  let next = 0;
  for (let i = 0; i < units.length; i++) {
    while (next < items.length && items[next]!.start < i) next++;
    const item = items[next];
    // A Thai writer puts a space where others put a comma.
    const opens =
      (item !== undefined && item.start === i && (item.kind === CONTRAST || item.kind === CONCESSION)) || (spaces && isSpace(units, i));
    if (i > 0 && (units.breakBefore[i]! >= CLAUSE_BREAK || opens)) {
      clause++;
      if (units.breakBefore[i] === SENTENCE_BREAK) sentence++;
      sentenceOfClause[clause] = sentence;
    }
    clauseOf[i] = clause;
  }
  for (const item of items) item.clause = clauseOf[item.start]!;
  return { clauseOf, clauses: clause + 1, sentenceOfClause };
}

/** Marks behind each sentence: 1 question, 2 exclamation. */
function sentenceMarks(units: Units, clauseOf: number[], sentenceOfClause: number[]): number[] {
  const marks: number[] = [];
  for (let i = 1; i < units.length; i++) {
    if (units.breakBefore[i] === SENTENCE_BREAK) marks[sentenceOfClause[clauseOf[i - 1]!]!] = units.endMark[i]!;
  }
  if (units.length > 0) marks[sentenceOfClause[clauseOf[units.length - 1]!]!] = units.lastMark;
  return marks;
}

export function scoreClauses(units: Units, hits: Hits, lexicon: Lexicon): Scored {
  const items = collect(units, hits, lexicon);
  const { clauseOf, clauses, sentenceOfClause } = segment(units, items, lexicon.characters);
  const marks = sentenceMarks(units, clauseOf, sentenceOfClause);
  const contributions: Contribution[] = [];
  const capitalsCount = units.length > 3 && countCapitals(units) * 2 < units.length;

  for (let k = 0; k < items.length; k++) {
    const term = items[k]!;
    if (term.kind !== TERM || term.weight === 0) continue;
    if (units.word[term.start]?.isWord === false) {
      // An emoji stands for itself: no word before it denies or strengthens it.
      contributions.push({ start: term.start, end: term.end, clause: term.clause, base: term.weight, weight: term.weight, rule: 'emoji' });
      continue;
    }
    let weight = term.weight < 0 ? term.weight * P.negativeWeight : term.weight;
    let rule = term.ofShop ? 'shop-term' : 'term';
    let negated = false;
    // Backwards over the clause: negators, degree words, wishes. The nearest of each kind counts.
    let degree = false;
    let irrealis = false;
    for (let j = k - 1; j >= 0; j--) {
      const item = items[j]!;
      if (item.clause !== term.clause) break;
      const gap = distance(units, item, term);
      if (gap > P.irrealisReach) break;
      if (item.kind === NEGATOR && gap < (term.selfNegated ? 1 : P.negationReach)) {
        if (!item.used || j === k - 1 || lexicon.negativeConcord) {
          // Where two negators make one negation (nikad nije, ne ... pas), the second changes nothing.
          negated = lexicon.negativeConcord || !negated || gap > 1;
          item.used = true;
        }
      } else if (!degree && (item.kind === INTENSIFIER || item.kind === DIMINISHER) && gap < P.degreeReach) {
        weight *= item.factor;
        rule += item.kind === INTENSIFIER ? '+intensified' : '+diminished';
        degree = true;
      } else if (item.kind === COMPARISON && gap < P.degreeReach) {
        weight *= item.factor;
        rule += '+comparison';
      } else if (!irrealis && item.kind === IRREALIS) {
        weight *= item.factor;
        rule += '+irrealis';
        irrealis = true;
      }
    }
    // Forwards: a degree word that follows (ดีมาก, bagus banget), a negator at the end of the clause (gefällt mir nicht).
    const after = items[k + 1];
    if (!degree && after !== undefined && after.clause === term.clause && (after.kind === INTENSIFIER || after.kind === DIMINISHER)) {
      const further = items[k + 2];
      const ownTerm =
        further === undefined || further.kind !== TERM || further.clause !== term.clause || distance(units, after, further) > 0;
      if (distance(units, term, after) === 0 && ownTerm) {
        weight *= after.factor;
        rule += after.kind === INTENSIFIER ? '+intensified' : '+diminished';
      }
    }
    if (
      !negated &&
      after !== undefined &&
      after.kind === NEGATOR &&
      after.clause === term.clause &&
      !after.used &&
      distance(units, term, after) < P.negationReachBack
    ) {
      const further = items[k + 2];
      const forward =
        further !== undefined &&
        further.kind === TERM &&
        further.clause === term.clause &&
        distance(units, after, further) < P.negationReach;
      if (!forward && lexicon.negatorFollows) {
        negated = true;
        after.used = true;
      }
    }
    if (negated) {
      weight *= weight > 0 ? P.negatedPositive : P.negatedNegative;
      rule += '+negation';
    }
    if (capitalsCount && units.word[term.start]?.capitals === true) {
      weight *= P.capitals;
      rule += '+capitals';
    }
    const mark = marks[sentenceOfClause[term.clause]!] ?? 0;
    if ((mark & 1) === 1) {
      weight *= weight > 0 ? P.questionPositive : P.questionNegative;
      rule += '+question';
    } else if (mark === 2) {
      weight *= P.exclamation;
      rule += '+exclamation';
    }
    contributions.push({ start: term.start, end: term.end, clause: term.clause, base: term.weight, weight, rule });
  }
  for (const item of items) {
    if (item.kind !== NEGATOR || item.used) continue;
    const mark = marks[sentenceOfClause[item.clause]!] ?? 0;
    if ((mark & 1) === 1) continue;
    contributions.push({
      start: item.start,
      end: item.end,
      clause: item.clause,
      base: P.bareNegation,
      weight: P.bareNegation,
      rule: 'bare-negation',
    });
  }
  applyContrast(items, contributions, sentenceOfClause, lexicon.characters);
  contributions.sort((a, b) => a.start - b.start);
  const clauseSums = new Array<number>(clauses).fill(0);
  for (const c of contributions) clauseSums[c.clause]! += c.weight;
  return { contributions, clauseOf, clauses, sentenceOfClause, clauseSums };
}

/** "but" takes weight from what precedes it in its sentence and gives weight to what follows; "although" damps its own clause. */
function applyContrast(items: Item[], contributions: Contribution[], sentenceOfClause: number[], questionsClose: boolean): void {
  for (const item of items) {
    if (item.kind !== CONTRAST && item.kind !== CONCESSION && item.kind !== QUESTION) continue;
    const sentence = sentenceOfClause[item.clause]!;
    for (const c of contributions) {
      if (sentenceOfClause[c.clause] !== sentence) continue;
      if (item.kind === CONTRAST) {
        // Once each: a run of "but ... but ..." without full stops must not multiply itself up.
        if (c.rule.includes('-contrast')) continue;
        if (c.clause < item.clause) {
          c.weight *= P.beforeContrast;
          c.rule += '+before-contrast';
        } else {
          c.weight *= item.factor;
          c.rule += '+after-contrast';
        }
      } else if (item.kind === CONCESSION && c.clause === item.clause) {
        c.weight *= item.factor;
        c.rule += '+concession';
      } else if (
        item.kind === QUESTION &&
        c.clause === item.clause &&
        (questionsClose || c.start >= item.end) &&
        !c.rule.includes('+question')
      ) {
        c.weight *= c.weight > 0 ? P.questionPositive : P.questionNegative;
        c.rule += '+question';
      }
    }
  }
}

function countCapitals(units: Units): number {
  let n = 0;
  for (let i = 0; i < units.length; i++) if (units.word[i]?.capitals === true) n++;
  return n;
}
