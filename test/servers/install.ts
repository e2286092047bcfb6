/**
 * Installing the servers of the tests where no container engine is at hand: as root on Debian, from Debian's packages and
 * the Go module proxy, into a cache folder outside the checkout. Only the first run pays.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onPath, run } from './process.js';

const FERRETDB = '2.7.0';
const POSTGRES = '18';

export const cacheFolder = (): string => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'undertone-test');

export const ferretdbPath = (): string => join(cacheFolder(), `ferretdb-${FERRETDB}`);
/** A small Debian tree with PostgreSQL and the DocumentDB extension: the package is in no stable Debian yet. */
export const documentdbTree = (): string => join(cacheFolder(), `documentdb-pg${POSTGRES}`);
export const postgresBin = `/usr/lib/postgresql/${POSTGRES}/bin`;

export const mayInstall = (): boolean =>
  process.env['UNDERTONE_TEST_INSTALL'] !== '0' &&
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  existsSync('/etc/debian_version');

const installed = (): boolean => existsSync(ferretdbPath()) && existsSync(documentdbTree());

/** Why FerretDB over DocumentDB cannot be had here, or undefined where it is installed, now if need be. */
export async function ensureFerretdb(say: (line: string) => void): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'FerretDB over DocumentDB is set up by the tests only as root on Linux';
  if (installed()) return undefined;
  if (!mayInstall()) return 'installing FerretDB over DocumentDB needs root on Debian, and UNDERTONE_TEST_INSTALL must not be 0';
  if (onPath('go') === undefined) return 'installing FerretDB over DocumentDB needs Go on PATH';
  await locked(async () => {
    if (installed()) return;
    say(`installing FerretDB ${FERRETDB} over DocumentDB into ${cacheFolder()} for the tests, once: about a minute and a half, 700 MB`);
    // Debian's packages and the Go build hardly compete: one waits for the network and disk, the other for the cores.
    await Promise.all([installFerretdb(), installDocumentdb()]);
  });
  return undefined;
}

const MONGOD_CORE = '11.3.0';

/**
 * A mongod downloaded by mongodb-memory-server's core into the cache folder, where FerretDB cannot be had and there is a route to
 * MongoDB's downloads; or why there is none. The core is no dependency of the project: it is installed beside the binary.
 */
export async function downloadMongod(say: (line: string) => void): Promise<{ path: string } | { missing: string }> {
  if (process.env['UNDERTONE_TEST_INSTALL'] === '0') return { missing: 'downloading one is forbidden by UNDERTONE_TEST_INSTALL=0' };
  const folder = join(cacheFolder(), 'mongod');
  const pathFile = join(folder, 'path');
  const known = (): string | undefined => {
    const path = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : undefined;
    return path !== undefined && existsSync(path) ? path : undefined;
  };
  try {
    await locked(async () => {
      if (known() !== undefined) return;
      say(`downloading mongod into ${folder} for the tests, once`);
      mkdirSync(folder, { recursive: true });
      await run('npm', [
        'install',
        '--prefix',
        folder,
        '--no-save',
        '--no-audit',
        '--no-fund',
        `mongodb-memory-server-core@${MONGOD_CORE}`,
      ]);
      const script = `const { MongoBinary } = require('mongodb-memory-server-core');
        MongoBinary.getPath({ downloadDir: process.argv[1] }).then((path) => require('fs').writeFileSync(process.argv[2], path),
          (error) => { console.error(error.message); process.exit(1); });`;
      await run('node', ['-e', script, folder, pathFile], { NODE_PATH: join(folder, 'node_modules') });
    });
  } catch (error) {
    return { missing: `downloading mongod failed: ${(error as Error).message.split('\n').slice(-2).join(' ').slice(0, 200)}` };
  }
  const path = known();
  return path === undefined ? { missing: 'downloading mongod gave none' } : { path };
}

/** Path of redis-server, Debian's package installed if need be; or why there is none. */
export async function ensureRedis(say: (line: string) => void): Promise<{ path: string } | { missing: string }> {
  const found = onPath('redis-server');
  if (found !== undefined) return { path: found };
  if (!mayInstall())
    return { missing: 'no redis-server on PATH; installing it needs root on Debian, and UNDERTONE_TEST_INSTALL must not be 0' };
  await locked(async () => {
    if (onPath('redis-server') !== undefined) return;
    say("installing Debian's redis-server for the tests, once");
    await debianPackages(['redis-server']);
  });
  return { path: onPath('redis-server') ?? '/usr/bin/redis-server' };
}

