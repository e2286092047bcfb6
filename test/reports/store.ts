/** A real store, in a file of its own, that holds the feedback given and its roll-ups. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AnalyzedFeedback } from '../../src/feedback.js';
import { openStore } from '../../src/store/open.js';
import type { FeedbackStore } from '../../src/store/port.js';

export async function storeOf(items: AnalyzedFeedback[]): Promise<FeedbackStore> {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-reports-'));
  const store = await openStore(`sqlite:${join(folder, 'test.db')}`);
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  await store.commit(items);
  await store.refreshRollups([...new Set(items.map(({ day }) => day))]);
  return store;
}
