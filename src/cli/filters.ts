/** The filters that query and export share, as options. */
import { Option, type Command } from 'commander';
import type { Config } from '../config.js';
import { parseDay, parseFilter, type FilterOptions } from '../reports/filter.js';
import { dayOf } from '../reports/periods.js';
import type { FeedbackFilter, FeedbackStore } from '../store/port.js';
import { readTaxonomy } from './taxonomy.js';
import { collect } from './values.js';

export type FilterFlags = FilterOptions & { asOf?: string };

const list = (flags: string, what: string): Option => new Option(flags, what).argParser(collect);

/** Filters that daily counts can answer too. */
export function addDimensionOptions(command: Command): Command {
  return command
    .addOption(list('--topic <topic>', 'an area (delivery) or a topic (delivery.speed); like all lists: repeat it, or use commas'))
    .addOption(list('--lang <code>', 'language: de, en, ...'))
    .addOption(list('--source <name>', 'source'))
    .addOption(list('--kind <kind>', 'review, survey, ticket'))
    .addOption(list('--channel <channel>', 'channel'))
    .addOption(list('--product <product>', 'product'));
}

export function addFilterOptions(command: Command): Command {
  return addDimensionOptions(command)
    .addOption(
      list('--sentiment <label>', 'negative, neutral, positive, mixed, unsupported; with --topic, of what is said about the topic'),
    )
    .addOption(new Option('--since <time>', 'from: 7d, 4w, 2026-11-24, 2026-W47, 2026-11 or an ISO 8601 time'))
    .addOption(new Option('--until <time>', 'to, the day, week or month included; a time excluded'))
    .addOption(new Option('--as-of <day>', 'the day that counts as today for 7d and 4w (default: the newest day stored)'))
    .addOption(list('--customer <pseudonym>', 'customer'))
    .addOption(list('--flag <flag>', 'flag, such as rating-disagrees'))
    .addOption(new Option('--rating <range>', '1-2, <=2, >=4 or 3'))
    .addOption(new Option('--score <range>', '<=-0.5, -0.8..-0.2 or >=0.3'))
    .addOption(new Option('--contains <text>', 'text that stands in it, in any case'));
}

/** The filter as asked. @throws FilterError */
export async function filterOf(flags: FilterFlags, config: Config, store: FeedbackStore): Promise<FeedbackFilter> {
  const { asOf, ...options } = flags;
  const today = asOf === undefined ? await store.newestDay() : parseDay('as-of', asOf);
  return parseFilter(options, {
    timeZone: config.timeZone,
    today: today ?? dayOf(new Date().toISOString(), config.timeZone),
    topics: readTaxonomy(config.lexicons).topics,
  });
}
