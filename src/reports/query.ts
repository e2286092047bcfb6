/** `undertone query`: which feedback is it, worst or newest first. */
import type { AnalyzedFeedback, Span, TopicMention } from '../feedback.js';
import type { FeedbackFilter, FeedbackStore, PageRequest, SortOrder } from '../store/port.js';
import { excerpt, marked, printable, type Mark } from './excerpt.js';
import { count, palette, type Palette, type RenderOptions } from './render.js';
import { lineSpans } from './width.js';

export interface QueryAnswer {
  items: AnalyzedFeedback[];
  /** How many match in all. */
  total: number;
  /** How many of these are near-duplicates of another that matches; absent where they are not folded. */
  duplicates?: number;
  /** Id of an item -> how many others are folded into it. */
  folded?: ReadonlyMap<string, number>;
  /** Cursor of the next page, absent on the last. */
  next?: string;
}

export async function query(
  store: Pick<FeedbackStore, 'search' | 'count' | 'duplicates'>,
  filter: FeedbackFilter,
  page: PageRequest,
): Promise<QueryAnswer> {
  const [found, total] = await Promise.all([store.search(filter, page), store.count(filter)]);
  return { ...found, total, ...(page.fold === true && { duplicates: await store.duplicates(filter) }) };
}

const LONGEST = 600;

/** A page for people. `topics` are those asked for: a long text is cut to where it speaks of them. */
export function renderQuery(answer: QueryAnswer, options: RenderOptions & { sort: SortOrder; topics?: readonly string[] }): string {
  if (answer.total === 0) return 'Nothing matches.\n';
  const colors = palette(options.color);
  const order = options.sort === 'newest' ? 'newest first' : 'worst first';
  const head = `${count(answer.total)} ${answer.total === 1 ? 'matches' : 'match'}, ${order}${foldedWords(answer)}.`;
  const blocks = answer.items.map((item) => block(item, answer.folded?.get(item.id) ?? 0, options, colors));
  const foot = answer.next === undefined ? [] : [colors.dim(`Next page: the same command with --cursor ${answer.next}`)];
  return `${[head, ...blocks, ...foot].join('\n\n')}\n`;
}

function foldedWords({ duplicates = 0 }: QueryAnswer): string {
  if (duplicates === 0) return '';
  return duplicates === 1
    ? '; 1 near-duplicate is folded (--no-fold shows it)'
    : `; ${count(duplicates)} near-duplicates are folded (--no-fold shows them)`;
}

/** `others`: how many near-duplicates the item stands for. */
function block(
  item: AnalyzedFeedback,
  others: number,
  { color, width, topics }: RenderOptions & { topics?: readonly string[] },
  colors: Palette,
): string {
  const { analysis } = item;
  const { label, score } = analysis.sentiment;
  const tint = (text: string, of: string): string => (of === 'negative' ? colors.red(text) : of === 'positive' ? colors.green(text) : text);
  const head = [
    item.day,
    printable(item.source),
    analysis.language.code,
    tint(label === 'unsupported' ? label : `${label} ${score.toFixed(2)}`, label),
    analysis.topics.map((topic) => tint(mention(topic, topics), topic.label)).join(', '),
    scores(item),
    analysis.flags.join(' '),
    others === 0 ? '' : colors.bold(`×${count(others + 1)}`),
  ].filter((part) => part !== '');

  const { text, shift } = excerpt(item.text, focusOf(item, topics), LONGEST, analysis.language.code);
  const marks: Mark[] = analysis.evidence.map(({ start, end, weight }) => ({
    start: start + shift,
    end: end + shift,
    style: !color ? (words) => `*${words}*` : weight < 0 ? colors.red : colors.green,
  }));
  // Stars take room on the line, colours do not.
  const body = color ? text : marked(text, marks);
  const lines = lineSpans(body, Math.max(20, width - 2), analysis.language.code).map((line) => {
    return `  ${color ? marked(text, marks, line) : body.slice(line.start, line.end)}`;
  });
  return [head.join('  '), ...lines, `  ${colors.dim(printable([item.id, item.url].filter(Boolean).join('  ')))}`].join('\n');
}

/** A topic that was asked for shows the score that the answer is sorted by. */
function mention({ id, label, score }: TopicMention, asked: readonly string[] = []): string {
  return `${id} ${label}${asked.some((topic) => isWithin(id, topic)) ? ` ${score.toFixed(2)}` : ''}`;
}

/** Is it the topic, or one of the area? */
const isWithin = (id: string, topic: string): boolean => id === topic || id.startsWith(`${topic}.`);

function scores({ rating, ratingScale, nps, csat, ces }: AnalyzedFeedback): string {
  const known: [string, number | undefined][] = [
    ['rating', rating],
    ['NPS', nps],
    ['CSAT', csat],
    ['CES', ces],
  ];
  return known
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${value}${name === 'rating' ? ` of ${ratingScale?.[1] ?? 5}` : ''}`)
    .join(', ');
}

/**
 * Where to look in the text: where it speaks of one of the topics (the place nearest to something negative), else what weighed most
 * in its sentiment, else its beginning.
 */
export function focusOf({ analysis }: AnalyzedFeedback, topics: readonly string[] = []): Span {
  const negative = analysis.evidence.filter(({ weight }) => weight < 0);
  const distance = (span: Span): number => Math.min(...negative.map((e) => Math.max(0, e.start - span.end, span.start - e.end)));
  const spoken = analysis.topics.filter(({ id }) => topics.some((topic) => isWithin(id, topic))).flatMap(({ evidence }) => evidence);
  const nearest = [...spoken].sort((a, b) => distance(a) - distance(b) || a.start - b.start)[0];
  return nearest ?? [...analysis.evidence].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))[0] ?? { start: 0, end: 0 };
}
