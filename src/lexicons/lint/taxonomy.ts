/** taxonomy.yaml node by node: the parser of the analysis stops at the first fault, people want all of them with their lines. */
import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import { STAGES, parseTaxonomy, type Taxonomy } from '../../analysis/topics/taxonomy.js';
import type { LexiconFiles } from '../../analysis/types.js';
import { reporter, type Finding } from './finding.js';

export const TAXONOMY = 'taxonomy.yaml';

/**
 * @param complete also what a reader needs to tell topics apart: the definition of each area, examples and counterexamples
 * @returns topic id -> its position, in the order of the file; empty where the file cannot be read, which is then among the findings
 */
export function lintTaxonomy(files: LexiconFiles, findings: Finding[], complete = false): ReadonlyMap<string, number> {
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
  const areas = isMap(document.contents) ? document.contents.items : [];
  const ids = new Set(areas.flatMap(({ key, value }) => (isMap(value) ? value.items.map((leaf) => `${String(key)}.${String(leaf.key)}`) : [])));
  if (!isMap(document.contents)) report(1, 'error', 'malformed', 'expected areas with their topics, got something else');
  else {
    for (const area of document.contents.items) {
      const id = String(area.key);
      if (!isMap(area.value)) report(lineOf(area.key), 'error', 'malformed', `${id}: expected topics below the area, got none`);
      else {
        if (complete || area.value.has('in')) lintText(`${id}.in`, area.value.get('in'), lineOf(area.key));
        for (const leaf of area.value.items)
          if (String(leaf.key) !== 'in') lintLeaf(`${id}.${String(leaf.key)}`, leaf.value, lineOf(leaf.key));
      }
    }
  }
  function lintText(place: string, value: unknown, line: number): void {
    if (typeof value === 'string' && value.trim() !== '') return;
    report(line, 'error', 'no-definition', `${place}: say in words what belongs there`);
  }
  function lintLeaf(id: string, node: unknown, line: number): void {
    if (!/^[a-z_]+\.[a-z_]+$/.test(id)) report(line, 'error', 'malformed', `${id}: an id has lower-case letters and _ only`);
    if (!isMap(node)) {
      report(line, 'error', 'malformed', `${id}: expected {stages, in}, got something else`);
      return;
    }
    const known = ['in', 'stages', 'examples', 'not', 'fallback'];
    for (const { key } of node.items)
      if (!known.includes(String(key))) report(line, 'error', 'malformed', `${id}.${String(key)}: expected ${known.join(', ')}, got this`);
    lintText(`${id}.in`, node.get('in'), line);
    lintExamples(id, node.get('examples'), node.get('not'), line);
    const stages = node.get('stages');
    const named = isSeq(stages) ? stages.items.map((item) => String(isScalar(item) ? item.value : item)) : [];
    if (named.length === 0) report(line, 'error', 'stages', `${id}.stages: expected at least one of ${STAGES.join(', ')}`);
    for (const stage of named)
      if (!(STAGES as readonly string[]).includes(stage))
        report(line, 'error', 'stages', `${id}.stages: expected some of ${STAGES.join(', ')}, got ${stage}`);
    if (new Set(named).size < named.length) report(line, 'error', 'stages', `${id}.stages: a stage stands twice, delete one`);
  }
  function lintExamples(id: string, examples: unknown, not: unknown, line: number): void {
    const texts = isSeq(examples) ? examples.items.length : 0;
    if (complete && (texts < 2 || texts > 3)) report(line, 'error', 'examples', `${id}.examples: expected 2 or 3 texts that belong to it, got ${texts}`);
    if (complete && !isMap(not)) report(line, 'error', 'examples', `${id}.not: expected texts that do not belong to it, each with its topic`);
    for (const { key, value } of isMap(not) ? not.items : []) {
      const [text, topic] = [key, value].map((node) => String(isScalar(node) ? node.value : node)) as [string, string];
      if (topic !== id && ids.has(topic)) continue;
      report(lineOf(key), 'error', 'examples', `${id}.not: expected another topic of this file behind "${text}", got ${topic}`);
    }
  }
  try {
    return topicsWithPhrases(parseTaxonomy(files.text(TAXONOMY)));
  } catch (error) {
    if (findings.length === before && document.errors.length === 0) report(0, 'error', 'malformed', (error as Error).message);
    return new Map();
  }
}

/** Topic id -> its position, of those that phrases may name. */
export function topicsWithPhrases({ index, fallback }: Taxonomy): ReadonlyMap<string, number> {
  return new Map([...index].filter(([id]) => id !== fallback?.id));
}
