/** The shop's own lexicon: a folder of files like ours, laid over ours. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LexiconFiles, OverlayFile } from '../analysis/types.js';
import { lexiconFolder } from './load.js';

/** Written by `undertone tune`. */
export const TUNED = 'tuned.tsv';
/** Areas and topics that the shop adds to ours. */
const TAXONOMY = 'taxonomy.yaml';
/** Our file -> the shop's files that are laid over it, the one that wins last. */
const OVERLAYS: Record<string, readonly string[]> = {
  'sentiment.tsv': [TUNED, 'sentiment.tsv'],
  'modifiers.tsv': ['modifiers.tsv'],
  'blockers.tsv': ['blockers.tsv'],
  'topics.tsv': ['topics.tsv'],
};
const KNOWN = [...new Set(Object.values(OVERLAYS).flat())].sort();

/** Lines as the version sees them: a remark can be changed without all stored results going out of date. */
const withoutRemarks = (text: string): string =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('# ') && line !== '#')
    .map((line) => line.replace(/\t# .*$/, '').trimEnd())
    .join('\n');

/** File names relative to the folder. @throws Error where there is something that nobody would read: a typing error, as a rule. */
function overlayNames(folder: string, languages: readonly string[]): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new Error(`lexicons: expected a folder with the shop's own entries, found ${existsSync(folder) ? 'a file' : 'nothing'} at ${folder}`);
  const names: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (!statSync(join(folder, name)).isDirectory()) {
      if (name === 'emoji.tsv' || name === TAXONOMY) names.push(name);
      else if (/\.(tsv|yaml|yml)$/.test(name)) throw new Error(`${join(folder, name)}: expected emoji.tsv, ${TAXONOMY} or a folder named for a language`);
      continue;
    }
    const files = readdirSync(join(folder, name)).filter((file) => /\.(tsv|yaml|yml)$/.test(file));
    if (files.length > 0 && !languages.includes(name))
      throw new Error(`${join(folder, name)}: expected the code of a language that has a lexicon (${languages.join(' ')}), got ${name}`);
    for (const file of files) {
      if (!KNOWN.includes(file)) throw new Error(`${join(folder, name, file)}: expected one of ${KNOWN.join(', ')}`);
      names.push(`${name}/${file}`);
    }
  }
  return names.sort();
}

/** Whoever runs from a checkout has our own folder beside his undertone.yaml. */
export const isOurs = (folder: string): boolean => existsSync(folder) && realpathSync(folder) === realpathSync(lexiconFolder());

/** The shop's taxonomy, for those who need no more than the topics; none where it has none. */
export function shopTaxonomy(folder: string | undefined): OverlayFile[] {
  if (folder === undefined || isOurs(folder)) return [];
  const place = join(folder, TAXONOMY);
  return existsSync(place) ? [{ place, text: readFileSync(place, 'utf8').replace(/^\uFEFF/, '') }] : [];
}

/**
 * The lexicon files with those of the shop's folder over them; as they were where the folder says nothing.
 * @param options `withoutTuned`: what `undertone tune` wrote is left out
 * @throws Error naming a folder that is not there, or a file in it that would not be read.
 */
export function withShopLexicons(files: LexiconFiles, folder: string, options: { withoutTuned?: boolean } = {}): LexiconFiles {
  if (isOurs(folder)) return files;
  const languages = files.names.filter((name) => name.endsWith('/sentiment.tsv')).map((name) => name.split('/')[0]!).sort(); // prettier-ignore
  const texts = new Map<string, OverlayFile>();
  const hash = createHash('sha256').update(files.version);
  for (const name of overlayNames(folder, languages)) {
    if (options.withoutTuned === true && name.endsWith(`/${TUNED}`)) continue;
    const place = join(folder, name);
    const text = readFileSync(place, 'utf8').replace(/^\uFEFF/, '');
    const content = withoutRemarks(text);
    if (content === '') continue;
    texts.set(name, { place, text });
    // The taxonomy has a version of its own.
    if (name !== TAXONOMY) hash.update(`${name}\0${content}\0`);
  }
  if (texts.size === 0) return files;
  const overlay = (name: string): OverlayFile[] => {
    const [language, file] = name.includes('/') ? (name.split('/') as [string, string]) : ['', name];
    const own = language === '' ? [name] : (OVERLAYS[file] ?? []).map((f) => `${language}/${f}`);
    return own.flatMap((n) => texts.get(n) ?? []);
  };
  const onlyTopics = [...texts.keys()].every((name) => name === TAXONOMY);
  return { ...files, overlay, version: onlyTopics ? files.version : hash.digest('hex').slice(0, 8) };
}
