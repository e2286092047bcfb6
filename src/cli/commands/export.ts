/** `undertone export`: everything stored that matches, in id order, streamed. */
import { Option, type Command } from 'commander';
import { csvHeader, csvLine } from '../../reports/csv.js';
import { feedbackLine } from '../../reports/lines.js';
import { readConfig, withFilledStore, type CommonOptions } from '../context.js';
import { addFilterOptions, filterOf, type FilterFlags } from '../filters.js';
import { configOption, example, storeOption } from '../options.js';
import { write, writeJson } from '../output.js';

export function addExport(program: Command): void {
  const command = program.command('export').description('Write stored feedback with its tags, in id order: for BI tools and backups');
  addFilterOptions(command)
    .addOption(new Option('--format <format>', 'output format').choices(['ndjson', 'csv']).default('ndjson'))
    .addOption(storeOption())
    .addOption(configOption())
    .action(async (options: CommonOptions & FilterFlags & { format: 'ndjson' | 'csv' }) => {
      const { config } = readConfig(options);
      await withFilledStore(config.store, async (store) => {
        const filter = await filterOf(options, config, store);
        if (options.format === 'csv') await write(csvHeader());
        for await (const item of store.stream(filter)) {
          await (options.format === 'csv' ? write(csvLine(item)) : writeJson(feedbackLine(item)));
        }
      });
    });
  command.addHelpText(
    'after',
    "\nIn CSV a text that begins like a formula gets a ' in front, so that no spreadsheet runs it; NDJSON is exact.",
  );
  example(command, 'undertone export > everything.ndjson', 'undertone export --topic delivery --since 4w --format csv > delivery.csv');
}
