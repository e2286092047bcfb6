/** Made-up analysed feedback for the tests and the benchmark of the store: the same seed gives the same rows. */
import { createHash } from 'node:crypto';
import { feedbackId, SCHEMA_VERSION, SENTIMENT_LABELS, type AnalyzedFeedback, type Kind, type SentimentLabel } from '../../src/feedback.js';

/** A small generator of numbers in [0, 1) (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const AREAS: Record<string, string[]> = {
  delivery: ['speed', 'tracking', 'damage', 'lost', 'courier', 'cost', 'packaging'],
  product: ['quality', 'durability', 'fit', 'description', 'features', 'safety', 'design', 'range'],
  price: ['value', 'promotion', 'fees'],
  payment: ['checkout', 'methods', 'security'],
  digital: ['website', 'app', 'account', 'content'],
  service: ['reach', 'speed', 'attitude', 'competence', 'resolution', 'chatbot'],
  returns: ['process', 'refund', 'warranty'],
  relationship: ['loyalty', 'trust', 'recommend'],
};
const TOPICS = Object.entries(AREAS).flatMap(([area, leaves]) => leaves.map((leaf) => `${area}.${leaf}`));
const SOURCES: readonly (readonly [string, Kind, readonly string[]])[] = [
  ['shop-reviews', 'review', ['web', 'app']],
  ['nps-survey', 'survey', ['email']],
  ['helpdesk', 'ticket', ['email', 'phone']],
];
const LANGUAGES = ['en', 'de', 'sv', 'th', 'sr', 'id', 'pt', 'und'];
const WORDS =
  'the parcel came two weeks late and nobody of the service answered although the colour is lovely ราคา доставка förpackning übergroß'.split(
    ' ',
  );

export interface GenerateOptions {
  /** Days the feedback is spread over, from 2026-09-01. */
  days?: number;
  /** External ids that come in no order, as hashes do. */
  randomIds?: boolean;
  /** In order of time, as exports usually are. */
  sorted?: boolean;
}

/** Rows `from` to `to` (exclusive) of an endless sequence; about 1,500 characters of JSON each. */
export function generate(from: number, to: number, seed = 1, options: GenerateOptions = {}): AnalyzedFeedback[] {
  const rows: AnalyzedFeedback[] = [];
  for (let i = from; i < to; i += 1) rows.push(generateOne(i, seed, options));
  return rows;
}

function generateOne(i: number, seed: number, options: GenerateOptions): AnalyzedFeedback {
  const next = random(seed * 1_000_003 + i);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const score = (): number => (Math.floor(next() * 2_001) - 1_000) / 1_000;
  const label = (s: number): SentimentLabel => (next() < 0.05 ? 'mixed' : SENTIMENT_LABELS[s < -0.2 ? 0 : s > 0.2 ? 2 : 1]);
  const days = options.days ?? 56;
  const start = Date.UTC(2026, 8, 1);
  const at =
    options.sorted === true ? start + i * Math.floor((days * 86_400_000) / 1_000_000) : start + Math.floor(next() * days * 86_400) * 1_000;
  // A source has its kind and its channels, as in a real shop; so combinations of dimensions are some hundreds.
  const [source, kind, channels] = pick(SOURCES);
  const number = String(100_000_000 + i);
  const externalId = options.randomIds === true ? createHash('sha256').update(number).digest('hex').slice(0, 24) : number;
  const text = Array.from({ length: 36 + Math.floor(next() * 70) }, () => pick(WORDS)).join(' ');
  const ids = [...new Set(Array.from({ length: Math.floor(next() * 4) }, () => pick(TOPICS)))];
  const topics = ids.map((id) => {
    const s = score();
    const at1 = Math.floor(next() * 40);
    return { id, label: label(s), score: s, evidence: [{ start: at1, end: at1 + 12 }] };
  });
  const areas = [...new Set(ids.map((id) => id.split('.')[0] as string))].map((id) => {
    const s = score();
    return { id, label: label(s), score: s };
  });
  const s = score();
  const code = pick(LANGUAGES);
  const evidence = Array.from({ length: 2 + Math.floor(next() * 4) }, (_, k) => ({
    start: k * 9,
    end: k * 9 + 7,
    weight: score(),
    rule: 'term+negation',
  }));
  const createdAt = new Date(at).toISOString();
  const some = (p: number): boolean => next() < p;
  return {
    id: feedbackId(source, externalId),
    source,
    externalId,
    kind,
    createdAt,
    text,
    ...(some(0.5) ? { rating: 1 + Math.floor(next() * 5) } : {}),
    ...(some(0.3) ? { nps: Math.floor(next() * 11) } : {}),
    ...(some(0.2) ? { csat: 1 + Math.floor(next() * 5) } : {}),
    ...(some(0.1) ? { ces: 1 + Math.floor(next() * 7) } : {}),
    ...(some(0.8) ? { channel: pick(channels) } : {}),
    ...(some(0.6) ? { product: pick(['kettle', 'lamp', 'desk', 'chair', 'sofa']) } : {}),
    ...(some(0.7)
      ? {
          customer: `c_${createHash('sha256')
            .update(String(Math.floor(next() * 5_000)))
            .digest('hex')
            .slice(0, 24)}`,
        }
      : {}),
    schemaVersion: SCHEMA_VERSION,
    day: createdAt.slice(0, 10),
    analysis: {
      language: { code, confidence: Math.round(next() * 1_000) / 1_000 },
      sentiment: {
        label: code === 'und' ? 'unsupported' : label(s),
        score: code === 'und' ? 0 : s,
        confidence: Math.round(next() * 1_000) / 1_000,
      },
      topics: code === 'und' ? [] : topics,
      areas: code === 'und' ? [] : areas,
      evidence,
      flags: [...(some(0.1) ? ['mixed-language'] : []), ...(some(0.1) ? ['rating-disagrees'] : [])],
    },
    duplicateKeys: keysOf(i, seed, next),
    versions: { engine: '1.0.0', lexicon: 'b1946ac92492', taxonomy: '591785b794601' },
    contentHash: createHash('sha256').update(`${seed}/${i}/${text}`).digest('base64url').slice(0, 22),
  };
}

const key = (of: string): string => createHash('sha256').update(of).digest('base64url').slice(0, 8);

/** A fifth is too short to have any; a fifth shares keys with some of the ten rows around it, or with those of the next ten too. */
function keysOf(i: number, seed: number, next: () => number): string[] {
  const luck = next();
  if (luck < 0.2) return [];
  if (luck < 0.8) return [0, 1, 2].map((lot) => key(`${seed}/${i}/${lot}`));
  const shared = (group: number): string => key(`${seed} ${group} ${Math.floor(next() * 3)}`);
  const group = Math.floor(i / 10);
  return luck < 0.95 ? [shared(group)] : [shared(group), shared(group + 1)];
}
