/**
 * The servers of the tests. As vitest's global set-up it keeps one Redis and one MongoDB-compatible server for the whole run,
 * started when the first test file asks and stopped at the end, and says at the end which servers they were.
 *
 * Redis: `REDIS_URL`; else redis-server on PATH; else Debian's package, installed when root on Debian.
 * MongoDB: `MONGODB_URI`; else mongod on PATH or at `MONGOMS_SYSTEM_BINARY`; else FerretDB over DocumentDB from the cache folder
 * (`$XDG_CACHE_HOME/undertone-test`), installed there when root on Debian with Go on PATH; else a mongod that mongodb-memory-server's
 * core downloads, where there is a route.
 * `UNDERTONE_TEST_INSTALL=0` forbids installing. A suite whose server is missing is skipped, or fails where `CI=true`.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openMongo } from './servers/mongo.js';
import type { TestServer } from './servers/process.js';
import { openRedis, type RedisOptions } from './servers/redis.js';

export type { TestServer } from './servers/process.js';

type Kind = 'redis' | 'mongo';
interface SharedServer {
  url: string;
  name: string;
}
type Answer = SharedServer | { missing: string };

/** Where the global set-up answers, for the test processes it forks. */
const BROKER = 'UNDERTONE_TEST_BROKER';
const TITLE: Record<Kind, string> = { redis: 'Redis', mongo: 'MongoDB' };
const GIVEN: Record<Kind, string> = { redis: 'REDIS_URL', mongo: 'MONGODB_URI' };

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * The run's shared Redis, to use with names of one's own; undefined where there is none, for `describe.skipIf`.
 * @throws Error where there is none and `CI=true`.
 */
export const redisServer = (): Promise<SharedServer | undefined> => shared('redis');

/**
 * The run's shared MongoDB-compatible server; use `freshDatabase(url)` on it. Undefined where there is none, for `describe.skipIf`.
 * @throws Error where there is none and `CI=true`.
 */
export const mongoServer = (): Promise<SharedServer | undefined> => shared('mongo');

/** The url with a database name that no other test uses. */
export function freshDatabase(url: string): string {
  const fresh = new URL(url);
  fresh.pathname = `/undertone_test_${randomBytes(6).toString('hex')}`;
  return fresh.href;
}

/**
 * A Redis of the caller's own, to kill and restart; the caller stops it. Never the one at `REDIS_URL`. Undefined where none can be
 * started. @throws Error where none can be started, `CI=true` and there is no `REDIS_URL` either.
 */
export const startRedis = (options: RedisOptions = {}): Promise<TestServer | undefined> => own('redis', (line) => openRedis(line, options));

/**
 * A MongoDB-compatible server of the caller's own, to kill and restart; the caller stops it. Never the one at `MONGODB_URI`. Undefined
 * where none can be started. @throws Error where none can be started, `CI=true` and there is no `MONGODB_URI` either.
 */
export const startMongo = (): Promise<TestServer | undefined> => own('mongo', openMongo);

async function own(
  kind: Kind,
  open: (say: (line: string) => void) => Promise<TestServer | { missing: string }>,
): Promise<TestServer | undefined> {
  const server = await open(say);
  await tell(kind, server);
  return present(server, given(kind) === undefined);
}

async function shared(kind: Kind): Promise<SharedServer | undefined> {
  const broker = process.env[BROKER];
  if (broker === undefined) return present(await find(kind), true);
  const response = await fetch(`${broker}/${kind}`);
  if (!response.ok) throw new Error(await response.text());
  return present((await response.json()) as Answer, true);
}

function present<T extends object>(answer: T | { missing: string }, required: boolean): T | undefined {
  if (!('missing' in answer)) return answer;
  if (required && process.env['CI'] === 'true') throw new Error(`a test server is missing, and CI=true: ${answer.missing}`);
  return undefined;
}

const given = (kind: Kind): string | undefined => process.env[GIVEN[kind]] || undefined;

/** Tells the set-up of a server that a test started by itself, for the line at the end. */
async function tell(kind: Kind, server: { name: string } | { missing: string }): Promise<void> {
  const broker = process.env[BROKER];
  if (broker !== undefined) await fetch(`${broker}/${kind}`, { method: 'POST', body: JSON.stringify(server) });
}

const found = new Map<Kind, Promise<Answer>>();
const started: TestServer[] = [];

function find(kind: Kind): Promise<Answer> {
  const known = found.get(kind) ?? (kind === 'redis' ? openOrUse(kind, openRedis) : openOrUse(kind, openMongo));
  found.set(kind, known);
  return known;
}

async function openOrUse(kind: Kind, open: (say: (line: string) => void) => Promise<TestServer | { missing: string }>): Promise<Answer> {
  const url = given(kind);
  if (url !== undefined) return { url, name: await (kind === 'redis' ? redisName(url) : mongoName(url)) };
  const server = await open(say);
  if ('missing' in server) return server;
  started.push(server);
  return { url: server.url, name: server.name };
}

async function redisName(url: string): Promise<string> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    return `Redis ${/redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? ''} at REDIS_URL`;
  } finally {
    redis.disconnect();
  }
}

async function mongoName(url: string): Promise<string> {
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 10_000 });
  try {
    const info = await client.db('admin').command({ buildInfo: 1 });
    const ferretdb = (info['ferretdb'] as { version?: string } | undefined)?.version;
    return ferretdb === undefined
      ? `MongoDB-compatible server ${String(info['version'])} at MONGODB_URI`
      : `FerretDB ${ferretdb} at MONGODB_URI`;
  } finally {
    await client.close();
  }
}

/** vitest's global set-up. */
export default async function setup(): Promise<() => Promise<void>> {
  const seen: Record<Kind, Set<string>> = { redis: new Set(), mongo: new Set() };
  const note = (kind: Kind, answer: { name: string } | { missing: string }): void => {
    seen[kind].add('missing' in answer ? `none, its suites did not run (${answer.missing})` : answer.name);
  };
  const broker: Server = createServer((request, response) => {
    const kind = request.url?.slice(1) as Kind;
    const answer = async (): Promise<Answer | object> => {
      if (request.method === 'GET') {
        const server = await find(kind);
        note(kind, server);
        return server;
      }
      let body = '';
      for await (const chunk of request) body += String(chunk);
      note(kind, JSON.parse(body) as Answer);
      return {};
    };
    answer().then(
      (value) => response.end(JSON.stringify(value)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  broker.keepAliveTimeout = 1;
  // Installing takes longer than node's own limit on a request.
  broker.requestTimeout = 0;
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  process.env[BROKER] = `http://127.0.0.1:${(broker.address() as AddressInfo).port}`;
  return async () => {
    await new Promise((resolve) => {
      broker.close(resolve);
      broker.closeAllConnections();
    });
    await Promise.all(started.map((server) => server.stop()));
    const line = (['redis', 'mongo'] as const)
      .filter((kind) => seen[kind].size > 0)
      .map((kind) => `${TITLE[kind]}: ${[...seen[kind]].join(', ')}`);
    say(`servers of this run: ${line.length > 0 ? line.join('; ') : 'none was needed'}`);
  };
}
