/** What the analysis takes and gives. Pure: text in, tags out; no I/O, no clock. */
import type { AnalyzedFeedback, Kind, Versions } from '../feedback.js';

export type AnalysisResult = AnalyzedFeedback['analysis'];

/** What is known beside the text. Hints weigh; none of them decides. */
export interface AnalyzeHints {
  /** What the source says the language is (BCP-47, any case; `pt-BR`, `sr_Latn` are understood). */
  language?: string | undefined;
  /**
   * The author's earlier texts: language -> how many were in it. Weighs for a language by ln(1 + its texts) times its share of them,
   * 2 in log-odds at most: it tips a short or unclear text and never overrules a clear one.
   */
  authorLanguages?: Readonly<Record<string, number>> | undefined;
  kind?: Kind | undefined;
  /** Position of the rating on its scale, 0 (worst) to 1 (best): only for the flag `rating-disagrees`. */
  rating?: number | undefined;
}

export interface Analyzer {
  readonly versions: Versions;
  /** Languages with a lexicon. */
  readonly languages: readonly string[];
  /** Never throws, whatever the string. Linear in its length. */
  analyze(text: string, hints?: AnalyzeHints): AnalysisResult;
}

/** The files of `lexicons/`, read by src/lexicons/load.ts, by their name relative to the folder. */
export interface LexiconFiles {
  /** Names of all .tsv and .yaml files, sorted. */
  readonly names: readonly string[];
  /** Content of one of them; empty where there is none of that name. */
  text(name: string): string;
  /** Version of all of them but the taxonomy. */
  readonly version: string;
  /** Gives the bytes of a fitted model (`de/ngrams.bin`), read when it is first asked for; undefined where there is none. */
  model(name: string): Uint8Array | undefined;
  /** Gives a language's lexicon as `npm run build` compiled it from these very files; undefined where it did not. */
  packed?(language: string): Uint8Array | undefined;
  /** Gives the shop's own files of that name, to be laid over ours in this order; none where the shop has none. */
  overlay?(name: string): readonly OverlayFile[];
}

/** A file of the shop's own lexicon: same format and name as one of ours. An entry adds to ours, or stands in for it. */
export interface OverlayFile {
  /** What a fault is reported under: the path as a person knows it. */
  readonly place: string;
  readonly text: string;
}
