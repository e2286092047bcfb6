/** `undertone promote`: a term becomes a phrase of a topic, in the shop's own lexicon. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { loadLexiconFiles } from '../../lexicons/load.js';
import { withShopLexicons } from '../../lexicons/overlay.js';
import { promote, PromotionError, type Promoted, type Promotion } from '../../lexicons/promote.js';
import { parseFilter } from '../../reports/filter.js';
import { readConfig, type CommonOptions } from '../context.js';
import { UsageError } from '../exit.js';
import { configOption, example, jsonOption } from '../options.js';
import { write, writeJson } from '../output.js';
import { shopFolder, writeWhole } from '../shop-lexicons.js';
import { readTaxonomy } from '../taxonomy.js';

interface PromoteFlags extends CommonOptions {
  topic: string;
  lang?: string;
  polarity: Promotion['polarity'];
  json?: boolean;
}

export function addPromote(program: Command): void {
  const command = program
    .command('promote')
    .description("Make a term a phrase of a topic, in the shop's own lexicon")
    .argument('<term>', 'a word or phrase, as undertone emerging shows it, or a pattern: begin*, a ... b, (a|b)')
    .requiredOption('--topic <id>', "topic, ours (delivery.speed) or one of the shop's own taxonomy.yaml")
    .option('--lang <code>', 'language of the term (default: the one of languages in undertone.yaml, where there is only one)')
    .addOption(
      new Option('--polarity <sign>', 'what the term itself says where no other word does: - bad, + good, 0 nothing')
        .choices(['-', '0', '+'])
        .default('0'),
    )
    .addOption(configOption())
    .addOption(jsonOption('one JSON object: {"outcome","file","line","language","topic","pattern","polarity"}'))
    .action(async (term: string, flags: PromoteFlags) => {
      const loaded = readConfig(flags);
      const folder = shopFolder(loaded);
      if (folder === undefined) {
        throw new UsageError(
          'promote: nowhere to write. Make an undertone.yaml here (it may be empty), or set UNDERTONE_LEXICONS to a folder',
        );
      }
      const shop = existsSync(folder) ? folder : undefined;
      const ours = loadLexiconFiles();
      const files = shop === undefined ? ours : withShopLexicons(ours, shop);
      const language = languageOf(flags, loaded.config.languages, files.names);
      checkTopic(flags.topic, shop);
      const path = join(folder, language, 'topics.tsv');
      const promotion = { language, topic: flags.topic, term, polarity: flags.polarity };
      const promoted = tried(() => promote(files, path, promotion));
      if (promoted.outcome === 'added') writeWhole(path, promoted.content);
      if (flags.json === true) await writeJson(jsonOf(promoted, promotion, path));
      else await write(textOf(promoted, promotion, path));
    });
  example(
    command,
    'undertone promote "zipper jams" --topic product.durability --lang en --polarity -',
    'undertone promote rückruf --topic product.safety --lang de',
  );
}

function languageOf({ lang }: PromoteFlags, expected: readonly string[] | undefined, names: readonly string[]): string {
  const known = names.filter((name) => name.endsWith('/sentiment.tsv')).map((name) => name.split('/')[0]!);
  const language = lang ?? (expected?.length === 1 ? expected[0]! : undefined);
  if (language === undefined || !known.includes(language)) {
    throw new UsageError(`--lang: expected one of ${known.join(', ')}${language === undefined ? '' : `, not ${language}`}`);
  }
  return language;
}

/** @throws FilterError, UsageError naming what was probably meant */
function checkTopic(topic: string, shop: string | undefined): void {
  const { topics, stages } = readTaxonomy(shop);
  parseFilter({ topic }, { timeZone: 'UTC', today: '2026-01-01', topics });
  if (stages.has(topic)) return;
  const leaves = [...stages.keys()].filter((id) => id.startsWith(`${topic}.`));
  throw new UsageError(`--topic: ${topic} is an area; expected one of its topics: ${leaves.join(', ')}`);
}

function tried<T>(attempt: () => T): T {
  try {
    return attempt();
  } catch (error) {
    if (error instanceof PromotionError) throw new UsageError(`promote: ${error.message}`, { cause: error });
    throw error;
  }
}

function textOf(promoted: Promoted, { topic, polarity }: Promotion, path: string): string {
  const { pattern } = promoted;
  switch (promoted.outcome) {
    case 'there':
      return `${path}:${promoted.line} has "${pattern}" for ${topic} already; nothing written.\n`;
    case 'covered':
      return `"${pattern}" is found as ${topic} already, by a phrase of the lexicon; nothing written.\n`;
    case 'added':
      return (
        `${path}:${promoted.line}: "${pattern}" is now a phrase of ${topic} (polarity ${polarity}).\n` +
        'New feedback is tagged with it from the next run on; undertone retag applies it to what is stored.\n'
      );
  }
}

const jsonOf = (promoted: Promoted, { language, topic, polarity }: Promotion, path: string) => ({
  outcome: promoted.outcome,
  ...(promoted.outcome === 'covered' ? {} : { file: path, line: promoted.line }),
  language,
  topic,
  pattern: promoted.pattern,
  polarity,
});
