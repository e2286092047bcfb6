/** JSON lines that scripts rely on, and that no report owns; change them only by adding. Stored feedback is in reports/lines.ts. */
import type { AnalysisResult } from '../analysis/index.js';
import type { Evidence, RejectedRow, TopicMention } from '../feedback.js';

/** What `analyze --json` prints. Offsets are UTF-16 code units into the text as given. */
export interface AnalysisLine {
  id: unknown;
  language: { code: string; confidence: number };
  sentiment: { label: string; score: number; confidence: number };
  topics: TopicMention[];
  evidence: Evidence[];
  flags: string[];
  /** Only where a text is in more than one language. */
  segments?: AnalysisResult['segments'];
}

export function analysisLine(id: unknown, analysis: Omit<AnalysisResult, 'areas'>): AnalysisLine {
  const { language, sentiment, topics, evidence, flags, segments } = analysis;
  return { id, language, sentiment, topics, evidence, flags, ...(segments === undefined ? {} : { segments }) };
}

/** What `rejects --json` prints. `value` is the value at fault, or the start of the record where the whole record is. */
export function rejectLine(row: RejectedRow): Record<string, unknown> {
  return {
    source: row.source,
    file: row.file,
    row: row.row,
    column: row.column ?? null,
    reason: row.reason,
    value: row.value ?? null,
  };
}
