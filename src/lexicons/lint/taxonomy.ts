/** taxonomy.yaml node by node: the parser of the analysis stops at the first fault, people want all of them with their lines. */
import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { STAGES, parseTaxonomy } from '../../analysis/topics/taxonomy.js';
import type { LexiconFiles } from '../../analysis/types.js';
import { reporter, type Finding } from './finding.js';

export const TAXONOMY = 'taxonomy.yaml';

/** Topic id -> its position, in the order of the file; empty where the file cannot be read, which is then among the findings. */
export function lintTaxonomy(files: LexiconFiles, findings: Finding[]): ReadonlyMap<string, number> {
  const report = reporter(TAXONOMY, findings);
  const lines = new LineCounter();
  const document = parseDocument(files.text(TAXONOMY), { lineCounter: lines });
  const lineOf = (node: unknown): number => {
    const range = (node as { range?: [number, number, number] | null } | null)?.range;
    return range == null ? 0 : lines.linePos(range[0]).line;
  };
  for (const { message, pos } of document.errors)
    report(lines.linePos(pos[0]).line, 'error', 'malformed', `${message.split(' at line')[0]!.split('\n')[0]!}: each id stands once`);
  const before = findings.length;
  if (!isMap(document.contents)) report(1, 'error', 'malformed', 'expected areas with their topics, got something else');
  else {
    for (const area of document.contents.items) {
      const id = String(area.key);
      if (!isMap(area.value)) report(lineOf(area.key), 'error', 'malformed', `${id}: expected topics below the area, got none`);
      else for (const leaf of area.value.items) lintLeaf(`${id}.${String(leaf.key)}`, leaf.value, lineOf(leaf.key));
    }
  }
  function lintLeaf(id: string, node: unknown, line: number): void {
    if (!/^[a-z_]+\.[a-z_]+$/.test(id)) report(line, 'error', 'malformed', `${id}: an id has lower-case letters and _ only`);
    if (!isMap(node)) {
      report(line, 'error', 'malformed', `${id}: expected {stages, in}, got something else`);
      return;
    }
    const known = ['stages', 'in', 'out'];
    for (const { key } of (node).items)
      if (!known.includes(String(key))) report(line, 'error', 'malformed', `${id}.${String(key)}: expected ${known.join(', ')}, got this`);
    for (const name of ['in', 'out']) {
      const value = (node).get(name);
      if (value === undefined && name === 'out') continue;
      if (typeof value !== 'string' || value.trim() === '')
        report(line, 'error', 'no-definition', `${id}.${name}: say in words what belongs ${name === 'in' ? 'to the topic' : 'elsewhere, and where'}`);
    }
    const stages = (node).get('stages');
    const named = isSeq(stages) ? stages.items.map((item) => String(isScalar(item) ? item.value : item)) : [];
    if (named.length === 0) report(line, 'error', 'stages', `${id}.stages: expected at least one of ${STAGES.join(', ')}`);
    for (const stage of named)
      if (!(STAGES as readonly string[]).includes(stage))
        report(line, 'error', 'stages', `${id}.stages: expected some of ${STAGES.join(', ')}, got ${stage}`);
    if (new Set(named).size < named.length) report(line, 'error', 'stages', `${id}.stages: a stage stands twice, delete one`);
  }
  try {
    return parseTaxonomy(files.text(TAXONOMY)).index;
  } catch (error) {
    if (findings.length === before && document.errors.length === 0) report(0, 'error', 'malformed', (error as Error).message);
    return new Map();
  }
}
