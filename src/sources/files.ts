/** The `files` source: a folder or glob of CSV, TSV, NDJSON and JSON files, plain or .gz. */
import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { FilesSource } from '../config.js';
import type { Place } from './bytes.js';
import { UnreadableSource } from './errors.js';
import { folderOf, listFiles } from './paths.js';
import type { Pulled, Source, SourcePage, SourcePart } from './port.js';
import { configHash, RecordFile, type ReadOptions } from './record-file.js';

/** Files over this size are read in ranges, if their rows have ids and reading can begin anywhere in them. */
const SPLIT_OVER = 32 * 1024 * 1024;
/** Least size of a range, in bytes. */
const RANGE = 16 * 1024 * 1024;
/** How much of a file's start and end its fingerprint looks at, in bytes. */
const FINGERPRINTED = 64 * 1024;

const Spec = z.strictObject({
  /** Relative to the source's folder. */
  file: z.string().min(1),
  /** Where a range begins; absent: at the file's first record. */
  from: z.strictObject({ offset: z.number().int().min(0), line: z.number().int().min(1) }).optional(),
  /** Byte to stop before; absent: the end. */
  end: z.number().int().min(0).optional(),
});
type Spec = z.infer<typeof Spec>;

export interface SplitOptions {
  splitOver: number;
  range: number;
}

export class FilesReader implements Source {
  readonly name: string;

  constructor(
    private readonly config: FilesSource,
    private readonly options: ReadOptions,
    private readonly split: SplitOptions = { splitOver: SPLIT_OVER, range: RANGE },
  ) {
    this.name = config.name;
  }

  async parts(): Promise<SourcePart[]> {
    const { folder, names } = await listFiles(this.config.path);
    const parts: SourcePart[] = [];
    for (const file of names) parts.push(...(await this.partsOf(folder, file)));
    return parts;
  }

  private async partsOf(folder: string, file: string): Promise<SourcePart[]> {
    const state = await fileState(join(folder, file), configHash(this.config, this.options));
    const whole = (spec: Spec): SourcePart => ({ key: file, fingerprint: state.fingerprint, spec });
    // Gone or unreadable since the listing: reading the part will say so, and the other files are read.
    if (state.size === undefined) return [whole({ file })];
    // UTF-16 and gzip are not cut, and their decoded size is not known.
    if (state.size <= this.split.splitOver) return [whole({ file })];
    const opened = await RecordFile.open(folder, file, this.config, this.options).catch(ignoreUnreadable);
    if (opened === undefined || !opened.seekable || !opened.hasIds || opened.layout.format === 'json') return [whole({ file })];
    const ranges = await cut(opened, state.size, this.split.range);
    return ranges.map(({ from, end }) => ({
      key: `${file}#${from.offset}-${end}`,
      fingerprint: state.fingerprint,
      spec: { file, from, end } satisfies Spec,
    }));
  }

  async *pull(
    spec: unknown,
    { cursor, pageSize, signal }: { cursor?: string; pageSize: number; signal?: AbortSignal },
  ): AsyncGenerator<SourcePage> {
    const { file: name, from, end } = Spec.parse(spec);
    const folder = await folderOf(this.config.path);
    const file = await RecordFile.open(folder, name, this.config, this.options);
    const start = from ?? file.layout.data;
    const resume = cursor === undefined ? start : parseCursor(cursor);
    // Without ids a row is named by its content and how often that has come, so what came before is read again, silently.
    const window = await file.window(file.hasIds ? resume : start, end);
    const scanner = file.scanner();
    let rows: Pulled[] = [];
    try {
      for (;;) {
        const record = scanner.next(window);
        if (record === undefined) {
          if (window.eof) break;
          if (window.base + window.pos < resume.offset) signal?.throwIfAborted();
          await window.fill();
          continue;
        }
        const row = file.read(record, window);
        if (row === undefined || record.offset < resume.offset) continue;
        rows.push(row);
        if (rows.length >= pageSize) {
          yield { rows, cursor: formatCursor(window.place) };
          rows = [];
        }
      }
      if (rows.length > 0) yield { rows, cursor: formatCursor(window.place) };
    } finally {
      await window.close();
    }
  }
}

const formatCursor = ({ offset, line }: Place): string => `${offset}:${line}`;

function parseCursor(cursor: string): Place {
  const match = /^(\d+):(\d+)$/.exec(cursor);
  if (match === null) throw new Error(`cursor: expected offset:line, got ${cursor}`);
  return { offset: Number(match[1]), line: Number(match[2]) };
}

function ignoreUnreadable(error: unknown): undefined {
  if (!(error instanceof UnreadableSource)) throw error;
}

/** Size and what tells this state of the file from another: size, time, and a hash of both its ends and of the config. */
async function fileState(path: string, config: string): Promise<{ size?: number; fingerprint: string }> {
  try {
    const { size, mtimeMs } = await stat(path);
    const hash = createHash('sha256').update(`${size} ${mtimeMs} ${config} `);
    const file = await open(path, 'r');
    try {
      const bytes = Buffer.alloc(FINGERPRINTED);
      for (const position of [0, Math.max(0, size - FINGERPRINTED)]) {
        const { bytesRead } = await file.read(bytes, 0, bytes.length, position);
        hash.update(bytes.subarray(0, bytesRead));
      }
    } finally {
      await file.close();
    }
    return { size, fingerprint: hash.digest('hex').slice(0, 32) };
  } catch (error) {
    return { fingerprint: `unreadable ${(error as NodeJS.ErrnoException).code ?? ''}` };
  }
}

/** Ranges of at least `range` bytes, each beginning with a record. */
async function cut(file: RecordFile, size: number, range: number): Promise<{ from: Place; end: number }[]> {
  const starts: Place[] = [file.layout.data];
  let next = file.layout.data.offset + range;
  await file.scan(file.layout.data, size, ({ offset, line }) => {
    if (offset < next || size - offset < range / 2) return;
    starts.push({ offset, line });
    next = offset + range;
  });
  return starts.map((from, i) => ({ from, end: starts[i + 1]?.offset ?? size }));
}
