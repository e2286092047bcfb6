import { createAnalyzer, type Analyzer } from '../analysis/index.js';
import { loadLexiconFiles } from '../lexicons/load.js';

/** The analysis with the project's own lexicons. */
export const loadAnalyzer = (): Analyzer => createAnalyzer(loadLexiconFiles());
