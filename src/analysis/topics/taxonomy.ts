/** lexicons/taxonomy.yaml: areas, their leaf topics, and the journey stages these belong to. */
import { parse } from 'yaml';
import { z } from 'zod';
import type { LexiconFiles, OverlayFile } from '../types.js';

export const STAGES = ['discover', 'evaluate', 'buy', 'wait', 'receive', 'use', 'support', 'return', 'stay'] as const;
export type Stage = (typeof STAGES)[number];

const Leaf = z.strictObject({
  /** The definition: what belongs to the topic. */
  in: z.string().min(1),
  stages: z.array(z.enum(STAGES)).min(1),
  /** Has no phrases: texts get it that have a sentiment and name no other topic. At most one topic. */
  fallback: z.literal(true).optional(),
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
  fallback: boolean;
}

export interface Taxonomy {
  topics: Topic[];
  areas: string[];
  /** Leaf id -> its position in `topics`. */
  index: ReadonlyMap<string, number>;
  /** What a text with a sentiment and no other topic is about. */
  fallback: Topic | undefined;
}

/**
 * @param shop the shop's own files, whose areas and topics come behind ours, so that the positions of ours stay what they are
 * @throws Error naming file and node at fault, also a topic of the shop's that there is already.
 */
export function parseTaxonomy(yaml: string, shop: readonly OverlayFile[] = []): Taxonomy {
  const topics: Topic[] = [];
  const seen = new Set<string>();
  for (const { place, text, isOurs } of [
    { place: 'lexicons/taxonomy.yaml', text: yaml, isOurs: true },
    ...shop.map((file) => ({ ...file, isOurs: false })),
  ]) {
    for (const topic of parseTopics(text, place)) {
      if (seen.has(topic.id)) throw new Error(`${place}: ${topic.id}: there is a topic of this id already; give yours another one`);
      if (!isOurs && topic.fallback) throw new Error(`${place}: ${topic.id}: fallback: expected in lexicons/taxonomy.yaml only`);
      if (!isOurs && !SHOP_ID.test(topic.id))
        throw new Error(`${place}: ${topic.id}: expected an id of lower-case letters, digits and _ as area.topic`);
      seen.add(topic.id);
      topics.push(topic);
    }
  }
  return {
    topics,
    areas: [...new Set(topics.map(({ area }) => area))],
    index: new Map(topics.map((t, i) => [t.id, i])),
    fallback: topics.find((t) => t.fallback),
  };
}

const SHOP_ID = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

function parseTopics(yaml: string, place: string): Topic[] {
  let nodes: unknown;
  try {
    nodes = parse(yaml);
  } catch (error) {
    throw new Error(`${place}: ${(error as Error).message.split('\n')[0]}`, { cause: error });
  }
  const result = Schema.safeParse(nodes);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    throw new Error(`${place}: ${issue.path.join('.')}: ${issue.message}`);
  }
  return Object.entries(result.data).flatMap(([area, leaves]) =>
    Object.entries(leaves).map(([leaf, node]) => ({
      id: `${area}.${leaf}`,
      area,
      stages: node.stages,
      definition: node.in,
      fallback: node.fallback === true,
    })),
  );
}

/** What the version of the taxonomy is made from: a remark in the shop's file makes no stored result out of date. */
export const taxonomyContent = (files: LexiconFiles): string =>
  [files.text('taxonomy.yaml'), ...(files.overlay?.('taxonomy.yaml') ?? []).map(({ text }) => JSON.stringify(parse(text)))].join('\n');
