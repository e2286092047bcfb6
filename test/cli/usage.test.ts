import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folder, undertone } from './undertone.js';

let dir: ReturnType<typeof folder>;
beforeAll(() => {
  dir = folder({
    'undertone.yaml':
      'timeZone: Europe/Stockholm\nqueue: redis://:hunter2@localhost:6379\nsources:\n  - name: shop\n    path: feedback/*.csv\n',
    'bad.yaml': 'timeZone: Mars\nsources:\n  - name: 1\n  - name: shop\n',
    'empty.yaml': '',
  });
});
afterAll(() => dir.remove());

describe('undertone', () => {
  it('lists its commands, each with an example in its own help', async () => {
    const { code, stdout } = await undertone(['--help'], { cwd: dir.path });
    expect(code).toBe(0);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map((m) => m[1]!).filter((name) => name !== 'help');
    expect(commands).toEqual([
      'run', 'worker', 'inspect', 'rejects', 'query', 'trends', 'emerging', 'promote', 'export', 'analyze', 'explain', 'accuracy', 'tune', 'retag', 'doctor', 'config', 'lint', 'schema',
    ]); // prettier-ignore
    const helps = await Promise.all(commands.map((name) => undertone([name, '--help'], { cwd: dir.path })));
    helps.forEach((help, i) =>
      expect([help.code, help.stdout]).toEqual([0, expect.stringMatching(new RegExp(`\\$ .*undertone ${commands[i]}`))]),
    );
  });

  it.each([
    [['frobnicate'], /unknown command 'frobnicate'/],
    [[], /Usage: undertone/],
    [['query', '--bogus'], /unknown option '--bogus'/],
    [['query', '--limit', '0', '--config', 'empty.yaml'], /--limit.*whole number from 1/],
    [['query', '--sort', 'up', '--config', 'empty.yaml'], /--sort.*newest, severity/],
    [['trends', '--by', 'colour', '--config', 'empty.yaml'], /--by.*topic, language/],
    [['run', '--config', 'empty.yaml'], /run: nothing to read\. Give a file or folder/],
    [['run', '--source', 'shop', '--source', 'desk'], /--source: expected one of shop, not desk/],
    [['run', 'x.csv', '--source', 'shop'], /paths or --source, not both/],
    [['worker', '--config', 'empty.yaml'], /worker: needs Redis.*cron.*undertone run/],
    [['config', '--config', 'nowhere.yaml'], /nowhere\.yaml.*expected a readable file/s],
    [['config', '--store', 'postgres://x'], /--store.*sqlite:FILE or mongodb/],
  ])('%j is wrong usage, said in words', async (args, expected) => {
    const { code, stdout, stderr } = await undertone(args, { cwd: dir.path });
    expect(stderr).toMatch(expected);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('lists every problem of a configuration at once', async () => {
    const { code, stderr } = await undertone(['config', '--config', 'bad.yaml'], { cwd: dir.path });
    expect(code).toBe(2);
    for (const place of ['timeZone', 'sources[0].name', 'sources[0].path', 'sources[1].path']) expect(stderr).toContain(place);
  });

  it('says that there is no store yet instead of making one', async () => {
    const { code, stderr } = await undertone(['query', '--store', 'sqlite:none.db'], { cwd: dir.path });
    expect(code).toBe(1);
    expect(stderr).toBe('undertone: none.db: no such store. Fill it first: undertone run PATH --store sqlite:none.db\n');
  });
});

describe('undertone config', () => {
  it('prints what is in force, where from, and no secret', async () => {
    const env = { UNDERTONE_STORE: 'mongodb://anna:s3cret@db/undertone', UNDERTONE_PSEUDONYM_KEY: 'a very long secret key' };
    const { code, stdout, stderr } = await undertone(['config'], { cwd: dir.path, env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^store: mongodb:\/\/anna:\*\*\*@db\/undertone # UNDERTONE_STORE$/m);
    expect(stdout).toMatch(/^queue: redis:\/\/:\*\*\*@localhost:6379 # undertone.yaml$/m);
    expect(stdout).toMatch(/^timeZone: Europe\/Stockholm # undertone.yaml$/m);
    expect(stdout).toMatch(/^ {2}nightly: 30 3 \* \* \* # default$/m);
    expect(stdout + stderr).not.toMatch(/hunter2|s3cret|very long/);
  });

  it('is JSON with --json', async () => {
    const { stdout } = await undertone(['config', '--json', '--store', 'sqlite:x.db'], { cwd: dir.path });
    expect(JSON.parse(stdout)).toMatchObject({ store: 'sqlite:x.db', timeZone: 'Europe/Stockholm', sources: [{ name: 'shop' }] });
  });
});
