/** Named flat arrays in one run of bytes, read back without copying: a compiled lexicon on disk. */

export type Section = Int32Array | Float32Array | Int8Array | Uint8Array;
export type Sections = Record<string, Section>;

const KINDS = { Int32Array, Float32Array, Int8Array, Uint8Array } as const;
const MAGIC = 0x314b4e55; // "UNK1"
const aligned = (n: number): number => (n + 7) & ~7;

interface Entry {
  name: string;
  kind: keyof typeof KINDS;
  offset: number;
  length: number;
}

/** @param meta small JSON beside the arrays */
export function pack(sections: Sections, meta: unknown): Uint8Array {
  let offset = 0;
  const entries: Entry[] = Object.entries(sections).map(([name, array]) => {
    const entry: Entry = { name, kind: array.constructor.name as keyof typeof KINDS, offset, length: array.length };
    offset += aligned(array.byteLength);
    return entry;
  });
  const header = new TextEncoder().encode(JSON.stringify({ meta, entries }));
  const start = aligned(8 + header.length);
  const bytes = new Uint8Array(start + offset);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, header.length, true);
  bytes.set(header, 8);
  for (const { name, offset: at } of entries) {
    const array = sections[name]!;
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + at);
  }
  return bytes;
}

/** @throws Error where the bytes are no pack. */
export function unpack(bytes: Uint8Array): { sections: Sections; meta: unknown } {
  // The arrays need aligned memory; what a file gives may lie anywhere in a pool.
  const whole = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  if (whole.byteLength < 8 || view.getUint32(0, true) !== MAGIC) throw new Error('not a packed lexicon');
  const headerLength = view.getUint32(4, true);
  const { meta, entries } = JSON.parse(new TextDecoder().decode(whole.subarray(8, 8 + headerLength))) as {
    meta: unknown;
    entries: Entry[];
  };
  const start = whole.byteOffset + aligned(8 + headerLength);
  const sections: Sections = {};
  for (const { name, kind, offset, length } of entries)
    sections[name] = new KINDS[kind](whole.buffer as ArrayBuffer, start + offset, length);
  return { sections, meta };
}
