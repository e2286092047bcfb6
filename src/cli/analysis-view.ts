/** An analysis for a person: the text with its evidence marked, then what it says. */
import type { AnalysisResult, Explanation } from '../analysis/index.js';
import type { Evidence } from '../feedback.js';
import { marked, printable, type Mark } from '../reports/excerpt.js';
import { percent } from '../reports/render.js';
import { coloured, paint } from './output.js';

export function renderAnalysis(text: string, analysis: AnalysisResult): string {
  const { language, segments, sentiment, topics, evidence, flags } = analysis;
  const quote = (span: { start: number; end: number }): string => `"${printable(text.slice(span.start, span.end))}"`;
  const section = (name: string, lines: string[]): string[] => lines.map((line, i) => `${(i === 0 ? name : '').padEnd(11)}${line}`);
  const lines = [
    markEvidence(text, evidence),
    '',
    ...section('language', [`${language.code} (${percent(language.confidence)} sure)`]),
    ...section('parts', segments?.map((part) => `${part.language} ${quote(part)}`) ?? []),
    ...section('sentiment', [`${paintLabel(sentiment.label)} ${signed(sentiment.score)} (${percent(sentiment.confidence)} sure)`]),
    ...section(
      'topics',
      topics.length === 0
        ? ['none']
        : topics.map((topic) => `${topic.id} ${paintLabel(topic.label)} ${signed(topic.score)}: ${topic.evidence.map(quote).join(', ')}`),
    ),
    ...section('evidence', evidence.length === 0 ? ['none'] : evidence.map((e) => `${signed(e.weight)} ${quote(e)} (${e.rule})`)),
    ...section('flags', flags.length === 0 ? [] : [flags.join(', ')]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The sums behind a label: clause by clause, then what the final model makes of them. */
export function renderExplanation(text: string, { clauses, ngrams, features, bias, probabilities, result }: Explanation): string {
  const quote = (span: { start: number; end: number }): string => `"${printable(text.slice(span.start, span.end))}"`;
  const lines: string[] = [];
  const languages = new Set(clauses.map((clause) => clause.language));
  clauses.forEach((clause, i) => {
    const language = languages.size > 1 ? `  ${clause.language}` : '';
    lines.push(`clause ${i + 1}   ${signed(clause.sum)}${language}  ${quote(clause)}`);
    for (const term of clause.terms) {
      const [root, ...changes] = term.rule.split('+') as [string, ...string[]];
      const from = root === 'shop-term' ? "shop's lexicon" : 'lexicon';
      const rules = root === 'term' || root === 'shop-term' ? changes : [root, ...changes];
      lines.push(`           ${signed(term.weight)}  ${quote(term)}  ${[`${from} ${signed(term.base)}`, ...rules].join(', ')}`);
    }
  });
  if (ngrams.length > 0) lines.push(`n-grams    ${ngrams.map((n) => `${signed(n.weight)} ${quote(n)}`).join('  ')}`);
  lines.push('', 'what each number adds to the log-odds of a class      value  negative   neutral  positive');
  const cell = (x: number): string => signed(x).padStart(10);
  const row = (name: string, value: string, f: { negative: number; neutral: number; positive: number }): string =>
    `  ${name.padEnd(46)}${value.padStart(10)}${cell(f.negative)}${cell(f.neutral)}${cell(f.positive)}`;
  for (const f of features) lines.push(row(f.feature, f.value.toFixed(2), f));
  lines.push(row('bias', '', bias));
  const total = (c: 'negative' | 'neutral' | 'positive'): number => features.reduce((sum, f) => sum + f[c], bias[c]);
  lines.push(row('sum', '', { negative: total('negative'), neutral: total('neutral'), positive: total('positive') }));
  const { negative, neutral, positive } = probabilities;
  lines.push(
    `  probability (softmax of the sums)${' '.repeat(23)}${[negative, neutral, positive].map((p) => percent(p).padStart(10)).join('')}`,
    '',
    `score = positive - negative = ${positive.toFixed(3)} - ${negative.toFixed(3)} = ${signed(result.sentiment.score)}`,
  );
  return `${lines.join('\n')}\n`;
}

export const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`;

const LABEL_STYLE = { negative: paint.red, positive: paint.green, mixed: paint.yellow };
export const paintLabel = (label: string): string => LABEL_STYLE[label as keyof typeof LABEL_STYLE]?.(label) ?? label;

/** The text made harmless, evidence coloured on a terminal, else marked `[-late-]` and `[+great+]`. */
export function markEvidence(text: string, evidence: Evidence[], shift = 0): string {
  const plain = (sign: string) => (piece: string) => `[${sign}${piece}${sign}]`;
  const [bad, good] = coloured() ? [paint.red, paint.green] : [plain('-'), plain('+')];
  const marks: Mark[] = evidence.map(({ start, end, weight }) => ({
    start: start + shift,
    end: end + shift,
    style: weight < 0 ? bad : good,
  }));
  return marked(printable(text), marks);
}
