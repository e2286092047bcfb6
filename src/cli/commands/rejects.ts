/** `undertone rejects`: which rows were refused and why; and, once the cause is put right, reading them again. */
import { Option, type Command } from 'commander';
import type { RejectedRow } from '../../feedback.js';
import { printable } from '../../reports/excerpt.js';
import { count, table } from '../../reports/render.js';
import { clip } from '../../reports/width.js';
import { readConfig, withFilledStore, type CommonOptions } from '../context.js';
import { EXIT } from '../exit.js';
import { configOption, example, jsonOption, storeOption } from '../options.js';
import { paint, say, write, writeJson } from '../output.js';
import { replayRejects } from '../replay.js';
import { rejectLine } from '../shape.js';
import { collect, positiveInteger } from '../values.js';

interface RejectsOptions extends CommonOptions {
  source?: string[];
  replay?: boolean;
  limit: number;
  json?: boolean;
}

export function addRejects(program: Command): void {
  const command = program
    .command('rejects')
    .description('List the rows that were refused, and why; --replay reads them again')
    .option('--source <name>', 'only of this source; repeat it for several', collect)
    .option('--replay', 'read the rows again with the configuration as it is now, and store those that can be read')
    .addOption(new Option('--limit <n>', 'rows shown to a person; --json gives all').argParser(positiveInteger).default(50))
    .addOption(storeOption())
    .addOption(configOption())
    .addOption(jsonOption('a JSON object a row; with --replay one object with the counts'))
    .action(async (options: RejectsOptions) => {
      const { config } = readConfig(options);
      const filter = options.source === undefined ? {} : { sources: options.source };
      await withFilledStore(config.store, async (store) => {
        if (options.replay === true) {
          const { stored, rejected, problems } = await replayRejects(store, config, filter);
          if (options.json === true) await writeJson({ read: stored + rejected, stored, rejected });
          else await write(`${count(stored)} of ${count(stored + rejected)} rows stored, ${count(rejected)} still rejected\n`);
          for (const problem of problems) say(problem);
          if (rejected > 0) process.exitCode = EXIT.rejected;
        } else if (options.json === true) {
          for await (const row of store.rejects(filter)) await writeJson(rejectLine(row));
        } else await write(await listForPerson(store.rejects(filter), options.limit));
      });
    });
  command.addHelpText(
    'after',
    `
Row is the line of the file on which the record starts, the first line being 1. Put the cause right in undertone.yaml (columns,
scales, dateOrder ...) and use --replay, or correct the file and run again. Exit code 3: some rows still cannot be read.`,
  );
  example(command, 'undertone rejects --json', 'undertone rejects --source shop --replay');
}

async function listForPerson(rejects: AsyncIterable<RejectedRow>, limit: number): Promise<string> {
  const reasons = new Map<string, number>();
  const shown: string[][] = [];
  let total = 0;
  for await (const { source, file, row, column, reason, value } of rejects) {
    total++;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (shown.length < limit)
      shown.push([source, file, String(row), column ?? '', clip(printable(value ?? ''), 30), reason].map(printable));
  }
  if (total === 0) return 'No rejected rows.\n';
  const headers = ['source', 'file', 'row', 'column', 'value', 'reason'];
  const lines = [
    `${count(total)} rejected ${total === 1 ? 'row' : 'rows'}`,
    ...[...reasons].sort((a, b) => b[1] - a[1]).map(([reason, n]) => `  ${count(n)} x ${printable(reason)}`),
    '',
    ...table(headers.map((header) => ({ header, align: header === 'row' ? 'right' : 'left' })), shown, paint), // prettier-ignore
    ...(total > shown.length ? [`and ${count(total - shown.length)} more: --limit ${total} shows all`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
