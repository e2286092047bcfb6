/** The topics there are, for checking what was typed and for journey stages; read without loading the analysis. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTaxonomy } from '../analysis/topics/taxonomy.js';
import { lexiconFolder } from '../lexicons/load.js';

export function readTaxonomy(): { topics: ReadonlySet<string>; stages: ReadonlyMap<string, readonly string[]> } {
  const { topics, areas } = parseTaxonomy(readFileSync(join(lexiconFolder(), 'taxonomy.yaml'), 'utf8'));
  return { topics: new Set([...areas, ...topics.map(({ id }) => id)]), stages: new Map(topics.map(({ id, stages }) => [id, stages])) };
}
