/**
 * Texts in more than one language: which part is in which. A part is a run of clauses; where scripts change, a run of one script.
 * Most texts are in one language, and seeing that costs a look at which words the languages know, which are counted anyway.
 */
import { KIND_OF, LETTER, isThai } from '../text/characters.js';
import { tokenize } from '../text/tokenize.js';
import { NO_BREAK, SENTENCE_BREAK, Units } from '../text/units.js';
import type { WordCache } from '../text/words.js';
import type { Detected, LanguageDetector } from './detect.js';
import { related } from './families.js';
import type { Beforehand } from './prior.js';

/** A part of a text in one language; UTF-16 code units, end exclusive. */
export interface Segment {
  start: number;
  end: number;
  code: string;
  words: number;
}

/** A sentence or a clause of fewer words says too little of its language. Set. */
const SHORTEST = 3;
const SHORTEST_CLAUSE = 4;
/** The same where no lexicon knows the words, and between scripts, where names and models stand in the other one. Set. */
const SHORTEST_UNKNOWN = 4;
const SHORTEST_RUN = 4;
const SHORTEST_THAI = 8;
/** A part is another language's if that knows at least this share of its words, and the main one at most that. Tuned on own sentences. */
const KNOWN_OTHER = 0.5;
const KNOWN_MAIN = 0.4;
/** How sure the detector must be of such a part. Tuned on own sentences. */
const SURE = 0.6;

export class LanguageSegmenter {
  readonly #units = new Units();

  constructor(
    private readonly detector: LanguageDetector,
    private readonly words: WordCache,
  ) {}

  /**
   * Parts of a text in running order, covering it; undefined where all of it is in one language.
   * @param units the text's words, cut for `main`
   * @param thaiShare share of its letters that are Thai
   */
  segments(text: string, units: Units, main: Detected, thaiShare: number, before: Beforehand): Segment[] | undefined {
    if (thaiShare > 0 && thaiShare < 1) return covering(text, this.#byScript(text, before));
    const clauses = clausesOf(units);
    // Most texts are one clause: nothing to cut, and nothing more to ask about.
    return clauses.length < 2 ? undefined : covering(text, this.#byClause(text, units, clauses, main, before));
  }

  #byScript(text: string, before: Beforehand): Segment[] {
    const out: Segment[] = [];
    for (const run of scriptRuns(text)) {
      if (run.thai) {
        out.push({ ...run, code: 'th', words: run.letters / 4 });
        continue;
      }
      const units = this.#units;
      tokenize(text, units, this.words, false, run.start, run.end);
      const detected = this.detector.detect(text.slice(run.start, run.end), units, before);
      const known = this.detector.knownShare(units, 0, units.tokenCount, detected.code);
      // Brands, models and English borrowings stand in Thai text in Latin letters.
      if (units.tokenCount < SHORTEST_RUN || detected.code === 'und' || detected.confidence < SURE || known < KNOWN_OTHER)
        out.push({ ...run, code: '', words: units.tokenCount });
      else out.push(...this.#byClause(text, units, clausesOf(units), detected, before));
    }
    const first = out.find((s) => s.code !== '');
    if (first === undefined) return [];
    let code = first.code;
    for (const part of out) code = part.code = part.code === '' ? code : part.code;
    return out;
  }

  #byClause(text: string, units: Units, clauses: readonly Clause[], main: Detected, before: Beforehand): Segment[] {
    const out: Segment[] = [];
    for (const { from, to, opens } of clauses) {
      const found = this.#codeOf(text, units, from, to, main, before);
      // What tells nothing goes with the rest of its sentence, and where that is not begun, with the text.
      const code = found ?? (opens ? main.code : out.at(-1)!.code);
      out.push({ start: units.start[from]!, end: units.end[to - 1]!, code, words: to - from });
    }
    return out;
  }

  /** Undefined where the words do not tell. */
  #codeOf(text: string, units: Units, from: number, to: number, main: Detected, before: Beforehand): string | undefined {
    const words = to - from;
    if (words < SHORTEST) return undefined;
    if (this.detector.knownShare(units, from, to, main.code) > KNOWN_MAIN) return main.code;
    const [other, share] = this.detector.bestKnown(units, from, to);
    const readable = other !== main.code && share >= KNOWN_OTHER;
    if (!readable && words < SHORTEST_UNKNOWN) return undefined;
    const detected = this.detector.detect(
      text.slice(units.start[from], units.end[to - 1]),
      units,
      { ...before, hint: undefined },
      from,
      to,
    );
    const trusted = detected.code !== 'und' && detected.confidence >= SURE && (!readable || detected.code === other);
    if (!trusted) return undefined;
    return related(detected.code, main.code) ? main.code : detected.code;
  }
}

/** Words of a text, end exclusive, that are taken to be in one language; `opens` where a sentence begins with them. */
interface Clause {
  from: number;
  to: number;
  opens: boolean;
}

/** The text's clauses, each long enough to tell its language, unless its sentence is shorter. */
function clausesOf({ tokenCount, tokenBreak }: Units): Clause[] {
  const clauses: Clause[] = [];
  for (let from = 0, sentenceEnd = 0; from < tokenCount;) {
    const opens = from === sentenceEnd;
    if (opens) {
      do sentenceEnd++;
      while (sentenceEnd < tokenCount && tokenBreak[sentenceEnd] !== SENTENCE_BREAK);
    }
    let to = Math.min(sentenceEnd, from + SHORTEST_CLAUSE);
    while (to < sentenceEnd && (tokenBreak[to] === NO_BREAK || sentenceEnd - to < SHORTEST_CLAUSE)) to++;
    clauses.push({ from, to, opens });
    from = to;
  }
  return clauses;
}

/**
 * The parts with neighbours of one language joined, covering the text; undefined where one language is left. What stands between two parts
 * (spaces, marks) goes with the one before it.
 */
function covering(text: string, parts: readonly Segment[]): Segment[] | undefined {
  const out: Segment[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (last?.code === part.code) {
      last.end = part.end;
      last.words += part.words;
    } else {
      if (last !== undefined) last.end = part.start;
      out.push({ ...part });
    }
  }
  if (out.length < 2) return undefined;
  out[0]!.start = 0;
  out.at(-1)!.end = text.length;
  return out;
}

/** Runs of Thai and of other letters, each long enough to be more than a name; what is shorter goes with what stands before it. */
function scriptRuns(text: string): { start: number; end: number; thai: boolean; letters: number }[] {
  const runs: { start: number; end: number; thai: boolean; letters: number }[] = [];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const thai = isThai(code);
    if (!thai && KIND_OF[code] !== LETTER) continue;
    const last = runs.at(-1);
    if (last === undefined || last.thai !== thai) {
      if (last !== undefined) last.end = i;
      runs.push({ start: i, end: text.length, thai, letters: 1 });
    } else last.letters++;
  }
  const out: typeof runs = [];
  for (const run of runs) {
    const last = out.at(-1);
    if (last !== undefined && (last.thai === run.thai || run.letters < SHORTEST_THAI)) {
      last.end = run.end;
      if (last.thai === run.thai) last.letters += run.letters;
    } else out.push(run);
  }
  return out;
}
