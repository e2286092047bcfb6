/** Threads for the analysis, so that reading, committing and the renewal of job locks never wait for it. */
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Piscina } from 'piscina';
import type { AnalyzedBatch, BatchTask } from './analyze-batch.js';
import type { ThreadData } from './analyze-thread.js';

export interface AnalysisPool {
  readonly threads: number;
  /** Batches wait their turn; keep few in flight. */
  run(task: BatchTask): Promise<AnalyzedBatch>;
  close(): Promise<void>;
}

/** One core is left to read and commit. */
export const defaultThreads = (): number => Math.max(1, availableParallelism() - 1);

/**
 * Starts the threads and waits until each can analyse.
 * @throws Error where a thread cannot start, such as over a fault in the lexicons.
 */
export async function openPool(options: { threads?: number | undefined; pseudonymKey: string }): Promise<AnalysisPool> {
  const threads = options.threads ?? defaultThreads();
  const fromSource = import.meta.url.endsWith('.ts');
  const pool = new Piscina<BatchTask, string>({
    filename: new URL(`./analyze-thread.${fromSource ? 'ts' : 'js'}`, import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    workerData: { pseudonymKey: options.pseudonymKey } satisfies ThreadData,
    ...(fromSource ? { execArgv: ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] } : {}),
  });
  const run = async (task: BatchTask): Promise<AnalyzedBatch> => JSON.parse(await pool.run(task)) as AnalyzedBatch;
  const nothing: BatchTask = { source: '', rows: [], timeZone: 'UTC', now: '' };
  try {
    await Promise.all(Array.from({ length: threads }, () => run(nothing)));
  } catch (error) {
    await pool.destroy();
    throw new Error(`analysis threads: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return { threads, run, close: () => pool.destroy() };
}
