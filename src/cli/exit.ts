/** Exit codes, and the errors that choose them. */
import { printable } from '../reports/excerpt.js';

export const EXIT = {
  ok: 0,
  /** Something did not work: a store that cannot be reached, a run that is partial. */
  failure: 1,
  /** The command line or the configuration is wrong. */
  usage: 2,
  /** The run finished, and rows were rejected. */
  rejected: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** What was asked for cannot be: exit code 2. The message says what to type instead. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Known trouble that a person can act on: exit code 1. */
export class Failure extends Error {
  override name = 'Failure';
}

/** Exit code and text for whatever was thrown. Errors of ours say all in their message; others get one plain line. */
export function explainError(error: unknown, debug: boolean): { code: ExitCode; text: string } {
  if (!(error instanceof Error)) return { code: EXIT.failure, text: `undertone: ${String(error)}` };
  const usage = ['UsageError', 'ConfigError', 'FilterError'].includes(error.name);
  const ours = usage || error.name === 'Failure';
  const message = ours ? error.message : plain(error);
  const trace = debug && !ours ? `\n${error.stack ?? ''}` : '';
  // A message can quote a file or a text, and neither may steer the terminal.
  const safe = message.split('\n').map(printable).join('\n');
  return { code: usage ? EXIT.usage : EXIT.failure, text: `undertone: ${safe}${trace}` };
}

/** One line, whatever a library put into its message. */
function plain(error: Error): string {
  const message = error.message.trim() === '' ? ((error as NodeJS.ErrnoException).code ?? error.name) : error.message;
  const line = message.split('\n')[0]!.trim();
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}
