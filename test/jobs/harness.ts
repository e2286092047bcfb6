/** A night for the tests: files to read, a store to read them into, and a way to say that two stores hold the same. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { runNight, type NightOptions } from '../../jobs/night.js';
import { Config } from '../../src/config.js';
import { openQueue } from '../../src/queue/open.js';
import { openStore } from '../../src/store/open.js';
import type { FeedbackStore, Run } from '../../src/store/port.js';

export const PSEUDONYM_KEY = 'the same key for every store';

export const silent = pino({ level: 'silent' });

/** A folder of the test's own; `remove` at its end. */
export function scratch(): { path: string; file: (name: string) => string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'undertone-jobs-'));
  return { path, file: (name) => join(path, name), remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const config = (path: string, more: object = {}): Config =>
  Config.parse({
    ...{ timeZone: 'Europe/Stockholm', pseudonymKey: PSEUDONYM_KEY, sources: [{ name: 'shop', path }] },
    ...{ workers: { threads: 1, batch: 50, grace: 20 } },
    ...more,
  });

export async function store(url: string): Promise<FeedbackStore> {
  const opened = await openStore(url);
  await opened.init();
  return opened;
}

/** One whole run over the inline queue, or over the one at `queueUrl`. */
export async function night(
  into: FeedbackStore,
  settings: Config,
  { queueUrl = 'inline', ...more }: Partial<NightOptions> & { queueUrl?: string } = {},
): Promise<Run> {
  return runNight({ config: settings, store: into, queue: await openQueue(queueUrl), log: silent, ...more });
}

export interface Dump {
  feedback: unknown[];
  rollups: unknown[];
  rejects: unknown[];
}

/** All a store holds, but for the times of its runs. */
export async function dump(of: FeedbackStore): Promise<Dump> {
  const all: Dump = { feedback: [], rollups: [], rejects: [] };
  for await (const item of of.stream({})) all.feedback.push(item);
  // Sums of fractions depend on the order of the rows in their last digits.
  for await (const rollup of of.rollups({}, {})) all.rollups.push({ ...rollup, scoreSum: Number(rollup.scoreSum.toFixed(6)) });
  for await (const { rejectedAt: _, ...reject } of of.rejects({})) all.rejects.push(reject);
  all.rejects.sort((a, b) => ((a as { id: string }).id < (b as { id: string }).id ? -1 : 1));
  return all;
}

/** What an undisturbed run over these files leaves in an embedded store. */
export async function undisturbed(path: string, more: object = {}): Promise<{ run: Run; dump: Dump }> {
  const folder = scratch();
  const opened = await store(`sqlite:${folder.file('store.db')}`);
  try {
    const run = await night(opened, config(path, more));
    return { run, dump: await dump(opened) };
  } finally {
    await opened.close();
    folder.remove();
  }
}

export interface ProcessSettings {
  what: 'run' | 'worker';
  store: string;
  queue: string;
  config: Config;
  lockMs?: number;
}

/** `runNight` or `startWorker` in a process of its own, to be killed. `said` resolves once its output holds the text. */
export function startProcess(settings: ProcessSettings): {
  child: ChildProcess;
  said: (text: string) => Promise<void>;
  ended: Promise<number | null>;
} {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const script = fileURLToPath(new URL('./process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', tsx, script, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const waiting: { text: string; resolve: () => void; reject: (error: Error) => void }[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      output += data.toString();
      for (const { text, resolve } of waiting) if (output.includes(text)) resolve();
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.on('close', (code) => {
      for (const { text, reject } of waiting) reject(new Error(`ended with ${code} without saying ${text}:\n${output}`));
      resolve(code);
    });
  });
  return {
    child,
    ended,
    said: (text) => (output.includes(text) ? Promise.resolve() : new Promise((resolve, reject) => waiting.push({ text, resolve, reject }))),
  };
}
