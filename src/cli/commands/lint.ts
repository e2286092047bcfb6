/** `undertone lint`: what is wrong with the lexicons, line by line. */
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { fixes, lintLexicons, lintableLanguages, type LintResult, type TopicCount } from '../../lexicons/lint/lint.js';
import { lexiconFolder, loadLexiconFiles } from '../../lexicons/load.js';
import { printable } from '../../reports/excerpt.js';
import { count, table } from '../../reports/render.js';
import { EXIT, UsageError } from '../exit.js';
import { example, jsonOption } from '../options.js';
import { paint, say, write, writeJson } from '../output.js';

interface LintArguments {
  json?: boolean;
  fix?: boolean;
  all?: boolean;
  language?: string[];
}

export function addLint(program: Command): void {
  const command = program
    .command('lint')
    .description('Check the lexicons: duplicates, contradictions, entries and topic phrases that never match, order, spelling of entries')
    .argument('[folder]', "a folder laid out like the project's lexicons/ (default: that one)")
    .option('--language <code...>', 'only these languages')
    .option('--fix', 'first mend what needs no judgement: order, blanks, capitals, lines that say the same as another')
    .option('--all', 'also what is no fault and worth a look: phrases in two topics, blockers that block nothing yet')
    .addOption(jsonOption('one JSON object a finding: {"file","line","level","rule","message"}'))
    .action(async (folder: string | undefined, options: LintArguments) => {
      const place = folder ?? lexiconFolder();
      if (!existsSync(place) || !statSync(place).isDirectory()) throw new UsageError(`lint: ${place}: expected a folder of lexicons`);
      const files = loadLexiconFiles(place);
      const known = lintableLanguages(files);
      const unknown = options.language?.find((code) => !known.includes(code));
      if (unknown !== undefined) throw new UsageError(`lint: --language: expected some of ${known.join(', ')}, got ${unknown}`);
      const languages = options.language ?? known;
      if (options.fix === true) {
        for (const [name, content] of fixes(files, languages)) {
          writeFileSync(join(place, name), content);
          say(`mended ${name}`);
        }
      }
      const complete = folder === undefined;
      const result = lintLexicons(loadLexiconFiles(place), { languages, complete, all: options.all, taxonomy: loadLexiconFiles() });
      if (options.json === true) for (const finding of result.findings) await writeJson(finding);
      else await write(render(result, languages));
      if (result.findings.some(({ level }) => level === 'error')) process.exitCode = EXIT.failure;
    });
  command.addHelpText(
    'after',
    `
Errors are entries that never match, contradict one another or stand twice: exit code 1. Warnings are for someone who speaks the language.`,
  );
  example(command, 'undertone lint', 'undertone lint my-lexicons --language de sv');
}

function render({ findings, topics }: LintResult, languages: readonly string[]): string {
  const lines: string[] = [];
  for (const { file, line, level, rule, message } of findings) {
    if (rule === 'few-phrases') continue; // in the table
    const shown = level === 'error' ? paint.red('error') : paint.yellow('warning');
    lines.push(`${file}:${line}: ${shown}: ${printable(message)}`);
  }
  if (lines.length > 0) lines.push('');
  const few = topics.filter(({ phrases, asked }) => phrases < asked);
  if (few.length > 0) lines.push(...renderFew(few, languages), '');
  const of = (level: string): number => findings.filter((finding) => finding.level === level).length;
  const many = (n: number, what: string): string => `${count(n)} ${what}${n === 1 ? '' : 's'}`;
  lines.push([many(of('error'), 'error'), many(of('warning'), 'warning'), many(languages.length, 'language')].join(', '));
  return `${lines.join('\n')}\n`;
}

/** A row a topic, a column a language: how many phrases there are where there are too few. */
function renderFew(few: readonly TopicCount[], languages: readonly string[]): string[] {
  const columns = languages.filter((code) => few.some(({ language }) => language === code));
  const asked = (code: string): number => few.find(({ language }) => language === code)!.asked;
  const rows = [...new Set(few.map(({ topic }) => topic))].map((topic) => [
    topic,
    ...columns.map((code) => String(few.find((f) => f.topic === topic && f.language === code)?.phrases ?? '')),
  ]);
  const headers = columns.map((code) => ({ header: `${code} <${asked(code)}`, align: 'right' as const }));
  return table([{ header: 'topics with few phrases' }, ...headers], rows, paint);
}
