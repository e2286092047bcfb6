/** `undertone emerging`: words and phrases that are on the rise. */
import { Option, type Command } from 'commander';
import { loadLexiconFiles } from '../../lexicons/load.js';
import { termReader } from '../../lexicons/terms.js';
import { emerging } from '../../reports/emerging/emerging.js';
import { renderEmerging } from '../../reports/emerging/text.js';
import { EMERGING_PERIODS, windowOf, type EmergingPeriod } from '../../reports/emerging/window.js';
import { parseDay, parseFilter, type FilterOptions } from '../../reports/filter.js';
import { dayOf } from '../../reports/periods.js';
import { readConfig, withFilledStore, type CommonOptions } from '../context.js';
import { addDimensionOptions } from '../filters.js';
import { configOption, example, jsonOption, storeOption } from '../options.js';
import { coloured, columns, write, writeJson } from '../output.js';
import { readTaxonomy } from '../taxonomy.js';
import { collect, positiveInteger } from '../values.js';

const SHOWN = 20;

interface EmergingFlags extends CommonOptions, FilterOptions {
  period: EmergingPeriod;
  asOf?: string;
  min?: number;
  limit?: number;
  json?: boolean;
}

export function addEmerging(program: Command): void {
  const command = program
    .command('emerging')
    .description(
      'Name words and phrases that more authors use in the last whole week or month than in the twelve weeks before, with quotes',
    )
    .addOption(new Option('--period <period>', 'what is compared with the weeks before it').choices(EMERGING_PERIODS).default('week'))
    .addOption(new Option('--as-of <day>', 'the day that counts as today (default: the newest day stored)'));
  addDimensionOptions(command)
    .addOption(
      new Option(
        '--sentiment <label>',
        'negative, neutral, positive, mixed, unsupported; with --topic, of what is said about the topic',
      ).argParser(collect),
    ) // prettier-ignore
    .addOption(new Option('--min <n>', 'authors who must use a term in the period (default: 5)').argParser(positiveInteger))
    .addOption(new Option('--limit <n>', `how many (default: ${SHOWN}; all with --json)`).argParser(positiveInteger))
    .addOption(storeOption())
    .addOption(configOption())
    .addOption(jsonOption('a JSON object for each term, and for each language with not enough data'))
    .action(async (flags: EmergingFlags) => {
      const { period, asOf, min, limit, json, config: _config, store: _store, ...given } = flags;
      const { config } = readConfig(flags);
      await withFilledStore(config.store, async (store) => {
        const day = asOf === undefined ? await store.newestDay() : parseDay('as-of', asOf);
        const today = day ?? dayOf(new Date().toISOString(), config.timeZone);
        const { topics } = readTaxonomy(config.lexicons);
        const report = await emerging({
          store,
          filter: parseFilter(given, { timeZone: config.timeZone, today, topics }),
          window: windowOf(today, period),
          timeZone: config.timeZone,
          read: termReader(loadLexiconFiles(), config.names),
          ...(min === undefined ? {} : { minAuthors: min }),
          ...(limit === undefined && json === true ? {} : { limit: limit ?? SHOWN }),
        });
        if (json !== true) return write(renderEmerging(report, { color: coloured(), width: columns() }));
        for (const term of report.terms) await writeJson(term);
        for (const language of report.languages) {
          if (language.note !== undefined) await writeJson({ period: report.period, ...language });
        }
      });
    });
  command.addHelpText(
    'after',
    `
An author counts once, however much he writes. Terms are ranked by z, the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi
& Quinn 2008); named are those that an exact test calls a rise, at a false-discovery rate of 5 % over all terms compared. Inflected forms are
one term. Names of the shop and its brands, which are no news, go into the setting names of undertone.yaml.`,
  );
  example(command, 'undertone emerging', 'undertone emerging --period month --topic delivery --lang de --json');
}
