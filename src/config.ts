/** undertone.yaml and the environment -> one Config; every problem is reported at once, with its place. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { Kind, Scale } from './feedback.js';

/** Fields of ours that a column of a file can be mapped to. */
export const FIELDS = [
  'text', 'title', 'rating', 'nps', 'csat', 'ces', 'createdAt', 'id', 'language', 'product', 'channel', 'customer', 'kind', 'url',
] as const; // prettier-ignore
export type Field = (typeof FIELDS)[number];

const zone = z.string().refine(isTimeZone, 'an IANA time zone such as Europe/Stockholm');

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Languages with a lexicon. Others are detected and counted, and their sentiment is `unsupported`. */
export const LANGUAGE_CODE = /^[a-z]{2,3}$/;

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'a name of letters, digits, _ and -, beginning with a letter');

/** A folder or glob of CSV, TSV, NDJSON or JSON files, plain or .gz. */
export const FilesSource = z.strictObject({
  name,
  type: z.literal('files').default('files'),
  /** File, folder or glob; relative to the config file. */
  path: z.string().min(1),
  /** What the rows are where no column says it; absent: told by the columns (nps/csat/ces: survey, rating: review, else ticket). */
  kind: Kind.optional(),
  /** Our field -> the file's column, or null to leave a field unmapped; beats the alias table. */
  columns: z.partialRecord(z.enum(FIELDS), z.string().nullable()).default({}),
  /** Scales as the source has them; a value outside is rejected. Defaults: rating 1-5, nps 0-10, csat 1-5, ces 1-7. */
  scales: z.strictObject({ rating: Scale.optional(), nps: Scale.optional(), csat: Scale.optional(), ces: Scale.optional() }).default({}),
  /** Whether a high effort score is good (`high-is-easy`, the default) or bad. Never guessed. */
  cesDirection: z.enum(['high-is-easy', 'high-is-hard']).default('high-is-easy'),
  /** `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`; absent: sniffed. */
  encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252']).optional(),
  /** One character; absent: sniffed. */
  delimiter: z.string().length(1).optional(),
  /** Zone of dates that name none; absent: the shop's. */
  timeZone: zone.optional(),
  /** Order of day and month in dates like 03/04/2026; absent: decided once per file, refused where undecidable. */
  dateOrder: z.enum(['dmy', 'mdy', 'ymd']).optional(),
  /** Values for every row that has none of its own. */
  language: z.string().regex(LANGUAGE_CODE, 'a language code such as de').optional(),
  product: z.string().optional(),
  channel: z.string().optional(),
});
export type FilesSource = z.infer<typeof FilesSource>;

export const SourceConfig = FilesSource; // a union once there is a second type
export type SourceConfig = z.infer<typeof SourceConfig>;

const storeUrl = z.string().regex(/^(sqlite:.+|mongodb(\+srv)?:\/\/.+)$/, 'sqlite:FILE or mongodb://...');
const queueUrl = z.string().regex(/^(inline|rediss?:\/\/.+)$/, 'inline or redis://...');

export const Config = z.strictObject({
  /** Where results live. Environment: UNDERTONE_STORE, MONGODB_URI. */
  store: storeUrl.default('sqlite:./undertone.db'),
  /** How jobs run. Environment: REDIS_URL. */
  queue: queueUrl.default('inline'),
  /** The shop's zone: unit of a day, and the zone of dates that name none. */
  timeZone: zone.default('UTC'),
  schedule: z
    .strictObject({
      /** Cron pattern of five fields; 03:30 is outside the hours that daylight saving skips or doubles. */
      nightly: z
        .string()
        .regex(/^(\S+\s+){4}\S+$/, 'a cron pattern of five fields')
        .default('30 3 * * *'),
      /** Zone of the pattern; absent: the shop's. */
      timeZone: zone.optional(),
    })
    .prefault({}),
  /** Languages the shop expects: a weighed prior for the detector, not a limit. Absent: all that have a lexicon. */
  languages: z.array(z.string().regex(LANGUAGE_CODE, 'a language code such as de')).optional(),
  /**
   * Folder of the shop's own lexicon entries, relative to the config file; absent: `lexicons` beside the config file, where there is
   * one. Environment: UNDERTONE_LEXICONS.
   */
  lexicons: z.string().min(1).optional(),
  /** Names of the shop and its brands: `undertone emerging` makes no term of them. */
  names: z.array(z.string().min(1)).default([]),
  sources: z.array(SourceConfig).default([]),
  limits: z
    .strictObject({
      /** Longest text accepted, in UTF-16 code units. */
      textLength: z.number().int().min(100).max(10_000_000).default(100_000),
    })
    .prefault({}),
  workers: z
    .strictObject({
      /** Parts read at once in one process. */
      parts: z.number().int().min(1).max(64).default(2),
      /** Analysis threads in one process; absent: one less than the cores, at least one. */
      threads: z.number().int().min(1).max(64).optional(),
      /** Rows a batch. */
      batch: z.number().int().min(1).max(10_000).default(500),
      /** How long a stopping process may finish what is in flight, in seconds. */
      grace: z.number().min(0).max(3_600).default(25),
    })
    .prefault({}),
  /** Key of the customer pseudonyms. Environment only: UNDERTONE_PSEUDONYM_KEY. Absent: one is made and kept in the store. */
  pseudonymKey: z.string().min(16, 'at least 16 characters').optional(),
  log: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});
export type Config = z.infer<typeof Config>;

