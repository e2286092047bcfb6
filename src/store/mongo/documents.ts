/** The collections, their documents and indexes; docs/store.md tells analysts about them. */
import type { Collection, Db, IndexDescription } from 'mongodb';
import { ALL_TOPICS, SCHEMA_VERSION, type AnalyzedFeedback, type Checkpoint, type Label, type RejectedRow } from '../../feedback.js';
import type { StoredDocument } from '../migrations.js';
import type { Run, RunPart } from '../port.js';
import type { CountedDay } from './counts.js';
import type { FeedbackDocument } from './feedback-document.js';

/** As stored: `_id` is the id, `createdAt` a date, and `mentionKeys` made for the index on topics and labels. */
export type { FeedbackDocument };
export type RollupDocument = CountedDay & { _id: string; schemaVersion: number };
/** `movedDays`: left by a commit under way, see `commit.ts`. */
export type CheckpointDocument = Checkpoint & { _id: string; movedDays?: string[]; schemaVersion: number };
export type RejectDocument = Omit<RejectedRow, 'id'> & { _id: string; schemaVersion: number };
/** What sources say about themselves is kept as JSON text: its keys are theirs, and may hold dots or dollars. */
export type RunDocument = Omit<Run, 'id' | 'sources' | 'parts'> & {
  _id: string;
  sources: string;
  parts: (Omit<RunPart, 'spec'> & { spec: string })[];
  schemaVersion: number;
};
export interface SettingDocument {
  _id: string;
  value: string;
}
/** `_id` is kind, which holds no slash, and key with a slash between; the document as JSON text, since its keys are its owner's. */
export interface RecordDocument {
  _id: string;
  revision: number;
  document: string;
}
export interface LockDocument {
  _id: string;
  owner: string;
  until: Date;
}

export interface Collections {
  feedback: Collection<FeedbackDocument>;
  rollups: Collection<RollupDocument>;
  checkpoints: Collection<CheckpointDocument>;
  rejects: Collection<RejectDocument>;
  runs: Collection<RunDocument>;
  settings: Collection<SettingDocument>;
  records: Collection<RecordDocument>;
  locks: Collection<LockDocument>;
}

export const collectionsOf = (database: Db): Collections => ({
  feedback: database.collection('feedback'),
  rollups: database.collection('rollups'),
  checkpoints: database.collection('checkpoints'),
  rejects: database.collection('rejects'),
  runs: database.collection('runs'),
  settings: database.collection('settings'),
  records: database.collection('records'),
  locks: database.collection('locks'),
});

/** Few: each costs every row that is written about as much as the row itself. */
export const INDEXES: Partial<Record<keyof Collections, IndexDescription[]>> = {
  feedback: [
    { name: 'newest', key: { createdAt: -1, _id: 1 } },
    { name: 'mentions', key: { mentionKeys: 1, createdAt: -1 } },
  ],
  // Named anew with its keys: a server refuses other keys under a name it has.
  rollups: [{ name: 'dimensions', key: { day: 1, source: 1, kind: 1, channel: 1, language: 1, product: 1, versions: 1 } }],
  rejects: [{ name: 'place', key: { source: 1, file: 1, row: 1, _id: 1 } }],
  runs: [{ name: 'latest', key: { startedAt: -1, _id: -1 } }],
};

/** Of older schema versions. */
export const FORMER_INDEXES: Partial<Record<keyof Collections, string[]>> = { rollups: ['order'] };

/** In the list of mention keys too, so that one index serves both: labels hold no `=`. */
export const duplicateMark = (key: string): string => `=${key}`;

export const mentionKey = (topic: string, label: Label): string => `${topic}:${label}`;

/** Keys of mentions of any of these topics with any of these labels. */
export const mentionKeys = (topics: readonly string[], labels: readonly Label[]): string[] =>
  topics.flatMap((topic) => labels.map((label) => mentionKey(topic, label)));

export function toDocument({ id, createdAt, analysis: given, ...rest }: AnalyzedFeedback): FeedbackDocument {
  const analysis = withoutNegativeZero(given);
  const { sentiment, topics, areas } = analysis;
  return {
    _id: id,
    ...rest,
    analysis,
    createdAt: new Date(createdAt),
    mentionKeys: [
      mentionKey(ALL_TOPICS, sentiment.label),
      ...[...topics, ...areas].map((mention) => mentionKey(mention.id, mention.label)),
      ...rest.duplicateKeys.map(duplicateMark),
    ],
  };
}

/** Rounding makes -0 of small negative numbers. BSON keeps its sign, JSON does not; and it means nothing. */
function withoutNegativeZero(analysis: AnalyzedFeedback['analysis']): AnalyzedFeedback['analysis'] {
  const { sentiment, topics, areas, evidence } = analysis;
  const scores = [sentiment, ...topics, ...areas].map(({ score }) => score).concat(evidence.map(({ weight }) => weight));
  return scores.some((score) => Object.is(score, -0)) ? (JSON.parse(JSON.stringify(analysis)) as typeof analysis) : analysis;
}

/** Of any schema version. */
export function fromDocument(document: FeedbackDocument): StoredDocument {
  const { _id, createdAt, mentionKeys: _keys, ...rest } = document;
  return { id: _id, createdAt: createdAt.toISOString(), ...rest };
}

export const checkpointId = (source: string, part: string): string => JSON.stringify([source, part]);

export const versioned = <T extends object>(document: T): T & { schemaVersion: number } => ({ ...document, schemaVersion: SCHEMA_VERSION });
