/**
 * The program as it ships, compiled once for all tests that start it as a process: a start from source costs a second more each
 * time. Types are not checked here; `npm run typecheck` does that.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
/** Below the project's package.json, beside which the program finds its lexicons. */
const CACHE = join(ROOT, 'node_modules/.cache/undertone-test');
const HOUR = 3_600_000;

/** The compiled src/cli/main.js of the sources as they are now. */
export async function builtMain(): Promise<string> {
  const sources = ['src', 'jobs'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .sort()
      .map((name) => ({ file: join(folder, name), source: readFileSync(join(ROOT, folder, name), 'utf8') })),
  );
  const folder = join(CACHE, `build-${digest(JSON.stringify(sources))}`);
  if (!existsSync(folder)) {
    forgetOldBuilds();
    const making = join(CACHE, `making-${process.pid}`);
    for (const { file, source } of sources) write(join(making, file.replace(/\.ts$/, '.js')), await compiled(source));
    try {
      renameSync(making, folder);
    } catch {
      // Another test process was first.
      rmSync(making, { recursive: true, force: true });
    }
  }
  return join(folder, 'src/cli/main.js');
}

/** Each file is compiled once for as long as it stays the same: compiling all of them takes seconds. */
async function compiled(source: string): Promise<string> {
  const kept = join(CACHE, 'files', `${digest(source)}.js`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  const { default: ts } = await import('typescript');
  const compilerOptions = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  write(`${kept}.${process.pid}`, outputText);
  renameSync(`${kept}.${process.pid}`, kept);
  return outputText;
}

function forgetOldBuilds(): void {
  for (const name of existsSync(CACHE) ? readdirSync(CACHE) : []) {
    const path = join(CACHE, name);
    // Younger ones may be in use by another run.
    if (name !== 'files' && Date.now() - statSync(path).mtimeMs > HOUR) rmSync(path, { recursive: true, force: true });
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 20);

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
