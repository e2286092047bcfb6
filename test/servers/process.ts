/** Starting, watching and stopping the server processes of the tests. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server that this process started and can kill. */
export interface TestServer {
  url: string;
  /** What it is, by its own name and version. */
  name: string;
  /** Kills it the hard way and waits until it is gone. */
  kill9(): Promise<void>;
  /** Starts it again on the same data and port, after `kill9`. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/** Full path of a program on PATH. */
export function onPath(program: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return undefined;
}

/** A port nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const children = new Set<ChildProcess>();
const folders = new Set<string>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) removeFolder(folder);
});

/** A new folder for a server's data, removed at the latest when this process ends. */
export function dataFolder(what: string): string {
  const folder = mkdtempSync(join(tmpdir(), `undertone-${what}-`));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder: string): void {
  folders.delete(folder);
  // A killed server's children may still write for a moment.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** One server process: its output kept for the error, killed when this process ends. */
export class Daemon {
  private child: ChildProcess | undefined;
  private output = '';

  constructor(
    private readonly command: string,
    private readonly args: string[],
    private readonly env: NodeJS.ProcessEnv = {},
  ) {}

  start(): void {
    // Where Linux has setpriv, the server goes even if this process is killed the hard way.
    const setpriv = process.platform === 'linux' ? onPath('setpriv') : undefined;
    const [command, args] =
      setpriv === undefined ? [this.command, this.args] : [setpriv, ['--pdeathsig', 'KILL', '--', this.command, ...this.args]];
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...this.env } });
    const keep = (data: Buffer): void => {
      this.output = (this.output + data.toString()).slice(-4_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => keep(Buffer.from(error.message)));
    child.on('exit', () => children.delete(child));
    // The pipes must not keep a finished test process alive.
    for (const handle of [child, child.stdout, child.stderr] as unknown as { unref(): void }[]) handle.unref();
    children.add(child);
    this.child = child;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Waits until `ready` does not throw. */
  async until(ready: () => Promise<unknown>, seconds: number): Promise<void> {
    const end = Date.now() + seconds * 1_000;
    for (;;) {
      if (!this.running) throw new Error(`${this.command} ended at its start:\n${this.output}`);
      try {
        await ready();
        return;
      } catch (error) {
        if (Date.now() > end)
          throw new Error(`${this.command} is not ready after ${seconds} s: ${String(error)}\n${this.output}`, { cause: error });
        await sleep(25);
      }
    }
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    if (child === undefined || !this.running) return;
    const gone = new Promise((resolve) => {
      child.ref();
      child.once('exit', resolve);
    });
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(timer);
  }
}

/** Resolves once something accepts connections on the port. */
export async function accepts(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}

/** Output of a short command. @throws Error with the end of its output where it fails. */
export function output(command: string, args: string[]): string {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${result.error?.message ?? (result.stderr + result.stdout).slice(-2_000)}`);
  return result.stdout.trim();
}

/** Runs a long command without blocking. @throws Error with the end of its output where it fails. */
export async function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text = (text + data.toString()).slice(-4_000)));
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      text += error.message;
      resolve(null);
    });
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${text}`);
}
