/** Folds for cross-validation: by author, so that nobody's way of writing is learnt from and measured on; by hash, so that they stay. */
import { createHash } from 'node:crypto';

export const FOLDS = 5;

/** Uniform over the numbers of 32 bits. */
export const hash32 = (key: string): number => createHash('sha256').update(key).digest().readUInt32BE(0);

export const foldOf = (author: string): number => hash32(`fold ${author}`) % FOLDS;

/** Small and repeatable (mulberry32, Tommy Ettinger); uniform in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
