/** The night's report as people read it, and as `run --json` prints it. */
import { LABELS } from '../feedback.js';
import { BASELINE_WEEKS, type Measure } from './comparison.js';
import { printable } from './excerpt.js';
import type { Mover } from './movers.js';
import type { NightReport, Quote, SourceReport } from './night.js';
import { count, duration, palette, perHundred, percent, probability, table, type Palette, type RenderOptions } from './render.js';
import { lineSpans } from './width.js';

export interface NightRenderOptions extends RenderOptions {
  /** What starts this program, and what its commands need to find this store: `undertone`, `--store sqlite:demo.db`. */
  command?: string;
  storeOption?: string;
}

/** At most this many changes are told; the rest are counted. */
const CHANGES = 6;

export function renderNightReport(report: NightReport, options: NightRenderOptions): string {
  const colors = palette(options.color);
  const sections = [
    headline(report, colors),
    sourceTable(report, colors),
    found(report, options.width),
    changes(report.changes, colors, options.width),
    complaints(report, colors, options.width),
    next(report, options, colors),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const STATUS: Record<NightReport['status'], string> = {
  running: 'still running',
  done: 'done',
  partial: 'finished with failures',
  failed: 'failed',
};
const rowsPerSecond = ({ counts, seconds }: NightReport): number => (seconds > 0 ? Math.round(counts.read / seconds) : 0);

function headline(report: NightReport, { bold, green, yellow, red }: Palette): string[] {
  const tint = report.status === 'done' ? green : report.status === 'failed' ? red : yellow;
  const speed = report.counts.read > 0 && report.seconds > 0 ? `, ${count(rowsPerSecond(report))} rows/s` : '';
  return [
    `${bold(`Night of ${report.day}`)}: ${tint(STATUS[report.status])}, ${count(report.counts.read)} rows in ${duration(report.seconds)}${speed}`,
  ];
}

function sourceTable({ sources, counts }: NightReport, colors: Palette): string[] {
  const cells = (name: string, c: SourceReport['counts']): string[] => [
    name,
    ...[c.read, c.new, c.changed, c.unchanged].map(count),
    c.rejected > 0 ? colors.yellow(count(c.rejected)) : '0',
  ];
  const columns = ['read', 'new', 'changed', 'unchanged', 'rejected'].map((header) => ({ header, align: 'right' as const }));
  const rows = sources.map((source) => cells(printable(source.name), source.counts));
  if (sources.length > 1) rows.push(cells('all', counts));
  const notes = sources.flatMap(({ name, parts, skipped, failed }) => [
    ...(parts === 0 ? [`${printable(name)}: nothing to read`] : []),
    ...(skipped > 0
      ? [`${printable(name)}: ${skipped} of ${parts} ${parts === 1 ? 'part' : 'parts'} not changed since the last run, not read again`]
      : []),
    ...failed.map(({ part, error }) => colors.red(`${printable(name)}: ${printable(part)} failed: ${printable(error)}`)),
  ]);
  return [...table([{ header: 'source' }, ...columns], rows, colors), ...notes];
}

function found({ counts, scope, duplicates, languages, sentiment }: NightReport, width: number): string[] {
  const lines: [string, string[]][] = [];
  const total = LABELS.reduce((sum, label) => sum + sentiment[label], 0);
  const redacted = Object.entries(counts.redacted).filter(([, n]) => n > 0);
  if (scope !== undefined) {
    lines.push(['Feedback', [`${count(total)} ${scopeWords(scope)}`]]);
    if (duplicates > 0)
      lines.push(['Repeated', [`${count(duplicates)} ${duplicates === 1 ? 'is a near-duplicate' : 'are near-duplicates'} of another`]]);
    lines.push([
      'Languages',
      languages.map(({ code, n, unsupported }) => `${code} ${count(n)}${unsupported === n ? ' (no lexicon)' : ''}`),
    ]);
    const labels = LABELS.filter((label) => sentiment[label] > 0);
    lines.push(['Sentiment', labels.map((label) => `${label} ${count(sentiment[label])} (${percent(sentiment[label] / total)})`)]);
  }
  if (redacted.length > 0) lines.push(['Redacted', redacted.sort((a, b) => b[1] - a[1]).map(([kind, n]) => `${kind} ${count(n)}`)]);
  return lines.flatMap(([name, values]) => wrapped(values.join(', '), width, name.padEnd(11)));
}

function scopeWords({ of, days, from, to }: NonNullable<NightReport['scope']>): string {
  const span = from === to ? `of ${from}` : `from ${from} to ${to}`;
  if (of === 'newest') return `${span}, the newest week in the store (this run wrote nothing new)`;
  return `${span}, on the ${days === 1 ? 'day' : `${days} days`} this run wrote to`;
}

function changes(moved: NightReport['changes'], colors: Palette, width: number): string[] {
  if (moved === undefined) return [];
  const { period, movers } = moved;
  const head = `What changed in ${period.key} (${period.start} to ${period.end}) against the ${BASELINE_WEEKS} weeks before`;
  if (movers.length === 0) return [colors.bold(head), '  Nothing that is clearly more than chance.'];
  const lines = movers.slice(0, CHANGES).flatMap((mover) => {
    const tint = mover.direction === 'worse' ? colors.red : colors.green;
    return [
      `  ${tint(mover.direction)}  ${colors.bold(mover.topic)} in ${mover.language ?? 'all languages'}`,
      ...measures(mover, width),
      ...quoted(mover.quote, '         ', width, colors),
    ];
  });
  const rest = movers.length - CHANGES;
  return [colors.bold(head), ...lines, ...(rest > 0 ? [colors.dim(`  and ${rest} more: see \`undertone trends\``)] : [])];
}

function measures({ mentions, complaints }: Mover, width: number): string[] {
  const told: string[] = [];
  if (mentions !== undefined) {
    told.push(`${percent(mentions.baseline.share)} -> ${percent(mentions.share)} of its mentions negative ${evidence(mentions)}`);
  }
  if (complaints !== undefined) {
    told.push(
      `${perHundred(complaints.baseline.share)} -> ${perHundred(complaints.share)} complaints per 100 texts ${evidence(complaints)}`,
    );
  }
  return told.flatMap((text) => wrapped(text, width, '         '));
}

const evidence = ({ negative, n, baseline, q }: Measure): string =>
  `(${count(negative)} of ${count(n)}; before ${count(baseline.negative)} of ${count(baseline.n)}), ${probability('q', q)}`;

function complaints({ topics, scope }: NightReport, colors: Palette, width: number): string[] {
  if (topics.length === 0 || scope === undefined) return [];
  const rows = topics.map(({ id, n, negative }, i) => [
    `${i + 1}.`,
    id,
    `${count(negative)} negative`,
    `of ${count(n)}`,
    percent(negative / n),
  ]);
  const columns = [{ align: 'right' as const }, {}, { align: 'right' as const }, { align: 'right' as const }, { align: 'right' as const }];
  const lines = table(columns.map((column) => ({ header: '', ...column })), rows, colors).slice(1); // prettier-ignore
  return [
    colors.bold('Most complained of'),
    ...lines.flatMap((line, i) => [`  ${line}`, ...quoted(topics[i]!.quote, '      ', width, colors)]),
  ];
}

/** The customer's words, and under them where they are from. */
function quoted(quote: Quote | undefined, indent: string, width: number, { dim }: Palette): string[] {
  if (quote === undefined) return [];
  const { text, language, day, id } = quote;
  return [...wrapped(`“${text}”`, width, indent, language), `${indent}${dim(`${language}, ${day}, ${printable(id)}`)}`];
}

function next(report: NightReport, options: NightRenderOptions, colors: Palette): string[] {
  if (report.scope === undefined && report.counts.rejected === 0) return [];
  const tail = options.storeOption === undefined ? '' : ` ${options.storeOption}`;
  return [colors.bold('Where to look next'), ...nextCommands(report).map((args) => `  ${options.command ?? 'undertone'} ${args}${tail}`)];
}

/** Arguments of the commands that lead on from this report. */
function nextCommands({ counts, changes, topics, scope, sources }: NightReport): string[] {
  const commands: string[] = [];
  const worse = changes?.movers.find(({ direction }) => direction === 'worse');
  if (worse !== undefined) {
    const { key } = changes!.period;
    const lang = worse.language === undefined ? '' : ` --lang ${worse.language}`;
    commands.push(`query --topic ${worse.topic}${lang} --sentiment negative --since ${key} --until ${key}`);
  } else if (topics[0] !== undefined) {
    commands.push(`query --topic ${topics[0].id} --sentiment negative --since ${scope!.from} --until ${scope!.to}`);
  }
  if (scope !== undefined) commands.push('trends --by topic');
  if (counts.rejected > 0) commands.push('rejects');
  if (sources.some(({ failed }) => failed.length > 0)) commands.push('doctor');
  return commands;
}

/** The text with `lead` before its first line and as much space before the others. */
function wrapped(text: string, width: number, lead: string, language?: string): string[] {
  const lines = lineSpans(text, Math.max(20, width - lead.length), language);
  return lines.map(({ start, end }, i) => (i === 0 ? lead : ' '.repeat(lead.length)) + text.slice(start, end));
}

/** One object: the counts of the whole run first, then each source, then what was found. */
export function nightReportJson(report: NightReport) {
  const { read, new: added, changed, unchanged, rejected, redacted } = report.counts;
  return {
    run: report.run,
    status: report.status,
    day: report.day,
    startedAt: report.startedAt,
    read,
    new: added,
    changed,
    unchanged,
    rejected,
    redacted,
    seconds: report.seconds,
    rowsPerSecond: rowsPerSecond(report),
    sources: report.sources.map(({ name, counts, parts, skipped, failed }) => ({ name, ...counts, parts, skipped, failed })),
    scope: report.scope,
    duplicates: report.duplicates,
    languages: report.languages,
    sentiment: report.sentiment,
    topics: report.topics,
    changes: report.changes,
    next: nextCommands(report),
  };
}
