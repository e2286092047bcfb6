/**
 * Keys by which copies of a text are recognised, also where a word of them was changed: texts that share a key are near-duplicates.
 * A pure function of the text alone, so neither the order of arrival nor any other text changes it.
 *
 * I-Match (Chowdhury et al. 2002, ACM TOIS 20:171-191) with several lexicons (Kolcz, Chowdhury & Alspector 2004, KDD): the words are
 * dealt out to three lots by their hash, and each lot that says enough gives a key, the hash of all its words. A word taken out, put in
 * or misspelt changes one lot, a word in another's place two at most. So one changed word leaves a key as it was, where all lots have one.
 * Which text shares a key with which is measured in test/analysis/duplicates.test.ts.
 *
 * Numbers, dates in figures, punctuation, emoji, capitals, accents, repeated letters, addresses and what redaction left are not looked
 * at, nor is the order of the words. Serbian in both scripts gives the same keys.
 */
import { APOSTROPHE, DIGIT, isThai, KIND_OF, LETTER, MARK, NEWLINE, SPACE } from './characters.js';
import { cyrillicToLatin } from './fold.js';

/** Texts of fewer different words or fewer letters have no key: "very good, fast delivery" is nobody's copy. */
const FEWEST_WORDS = 8;
const FEWEST_LETTERS = 30;
/** Shorter words are not looked at: a letter alone is a list mark, or what is left of an order number. */
const SHORTEST_WORD = 2;
const LOTS = 3;
/** What fewer words say, two customers may say by themselves. */
const FEWEST_IN_KEY = 5;
/** Words read: a long text is known by its beginning. */
const MOST_WORDS = 400;

const UNKNOWN = 0xffff;
/** What is left of a character: lower case, without accents, Serbian Cyrillic as Latin; filled as characters are met. */
const folded = new Uint16Array(65_536).fill(UNKNOWN);

function fold(code: number): number {
  const plain = cyrillicToLatin(String.fromCharCode(code).normalize('NFKC').toLowerCase()).normalize('NFD');
  return (folded[code] = plain.replace('đ', 'd').replace('ø', 'o').replace('ß', 's').replace('ı', 'i').charCodeAt(0));
}

const [D, J, L, N, Z] = [...'djlnz'].map((letter) => letter.charCodeAt(0)) as [number, number, number, number, number];
/** Љ њ ђ џ are one letter where Latin has two: the second is not counted. */
const isSecondHalf = (code: number, before: number): boolean =>
  (code === J && (before === L || before === N || before === D)) || (code === Z && before === D);

/** Scripts without spaces are cut where the characters say so: in Thai before the vowels that begin a syllable. */
const isUnspaced = (code: number): boolean => (code >= 0x0e00 && code <= 0x109f) || (code >= 0x3040 && code <= 0x9fff);
const beginsPiece = (code: number): boolean => (isThai(code) ? code >= 0x0e40 && code <= 0x0e44 : code % 3 === 0);

const endOfRun = (text: string, at: number): number => {
  while (at < text.length && KIND_OF[text.charCodeAt(at)] !== SPACE && KIND_OF[text.charCodeAt(at)] !== NEWLINE) at++;
  return at;
};

const PLACEHOLDER = /\[(?:email|phone|card|iban|ip|url)\]/y;
const ADDRESS = /(?:https?:\/\/|www\.)\S/iy;

/** Spreads the bits of an integer (the finaliser of MurmurHash3). */
function mixed(value: number): number {
  let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** `hashes` of the different words, ascending. */
interface Words {
  hashes: Int32Array;
  letters: number;
}

function wordsOf(text: string): Words {
  const hashes: number[] = [];
  let letters = 0;
  let hash = 0;
  let length = 0;
  let before = 0;
  let hasDigit = false;
  const end = (): void => {
    if (length >= SHORTEST_WORD && !hasDigit) {
      hashes.push(mixed(hash));
      letters += length;
    }
    hash = 0;
    length = 0;
    before = 0;
    hasDigit = false;
  };
  end();
  for (let at = 0; at < text.length && hashes.length < MOST_WORDS; at++) {
    const code = text.charCodeAt(at);
    const kind = KIND_OF[code];
    if (kind === LETTER || (kind === MARK && isUnspaced(code))) {
      if (length === 0 && (code === 0x68 || code === 0x48 || code === 0x77 || code === 0x57)) {
        ADDRESS.lastIndex = at;
        if (ADDRESS.test(text)) {
          at = endOfRun(text, at);
          continue;
        }
      }
      const plain = folded[code] === UNKNOWN ? fold(code) : folded[code]!;
      if (length > 0 && isUnspaced(code) && beginsPiece(code)) end();
      if (plain !== before && !isSecondHalf(plain, before)) {
        // A sum: two letters in each other's place make no difference.
        hash = (hash + mixed(plain)) | 0;
        length++;
      }
      before = plain;
    } else if (kind === DIGIT) hasDigit = true;
    else if (kind !== MARK && kind !== APOSTROPHE) {
      end();
      if (code === 0x5b) {
        PLACEHOLDER.lastIndex = at;
        if (PLACEHOLDER.test(text)) at = PLACEHOLDER.lastIndex - 1;
      } else if (code === 0x40) at = endOfRun(text, at);
    }
  }
  end();
  return { hashes: distinct(hashes), letters };
}

function distinct(hashes: number[]): Int32Array {
  const sorted = Int32Array.from(hashes).sort();
  let n = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[n++] = sorted[i]!;
  return sorted.subarray(0, n);
}

/** 48 bits as text: among a million texts, two keys are the same by chance with a probability of 1 in 60 at most. */
const KEY_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Of hashes in order. */
function keyOf(hashes: readonly number[]): string {
  let high = 0x811c9dc5;
  let low = hashes.length;
  for (const hash of hashes) {
    high = Math.imul(high ^ hash, 0x85ebca6b);
    high ^= high >>> 13;
    low = Math.imul(low ^ hash, 0xc2b2ae35);
    low ^= low >>> 16;
  }
  let key = '';
  for (const half of [high, low])
    for (let shift = 0; shift < 24; shift += 6) key += KEY_CHARACTERS[((half ^ (half >>> 24)) >>> shift) & 63]!;
  return key;
}

/**
 * At most three keys of 8 characters (A-Z a-z 0-9 - _), none for a text too short to be told from others. Never throws; linear in the
 * length of the text.
 */
export function duplicateKeys(text: string): string[] {
  if (text.length < FEWEST_LETTERS) return [];
  const { hashes, letters } = wordsOf(text);
  if (letters < FEWEST_LETTERS || hashes.length < FEWEST_WORDS) return [];
  const lots = Array.from({ length: LOTS }, (): number[] => []);
  for (const hash of hashes) lots[(hash >>> 8) % LOTS]!.push(hash);
  const keys = lots.filter(({ length }) => length >= FEWEST_IN_KEY).map(keyOf);
  // Of short texts, two lots together that say too little alone: a word in another's place is then seen through in a third of the cases.
  lots.forEach((lot, i) => {
    const next = lots[(i + 1) % LOTS]!;
    const both = lot.length + next.length;
    if (Math.max(lot.length, next.length) < FEWEST_IN_KEY && both >= FEWEST_IN_KEY)
      keys.push(keyOf([...lot, ...next].sort((a, b) => a - b)));
  });
  return keys;
}
