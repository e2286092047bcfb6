/**
 * Which of our topics the aspect categories of a labelled set stand for. The format, as YAML:
 *
 *   rows: ['#', ^shipment]              only rows with a category that one of these patterns matches; absent: all with an aspect
 *   not judged: [payment.methods, store] topics or areas the set has no category for: finding one there is neither right nor wrong
 *   categories:
 *     Price#Price: [price.value]         any of these topics found counts as a hit
 *     Overall: {allows: [product.quality]} one of these is not wrong beside it, none is missed
 *     Room: not measured                 asks for nothing and allows nothing
 */
import { parse } from 'yaml';
import { z } from 'zod';

const NOT_MEASURED = 'not measured';

const Category = z.union([z.array(z.string()).min(1), z.strictObject({ allows: z.array(z.string()).min(1) }), z.literal(NOT_MEASURED)]);
const Schema = z.strictObject({
  rows: z.array(z.string()).min(1).optional(),
  'not judged': z.array(z.string()).optional(),
  categories: z.record(z.string(), Category),
});

export interface Expected {
  /** Topic ids any of which fits the category, the nearest first. */
  topics: readonly string[];
  /** False: no topic of these is missed, but one found is not wrong. */
  asked: boolean;
}

export interface Mapping {
  /** True for the categories that make a row one of those to be measured. */
  selects(category: string): boolean;
  /** Undefined where the mapping does not know the category; no topics where it is not measured. */
  expected(category: string): Expected | undefined;
  judges(topic: string): boolean;
}

/**
 * @param place what a fault is reported under
 * @param topics ids of the taxonomy's leaves
 * @param fallback that of texts which name no topic: judged only where a category stands for it, since few sets know such a thing
 * @throws Error naming the place, the node and what was expected there
 */
export function parseMapping(yaml: string, place: string, topics: Iterable<string>, fallback?: string): Mapping {
  let content: unknown;
  try {
    content = parse(yaml);
  } catch (error) {
    throw new Error(`${place}: ${(error as Error).message}`, { cause: error });
  }
  const result = Schema.safeParse(content);
  if (!result.success) {
    const { path, message } = result.error.issues[0]!;
    const at = path.join(': ');
    const what =
      path[0] === 'categories' && path.length > 1 ? `expected a list of topics, {allows: [topics]} or "${NOT_MEASURED}"` : message;
    throw new Error(`${place}: ${at === '' ? '' : `${at}: `}${what}`);
  }
  const known = new Set(topics);
  const areas = new Set([...known].map((id) => id.split('.')[0]!));
  const categories = new Map<string, Expected>();
  for (const [category, value] of Object.entries(result.data.categories)) {
    const expected = value === NOT_MEASURED ? { topics: [], asked: false } : Array.isArray(value) ? { topics: value, asked: true } : { topics: value.allows, asked: false }; // prettier-ignore
    for (const id of expected.topics)
      if (!known.has(id)) throw new Error(`${place}: categories: ${category}: expected topics of the taxonomy, got ${id}`);
    categories.set(category, expected);
  }
  const unjudged = [...(result.data['not judged'] ?? [])];
  for (const id of unjudged)
    if (!known.has(id) && !areas.has(id)) throw new Error(`${place}: not judged: expected topics or areas of the taxonomy, got ${id}`);
  const isAsked = [...categories.values()].some((expected) => expected.topics.includes(fallback ?? ''));
  if (fallback !== undefined && !isAsked) unjudged.push(fallback);
  const patterns = result.data.rows?.map((source) => {
    try {
      return new RegExp(source, 'iu');
    } catch (error) {
      throw new Error(`${place}: rows: expected a regular expression, got ${source}`, { cause: error });
    }
  });
  return {
    selects: (category) => patterns?.some((pattern) => pattern.test(category)) ?? true,
    expected: (category) => categories.get(category),
    judges: (topic) => !unjudged.includes(topic) && !unjudged.includes(topic.split('.')[0]!),
  };
}

/** For rows labelled with our own topics: each stands for itself, but for what no reader names: the topic of texts that name none. */
export function ownTopics(topics: Iterable<string>, fallback?: string): Mapping {
  const known = new Set(topics);
  return {
    selects: () => true,
    expected: (category) => (known.has(category) ? { topics: [category], asked: true } : undefined),
    judges: (topic) => topic !== fallback,
  };
}
