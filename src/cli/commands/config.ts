/** `undertone config`: what is in force, and where each setting came from. */
import { readFileSync } from 'node:fs';
import { Document, isMap, isScalar, isSeq, parse, type Node } from 'yaml';
import type { Command } from 'commander';
import { hideSecrets, type Config, type LoadedConfig } from '../../config.js';
import { readConfig, type CommonOptions } from '../context.js';
import { configOption, example, jsonOption, storeOption } from '../options.js';
import { say, write, writeJson } from '../output.js';

export function addConfig(program: Command): void {
  const command = program
    .command('config')
    .description('Print the configuration in force, secrets hidden, each setting with where it came from')
    .addOption(configOption())
    .addOption(storeOption())
    .addOption(jsonOption('one JSON object'))
    .action(async (options: CommonOptions & { json?: boolean }) => {
      const loaded = readConfig(options);
      if (options.json === true) await writeJson(hidden('', loaded.config));
      else {
        await write(renderConfig(loaded, options));
        if (loaded.file === undefined) say('no undertone.yaml here: these are the defaults and the environment');
      }
    });
  command.addHelpText(
    'after',
    `
Settings of undertone.yaml: store, queue, timeZone, schedule (nightly, timeZone), languages, lexicons, sources (name, path, kind, columns,
scales, cesDirection, encoding, delimiter, timeZone, dateOrder, language, product, channel), limits (textLength),
workers (parts, threads, batch, grace), log.
Environment: UNDERTONE_STORE, MONGODB_URI, REDIS_URL, UNDERTONE_PSEUDONYM_KEY, UNDERTONE_LEXICONS, UNDERTONE_LOG,
NO_COLOR.`,
  );
  example(command, 'undertone config --config undertone.yaml');
}

/** Every value that may hold a secret replaced, at any depth. */
function hidden(key: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => hidden(key, item));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, hidden(k, v)]));
  return hideSecrets(key, value);
}

const VARIABLES: Partial<Record<keyof Config, string[]>> = {
  store: ['UNDERTONE_STORE', 'MONGODB_URI'],
  queue: ['REDIS_URL'],
  pseudonymKey: ['UNDERTONE_PSEUDONYM_KEY'],
  log: ['UNDERTONE_LOG'],
  lexicons: ['UNDERTONE_LEXICONS'],
};

function renderConfig({ config, file }: LoadedConfig, options: CommonOptions): string {
  const inFile = (file === undefined ? undefined : (parse(readFileSync(file, 'utf8')) as Record<string, unknown> | null)) ?? {};
  const originOf = (path: string[]): string => {
    const name = path[0] as keyof Config;
    if (name === 'store' && options.store !== undefined) return '--store';
    const variable = path.length > 1 ? undefined : VARIABLES[name]?.find((v) => (process.env[v] ?? '') !== '');
    if (variable !== undefined) return variable;
    const given = path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], inFile);
    return given === undefined ? 'default' : file!;
  };
  const document = new Document(hidden('', config));
  const comment = (node: Node | null | undefined, path: string[]): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) comment(value as Node, [...path, String(isScalar(key) ? key.value : key)]);
    } else if (isScalar(node)) node.comment = ` ${originOf(path)}`;
    else if (isSeq(node) && node.items.length > 0) node.commentBefore = ` ${originOf(path)}`;
    else if (node) node.comment = ` ${originOf(path)}`;
  };
  comment(document.contents, []);
  const key =
    config.pseudonymKey === undefined
      ? '# pseudonymKey: made by the first run and kept in the store (set UNDERTONE_PSEUDONYM_KEY to bring your own)\n'
      : '';
  return document.toString({ lineWidth: 0 }) + key;
}
