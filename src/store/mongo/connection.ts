/** The connection: durable writes, bounded waits, and patience with a server that is away for a moment. */
import { setTimeout as sleep } from 'node:timers/promises';
import { MongoBulkWriteError, MongoClient, MongoError, MongoServerSelectionError, type Db } from 'mongodb';
import { collectionsOf, type Collections } from './documents.js';

const DATABASE = 'undertone';
const SELECTION_MS = 10_000;
const SOCKET_MS = 300_000;
/** How long an operation is tried again while the server is away: a restart or a change of primary takes less. */
const PATIENCE_MS = 60_000;

/** Primary stepping down, shutting down, recovering, or its host out of reach. */
const AWAY = new Set([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);
/** What a gateway before a database says while that is away. */
const GATEWAY_AWAY = /connect|shutting down|starting up|recovery|terminating|closed/i;

const hideSecrets = (url: string): string => url.replace(/\/\/[^@/]*@/, '//***@');

export class Connection {
  private constructor(
    readonly client: MongoClient,
    readonly database: Db,
    /** The server by its own name, with its address and database. */
    readonly name: string,
    readonly collections: Collections,
  ) {}

  /** @throws Error where the url is wrong or no server answers within 10 seconds. */
  static async open(url: string): Promise<Connection> {
    const shown = hideSecrets(url);
    let client: MongoClient | undefined;
    try {
      client = new MongoClient(url, {
        appName: 'undertone',
        maxPoolSize: 10,
        serverSelectionTimeoutMS: SELECTION_MS,
        connectTimeoutMS: SELECTION_MS,
        socketTimeoutMS: SOCKET_MS,
        writeConcern: { w: 'majority', journal: true },
        // What is compared with before writing must not be old.
        readPreference: 'primary',
        ignoreUndefined: true,
      });
      const named = /^mongodb(?:\+srv)?:\/\/[^/]+\/([^/?]+)/.exec(url)?.[1];
      const database = client.db(named === undefined ? DATABASE : decodeURIComponent(named));
      const info = await database.command({ buildInfo: 1 });
      const ferretdb = (info['ferretdb'] as { version?: string } | undefined)?.version;
      const server = ferretdb === undefined ? `MongoDB ${String(info['version'])}` : `FerretDB ${ferretdb.replace(/^v/, '')}`;
      const hosts = client.options.hosts.map(String).join(',') || client.options.srvHost || '';
      return new Connection(client, database, `${server} (${hosts}/${database.databaseName})`, collectionsOf(database));
    } catch (error) {
      await client?.close();
      throw new Error(`${shown}: expected a MongoDB-compatible server that answers, got: ${(error as Error).message}`, { cause: error });
    }
  }
}

/**
 * Runs an operation that is safe to repeat, again while the server is away, for a minute. `attempt` is 1 on the first try: later
 * ones may meet what an earlier one has written.
 * @throws the operation's last error.
 */
export async function patiently<T>(operation: (attempt: number) => Promise<T>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await operation(attempt);
    } catch (error) {
      if (!isAway(error) || Date.now() > end) throw error;
      await sleep(Math.min(2_000, 100 * 2 ** attempt));
    }
  }
}

function isAway(error: unknown): boolean {
  if (!(error instanceof MongoError)) return false;
  if (error instanceof MongoBulkWriteError) {
    if ([error.writeErrors].flat().some(({ code }) => AWAY.has(code))) return true;
  }
  if (error instanceof MongoServerSelectionError || /Network|PoolCleared|ConnectionClosed/.test(error.name)) return true;
  if (error.hasErrorLabel('RetryableWriteError') || error.hasErrorLabel('ResetPool')) return true;
  const code = Number(error.code);
  return AWAY.has(code) || (code === 1 && GATEWAY_AWAY.test(error.message));
}

/** The key exists already. */
export const isDuplicate = (error: unknown): boolean => error instanceof MongoError && error.code === 11000;