async function debianPackages(names: string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // The tests start their servers themselves: Debian's package would start one more, on the usual port.
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const install = [
    '-o',
    'Dpkg::Options::=--force-unsafe-io',
    '-o',
    'DPkg::Lock::Timeout=120',
    'install',
    '-y',
    '-q',
    '--no-install-recommends',
    ...names,
  ];
  try {
    await run('apt-get', install, env);
  } catch {
    // A bare machine has no package lists, and an old one has lists of versions that are gone.
    await run('apt-get', ['-o', 'DPkg::Lock::Timeout=120', 'update', '-q'], env);
    await run('apt-get', install, env);
  } finally {
    if (ours) rmSync(policy, { force: true });
  }
}

async function installFerretdb(): Promise<void> {
  if (existsSync(ferretdbPath())) return;
  const stage = join(cacheFolder(), `stage-ferretdb-${process.pid}`);
  try {
    await run('go', ['install', '-modcacherw', `github.com/FerretDB/FerretDB/v2/cmd/ferretdb@v${FERRETDB}`], {
      GOBIN: join(stage, 'bin'),
      GOPATH: join(stage, 'path'),
      GOCACHE: join(stage, 'cache'),
      CGO_ENABLED: '0',
    });
    renameSync(join(stage, 'bin', 'ferretdb'), ferretdbPath());
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

async function installDocumentdb(): Promise<void> {
  if (existsSync(documentdbTree())) return;
  if (onPath('mmdebstrap') === undefined) await debianPackages(['mmdebstrap']);
  const stage = join(cacheFolder(), `stage-documentdb-${process.pid}`);
  mkdirSync(stage, { recursive: true });
  try {
    await run('mmdebstrap', [
      '--variant=minbase',
      '--mode=root',
      '--aptopt=Acquire::Check-Valid-Until "false"',
      '--dpkgopt=force-unsafe-io',
      '--dpkgopt=path-exclude=/usr/share/doc/*',
      '--dpkgopt=path-exclude=/usr/share/man/*',
      '--dpkgopt=path-exclude=/usr/share/locale/*',
      `--include=postgresql-${POSTGRES},postgresql-${POSTGRES}-documentdb`,
      '--components=main',
      'sid',
      stage,
      debianMirror(),
    ]);
    writeFileSync(join(stage, 'etc', 'hosts'), '127.0.0.1 localhost\n');
    renameSync(stage, documentdbTree());
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** The mirror that apt uses for Debian itself: not simply its first source, which may be a vendor's. */
function debianMirror(): string {
  const folder = '/etc/apt/sources.list.d';
  const files = [...(existsSync(folder) ? readdirSync(folder).map((f) => join(folder, f)) : []), '/etc/apt/sources.list'].filter((f) =>
    existsSync(f),
  );
  // Debian's own file first; elsewhere Debian is known by its archive's path.
  for (const file of files.sort((a, b) => Number(b.endsWith('/debian.sources')) - Number(a.endsWith('/debian.sources')))) {
    const text = readFileSync(file, 'utf8');
    const urls = [...text.matchAll(/^URIs:\s*(.+)$/gm)].flatMap((m) => (m[1] ?? '').trim().split(/\s+/));
    urls.push(...[...text.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/gm)].map((m) => m[1] ?? ''));
    const mirror = urls.find((url) => /\/debian\/?$/.test(url));
    if (mirror !== undefined) return mirror;
  }
  throw new Error('no Debian mirror in /etc/apt: expected a source whose address ends in /debian');
}

/** One process installs at a time; the others wait for it. */
async function locked(work: () => Promise<void>): Promise<void> {
  const lock = join(cacheFolder(), 'lock');
  mkdirSync(cacheFolder(), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (abandoned(lock)) rmSync(lock, { recursive: true, force: true });
      else await sleep(500);
    }
  }
  writeFileSync(join(lock, 'pid'), String(process.pid));
  try {
    await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function abandoned(lock: string): boolean {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return false;
  } catch (error) {
    // No such process; or the holder has not written its id yet, which takes no ten seconds.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
    return existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 10_000;
  }
}
