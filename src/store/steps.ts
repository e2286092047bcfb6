/** The steps there are. A module of its own, since few processes ever migrate and this loads a part of the analysis. */
import { duplicateKeys } from '../analysis/text/fingerprint.js';
import type { Migrations } from './migrations.js';

export const STEPS: Migrations = {
  // Version 2 knows near-duplicates.
  1: (document) => ({ ...document, duplicateKeys: duplicateKeys(String(document['text'])) }),
  // Version 3 counts voices and versions in the roll-ups; the documents stay as they are.
  2: (document) => document,
};
