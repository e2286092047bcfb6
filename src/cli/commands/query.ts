/** `undertone query`: who wrote what about which topic. */
import { Option, type Command } from 'commander';
import type { AnalyzedFeedback } from '../../feedback.js';
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
  fold?: boolean;
  json?: boolean;
}

export function addQuery(program: Command): void {
  const command = program.command('query').description('Find feedback by topic, sentiment, language, time and more; newest or worst first');
  addFilterOptions(command)
    .addOption(new Option('--sort <order>', 'severity: worst first, then newest').choices(['newest', 'severity']).default('newest'))
    .addOption(new Option('--limit <n>', `how many (default: ${SHOWN}; all with --json)`).argParser(positiveInteger))
    .addOption(new Option('--cursor <cursor>', 'go on where an earlier answer ended'))
    .addOption(new Option('--fold', 'near-duplicates as one, with how many they are (the default; with --json only when asked for)'))
    .addOption(new Option('--no-fold', 'every near-duplicate by itself'))
    .addOption(storeOption())
    .addOption(configOption())
    .addOption(jsonOption('a JSON object a line'))
    .action(async (options: QueryOptions) => {
      const { config } = readConfig(options);
      await withFilledStore(config.store, async (store) => {
        const filter = await filterOf(options, config, store);
        if (options.json === true) return answerJson(store, filter, options);
        const answer = await query(
          store,
          filter,
          request(options, Math.min(options.limit ?? SHOWN, PAGE), options.cursor, options.fold ?? true),
        );
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
    // A script that counts lines must not lose any unless it says so.
    const page = await store.search(filter, request(options, Math.min(PAGE, left), cursor, options.fold ?? false));
    for (const item of page.items) await writeJson(foldedLine(item, page.folded));
    left -= page.items.length;
    cursor = page.next;
  } while (cursor !== undefined && left > 0);
  if (cursor !== undefined) say(`more with --cursor ${cursor}`);
}

/** With `duplicates`, how many others are folded into the line, where lines are folded. */
const foldedLine = (item: AnalyzedFeedback, folded?: ReadonlyMap<string, number>) =>
  folded === undefined ? feedbackLine(item) : { ...feedbackLine(item), duplicates: folded.get(item.id) ?? 0 };

const request = ({ sort }: QueryOptions, limit: number, cursor: string | undefined, fold: boolean): PageRequest => ({
  sort,
  limit,
  fold,
  ...(cursor === undefined ? {} : { cursor }),
});
