import type { Analyzer, LexiconFiles } from './types.js';

export function createAnalyzer(_files: LexiconFiles): Analyzer {
  return {
    versions: { engine: '0', lexicon: '0', taxonomy: '0' },
    languages: [],
    analyze: () => ({
      language: { code: 'und', confidence: 0 },
      sentiment: { label: 'unsupported', score: 0, confidence: 0 },
      topics: [],
      areas: [],
      evidence: [],
      flags: [],
    }),
  };
}
