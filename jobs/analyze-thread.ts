/** Entry of an analysis thread. */
import { workerData } from 'node:worker_threads';
import { createAnalyzer } from '../src/analysis/index.js';
import { loadLexiconFiles } from '../src/lexicons/load.js';
import { createBatchAnalyzer, type BatchTask } from './analyze-batch.js';

export interface ThreadData {
  pseudonymKey: string;
}

const analyze = createBatchAnalyzer(createAnalyzer(loadLexiconFiles()), (workerData as ThreadData).pseudonymKey);

/** The answer travels as JSON: for these nested objects half as dear to the main thread as a structured clone. */
export default function run(task: BatchTask): string {
  return JSON.stringify(analyze(task));
}
