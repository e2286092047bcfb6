/** Reads quarantined rows again, after their source's configuration was put right. */
import { createBatchAnalyzer } from '../../jobs/analyze-batch.js';
import { RunSource } from '../../jobs/deps.js';
import { runSources } from '../../jobs/schedule.js';
import type { Config } from '../config.js';
import type { RejectedRow } from '../feedback.js';
import type { Pulled } from '../sources/port.js';
import { openReplay } from '../sources/replay.js';
import type { FeedbackStore } from '../store/port.js';
import { configuredAnalyzer } from './analyzer.js';
import { Failure } from './exit.js';

export interface Replayed {
  stored: number;
  rejected: number;
  /** Why rows could not even be tried: a file that is gone, a source that is unknown. */
  problems: string[];
}

const LATEST = 50;

/** Stores the rows that can be read now, before they leave the quarantine; the others stay there with their new reason. */
export async function replayRejects(store: FeedbackStore, config: Config, filter: { sources?: string[] }): Promise<Replayed> {
  const rows: RejectedRow[] = [];
  for await (const row of store.rejects(filter)) rows.push(row);
  const result: Replayed = { stored: 0, rejected: 0, problems: [] };
  if (rows.length === 0) return result;

  const key = config.pseudonymKey ?? (await store.settings.get('pseudonymKey'));
  if (key === undefined)
    throw new Failure('the store has no pseudonym key; set UNDERTONE_PSEUDONYM_KEY as the run that read these rows had it');
  const analyze = createBatchAnalyzer(await configuredAnalyzer(config), key);
  const sources = await knownSources(store, config);
  for (const name of new Set(rows.map((row) => row.source))) {
    const own = rows.filter((row) => row.source === name);
    const given = sources.get(name);
    if (given === undefined) {
      result.rejected += own.length;
      result.problems.push(`${name}: no such source in undertone.yaml, nor in the latest runs`);
      continue;
    }
    const replay = openReplay(given.source, given);
    for (let at = 0; at < own.length; at += config.workers.batch) {
      const batch = own.slice(at, at + config.workers.batch);
      const tried: { id: string; pulled: Pulled }[] = [];
      for (const row of batch) {
        try {
          tried.push({ id: row.id, pulled: await replay(row) });
        } catch (error) {
          result.rejected++;
          const problem = error instanceof Error ? error.message : String(error);
          if (!result.problems.includes(problem)) result.problems.push(problem);
        }
      }
      const now = new Date().toISOString();
      const { feedback, rejects } = analyze({ source: name, rows: tried.map(({ pulled }) => pulled), timeZone: given.timeZone, now });
      const counts = await store.commit(feedback);
      await store.refreshRollups(counts.days);
      if (rejects.length > 0) await store.quarantine(rejects);
      const done = tried.filter(({ pulled }) => pulled.ok).map(({ id }) => id);
      await store.removeRejects(done);
      result.stored += done.length;
      result.rejected += rejects.length;
    }
  }
  return result;
}

/** The configured sources, and those of paths given to earlier runs. */
async function knownSources(store: FeedbackStore, config: Config): Promise<Map<string, RunSource>> {
  const known = new Map(runSources(config).map((given) => [given.source.name, given]));
  for (const run of await store.runs.latest(LATEST)) {
    for (const value of run.sources) {
      const given = RunSource.safeParse(value);
      if (given.success && !known.has(given.data.source.name)) known.set(given.data.source.name, given.data);
    }
  }
  return known;
}
