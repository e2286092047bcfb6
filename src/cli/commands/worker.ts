/** `undertone worker`: works on the queue and keeps the schedule, until it is told to stop. */
import { type Command } from 'commander';
import { startWorker } from '../../../jobs/night.js';
import { openQueue } from '../../queue/open.js';
import { readConfig, withStore, type CommonOptions } from '../context.js';
import { configOption, example, storeOption } from '../options.js';
import { UsageError } from '../exit.js';
import { createLog } from '../log.js';
import { onStopSignal } from '../stop.js';

export function addWorker(program: Command): void {
  const command = program
    .command('worker')
    .description('Work on the queue and start the nightly run on schedule; start as many as you like, on any machine')
    .addOption(storeOption())
    .addOption(configOption())
    .action(async (options: CommonOptions) => {
      const { config } = readConfig(options);
      if (config.queue === 'inline') {
        throw new UsageError(
          'worker: needs Redis. Set REDIS_URL (redis://localhost:6379), or queue in undertone.yaml. ' +
            'Without Redis let cron start the night: 30 3 * * * undertone run',
        );
      }
      const log = createLog(config.log);
      const stop = onStopSignal((signal) => log.info({ signal, grace: config.workers.grace }, 'stopping; a second signal forces'));
      try {
        await withStore(config.store, async (store) => {
          const queue = await openQueue(config.queue, { onError: (error) => log.warn({ error: error.message }, 'queue') });
          await startWorker({ config, store, queue, log, signal: stop.signal });
        });
      } finally {
        stop.release();
      }
    });
  command.addHelpText(
    'after',
    '\nSIGTERM or SIGINT: finishes what is in flight, or hands it back, within workers.grace seconds. A second one ends it at once.',
  );
  example(command, 'REDIS_URL=redis://localhost:6379 MONGODB_URI=mongodb://localhost/undertone undertone worker');
}
