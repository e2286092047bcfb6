export type { AnalysisResult, AnalyzeHints, Analyzer, LexiconFiles } from './types.js';
export { createAnalyzer } from './analyzer.js';
