/** Bytes of a file as the record scanners want them: gunzipped, in an ASCII-compatible encoding, in a sliding window. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Encoding } from './encoding.js';
import { UnreadableSource } from './errors.js';

export interface ByteReader {
  /** Fills `target` from index `from` on; resolves to the number of bytes read, 0 at the end. */
  read(target: Buffer, from: number): Promise<number>;
  close(): Promise<void>;
}

/** A position in the decoded bytes of a file, and the number of the line it is on (the first is 1). */
export interface Place {
  offset: number;
  line: number;
}

export interface ByteOptions {
  gzip: boolean;
  encoding: Encoding;
  /** First byte to read and the byte to stop before, counted after gunzip and UTF-16 decoding. */
  start?: number;
  end?: number;
}

/** Whether reading can begin in the middle without going through what is before it. */
export const isSeekable = (o: { gzip: boolean; encoding: Encoding }): boolean => !o.gzip && !o.encoding.startsWith('utf-16');

export async function openBytes(path: string, options: ByteOptions): Promise<ByteReader> {
  return isSeekable(options) ? openPlain(path, options) : openDecoded(path, options);
}

async function openPlain(path: string, { start = 0, end = Infinity }: ByteOptions): Promise<ByteReader> {
  const file = await open(path, 'r').catch((error: unknown) => refuse(path, error));
  let position = start;
  return {
    async read(target, from) {
      const length = Math.min(target.length - from, end - position);
      if (length <= 0) return 0;
      const { bytesRead } = await file.read(target, from, length, position);
      position += bytesRead;
      return bytesRead;
    },
    close: () => file.close(),
  };
}

async function openDecoded(path: string, options: ByteOptions): Promise<ByteReader> {
  const chunks = decodedChunks(path, options);
  let rest: Buffer = Buffer.alloc(0);
  let skip = options.start ?? 0;
  return {
    async read(target, from) {
      while (rest.length === 0) {
        const { value, done } = await chunks.next();
        if (done) return 0;
        const skipped = Math.min(skip, value.length);
        skip -= skipped;
        rest = value.subarray(skipped);
      }
      const copied = rest.copy(target, from);
      rest = rest.subarray(copied);
      return copied;
    },
    async close() {
      await chunks.return(undefined);
    },
  };
}

async function* decodedChunks(path: string, { gzip, encoding }: ByteOptions): AsyncGenerator<Buffer, undefined, undefined> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  // pipeline, not pipe: an error of the file must end the gunzip stream too. The error reaches us through the iteration.
  const stream = gzip ? pipeline(file, createGunzip({ chunkSize: 256 * 1024 }), () => {}) : file;
  const decoder = encoding.startsWith('utf-16') ? new TextDecoder(encoding) : undefined;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>)
      yield decoder === undefined ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }));
    if (decoder !== undefined) yield Buffer.from(decoder.decode());
  } catch (error) {
    refuse(path, error);
  } finally {
    file.destroy();
  }
  return undefined;
}

function refuse(path: string, error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code ?? 'error';
  if (code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR') throw new UnreadableSource(`${path}: expected whole gzip data, got ${code}`);
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR')
    throw new UnreadableSource(`${path}: expected a readable file, got ${code}`);
  throw error;
}

const CHUNK = 256 * 1024;

/** The bytes from the record being scanned to as far as has been read. Grows to hold one record; scanners bound that. */
export class Window {
  /** Valid until the next `fill`. */
  view: Buffer;
  /** Index in `view` of the first byte no record has taken. */
  pos = 0;
  /** Offset of `view[0]` in the decoded file. */
  base: number;
  /** Line that `pos` is on. */
  line: number;
  eof = false;
  private buffer: Buffer;

  constructor(
    private readonly reader: ByteReader | undefined,
    at: Place,
    chunk = CHUNK,
  ) {
    this.base = at.offset;
    this.line = at.line;
    this.buffer = reader === undefined ? Buffer.alloc(0) : Buffer.allocUnsafe(chunk);
    this.view = this.buffer.subarray(0, 0);
  }

  /** A window over bytes in memory. */
  static over(bytes: Buffer, at: Place = { offset: 0, line: 1 }): Window {
    const window = new Window(undefined, at);
    window.view = bytes;
    window.eof = true;
    return window;
  }

  get place(): Place {
    return { offset: this.base + this.pos, line: this.line };
  }

  /** Drops what is before `pos` and reads on until the buffer is full or the file ends. */
  async fill(): Promise<void> {
    if (this.reader === undefined || this.eof) return;
    const kept = this.view.length - this.pos;
    const target = kept > this.buffer.length / 2 ? Buffer.allocUnsafe(this.buffer.length * 2) : this.buffer;
    this.view.copy(target, 0, this.pos);
    this.buffer = target;
    this.base += this.pos;
    this.pos = 0;
    let length = kept;
    while (length < target.length && !this.eof) {
      const read = await this.reader.read(target, length);
      length += read;
      this.eof = read === 0;
    }
    this.view = target.subarray(0, length);
  }

  async close(): Promise<void> {
    await this.reader?.close();
  }
}

/** One record as it stands in the file: indices into the window's view, good until the window is filled again. */
export interface RawRecord extends Place {
  start: number;
  end: number;
  /** Why the record cannot be read, already in the words of the quarantine. */
  problem?: string;
}

export interface RecordScanner {
  /** The next record, or undefined when the window must be filled first (at `eof`: when there is none). */
  next(window: Window): RawRecord | undefined;
}

/** Line breaks in `view` from `from` to before `to`. */
export function countLines(view: Buffer, from: number, to: number, newline = 10): number {
  let n = 0;
  for (let i = view.indexOf(newline, from); i >= 0 && i < to; i = view.indexOf(newline, i + 1)) n++;
  return n;
}
