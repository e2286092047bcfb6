/** Entry of an analysis thread. */
import { workerData } from 'node:worker_threads';
import type { AnalyzedFeedback, Versions } from '../src/feedback.js';
import { loadAnalyzer } from '../src/lexicons/analyzer.js';
import { createBatchAnalyzer, tagBatch, type BatchTask, type UntaggedFeedback } from './analyze-batch.js';

export interface ThreadData {
  pseudonymKey: string;
  /** Languages the shop expects; absent: all alike. */
  languages?: readonly string[] | undefined;
  /** Folder of the shop's own lexicon; absent: none. */
  shopLexicons?: string | undefined;
}

/** Feedback from the store, redacted long since, to be analysed anew. */
export interface RetagTask {
  stored: UntaggedFeedback[];
}
export interface Retagged {
  feedback: AnalyzedFeedback[];
  versions: Versions;
}

const { pseudonymKey, languages, shopLexicons } = workerData as ThreadData;
const analyzer = await loadAnalyzer({ expected: languages, shopLexicons });
const analyze = createBatchAnalyzer(analyzer, pseudonymKey);

const retag = ({ stored }: RetagTask): Retagged => ({
  feedback: tagBatch(analyzer, stored),
  versions: analyzer.versions,
});

/** The answer travels as JSON: for these nested objects half as dear to the main thread as a structured clone. */
export default function run(task: BatchTask | RetagTask): string {
  return JSON.stringify('stored' in task ? retag(task) : analyze(task));
}
