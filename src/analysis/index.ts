export type { AnalysisResult, AnalyzeHints, Analyzer, LexiconFiles } from './types.js';
export type { LanguageGuess } from './language/detect.js';
export type { AnalyzerOptions, UndertoneAnalyzer } from './analyzer.js';
export { createAnalyzer } from './analyzer.js';
