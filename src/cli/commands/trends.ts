/** `undertone trends`: how the share of negatives moves, and whether it is more than noise. */
import { Option, type Command } from 'commander';
import { parseDay, parseRollupFilter, type FilterOptions } from '../../reports/filter.js';
import { dayOf, PERIOD_LENGTHS, type PeriodLength } from '../../reports/periods.js';
import { TREND_DIMENSIONS, trends, type TrendDimension } from '../../reports/trends.js';
import { renderTrends } from '../../reports/trends-text.js';
import { readConfig, withFilledStore, type CommonOptions } from '../context.js';
import { addDimensionOptions } from '../filters.js';
import { configOption, example, jsonOption, storeOption } from '../options.js';
import { coloured, columns, write, writeJson } from '../output.js';
import { readTaxonomy } from '../taxonomy.js';
import { positiveInteger } from '../values.js';

interface TrendFlags extends CommonOptions, FilterOptions {
  by: TrendDimension;
  every: PeriodLength;
  periods: number;
  weeks?: number;
  asOf?: string;
  json?: boolean;
}

export function addTrends(program: Command): void {
  const command = program
    .command('trends')
    .description('Show the share of negatives week by week, the last whole one tested against the eight before');
  command
    .addOption(new Option('--by <dimension>', 'what to tell apart').choices(TREND_DIMENSIONS).default('topic'))
    .addOption(new Option('--every <period>', 'length of a period').choices(PERIOD_LENGTHS).default('week'))
    .addOption(new Option('--periods <n>', 'periods shown').argParser(positiveInteger).default(12))
    .addOption(new Option('--weeks <n>', 'ISO weeks shown: the same as --every week --periods <n>').argParser(positiveInteger))
    .addOption(new Option('--as-of <day>', 'the day that counts as today (default: the newest day stored)'));
  addDimensionOptions(command)
    .addOption(storeOption())
    .addOption(configOption())
    .addOption(jsonOption('a JSON object for each key and period, oldest first'))
    .action(async (flags: TrendFlags) => {
      const { by, every, periods, weeks, asOf, json, config: _config, store: _store, ...given } = flags;
      const { config } = readConfig(flags);
      await withFilledStore(config.store, async (store) => {
        const day = asOf === undefined ? await store.newestDay() : parseDay('as-of', asOf);
        const today = day ?? dayOf(new Date().toISOString(), config.timeZone);
        const { topics, stages } = readTaxonomy(config.lexicons);
        const filter = parseRollupFilter(given, { timeZone: config.timeZone, today, topics });
        const lines = await trends(store, {
          by,
          every: weeks === undefined ? every : 'week',
          periods: weeks ?? periods,
          ...(day === undefined ? {} : { asOf: day }),
          filter,
          stages,
        });
        if (json === true) for (const line of lines) await writeJson(line);
        else await write(renderTrends(lines, { color: coloured(), width: columns() }));
      });
    });
  example(command, 'undertone trends --by topic --weeks 8', 'undertone trends --by language --topic delivery --json');
}
