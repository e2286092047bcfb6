/** `export --format csv`: RFC 4180, UTF-8, CRLF, one line a piece of feedback. */
import type { AnalyzedFeedback } from '../feedback.js';

type Cell = string | number | undefined;

/**
 * What people typed or a source sent can begin like a spreadsheet formula (`=HYPERLINK(...)`, `+1 bad`), and a spreadsheet would run
 * it. Such a value gets a single quote in front. Columns that we write ourselves (numbers, days, labels) are left alone, so a negative
 * score stays a number. NDJSON has every value as it is stored.
 */
const text = (value: string | undefined): string | undefined => (value !== undefined && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value);

const COLUMNS: readonly [name: string, cell: (item: AnalyzedFeedback) => Cell][] = [
  ['id', (f) => text(f.id)],
  ['source', (f) => text(f.source)],
  ['externalId', (f) => text(f.externalId)],
  ['kind', (f) => f.kind],
  ['createdAt', (f) => f.createdAt],
  ['day', (f) => f.day],
  ['language', (f) => f.analysis.language.code],
  ['languageConfidence', (f) => f.analysis.language.confidence],
  ['sentiment', (f) => f.analysis.sentiment.label],
  ['score', (f) => f.analysis.sentiment.score],
  ['confidence', (f) => f.analysis.sentiment.confidence],
  // `delivery.speed:negative product.quality:positive`
  ['topics', (f) => f.analysis.topics.map(({ id, label }) => `${id}:${label}`).join(' ')],
  ['flags', (f) => f.analysis.flags.join(' ')],
  ['text', (f) => text(f.text)],
  ['rating', (f) => f.rating],
  ['nps', (f) => f.nps],
  ['csat', (f) => f.csat],
  ['ces', (f) => f.ces],
  ['channel', (f) => text(f.channel)],
  ['product', (f) => text(f.product)],
  ['customer', (f) => text(f.customer)],
  ['url', (f) => text(f.url)],
];

/** The first line, with its line end. */
export const csvHeader = (): string => record(COLUMNS.map(([name]) => name));

/** One piece of feedback, with its line end; a line break in the text stays inside its quotes. */
export const csvLine = (item: AnalyzedFeedback): string => record(COLUMNS.map(([, cell]) => cell(item)));

const record = (cells: readonly Cell[]): string => `${cells.map(quoted).join(',')}\r\n`;

function quoted(cell: Cell): string {
  const value = cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
