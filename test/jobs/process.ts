/** A process of its own for the tests that kill one: `{what, store, queue, config}` as JSON in its first argument. */
import { pino } from 'pino';
import { runNight, startWorker } from '../../jobs/night.js';
import { openQueue } from '../../src/queue/open.js';
import { openStore } from '../../src/store/open.js';
import type { ProcessSettings } from './harness.js';

const { what, store: storeUrl, queue: queueUrl, config, lockMs } = JSON.parse(process.argv[2] ?? '') as ProcessSettings;
const log = pino({ level: 'info' }, pino.destination({ dest: 1, sync: true }));
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

const store = await openStore(storeUrl);
await store.init();
const queue = await openQueue(queueUrl, {
  onError: (error) => log.warn({ error: error.message }, 'queue'),
  ...(lockMs === undefined ? {} : { lockMs }),
});
const options = { config, store, queue, log, signal: stop.signal, repairMs: 1_000 };
if (what === 'worker') await startWorker(options);
else await runNight({ ...options, onProgress: ({ read }) => log.info(`read ${read}`) });
await store.close();
