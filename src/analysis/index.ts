export type { AnalysisResult, AnalyzeHints, Analyzer, LexiconFiles } from './types.js';
export type { LanguageGuess } from './language/detect.js';
export type { AnalyzerOptions, UndertoneAnalyzer } from './analyzer.js';
export { explain, type ExplainedClause, type Explanation } from './explain.js';
export { duplicateKeys } from './text/fingerprint.js';
export { createAnalyzer } from './analyzer.js';
