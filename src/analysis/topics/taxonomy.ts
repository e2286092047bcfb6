/** lexicons/taxonomy.yaml: areas, their leaf topics, and the journey stages these belong to. */
import { parse } from 'yaml';
import { z } from 'zod';

export const STAGES = ['discover', 'evaluate', 'buy', 'wait', 'receive', 'use', 'support', 'return', 'stay'] as const;
export type Stage = (typeof STAGES)[number];

const Leaf = z.strictObject({
  /** The definition: what belongs to the topic. */
  in: z.string().min(1),
  stages: z.array(z.enum(STAGES)).min(1),
  /** Texts that belong to it, as customers write. */
  examples: z.array(z.string().min(1)).optional(),
  /** Texts that do not, each with the topic it belongs to. */
  not: z.record(z.string().min(1), z.string().min(1)).optional(),
});
/** An area's own `in` is its definition; everything else below it is a topic. */
const Area = z
  .object({ in: z.string().min(1).optional() })
  .catchall(Leaf)
  .transform(({ in: _, ...leaves }) => leaves as Record<string, z.infer<typeof Leaf>>);
const Schema = z.record(z.string(), Area);

export interface Topic {
  /** `area.leaf` */
  id: string;
  area: string;
  stages: Stage[];
  definition: string;
}

export interface Taxonomy {
  topics: Topic[];
  areas: string[];
  /** Leaf id -> its position in `topics`. */
  index: ReadonlyMap<string, number>;
}

/** @throws Error naming the node at fault. */
export function parseTaxonomy(yaml: string): Taxonomy {
  const result = Schema.safeParse(parse(yaml));
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new Error(`lexicons/taxonomy.yaml: ${issue.path.join('.')}: ${issue.message}`);
  }
  const topics = Object.entries(result.data).flatMap(([area, leaves]) =>
    Object.entries(leaves).map(([leaf, node]) => ({ id: `${area}.${leaf}`, area, stages: node.stages, definition: node.in })),
  );
  return { topics, areas: Object.keys(result.data), index: new Map(topics.map((t, i) => [t.id, i])) };
}
