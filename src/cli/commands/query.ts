/** `undertone query`: who wrote what about which topic. */
import { Option, type Command } from 'commander';
import { feedbackLine } from '../../reports/lines.js';
import { query, renderQuery } from '../../reports/query.js';
import type { FeedbackFilter, FeedbackStore, PageRequest, SortOrder } from '../../store/port.js';
import { readConfig, withFilledStore, type CommonOptions } from '../context.js';
import { addFilterOptions, filterOf, type FilterFlags } from '../filters.js';
import { configOption, example, jsonOption, storeOption } from '../options.js';
import { coloured, columns, say, write, writeJson } from '../output.js';
import { positiveInteger } from '../values.js';

/** Most that one request of the store gives. */
const PAGE = 1_000;
const SHOWN = 20;

interface QueryOptions extends CommonOptions, FilterFlags {
  sort: SortOrder;
  limit?: number;
  cursor?: string;
  json?: boolean;
}

export function addQuery(program: Command): void {
  const command = program.command('query').description('Find feedback by topic, sentiment, language, time and more; newest or worst first');
  addFilterOptions(command)
    .addOption(new Option('--sort <order>', 'severity: worst first, then newest').choices(['newest', 'severity']).default('newest'))
    .addOption(new Option('--limit <n>', `how many (default: ${SHOWN}; all with --json)`).argParser(positiveInteger))
    .addOption(new Option('--cursor <cursor>', 'go on where an earlier answer ended'))
    .addOption(storeOption())
    .addOption(configOption())
    .addOption(jsonOption('a JSON object a line'))
    .action(async (options: QueryOptions) => {
      const { config } = readConfig(options);
      await withFilledStore(config.store, async (store) => {
        const filter = await filterOf(options, config, store);
        if (options.json === true) return answerJson(store, filter, options);
        const answer = await query(store, filter, request(options, Math.min(options.limit ?? SHOWN, PAGE), options.cursor));
        await write(
          renderQuery(answer, { color: coloured(), width: columns(), sort: options.sort, ...(filter.topics && { topics: filter.topics }) }),
        );
      });
    });
  example(
    command,
    'undertone query --topic delivery --sentiment negative --since 7d --lang de',
    'undertone query --sentiment negative --sort severity --limit 5 --json',
  );
}

async function answerJson(store: FeedbackStore, filter: FeedbackFilter, options: QueryOptions): Promise<void> {
  let left = options.limit ?? Infinity;
  let cursor = options.cursor;
  do {
    const page = await store.search(filter, request(options, Math.min(PAGE, left), cursor));
    for (const item of page.items) await writeJson(feedbackLine(item));
    left -= page.items.length;
    cursor = page.next;
  } while (cursor !== undefined && left > 0);
  if (cursor !== undefined) say(`more with --cursor ${cursor}`);
}

const request = ({ sort }: QueryOptions, limit: number, cursor: string | undefined): PageRequest => ({
  sort,
  limit,
  ...(cursor === undefined ? {} : { cursor }),
});
