/** What every store must do: one suite, run on every adapter. */
import { committing } from './conformance/commit.js';
import { Place, type Adapter } from './conformance/place.js';
import { processes } from './conformance/processes.js';
import { asking } from './conformance/read.js';
import { records } from './conformance/records.js';
import { rollups } from './conformance/rollups.js';
import { schema } from './conformance/schema.js';

export function conformance(adapter: Adapter): void {
  for (const part of [committing, asking, rollups, processes, records, schema]) part(new Place(adapter));
}
