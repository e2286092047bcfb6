/** The CPU part of a batch: rows as pulled in, rows as stored out. Pure but for the clock of the stage times; runs in a thread. */
import { hash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { duplicateKeys, type AnalyzeHints, type Analyzer } from '../src/analysis/index.js';
import {
  feedbackId,
  ratingPosition,
  SCHEMA_VERSION,
  type AnalyzedFeedback,
  type Feedback,
  type RejectedRow,
  type Versions,
} from '../src/feedback.js';
import { pseudonym } from '../src/privacy/pseudonym.js';
import { redact } from '../src/privacy/redact.js';
import type { Pulled, PulledReject } from '../src/sources/port.js';
import { unsureTexts } from './author-languages.js';
import { dayIn } from './day.js';

export interface BatchTask {
  /** Name of the source the rows are from. */
  source: string;
  rows: Pulled[];
  /** The shop's zone: unit of a day. */
  timeZone: string;
  /** ISO 8601, for the rejected rows. */
  now: string;
}

/** Stored feedback without what the analysis made of it. */
export type UntaggedFeedback = Omit<AnalyzedFeedback, 'schemaVersion' | 'analysis' | 'versions' | 'duplicateKeys' | 'contentHash'>;

export interface AnalyzedBatch {
  feedback: AnalyzedFeedback[];
  rejects: RejectedRow[];
  /** Redactions by kind. */
  redacted: Record<string, number>;
  /** Rows that a later row of the same id in the batch stands in for. */
  superseded: number;
  /** Milliseconds spent. */
  ms: { redact: number; analyze: number };
}

const VALUE_LENGTH = 200;
const RAW_LENGTH = 10_000;
/** More than is kept, so that what the cut would halve is redacted whole first. */
const RAW_READ = 2 * RAW_LENGTH;

/** Redacts, pseudonymises and analyses a batch. Of two rows with one id the later stands. */
export function createBatchAnalyzer(analyzer: Analyzer, pseudonymKey: string): (task: BatchTask) => AnalyzedBatch {
  const dayOf = new Map<string, (instant: string) => string>();
  return (task) => {
    const { timeZone } = task;
    let day = dayOf.get(timeZone);
    if (day === undefined) dayOf.set(timeZone, (day = dayIn(timeZone)));

    const start = performance.now();
    const redacted: Record<string, number> = {};
    const clean = (text: string): string => {
      const { text: result, counts } = redact(text);
      for (const kind in counts) redacted[kind] = (redacted[kind] ?? 0) + (counts[kind] ?? 0);
      return result;
    };
    const byId = new Map<string, Feedback>();
    const rejects: RejectedRow[] = [];
    let accepted = 0;
    for (const row of task.rows) {
      if (row.ok) {
        const feedback = withoutPersonalData(row.feedback, clean, pseudonymKey);
        byId.set(feedbackId(feedback.source, feedback.externalId), feedback);
        accepted++;
      } else rejects.push(rejected(row, task, clean, pseudonymKey));
    }

    const redactedAt = performance.now();
    const untagged: UntaggedFeedback[] = [];
    for (const [id, item] of byId) {
      untagged.push({ id, ...item, day: day(item.createdAt) });
    }
    const feedback = tagBatch(analyzer, untagged);
    const end = performance.now();
    return {
      feedback,
      rejects,
      redacted,
      superseded: accepted - feedback.length,
      ms: { redact: redactedAt - start, analyze: end - redactedAt },
    };
  };
}

/** What is known beside the text. */
const hintsOf = (item: Feedback): AnalyzeHints => ({ language: item.languageHint, kind: item.kind, rating: ratingPosition(item) });

/** What is stored of redacted feedback: the same for the same batch, whether it was just read or is taken from the store. */
export function tagBatch(analyzer: Analyzer, batch: readonly UntaggedFeedback[]): AnalyzedFeedback[] {
  const tagged = batch.map(({ id, ...item }): AnalyzedFeedback => {
    return {
      id,
      schemaVersion: SCHEMA_VERSION,
      ...item,
      analysis: analyzer.analyze(item.text, hintsOf(item)),
      versions: analyzer.versions,
      duplicateKeys: duplicateKeys(item.text),
      contentHash: contentHash(item, item.day, analyzer.versions),
    };
  });
  for (const { item, authorLanguages } of unsureTexts(tagged)) {
    item.analysis = analyzer.analyze(item.text, { ...hintsOf(item), authorLanguages });
  }
  return tagged;
}

function withoutPersonalData(feedback: Feedback, clean: (text: string) => string, key: string): Feedback {
  const result: Feedback = { ...feedback, text: clean(feedback.text) };
  if (feedback.customer !== undefined) result.customer = pseudonym(key, feedback.source, feedback.customer);
  if (feedback.url !== undefined) result.url = clean(feedback.url);
  if (feedback.product !== undefined) result.product = clean(feedback.product);
  if (feedback.channel !== undefined) result.channel = clean(feedback.channel);
  // An address as the row's id names a person; redacted it would be the same id for all of them.
  if (feedback.externalId.includes('@')) result.externalId = pseudonym(key, feedback.source, feedback.externalId);
  return result;
}

function rejected(row: PulledReject, task: BatchTask, clean: (text: string) => string, key: string): RejectedRow {
  const { customer } = row;
  const keep = (text: string, length: number): string => {
    const head = text.slice(0, RAW_READ);
    return clean(customer === undefined ? head : withoutCustomer(head, customer, pseudonym(key, task.source, customer))).slice(0, length);
  };
  return {
    id: row.id,
    source: task.source,
    file: row.file,
    row: row.row,
    ...(row.column === undefined ? {} : { column: row.column }),
    reason: row.reason,
    ...(row.value === undefined ? {} : { value: keep(row.value, VALUE_LENGTH) }),
    raw: keep(row.raw, RAW_LENGTH),
    rejectedAt: task.now,
  };
}

/** Takes an id out of a record where it stands by itself: the customer 7 must not take the 7 out of 2017. */
function withoutCustomer(text: string, customer: string, instead: string): string {
  const id = customer.trim();
  if (id === '') return text;
  const forms = [...new Set([id, JSON.stringify(id).slice(1, -1), id.replaceAll('"', '""')])];
  const pattern = forms.map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, 'giu'), instead);
}

/** 22 characters (132 bits) of SHA-256 over all that is stored and the versions that made it. */
function contentHash(f: Feedback, day: string, versions: Versions): string {
  // An array, so that neither the order of a source's fields nor a new optional field changes old hashes.
  const content = [
    SCHEMA_VERSION, versions.engine, versions.lexicon, versions.taxonomy, day,
    f.kind, f.createdAt, f.text, f.rating, f.ratingScale, f.nps, f.csat, f.ces, f.channel, f.product, f.customer, f.languageHint, f.url,
  ]; // prettier-ignore
  return hash('sha256', JSON.stringify(content), 'base64url').slice(0, 22);
}
