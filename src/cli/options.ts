/** Options that several commands have, and the example at the end of each --help. */
import { Option, type Command } from 'commander';

export const configOption = (): Option => new Option('--config <file>', 'configuration file (default: undertone.yaml, where there is one)');
export const storeOption = (): Option =>
  new Option(
    '--store <url>',
    'sqlite:FILE or mongodb://... (default: UNDERTONE_STORE, MONGODB_URI, the configuration, sqlite:./undertone.db)',
  );
export const jsonOption = (what: string): Option => new Option('--json', what);

/** Adds an example to a command's --help. */
export const example = (command: Command, ...lines: string[]): Command =>
  command.addHelpText('after', `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  $ ${line}`).join('\n')}`);
