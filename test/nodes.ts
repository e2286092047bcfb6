/**
 * `npm run test:nodes`: the suite without its servers on the newer Node versions users run. Each is fetched as a package.
 *   npm run test:nodes -- 26        only that one
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const versions = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['24', '26'];
const vitest = resolve('node_modules/vitest/vitest.mjs');
/** No server is looked for or installed: those suites are skipped, and say so. */
const env = { ...process.env, UNDERTONE_TEST_SERVERS: 'none', CI: '' };

let failed = false;
for (const version of versions) {
  process.stdout.write(`Node ${version}\n`);
  const { status } = spawnSync('npx', ['-y', '-p', `node@${version}`, 'node', vitest, 'run'], { stdio: 'inherit', env });
  failed ||= status !== 0;
}
process.exitCode = failed ? 1 : 0;
