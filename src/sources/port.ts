/** The source port: where feedback comes from. A source never knows the queue or the store. */
import type { Feedback, Rejection } from '../feedback.js';

/** One piece of a source that one job reads on its own. */
export interface SourcePart {
  /** Stable for the same piece of the same input: the name of its checkpoint. */
  key: string;
  /** Identifies the input's state and mapping; the same fingerprint on a finished checkpoint means there is nothing to read. */
  fingerprint: string;
  /** JSON. What `pull` needs; no customer text, no secret. */
  spec: unknown;
}

/** A record that parsed. Not redacted yet: it lives only in memory, between `pull` and the batch step. */
export interface PulledRow {
  ok: true;
  /** As Feedback, but `customer` is the source's own id, and `text` is as written. */
  feedback: Feedback;
}
export interface PulledReject extends Rejection {
  ok: false;
  /** Stable id for the quarantine. */
  id: string;
  file: string;
  row: number;
  raw: string;
  /** The source's own id of the author, where it could be read: taken out of `raw` and `value` before they are kept. */
  customer?: string;
}
export type Pulled = PulledRow | PulledReject;

export interface SourcePage {
  rows: Pulled[];
  /** Where the next page starts; give it to `pull` to go on from there. */
  cursor: string;
}

export interface Source {
  readonly name: string;
  /** The pieces there are to read now. Cheap: no parsing beyond the scan for row boundaries. */
  parts(): Promise<SourcePart[]>;
  /** Pages of at most `pageSize` records from the cursor (absent: the part's start) to the part's end. */
  pull(spec: unknown, options: { cursor?: string; pageSize: number; signal?: AbortSignal }): AsyncIterable<SourcePage>;
}
