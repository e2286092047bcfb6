/**
 * Writes a CSV of made-up feedback, the same one for the same number of rows: seven languages, about 150 bytes a row, 56 days.
 *
 *   npx tsx test/bench/generate.ts 100000 reviews.csv
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { SENTENCES, type Mood } from './sentences.js';

const LANGUAGES = Object.keys(SENTENCES);
const PRODUCTS = ['jacket', 'lamp', 'kettle', 'backpack', 'headphones', 'sofa', 'trainers', 'watch'];
const CHANNELS = ['web', 'app', 'store', 'email'];
const FIRST_DAY = Date.UTC(2026, 8, 30);
const SPAN_MS = 56 * 86_400_000;

/** mulberry32: small, quick and the same everywhere. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Rows are numbered from `first`; each first row begins a sequence of its own. */
export async function writeFeedback(file: string, rows: number, first = 1, languages: readonly string[] = LANGUAGES): Promise<void> {
  const next = random(first);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  const out = createWriteStream(file);
  // An export comes from one channel.
  const channel = pick(CHANNELS);
  let chunk = 'id,created_at,rating,text,product,channel,customer_id\n';
  for (let n = first; n < first + rows; n++) {
    const language = SENTENCES[pick(languages)]!;
    const luck = next();
    const mood: Mood = luck < 0.4 ? 'bad' : luck < 0.85 ? 'good' : 'plain';
    const product = pick(PRODUCTS);
    const sentences = [pick(language[mood])];
    if (next() < 0.8) sentences.push(pick(language[next() < 0.7 ? mood : 'plain']));
    if (next() < 0.01) sentences.push(`mail.${n}@example.org`);
    const text = sentences
      .join(' ')
      .replaceAll('{p}', product)
      .replaceAll('{n}', () => String(2 + Math.floor(next() * 8)));
    const rating = mood === 'bad' ? 1 + Math.floor(next() * 2) : mood === 'good' ? 4 + Math.floor(next() * 2) : 3;
    const at = new Date(FIRST_DAY + Math.floor(next() * SPAN_MS)).toISOString().slice(0, 19);
    chunk += `r${n},${at}Z,${rating},"${text.replaceAll('"', '""')}",${product},${channel},${Math.floor(next() * 50_000)}\n`;
    if (chunk.length > 65_536) {
      if (!out.write(chunk)) await once(out, 'drain');
      chunk = '';
    }
  }
  out.end(chunk);
  await once(out, 'finish');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [rows, file] = process.argv.slice(2);
  if (file === undefined || !/^\d+$/.test(rows ?? '')) {
    process.stderr.write('usage: tsx test/bench/generate.ts ROWS FILE\n');
    process.exitCode = 2;
  } else await writeFeedback(file, Number(rows));
}
