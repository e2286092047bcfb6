#!/usr/bin/env node
/** The composition root: the only place where commands are put together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { lexiconFolder } from '../lexicons/load.js';
import { EXIT, explainError } from './exit.js';
import { flush, quitQuietlyWhenReaderLeaves, say } from './output.js';

/** In the order of --help. Only the one asked for is loaded, so that `analyze` does not wait for what `worker` needs. */
const COMMANDS: Record<string, () => Promise<(program: Command) => void>> = {
  run: async () => (await import('./commands/run.js')).addRun,
  worker: async () => (await import('./commands/worker.js')).addWorker,
  inspect: async () => (await import('./commands/inspect.js')).addInspect,
  rejects: async () => (await import('./commands/rejects.js')).addRejects,
  query: async () => (await import('./commands/query.js')).addQuery,
  trends: async () => (await import('./commands/trends.js')).addTrends,
  emerging: async () => (await import('./commands/emerging.js')).addEmerging,
  promote: async () => (await import('./commands/promote.js')).addPromote,
  export: async () => (await import('./commands/export.js')).addExport,
  analyze: async () => (await import('./commands/analyze.js')).addAnalyze,
  explain: async () => (await import('./commands/explain.js')).addExplain,
  accuracy: async () => (await import('./commands/accuracy.js')).addAccuracy,
  tune: async () => (await import('./commands/tune.js')).addTune,
  retag: async () => (await import('./commands/retag.js')).addRetag,
  doctor: async () => (await import('./commands/doctor.js')).addDoctor,
  config: async () => (await import('./commands/config.js')).addConfig,
  lint: async () => (await import('./commands/lint.js')).addLint,
  schema: async () => (await import('./commands/schema.js')).addSchema,
};

const version = (JSON.parse(readFileSync(join(lexiconFolder(), '..', 'package.json'), 'utf8')) as { version: string }).version;

const program = new Command('undertone')
  .description(
    "Reads customer feedback in the customer's own language, every night: language, sentiment, topics, with the sentences as proof.",
  )
  .version(version)
  .showHelpAfterError('(undertone --help lists the commands, undertone COMMAND --help their options)')
  .addHelpText(
    'after',
    '\nExit codes: 0 ok, 1 failure, 2 wrong usage, 3 finished with rejected rows.\n\nStart here:\n  $ undertone run test/samples\n  $ undertone query --sentiment negative',
  )
  .exitOverride();

quitQuietlyWhenReaderLeaves();
try {
  const asked = process.argv[2] ?? '';
  const wanted = Object.hasOwn(COMMANDS, asked) ? [COMMANDS[asked]!] : Object.values(COMMANDS);
  for (const load of wanted) (await load())(program);
  for (const command of program.commands) {
    command.exitOverride().showHelpAfterError(`(undertone ${command.name()} --help shows the options and an example)`);
  }
  await program.parseAsync();
} catch (error) {
  // Commander has said what was wrong.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else {
    const { code, text } = explainError(error, process.env['UNDERTONE_LOG'] === 'debug');
    say(text);
    process.exitCode = code;
  }
}
await flush();
// Sockets and threads that a library still holds must not keep a finished command alive; what stdout holds is written first.
process.stdout.write('', () => process.exit());
