/** Runs the command line as a user does: a process of its own, with its stdout, stderr and exit code. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtMain } from './build.js';

const MAIN = await builtMain();
/** Set on a developer's machine, these would steer the command under test. */
const STEERING = /^(UNDERTONE_|MONGODB_URI$|REDIS_URL$|NO_COLOR$|FORCE_COLOR$|NODE_OPTIONS$)/;

export interface Answer {
  code: number | null;
  stdout: string;
  stderr: string;
}
export interface Call {
  cwd: string;
  input?: string;
  env?: Record<string, string>;
}

export function start(args: string[], { cwd, env = {} }: Call): ChildProcessWithoutNullStreams {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !STEERING.test(name)));
  return spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...inherited, ...env } });
}

export function undertone(args: string[], call: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = start(args, call);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(call.input ?? '');
  });
}

export const jsonLines = (stdout: string): Record<string, unknown>[] =>
  stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore

/** A folder of its own with these files; `remove` it afterwards. */
export function folder(files: Record<string, string> = {}): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'undertone-cli-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
