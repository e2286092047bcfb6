/** The topics there are, for checking what was typed and for journey stages; read without loading the analysis. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTaxonomy } from '../analysis/topics/taxonomy.js';
import { lexiconFolder } from '../lexicons/load.js';
import { shopTaxonomy } from '../lexicons/overlay.js';

/** @param shopLexicons folder of the shop's own lexicon, with which its topics count too. @throws Error naming the file at fault */
export function readTaxonomy(shopLexicons: string | undefined): {
  topics: ReadonlySet<string>;
  stages: ReadonlyMap<string, readonly string[]>;
} {
  const { topics, areas } = parseTaxonomy(readFileSync(join(lexiconFolder(), 'taxonomy.yaml'), 'utf8'), shopTaxonomy(shopLexicons));
  return { topics: new Set([...areas, ...topics.map(({ id }) => id)]), stages: new Map(topics.map(({ id, stages }) => [id, stages])) };
}
