/** `undertone schema`: what is stored, as JSON Schema. */
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { AnalyzedFeedback, RejectedRow, Rollup } from '../../feedback.js';
import { example } from '../options.js';
import { write } from '../output.js';

const DOCUMENTS = { feedback: AnalyzedFeedback, rollup: Rollup, reject: RejectedRow };

export function addSchema(program: Command): void {
  const command = program
    .command('schema')
    .description('Print the JSON Schema of what is stored; docs/store.md tells what each field means')
    .addOption(new Option('--of <document>', 'which document').choices(Object.keys(DOCUMENTS)).default('feedback'))
    .action(async ({ of }: { of: keyof typeof DOCUMENTS }) => {
      await write(`${JSON.stringify(z.toJSONSchema(DOCUMENTS[of]), null, 2)}\n`);
    });
  example(command, 'undertone schema > feedback.schema.json');
}
