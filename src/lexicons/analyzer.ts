/** The analysis, ready to use: the project's lexicons, its models, the shop's own entries, and the wide language detector behind them. */
import { createAnalyzer, type AnalyzerOptions, type UndertoneAnalyzer } from '../analysis/index.js';
import { loadLexiconFiles } from './load.js';
import { withShopLexicons } from './overlay.js';
import { secondOpinion } from './second-opinion.js';

export interface LoadOptions extends Omit<AnalyzerOptions, 'secondOpinion'> {
  /** Folder of the shop's own lexicon. Absent: none. */
  shopLexicons?: string | undefined;
  /** Leaves out what `undertone tune` wrote there. */
  withoutTuned?: boolean;
}

/** @throws Error naming the file at fault where a lexicon cannot be read. */
export async function loadAnalyzer({ shopLexicons, withoutTuned = false, ...options }: LoadOptions = {}): Promise<UndertoneAnalyzer> {
  const ours = loadLexiconFiles();
  const files = shopLexicons === undefined ? ours : withShopLexicons(ours, shopLexicons, { withoutTuned });
  return createAnalyzer(files, { ...options, secondOpinion: await secondOpinion() });
}
