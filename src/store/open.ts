/** The store that a url names, opened and brought up to date. */
import type { LoadMigrations, Migrations } from './migrations.js';
import type { FeedbackStore } from './port.js';

export interface StoreOptions {
  /** Steps from older shapes of the stored document; for the tests of the mechanism itself. */
  migrations?: Migrations;
}

/**
 * Opens `sqlite:FILE` (made where it does not exist; its folder must) or `mongodb://...` (database `undertone` where the url names none).
 * @throws Error that names the store and what was expected: a url of another kind, a server out of reach, a file that is no store of
 * ours, a store written by a newer Undertone.
 */
export async function openStore(url: string, { migrations }: StoreOptions = {}): Promise<FeedbackStore> {
  const store = await connect(url, async () => migrations ?? (await import('./steps.js')).STEPS);
  try {
    await store.init();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Each adapter is loaded only where it is used: its driver costs start-up time. */
async function connect(url: string, migrations: LoadMigrations): Promise<FeedbackStore> {
  if (/^sqlite:./.test(url)) {
    const { openSqliteStore } = await import('./sqlite/store.js');
    return openSqliteStore(url.slice('sqlite:'.length), migrations);
  }
  if (/^mongodb(\+srv)?:\/\//.test(url)) {
    const { openMongoStore } = await import('./mongo/store.js');
    return openMongoStore(url, migrations);
  }
  throw new Error(`store: expected sqlite:FILE or mongodb://..., got ${url.replace(/\/\/[^@/]*@/, '//***@')}`);
}
