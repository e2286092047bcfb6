/** The analysis, ready to use: the project's lexicons, its models, the shop's own entries, and the wide language detector behind them. */
import { createAnalyzer, type AnalyzerOptions, type UndertoneAnalyzer } from '../analysis/index.js';
import { loadLexiconFiles } from './load.js';
import { withShopLexicons } from './overlay.js';
import { secondOpinion } from './second-opinion.js';

export interface LoadOptions extends Omit<AnalyzerOptions, 'secondOpinion'> {
  /** Folder of the shop's own lexicon. Absent: none. */
  shopLexicons?: string | undefined;
  /** Files of that folder to be left out, such as `de/tuned.tsv`. */
  without?: readonly string[] | undefined;
}

/** @throws Error naming the file at fault where a lexicon cannot be read. */
export async function loadAnalyzer({ shopLexicons, without, ...options }: LoadOptions = {}): Promise<UndertoneAnalyzer> {
  const ours = loadLexiconFiles();
  const files = shopLexicons === undefined ? ours : withShopLexicons(ours, shopLexicons, without);
  return createAnalyzer(files, { ...options, secondOpinion: await secondOpinion() });
}
