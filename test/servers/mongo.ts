/** A server that speaks MongoDB's protocol, of our own for a test: mongod where there is one, else FerretDB over DocumentDB. */
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { documentdbTree, downloadMongod, ensureFerretdb, ferretdbPath, postgresBin } from './install.js';
import { accepts, Daemon, dataFolder, freePort, onPath, output, removeFolder, type TestServer } from './process.js';

export async function openMongo(say: (line: string) => void): Promise<TestServer | { missing: string }> {
  if (process.env['UNDERTONE_TEST_SERVERS'] === 'none') return { missing: 'UNDERTONE_TEST_SERVERS=none' };
  const binary = process.env['MONGOMS_SYSTEM_BINARY'];
  if (binary !== undefined && binary !== '' && !existsSync(binary))
    throw new Error(`MONGOMS_SYSTEM_BINARY: expected a mongod, ${binary} does not exist`);
  const mongod = onPath('mongod') ?? (binary === '' ? undefined : binary);
  if (mongod !== undefined) return openMongod(mongod);
  const missing = await ensureFerretdb(say);
  if (missing === undefined) return openFerretdb();
  const downloaded = await downloadMongod(say);
  if ('path' in downloaded) return openMongod(downloaded.path);
  return { missing: `no mongod on PATH or at MONGOMS_SYSTEM_BINARY; ${missing}; ${downloaded.missing}` };
}

async function openMongod(path: string): Promise<TestServer> {
  const folder = dataFolder('mongod');
  const port = await freePort();
  const daemon = new Daemon(path, ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--wiredTigerCacheSizeGB', '0.5']);
  const start = async (): Promise<void> => {
    daemon.start();
    await daemon.until(() => accepts(port), 60);
  };
  await start();
  return {
    url: `mongodb://127.0.0.1:${port}/`,
    name: `MongoDB ${/v(\d\S*)/.exec(output(path, ['--version']))?.[1] ?? ''}`.trim(),
    kill9: () => daemon.kill('SIGKILL'),
    restart: start,
    stop: async () => {
      await daemon.kill('SIGTERM');
      removeFolder(folder);
    },
  };
}

/** Runs in a mount namespace of its own: the mounts end with the process. `exec` all through keeps the server's process id. */
const ENGINE = `
set -e
tree=$1 data=$2 port=$3 bin=$4
mount --bind /proc "$tree/proc"; mount --rbind /dev "$tree/dev"; mount --bind "$data" "$tree/mnt"
if [ ! -f "$data/base/PG_VERSION" ]; then
  chroot "$tree" chown postgres:postgres /mnt
  chroot --userspec=postgres "$tree" "$bin/initdb" -D /mnt/base -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
fi
exec chroot --userspec=postgres "$tree" /usr/bin/setpriv --pdeathsig KILL -- "$bin/postgres" -D /mnt/base -p "$port" \\
  -c listen_addresses=127.0.0.1 -c unix_socket_directories=/mnt -c cron.database_name=postgres \\
  -c shared_preload_libraries=pg_cron,pg_documentdb_core,pg_documentdb
`;

async function openFerretdb(): Promise<TestServer> {
  const tree = documentdbTree();
  const folder = dataFolder('documentdb');
  const state = dataFolder('ferretdb');
  const enginePort = await freePort();
  const port = await freePort();
  const engine = new Daemon('unshare', [
    '-m',
    '--propagation',
    'private',
    'sh',
    '-c',
    ENGINE,
    'engine',
    tree,
    folder,
    String(enginePort),
    postgresBin,
  ]);
  const gateway = new Daemon(
    ferretdbPath(),
    [
      `--postgresql-url=postgres://postgres@127.0.0.1:${enginePort}/postgres`,
      `--listen-addr=127.0.0.1:${port}`,
      '--debug-addr=-',
      `--state-dir=${state}`,
      '--no-auth',
      '--log-level=ERROR',
    ],
    { FERRETDB_TELEMETRY: 'disable' },
  );
  const sql = (statement: string): string =>
    output('chroot', [
      tree,
      `${postgresBin}/psql`,
      '-h',
      '127.0.0.1',
      '-p',
      String(enginePort),
      '-U',
      'postgres',
      '-d',
      'postgres',
      '-Atqc',
      statement,
    ]);
  const startEngine = async (): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      engine.start();
      try {
        await engine.until(async () => sql('SELECT 1'), 60);
        return;
      } catch (error) {
        // The killed server's children hold its shared memory for a moment longer.
        if (attempt === 20) throw error;
        await engine.kill('SIGKILL');
        await sleep(250);
      }
    }
  };
  const start = async (): Promise<void> => {
    await startEngine();
    gateway.start();
    await gateway.until(() => accepts(port), 60);
  };
  await startEngine();
  sql('CREATE EXTENSION IF NOT EXISTS documentdb CASCADE');
  const versions = sql("SELECT current_setting('server_version'), extversion FROM pg_extension WHERE extname = 'documentdb'").split('|');
  gateway.start();
  await gateway.until(() => accepts(port), 60);
  return {
    url: `mongodb://127.0.0.1:${port}/`,
    name: `FerretDB ${/version:\s*v?(\S+)/i.exec(output(ferretdbPath(), ['--version']))?.[1] ?? ''} over DocumentDB ${versions[1] ?? ''} (PostgreSQL ${(versions[0] ?? '').split(' ')[0]})`,
    kill9: async () => {
      await Promise.all([engine.kill('SIGKILL'), gateway.kill('SIGKILL')]);
    },
    restart: start,
    stop: async () => {
      await gateway.kill('SIGKILL');
      await engine.kill('SIGKILL');
      await sleep(100);
      for (const data of [folder, state]) removeFolder(data);
    },
  };
}
