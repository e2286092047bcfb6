/** `undertone explain`: why a stored piece of feedback, or a text, got its tags. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { AnalyzedFeedback, Versions } from '../../feedback.js';
import { explain } from '../../analysis/index.js';
import { configuredAnalyzer } from '../analyzer.js';
import { readConfig, withStore, type CommonOptions } from '../context.js';
import { feedbackLine } from '../../reports/lines.js';
import { renderAnalysis, renderExplanation } from '../analysis-view.js';
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
      const { config } = readConfig(options);
      const analyzer = await configuredAnalyzer(config);
      const text = stored?.text ?? subject;
      const hints = stored === undefined ? {} : { language: stored.languageHint, kind: stored.kind };
      const explained = explain(analyzer, text, hints);
      const analysis = stored?.analysis ?? explained?.result ?? analyzer.analyze(text, hints);
      if (options.json === true) {
        const { result: _, ...sums } = explained ?? { result: undefined };
        await writeJson({
          ...(stored === undefined ? analysisLine(null, analysis) : feedbackLine(stored)),
          explanation: explained === undefined ? null : sums,
        });
        return;
      }
      if (stored !== undefined) {
        const where = [stored.createdAt.slice(0, 10), stored.kind, stored.product, stored.channel].filter((part) => part !== undefined);
        await write(`${paint.bold(stored.id)}  ${where.join(', ')}\n\n`);
      }
      await write(renderAnalysis(text, analysis));
      if (explained !== undefined) await write(`\n${renderExplanation(text, explained)}`);
      if (stored !== undefined) await write(`\n${versionsLine(stored, analyzer.versions)}`);
    });
  example(command, 'undertone explain reviews/r-1042', 'undertone explain "Not bad at all, but never again."');
}

/** What made the stored result, and whether the sums shown, which are today's, are of the same. */
function versionsLine({ versions: { engine, lexicon, taxonomy } }: AnalyzedFeedback, now: Versions): string {
  const same = engine === now.engine && lexicon === now.lexicon && taxonomy === now.taxonomy;
  return `stored with engine ${engine}, lexicon ${lexicon}, taxonomy ${taxonomy}${same ? '' : '; the sums above are those of the lexicon installed now'}\n`;
}

/** An id has a slash and no spaces; any other subject is a text, and needs no store. */
async function findStored(subject: string, options: CommonOptions): Promise<AnalyzedFeedback | undefined> {
  if (!/^[^\s/]+\/\S+$/.test(subject)) return undefined;
  const url = readConfig(options).config.store;
  const file = /^sqlite:(.*)$/.exec(url)?.[1];
  if (file !== undefined && !existsSync(file)) return undefined;
  return withStore(url, async (store) => (await store.search({ ids: [subject] }, { limit: 1, sort: 'newest' })).items[0]);
}
