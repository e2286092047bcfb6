/** A Redis of our own for a test, on a free port, with data of its own. */
import { connect } from 'node:net';
import { ensureRedis } from './install.js';
import { Daemon, dataFolder, freePort, output, removeFolder, type TestServer } from './process.js';

export interface RedisOptions {
  /** Whether every write is on disk before it is acknowledged, so that `kill9` and `restart` lose nothing. Default: no. */
  durable?: boolean;
}

export async function openRedis(say: (line: string) => void, options: RedisOptions = {}): Promise<TestServer | { missing: string }> {
  if (process.env['UNDERTONE_TEST_SERVERS'] === 'none') return { missing: 'UNDERTONE_TEST_SERVERS=none' };
  const found = await ensureRedis(say);
  if ('missing' in found) return found;
  const folder = dataFolder('redis');
  const port = await freePort();
  const durability = options.durable === true ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no'];
  const daemon = new Daemon(found.path, [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--maxmemory-policy', 'noeviction'],
    ...durability,
  ]);
  const start = async (): Promise<void> => {
    daemon.start();
    await daemon.until(() => ping(port), 20);
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    name: `Redis ${/v=(\S+)/.exec(output(found.path, ['--version']))?.[1] ?? ''}`.trim(),
    kill9: () => daemon.kill('SIGKILL'),
    restart: start,
    stop: async () => {
      await daemon.kill('SIGKILL');
      removeFolder(folder);
    },
  };
}

/** Redis accepts connections while it still loads its data; only PONG means ready. */
async function ping(port: number): Promise<void> {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.once('error', reject);
  });
  if (!answer.startsWith('+PONG')) throw new Error(answer.trim());
}
