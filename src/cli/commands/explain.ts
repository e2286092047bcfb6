/** `undertone explain`: why a stored piece of feedback, or a text, got its tags. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { AnalyzedFeedback } from '../../feedback.js';
import { loadAnalyzer } from '../../lexicons/analyzer.js';
import { readConfig, withStore, type CommonOptions } from '../context.js';
import { feedbackLine } from '../../reports/lines.js';
import { renderAnalysis } from '../analysis-view.js';
import { configOption, example, jsonOption, storeOption } from '../options.js';
import { paint, write, writeJson } from '../output.js';
import { analysisLine } from '../shape.js';

export function addExplain(program: Command): void {
  const command = program
    .command('explain')
    .description('Show why: each term that counted, its weight and the rule that changed it, for a stored id or for a text')
    .argument('<id-or-text>', 'the id of stored feedback (source/externalId), or a text')
    .addOption(storeOption())
    .addOption(configOption())
    .addOption(jsonOption('one JSON object'))
    .action(async (subject: string, options: CommonOptions & { json?: boolean }) => {
      const stored = await findStored(subject, options);
      if (stored === undefined) {
        const analysis = (await loadAnalyzer({ expected: readConfig(options).config.languages })).analyze(subject);
        await (options.json === true ? writeJson(analysisLine(null, analysis)) : write(renderAnalysis(subject, analysis)));
      } else if (options.json === true) await writeJson(feedbackLine(stored));
      else {
        const where = [stored.createdAt.slice(0, 10), stored.kind, stored.product, stored.channel].filter((part) => part !== undefined);
        const { engine, lexicon, taxonomy } = stored.versions;
        await write(`${paint.bold(stored.id)}  ${where.join(', ')}\n\n${renderAnalysis(stored.text, stored.analysis)}`);
        await write(`versions   engine ${engine}, lexicon ${lexicon}, taxonomy ${taxonomy}\n`);
      }
    });
  example(command, 'undertone explain reviews/r-1042', 'undertone explain "Not bad at all, but never again."');
}

/** An id has a slash and no spaces; any other subject is a text, and needs no store. */
async function findStored(subject: string, options: CommonOptions): Promise<AnalyzedFeedback | undefined> {
  if (!/^[^\s/]+\/\S+$/.test(subject)) return undefined;
  const url = readConfig(options).config.store;
  const file = /^sqlite:(.*)$/.exec(url)?.[1];
  if (file !== undefined && !existsSync(file)) return undefined;
  return withStore(url, async (store) => (await store.search({ ids: [subject] }, { limit: 1, sort: 'newest' })).items[0]);
}
