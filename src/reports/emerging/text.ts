/** `undertone emerging` for people. */
import { marked, printable } from '../excerpt.js';
import { count, palette, percent, probability, type Palette, type RenderOptions } from '../render.js';
import { lineSpans } from '../width.js';
import type { Quote } from './details.js';
import type { EmergingLanguage, EmergingReport, EmergingTerm } from './emerging.js';

export function renderEmerging(report: EmergingReport, { color, width }: RenderOptions): string {
  const colors = palette(color);
  const blocks = [[`What is new in ${report.period} (${report.start} to ${report.end}), against the weeks since ${report.baselineStart}:`]];
  for (const term of report.terms) blocks.push(block(term, report, colors, color, width));
  if (report.found === 0) blocks.push([nothingNew(report)]);
  const foot: string[] = [];
  const more = report.found - report.terms.length;
  if (more > 0) foot.push(`${count(more)} more with a higher --limit.`);
  const few = report.languages.filter(({ note }) => note !== undefined);
  if (few.length > 0) foot.push(`Not enough data to compare: ${few.map(fewOf).join(', ')}.`);
  if (report.found > 0) foot.push(`undertone promote TERM --topic ID --lang CODE makes a term a phrase of a topic.`);
  if (foot.length > 0) blocks.push(foot.map(colors.dim));
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function nothingNew({ languages, tested }: EmergingReport): string {
  if (languages.length === 0) return 'Nothing: there is no feedback in these weeks.';
  if (tested === 0) return 'Nothing can be said: too little feedback in every language.';
  return `Nothing new: of ${count(tested)} words and phrases compared, none rises by more than chance.`;
}

const fewOf = ({ language, authors, baselineAuthors }: EmergingLanguage): string =>
  `${language} (${count(authors)} now, ${count(baselineAuthors)} before)`;

function block(term: EmergingTerm, report: EmergingReport, colors: Palette, color: boolean, width: number): string[] {
  const before = term.baselineCount === 0 ? 'none' : `${count(term.baselineCount)} of ${count(term.baselineAuthors)}`;
  const isNew = term.firstSeen >= report.start;
  const { share } = term.sentiment;
  const facts = [
    `${count(term.count)} of ${count(term.authors)} authors, before ${before}`,
    `z=${term.z.toFixed(1)}`,
    probability('q', term.q),
    `${isNew ? colors.yellow('new, ') : ''}first seen ${term.firstSeen}`,
    ...(share === null ? [] : [share >= 0.5 ? colors.red(`${percent(share)} negative`) : `${percent(share)} negative`]),
  ];
  const lines = [`${term.language}  ${colors.bold(printable(term.term))}  ${facts.join(', ')}`];
  if (term.forms.length > 0) lines.push(`  ${colors.dim(`also written: ${listed(term.forms)}`)}`);
  if (term.related.length > 0) lines.push(`  ${colors.dim(`with it: ${listed(term.related)}`)}`);
  for (const quote of term.quotes) lines.push(...quoted(quote, term.language, color, colors, width));
  return lines;
}

const SHOWN = 6;
const listed = (terms: readonly string[]): string =>
  terms.slice(0, SHOWN).map(printable).join(', ') + (terms.length > SHOWN ? ` and ${terms.length - SHOWN} more` : '');

function quoted({ day, text, start, end }: Quote, language: string, color: boolean, colors: Palette, width: number): string[] {
  const mark = { start, end, style: color ? colors.cyan : (words: string) => `*${words}*` };
  // Stars take room on the line, colours do not.
  const body = color ? text : marked(text, [mark]);
  return lineSpans(body, Math.max(20, width - 14), language).map((line, i) => {
    const words = color ? marked(text, [mark], line) : body.slice(line.start, line.end);
    return `  ${i === 0 ? colors.dim(day) : ' '.repeat(day.length)}  ${words}`;
  });
}
