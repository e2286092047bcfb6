/** A file, folder or glob -> the files to read, in a stable order. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { UnreadableSource } from './errors.js';

export interface Listing {
  /** Folder that the names are relative to. */
  folder: string;
  /** With `/` between folders, sorted by code units. */
  names: string[];
}

const READABLE = /\.(csv|tsv|ndjson|jsonl|json)(\.gz)?$/i;
const MAGIC = /[*?[\]{}]/;

export const isGlob = (path: string): boolean => MAGIC.test(path);

/** Folder that the names of a path's files are relative to. */
export async function folderOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined && isGlob(path)) return splitGlob(path).folder;
  return found?.isDirectory() === true ? path : dirname(path);
}

/**
 * A folder gives the files in it and below that have a known extension, a glob those it matches; hidden ones never.
 * @throws UnreadableSource for a file or folder that is not there.
 */
export async function listFiles(path: string): Promise<Listing> {
  const folder = await folderOf(path);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() === true) return { folder, names: [basename(path)] };
  if (found?.isDirectory() === true) return { folder, names: (await filesBelow(folder)).filter((name) => READABLE.test(name)) };
  if (!isGlob(path)) throw new UnreadableSource(`${path}: expected a file or folder, found nothing there`);
  const matches = globToRegExp(splitGlob(path).pattern);
  return { folder, names: (await filesBelow(folder)).filter((name) => matches.test(name)) };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const names: string[] = [];
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = path
      .slice(folder.endsWith(sep) ? folder.length : join(folder, sep).length)
      .split(sep)
      .join('/');
    if (/(^|\/)\./.test(name)) continue;
    if (entry.isFile() || (entry.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isFile() === true)) names.push(name);
  }
  return names.sort();
}

/** The folders before the first pattern, and the rest. */
function splitGlob(path: string): { folder: string; pattern: string } {
  const segments = path.split(/[\\/]/);
  const first = segments.findIndex(isGlob);
  const folder = segments.slice(0, first).join('/');
  return { folder: folder === '' ? (path.startsWith('/') ? '/' : '.') : folder, pattern: segments.slice(first).join('/') };
}

// `*` and `?` stay inside a folder, `**` crosses folders, `[a-z]` is one of, `{a,b}` either.
export function globToRegExp(glob: string): RegExp {
  let source = '';
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i]!;
    if (glob.startsWith('**/', i)) {
      source += '(?:.*/)?';
      i += 2;
    } else if (glob.startsWith('**', i)) {
      source += '.*';
      i += 1;
    } else if (c === '*') source += '[^/]*';
    else if (c === '?') source += '[^/]';
    else if (c === '[' && glob.includes(']', i + 1)) {
      const end = glob.indexOf(']', i + 1);
      source += `[${glob
        .slice(i + 1, end)
        .replace(/^!/, '^')
        .replaceAll('\\', '\\\\')}]`;
      i = end;
    } else if (c === '{' && glob.includes('}', i)) {
      const end = glob.indexOf('}', i);
      source += `(?:${glob
        .slice(i + 1, end)
        .split(',')
        .map((option) => globToRegExp(option).source.slice(1, -1))
        .join('|')})`;
      i = end;
    } else source += c.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, 'u');
}
