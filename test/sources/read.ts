/** What the tests of the sources share: files in a folder of their own, and all that is read from them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { FilesSource } from '../../src/config.js';
import type { Feedback } from '../../src/feedback.js';
import { FilesReader, type SplitOptions } from '../../src/sources/files.js';
import type { Pulled, PulledReject, SourcePart } from '../../src/sources/port.js';

export const OPTIONS = { timeZone: 'UTC', textLength: 100_000 };

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'undertone-sources-'));
  folders.push(folder);
  return folder;
}

export function writeTemp(name: string, content: string | Buffer, folder = newFolder()): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export type Settings = Omit<Partial<FilesSource>, 'path'> & { split?: SplitOptions; textLength?: number; timeZone?: string };

export function openReader(path: string, { split, textLength, timeZone, ...config }: Settings = {}): FilesReader {
  const options = { timeZone: timeZone ?? OPTIONS.timeZone, textLength: textLength ?? OPTIONS.textLength };
  return new FilesReader(FilesSource.parse({ name: 'shop', ...config, path }), options, split);
}

export async function pullPart(reader: FilesReader, part: SourcePart, cursor?: string, pageSize = 500): Promise<Pulled[]> {
  const rows: Pulled[] = [];
  for await (const page of reader.pull(part.spec, { pageSize, ...(cursor === undefined ? {} : { cursor }) })) rows.push(...page.rows);
  return rows;
}

export async function readAll(path: string, settings: Settings = {}): Promise<Pulled[]> {
  const reader = openReader(path, settings);
  const rows: Pulled[] = [];
  for (const part of await reader.parts()) rows.push(...(await pullPart(reader, part)));
  return rows;
}

export const accepted = (rows: Pulled[]): Feedback[] => rows.flatMap((row) => (row.ok ? [row.feedback] : []));
export const rejected = (rows: Pulled[]): PulledReject[] => rows.flatMap((row) => (row.ok ? [] : [row]));

/** Reads the one row of a CSV made of the given columns. */
export async function readRow(cells: Record<string, string>, settings: Settings = {}): Promise<Pulled> {
  const quote = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  const csv = [Object.keys(cells), Object.values(cells)].map((row) => row.map(quote).join(',')).join('\n');
  const [row, ...more] = await readAll(writeTemp('rows.csv', csv), settings);
  if (row === undefined || more.length > 0) throw new Error(`expected one row, got ${more.length + (row === undefined ? 0 : 1)}`);
  return row;
}
