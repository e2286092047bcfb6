/** The analysis, ready to use: the project's lexicons, its models, and the wide language detector behind them. */
import { createAnalyzer, type AnalyzerOptions, type UndertoneAnalyzer } from '../analysis/index.js';
import { loadLexiconFiles } from './load.js';
import { secondOpinion } from './second-opinion.js';

/** @throws Error naming the file at fault where a lexicon cannot be read. */
export async function loadAnalyzer(options: Omit<AnalyzerOptions, 'secondOpinion'> = {}): Promise<UndertoneAnalyzer> {
  return createAnalyzer(loadLexiconFiles(), { ...options, secondOpinion: await secondOpinion() });
}
