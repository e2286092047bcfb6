/** Threads for the analysis, so that reading, committing and the renewal of job locks never wait for it. */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { AnalyzedFeedback, Versions } from '../src/feedback.js';
import type { Pulled } from '../src/sources/port.js';
import type { AnalyzedBatch, BatchTask, UntaggedFeedback } from './analyze-batch.js';
import type { Retagged, RetagTask, ThreadData } from './analyze-thread.js';

export interface AnalysisPool {
  readonly threads: number;
  /** What its results are made with. */
  readonly versions: Versions;
  /** Batches wait their turn; keep few in flight. */
  run(task: BatchTask): Promise<AnalyzedBatch>;
  /** Analyses stored feedback anew, in its order; what is not of the analysis stays as it is. */
  retag(stored: UntaggedFeedback[]): Promise<AnalyzedFeedback[]>;
  close(): Promise<void>;
}

/** One core is left to read and commit. */
export const defaultThreads = (): number => Math.max(1, availableParallelism() - 1);

/**
 * Left alone, V8 lets garbage pile up to a share of the machine's memory. This bounds what a thread holds (lexicons and a batch
 * need about 60 MB) and costs no time that can be measured.
 */
const MEMORY = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8 };
/** Characters a thread takes at once, so that a batch of very long texts stays within that. */
const CHARACTERS = 1_000_000;

/**
 * Starts the threads and waits until each can analyse.
 * @throws Error where a thread cannot start, such as over a fault in the lexicons.
 */
export async function openPool(options: { threads?: number | undefined } & ThreadData): Promise<AnalysisPool> {
  const threads = options.threads ?? defaultThreads();
  const fromSource = import.meta.url.endsWith('.ts');
  const pool = new Piscina<BatchTask | RetagTask, string>({
    filename: new URL(`./analyze-thread.${fromSource ? 'dev.mjs' : 'js'}`, import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    resourceLimits: MEMORY,
    workerData: {
      pseudonymKey: options.pseudonymKey,
      languages: options.languages,
      shopLexicons: options.shopLexicons,
    } satisfies ThreadData,
  });
  const runPiece = async (task: BatchTask): Promise<AnalyzedBatch> => JSON.parse(await pool.run(task)) as AnalyzedBatch;
  const run = async (task: BatchTask): Promise<AnalyzedBatch> => {
    const [first = [], ...rest] = pieces(task.rows, (row) => (row.ok ? row.feedback.text.length : row.raw.length));
    return (await Promise.all([first, ...rest].map((rows) => runPiece({ ...task, rows })))).reduce(joined);
  };
  const retagPiece = async (stored: UntaggedFeedback[]): Promise<Retagged> => JSON.parse(await pool.run({ stored })) as Retagged;
  const retag = async (stored: UntaggedFeedback[]): Promise<AnalyzedFeedback[]> =>
    (await Promise.all(pieces(stored, ({ text }) => text.length).map(retagPiece))).flatMap(({ feedback }) => feedback);
  const nothing: BatchTask = { source: '', rows: [], timeZone: 'UTC', now: '' };
  try {
    await Promise.all(Array.from({ length: threads }, () => run(nothing)));
    const { versions } = await retagPiece([]);
    return { threads, versions, run, retag, close: () => pool.destroy() };
  } catch (error) {
    await pool.destroy();
    throw new Error(`analysis threads: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function pieces<T extends Pulled | UntaggedFeedback>(rows: T[], lengthOf: (row: T) => number): T[][] {
  const result: T[][] = [];
  let room = 0;
  for (const row of rows) {
    const length = lengthOf(row);
    if (result.length === 0 || length > room) {
      result.push([]);
      room = CHARACTERS;
    }
    result.at(-1)?.push(row);
    room -= length;
  }
  return result;
}

function joined(a: AnalyzedBatch, b: AnalyzedBatch): AnalyzedBatch {
  const redacted = { ...a.redacted };
  for (const [kind, n] of Object.entries(b.redacted)) redacted[kind] = (redacted[kind] ?? 0) + n;
  return {
    feedback: [...a.feedback, ...b.feedback],
    rejects: [...a.rejects, ...b.rejects],
    redacted,
    superseded: a.superseded + b.superseded,
    ms: { redact: a.ms.redact + b.ms.redact, analyze: a.ms.analyze + b.ms.analyze },
  };
}
