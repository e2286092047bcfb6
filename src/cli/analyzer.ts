/** The analysis as the configuration wants it: the languages it expects, the shop's own lexicon. */
import type { UndertoneAnalyzer } from '../analysis/index.js';
import type { Config } from '../config.js';
import { loadAnalyzer } from '../lexicons/analyzer.js';

/** @throws Error naming the file at fault where a lexicon cannot be read. */
export const configuredAnalyzer = (config: Config): Promise<UndertoneAnalyzer> =>
  loadAnalyzer({ expected: config.languages, shopLexicons: config.lexicons });
