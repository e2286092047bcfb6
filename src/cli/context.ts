/** What most commands need: the configuration in force, and an open store that is closed however they end. */
import { existsSync } from 'node:fs';
import { loadConfig, type LoadedConfig } from '../config.js';
import type { FeedbackStore } from '../store/port.js';
import { Failure } from './exit.js';

export interface CommonOptions {
  config?: string;
  store?: string;
}

export function readConfig(options: CommonOptions): LoadedConfig {
  return loadConfig({
    ...(options.config === undefined ? {} : { file: options.config }),
    ...(options.store === undefined ? {} : { overrides: { store: options.store } }),
  });
}

/** Opens the store and closes it however `use` ends. */
export async function withStore<T>(url: string, use: (store: FeedbackStore) => Promise<T>): Promise<T> {
  // Loaded late: most of what `config` or `inspect` would wait for is the store's driver.
  const { openStore } = await import('../store/open.js');
  const store = await openStore(url);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** As `withStore`, for commands that only ask: a database file that is not there is said, not made. */
export async function withFilledStore<T>(url: string, use: (store: FeedbackStore) => Promise<T>): Promise<T> {
  const file = /^sqlite:(.*)$/.exec(url)?.[1];
  if (file !== undefined && !existsSync(file)) {
    throw new Failure(`${file}: no such store. Fill it first: undertone run PATH --store ${url}`);
  }
  return withStore(url, use);
}
