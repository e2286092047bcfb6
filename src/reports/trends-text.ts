/** `undertone trends` for people. */
import { BASELINE_WEEKS, MIN_BASELINE_N, MIN_WEEK_N, SIGNIFICANT_Q } from './comparison.js';
import type { PeriodLength } from './periods.js';
import {
  count,
  palette,
  perHundred,
  percent,
  percentRange,
  points,
  probability,
  sparkline,
  table,
  type Column,
  type Palette,
  type RenderOptions,
} from './render.js';
import type { TrendLine } from './trends.js';
import { clip, displayWidth, lineSpans } from './width.js';

interface Row {
  key: string;
  lines: TrendLine[];
  /** The line of the week that is compared; absent where that week is not among those shown. */
  tested: TrendLine | undefined;
}

/** As many rows without enough data for a comparison stand in the table; more are listed under it. */
const FEW = 8;

/** A table, a row per key: what changed first, then by volume. Columns that do not fit the width are left out, the least needed first. */
export function renderTrends(lines: readonly TrendLine[], options: RenderOptions): string {
  if (lines.length === 0) return 'No feedback in these weeks.\n';
  const colors = palette(options.color);
  const rows = [...new Set(lines.map(({ key }) => key))].map((key): Row => {
    const own = lines.filter((line) => line.key === key);
    return { key, lines: own, tested: own.find((line) => line.q !== undefined || line.note !== undefined) };
  });
  rows.sort((a, b) => rank(a) - rank(b) || volume(b) - volume(a) || (a.key < b.key ? -1 : 1));

  const tested = rows[0]!.tested;
  const by = lines[0]!.by;
  const head =
    tested === undefined
      ? `Negative share by ${by}`
      : `Negative share by ${by}: ${tested.period}${tested.start === tested.end ? '' : ` (${tested.start} to ${tested.end})`} against the ${BASELINE_WEEKS} ${unit(tested)}s before`;
  const scarce = rows.filter((row) => rank(row) === 3 && row.tested !== undefined);
  const shown = scarce.length > FEW ? rows.filter((row) => !scarce.includes(row)) : rows;
  const folded = rows.filter((row) => !shown.includes(row));
  const sections = [
    [colors.bold(head)],
    shown.length > 0 ? grid(shown, options.width, colors) : [],
    folded.length > 0 ? paragraph(`Not enough data to compare: ${tell(folded)}.`, options.width) : [],
    paragraph(legend(lines, tested), options.width).map(colors.dim),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

/** `price.value 3/3, order 1/2, and 9 with nothing in the week`: negative of all. */
function tell(rows: readonly Row[]): string {
  const spoken = rows.filter(({ tested }) => tested!.n > 0);
  const listed = spoken.map(({ key, tested }) => `${key === '' ? '(none)' : key} ${tested!.negative}/${tested!.n}`).join(', ');
  const silent = rows.length - spoken.length;
  return [listed, ...(silent > 0 ? [`${silent} with nothing in the ${unit(rows[0]!.tested!)}`] : [])]
    .filter((part) => part !== '')
    .join(', and ');
}

function paragraph(text: string, width: number): string[] {
  return lineSpans(text, Math.max(40, width)).map(({ start, end }) => text.slice(start, end));
}

/** Worse, better, compared, not enough data. */
function rank({ tested }: Row): number {
  const changes = changesOf(tested);
  if (changes.length > 0) return changes.some(({ delta }) => delta > 0) ? 0 : 1;
  return tested?.q === undefined ? 3 : 2;
}

/** What changed significantly: the share, the complaints, both or neither. */
function changesOf(line: TrendLine | undefined): { of: 'share' | 'complaints'; delta: number; q: number }[] {
  const changes: ReturnType<typeof changesOf> = [];
  if (line?.significant === true) changes.push({ of: 'share', delta: line.delta!, q: line.q! });
  if (line?.complaints?.significant === true) changes.push({ of: 'complaints', delta: line.complaints.delta, q: line.complaints.q });
  return changes;
}

/** What the line's period is called. */
const unit = ({ period }: TrendLine): PeriodLength => (period.includes('W') ? 'week' : period.length === 7 ? 'month' : 'day');

const TITLES: Readonly<Record<PeriodLength, string>> = { day: 'Days', week: 'Weeks', month: 'Months' };

const volume = ({ lines }: Row): number => lines.reduce((n, line) => n + line.n, 0);

/** Higher goes first when the table is too wide. */
type GridColumn = Column & { expendable?: number; cell: (row: Row) => string };

function grid(rows: readonly Row[], width: number, colors: Palette): string[] {
  const highest = Math.max(...rows.flatMap(({ lines }) => lines.map(({ share }) => share ?? 0)));
  const current = ({ tested, lines }: Row): TrendLine => tested ?? lines.at(-1)!;
  let columns: GridColumn[] = [
    { header: rows[0]!.lines[0]!.by, cell: ({ key }) => clip(key === '' ? '(none)' : key, 28) },
    { header: `${unit(rows[0]!.lines[0]!)}s`, expendable: 1, cell: ({ lines }) => sparkline(lines.map(({ share }) => share), highest) },
    { header: 'negative', align: 'right', cell: (row) => shareOf(current(row)) },
    { header: 'of', align: 'right', cell: (row) => count(current(row).n) },
    { header: '95%', align: 'right', expendable: 4, cell: (row) => (current(row).n === 0 ? '' : percentRange(current(row).low, current(row).high)) },
    { header: 'before', align: 'right', cell: ({ tested }) => (tested?.baseline === undefined ? '' : percent(tested.baseline.share)) },
    { header: 'of', align: 'right', expendable: 3, cell: ({ tested }) => (tested?.baseline === undefined ? '' : count(tested.baseline.n)) },
    { header: 'points', align: 'right', cell: ({ tested }) => (tested?.delta === undefined ? '' : points(tested.delta)) },
    { header: '95%', align: 'right', expendable: 2, cell: ({ tested }) => deltaRange(tested) },
    { header: 'complaints per 100', align: 'right', expendable: 5, cell: ({ tested }) => complaintRates(tested) },
    { header: '', cell: ({ tested }) => verdict(tested, colors) },
  ]; // prettier-ignore
  for (;;) {
    const lines = table(columns, rows.map((row) => columns.map(({ cell }) => cell(row))), colors); // prettier-ignore
    const least = Math.max(...columns.map(({ expendable }) => expendable ?? 0));
    if (least === 0 || lines.every((line) => displayWidth(line) <= width)) return lines;
    columns = columns.filter(({ expendable }) => expendable !== least);
  }
}

const shareOf = ({ share, unsupported }: TrendLine): string =>
  share !== null ? percent(share) : unsupported === undefined ? '' : 'unsupported';
const deltaRange = (line: TrendLine | undefined): string =>
  line?.deltaLow === undefined ? '' : `${points(line.deltaLow)} to ${points(line.deltaHigh!)}`;

function complaintRates(line: TrendLine | undefined): string {
  if (line?.complaints === undefined) return '';
  return `${perHundred(line.complaints.baseline.share)} -> ${perHundred(line.complaints.share)}`;
}

/** In words what is significant, worse and better apart; `q` is that of the less certain of what is named together. */
function verdict(line: TrendLine | undefined, colors: Palette): string {
  if (line === undefined) return '';
  const changes = changesOf(line);
  if (changes.length === 0) return colors.dim(line.note ?? 'no clear change');
  const tell = (worse: boolean, ofShare: string, ofComplaints: string): string => {
    const told = changes.filter(({ delta }) => delta > 0 === worse);
    if (told.length === 0) return '';
    const words = told.map((change) => (change.of === 'share' ? ofShare : ofComplaints)).join(', ');
    return (worse ? colors.red : colors.green)(`${words}, ${probability('q', Math.max(...told.map(({ q }) => q)))}`);
  };
  return [tell(true, 'worse', 'more complaints'), tell(false, 'better', 'fewer complaints')].filter((words) => words !== '').join('; ');
}

function legend(lines: readonly TrendLine[], tested: TrendLine | undefined): string {
  const last = lines.at(-1)!;
  const sentences = [
    `${TITLES[unit(last)]} ${lines[0]!.period} to ${last.period}${last.unfinished === true ? ', which is not over and not compared' : ''}.`,
    'Negative / (negative + neutral + positive + mixed), each author once a topic and week.',
  ];
  if (tested !== undefined) {
    sentences.push(
      `Worse or better: q <= ${SIGNIFICANT_Q} (Benjamini-Hochberg).`,
      '"No clear change" is not "no change": the interval says what remains possible.',
      `Not enough data: fewer than ${MIN_WEEK_N} in the ${unit(last)} or ${MIN_BASELINE_N} before it.`,
    );
  }
  const broken = lines.filter((line) => line.broken !== undefined);
  if (broken.length > 0) {
    sentences.push(
      `Tagged with other versions than what it is compared with: ${broken.length === 1 ? `the row ${broken[0]!.key}` : `${broken.length} rows`}; undertone retag brings them together.`,
    );
  }
  if (last.by === 'topic') sentences.push('Complaints: texts with a negative mention, of 100 texts about anything.');
  if (last.by === 'topic' || last.by === 'stage') sentences.push('Rows overlap: one text can speak of several topics.');
  return sentences.join(' ');
}