export interface ConfigProblem {
  /** `sources[0].kind`, `REDIS_URL`. */
  path: string;
  expected: string;
  value?: string;
}

export class ConfigError extends Error {
  override name = 'ConfigError';
  constructor(
    readonly place: string,
    readonly problems: ConfigProblem[],
  ) {
    super(
      `${place}: ${problems.length} problem${problems.length === 1 ? '' : 's'}\n` +
        problems.map((p) => `  ${p.path}: expected ${p.expected}${p.value === undefined ? '' : `, got ${p.value}`}`).join('\n'),
    );
  }
}

const SECRET = /key|password|secret|token/i;

/** Hides credentials: passwords in URLs, values of secret-looking keys. */
export function hideSecrets(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (SECRET.test(key)) return '***';
  return value.replace(/^([a-z+]+:\/\/[^:@/]*):[^@/]*@/i, '$1:***@');
}

const ENVIRONMENT: Record<string, 'store' | 'queue' | 'pseudonymKey' | 'log' | 'lexicons'> = {
  // Later entries win: UNDERTONE_STORE is ours and beats the general MONGODB_URI.
  MONGODB_URI: 'store',
  UNDERTONE_STORE: 'store',
  REDIS_URL: 'queue',
  UNDERTONE_PSEUDONYM_KEY: 'pseudonymKey',
  UNDERTONE_LOG: 'log',
  UNDERTONE_LEXICONS: 'lexicons',
};

export interface LoadedConfig {
  config: Config;
  /** The file read, or undefined where there was none. */
  file?: string;
}

/**
 * Reads `undertone.yaml` (or the file given) and the environment; `overrides` (from the command line) win.
 * @throws ConfigError listing every problem; a given file that does not exist is one.
 */
export function loadConfig(options: { file?: string; env?: NodeJS.ProcessEnv; overrides?: { store?: string } } = {}): LoadedConfig {
  const env = options.env ?? process.env;
  const file = options.file ?? (existsSync('undertone.yaml') ? 'undertone.yaml' : undefined);
  const raw = file === undefined ? {} : readYaml(file);
  const fromEnvironment = new Map<string, string>();
  for (const [variable, field] of Object.entries(ENVIRONMENT)) {
    const value = env[variable];
    if (value === undefined || value === '') continue;
    raw[field] = value;
    fromEnvironment.set(field, variable);
  }
  if (options.overrides?.store !== undefined) {
    raw['store'] = options.overrides.store;
    fromEnvironment.set('store', '--store');
  }
  const result = Config.safeParse(raw);
  const problems: ConfigProblem[] = result.success ? [] : result.error.issues.flatMap((issue) => describe(issue, raw, fromEnvironment));
  const names = Array.isArray(raw['sources']) ? raw['sources'].map((s: unknown) => (s as { name?: unknown } | null)?.name) : [];
  names.forEach((n, i) => {
    if (typeof n === 'string' && names.indexOf(n) < i)
      problems.push({ path: `sources[${i}].name`, expected: 'a name no other source has', value: show('name', n) });
  });
  if (problems.length > 0 || !result.success) throw new ConfigError(file ?? 'environment', problems);
  const config = result.data;
  if (file !== undefined) {
    const base = dirname(resolve(file));
    for (const source of config.sources) source.path = resolve(base, source.path);
  }
  const lexicons = config.lexicons ?? (file !== undefined && existsSync(shopLexiconsBeside(file)) ? shopLexiconsBeside(file) : undefined);
  if (lexicons !== undefined) {
    const base = file === undefined || fromEnvironment.has('lexicons') ? '.' : dirname(resolve(file));
    config.lexicons = resolve(base, lexicons);
  }
  return file === undefined ? { config } : { config, file };
}

/** Where the shop's own lexicon is, or will be, if no setting says otherwise. */
export const shopLexiconsBeside = (file: string): string => resolve(dirname(file), 'lexicons');

function readYaml(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(file, [{ path: file, expected: 'a readable file', value: (error as NodeJS.ErrnoException).code ?? 'an error' }]);
  }
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    throw new ConfigError(
      file,
      document.errors.map((e) => ({ path: `line ${e.linePos?.[0].line ?? '?'}`, expected: 'valid YAML', value: e.code })),
    );
  }
  const value: unknown = document.toJS() ?? {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw new ConfigError(file, [{ path: file, expected: 'a mapping of settings', value: show('', value) }]);
  return value as Record<string, unknown>;
}

function show(key: string, value: unknown): string {
  const text = JSON.stringify(hideSecrets(key, value)) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

function describe(issue: z.core.$ZodIssue, raw: unknown, fromEnvironment: Map<string, string>): ConfigProblem[] {
  const at = (path: PropertyKey[]): unknown =>
    path.reduce<unknown>((v, key) => (v as Record<PropertyKey, unknown> | undefined)?.[key], raw);
  const place = (path: PropertyKey[]): string => {
    const variable = fromEnvironment.get(String(path[0]));
    if (variable !== undefined) return variable;
    return path.reduce<string>(
      (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
      '',
    );
  };
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: place([...issue.path, key]),
      expected: 'no such setting (see `undertone config --help`)',
      value: show(key, at([...issue.path, key])),
    }));
  }
  const value = at(issue.path);
  const problem: ConfigProblem = { path: place(issue.path), expected: issue.message.replace(/^Invalid (input|option): expected /, '') };
  problem.value = value === undefined ? 'nothing' : show(String(issue.path.at(-1) ?? ''), value);
  return [problem];
}
