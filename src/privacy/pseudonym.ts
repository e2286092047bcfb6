/** Customer ids become keyed pseudonyms: the same person is the same `c_...` every night, and nobody without the key knows who. */
import { createHmac } from 'node:crypto';

const PSEUDONYM = /^c_[0-9a-f]{24}$/;
const CACHE_SIZE = 20_000;
const caches = new Map<string, Map<string, string>>();

/**
 * `c_` and the first 24 hex digits (96 bits) of HMAC-SHA256. The id is trimmed and lower-cased. An e-mail address is one
 * customer in every source; any other id counts within its source, since two systems number their customers alike.
 * A value that is a pseudonym already is returned as it is.
 */
export function pseudonym(key: string, source: string, customerId: string): string {
  const id = customerId.trim().toLowerCase();
  if (PSEUDONYM.test(id)) return id;
  const message = /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(id) ? `email\0${id}` : `${source}\0${id}`;
  let cache = caches.get(key);
  if (cache === undefined) {
    if (caches.size >= 4) caches.clear();
    cache = new Map<string, string>();
    caches.set(key, cache);
  }
  const known = cache.get(message);
  if (known !== undefined) return known;
  const made = `c_${createHmac('sha256', key).update(message).digest('hex').slice(0, 24)}`;
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(message, made);
  return made;
}
