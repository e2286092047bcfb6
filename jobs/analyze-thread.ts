/** Entry of an analysis thread. */
import { workerData } from 'node:worker_threads';
import { loadAnalyzer } from '../src/lexicons/analyzer.js';
import { createBatchAnalyzer, type BatchTask } from './analyze-batch.js';

export interface ThreadData {
  pseudonymKey: string;
  /** Languages the shop expects; absent: all alike. */
  languages?: readonly string[] | undefined;
  /** Folder of the shop's own lexicon; absent: none. */
  shopLexicons?: string | undefined;
}

const { pseudonymKey, languages, shopLexicons } = workerData as ThreadData;
const analyze = createBatchAnalyzer(await loadAnalyzer({ expected: languages, shopLexicons }), pseudonymKey);

/** The answer travels as JSON: for these nested objects half as dear to the main thread as a structured clone. */
export default function run(task: BatchTask): string {
  return JSON.stringify(analyze(task));
}
