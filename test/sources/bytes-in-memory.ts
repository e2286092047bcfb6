import type { ByteReader } from '../../src/sources/bytes.js';

/** Bytes that lie in memory, read as a file's would be. */
export function reader(bytes: Buffer): ByteReader {
  let position = 0;
  return {
    read: async (target, from) => {
      const copied = bytes.copy(target, from, position);
      position += copied;
      return copied;
    },
    close: async () => {},
  };
}
