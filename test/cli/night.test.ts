/** What a user types after `undertone run`, over one store that a real run has filled. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folder, jsonLines, undertone, type Answer } from './undertone.js';

const REVIEWS = `id,created,rating,comment,customer,product
r1,2026-11-02T08:00:00Z,1,"Delivery was two weeks late, call me at +46 70 123 45 67",anna@example.com,Lamp
r2,2026-11-03T08:00:00Z,5,Sehr guter Service!,b,Lamp
r3,not a date,2,Broken on arrival,c,Lamp
r4,2026-11-04T08:00:00Z,9,Out of scale,d,Chair
r5,2026-11-05T08:00:00Z,1,"=SUM(A1) Leveransen kom för sent, uselt",e,Chair
r6,2026-11-16T08:00:00Z,2,Die Lieferung kam viel zu spät,f,Chair
`;
const SURVEY = '{"id":"s1","created_at":"2026-11-06T08:00:00Z","nps":2,"comment":"Pengiriman sangat lambat","language":"id"}\n';

const args = (...more: string[]): string[] => [...more, '--store', 'sqlite:night.db'];
let dir: ReturnType<typeof folder>;
let first: Answer;

beforeAll(async () => {
  dir = folder({ 'reviews.csv': REVIEWS, 'survey.ndjson': SURVEY });
  first = await undertone(args('run', 'reviews.csv', 'survey.ndjson', '--json'), { cwd: dir.path });
});
afterAll(() => dir.remove());

const ask = (...more: string[]): Promise<Answer> => undertone(args(...more), { cwd: dir.path });
const ids = ({ stdout }: Answer): unknown[] => jsonLines(stdout).map((line) => line['id']);

describe('undertone run', () => {
  it('reports the night as one JSON object and ends with 3 where rows were rejected', () => {
    expect([first.code, first.stderr]).toEqual([3, '']);
    const [report, ...more] = jsonLines(first.stdout);
    expect(more).toEqual([]);
    expect(report).toMatchObject({ status: 'done', read: 7, new: 5, changed: 0, unchanged: 0, rejected: 2 });
    expect(report).toMatchObject({ redacted: { phone: 1 }, seconds: expect.any(Number) as number });
    expect(report!['sources']).toMatchObject([
      { name: 'reviews', read: 6, new: 4, changed: 0, unchanged: 0, rejected: 2 },
      { name: 'survey', read: 1, new: 1, changed: 0, unchanged: 0, rejected: 0 },
    ]);
  });

  it('finds nothing new the second time, in words for a person, and allows rejects when told to', async () => {
    const { code, stdout, stderr } = await ask('run', 'reviews.csv', 'survey.ndjson', '--allow-rejects');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Night of /);
    expect(stdout).toMatch(/not changed since the last run/);
    expect(stdout).not.toContain('\u001b');
  });

  it('names a folder in which there was nothing to read', async () => {
    mkdirSync(join(dir.path, 'empty'));
    const { code, stdout } = await ask('run', 'empty', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { read: 0, sources: [{ name: 'empty', read: 0, rejected: 0 }] }]);
  });

  it('refuses a path that is not there', async () => {
    const { code, stderr } = await ask('run', 'nowhere.csv');
    expect([code, stderr]).toEqual([2, 'undertone: run: nowhere.csv: expected a file or folder, found nothing there\n']);
  });

  it('says in one line that a store cannot be reached', async () => {
    const { code, stdout, stderr } = await undertone(['run', 'reviews.csv', '--store', 'sqlite:no/such/folder/x.db'], { cwd: dir.path });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^undertone: .*no\/such\/folder/);
  });
});

describe('undertone query', () => {
  it.each([
    [
      ['--topic', 'delivery', '--sentiment', 'negative'],
      ['reviews/r6', 'survey/s1', 'reviews/r5', 'reviews/r1'],
    ],
    [
      ['--topic', 'delivery', '--since', '14d'],
      ['reviews/r6', 'survey/s1', 'reviews/r5'],
    ],
    [
      ['--lang', 'de,sv'],
      ['reviews/r6', 'reviews/r5', 'reviews/r2'],
    ],
    [['--kind', 'survey'], ['survey/s1']],
    [['--rating', '>=4'], ['reviews/r2']],
    [['--product', 'Chair', '--limit', '1'], ['reviews/r6']],
    [['--contains', 'service'], ['reviews/r2']],
    [
      ['--until', '2026-11-03'],
      ['reviews/r2', 'reviews/r1'],
    ],
    [['--sentiment', 'unsupported'], []],
  ])('%j', async (flags, expected) => {
    const answer = await ask('query', '--json', ...flags);
    expect([answer.code, ids(answer)]).toEqual([0, expected]);
  });

  it('gives the shape that scripts rely on, redacted and with a pseudonym', async () => {
    const [line] = jsonLines((await ask('query', '--json', '--until', '2026-11-02')).stdout);
    expect(line).toMatchObject({
      id: 'reviews/r1',
      source: 'reviews',
      externalId: 'r1',
      kind: 'review',
      createdAt: '2026-11-02T08:00:00.000Z',
      text: 'Delivery was two weeks late, call me at [phone]',
      rating: 1,
      product: 'Lamp',
      customer: expect.stringMatching(/^c_[0-9a-f]{24}$/) as string,
      language: { code: 'en', confidence: expect.any(Number) as number },
      sentiment: { label: 'negative', score: expect.any(Number) as number, confidence: expect.any(Number) as number },
      flags: [],
    });
    const { text, topics, evidence } = line as { text: string; topics: { evidence: { start: number; end: number }[] }[]; evidence: { start: number; end: number }[] }; // prettier-ignore
    for (const { start, end } of [...evidence, ...topics.flatMap((topic) => topic.evidence)]) {
      expect(text.slice(start, end).trim()).not.toBe('');
    }
    expect(line).not.toHaveProperty('nps');
  });

  it('goes on where the page before ended', async () => {
    const one = await ask('query', '--json', '--limit', '2');
    const cursor = /--cursor (\S+)/.exec(one.stderr)![1]!;
    const two = await ask('query', '--json', '--cursor', cursor);
    expect([...ids(one), ...ids(two)]).toEqual(['reviews/r6', 'survey/s1', 'reviews/r5', 'reviews/r2', 'reviews/r1']);
  });

  it('tells a person how many match, and shows them', async () => {
    const { code, stdout } = await ask('query', '--topic', 'delivery', '--sort', 'severity');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^4 match/);
    expect(stdout).toContain('reviews/r6');
  });

  it.each([
    [['--topic', 'delivery!'], /--topic: expected an area \(delivery\)/],
    [['--topic', 'deliveri'], /--topic: expected one of .*delivery.speed/],
    [['--since', 'yesterday'], /--since: expected 7d, 4w/],
    [['--sentiment', 'angry'], /--sentiment: expected one of negative/],
  ])('%j is wrong usage', async (flags, expected) => {
    const { code, stderr } = await ask('query', ...flags);
    expect(code).toBe(2);
    expect(stderr).toMatch(expected);
  });
});

describe('near-duplicates', () => {
  const COPIES = `id,created,rating,comment
c1,2026-11-02T08:00:00Z,1,"Order 48213: the parcel sat in a depot for two weeks and nobody of your service ever answered me"
c2,2026-11-03T08:00:00Z,1,"ORDER 90377: the parcel sat in a depot for two weeks and nobody of your service ever answered me!!! 😡"
c3,2026-11-04T08:00:00Z,5,good
c4,2026-11-05T08:00:00Z,5,good
`;
  let copies: ReturnType<typeof folder>;
  const askCopies = (...more: string[]): Promise<Answer> => undertone(args(...more), { cwd: copies.path });
  beforeAll(() => {
    copies = folder({ 'copies.csv': COPIES });
  });
  afterAll(() => copies.remove());

  it('are counted by the run, folded for a person, and all there for a script unless it says otherwise', async () => {
    const run = await askCopies('run', 'copies.csv', '--json');
    expect(JSON.parse(run.stdout)).toMatchObject({ new: 4, duplicates: 1 });
    const folded = (await askCopies('query')).stdout;
    expect(folded).toMatch(/^4 match, newest first; 1 near-duplicate is folded \(--no-fold shows it\)\.\n/);
    expect(folded).toMatch(/^2026-11-03 .*×2$/m);
    expect(folded).not.toContain('copies/c1');
    const all = (await askCopies('query', '--no-fold')).stdout;
    expect(all).toMatch(/^4 match, newest first\.\n/);
    expect(all).toContain('copies/c1');
    expect(ids(await askCopies('query', '--json'))).toEqual(['copies/c4', 'copies/c3', 'copies/c2', 'copies/c1']);
    const lines = jsonLines((await askCopies('query', '--json', '--fold')).stdout);
    expect(lines.map((line) => [line['id'], line['duplicates']])).toEqual([['copies/c4', 0], ['copies/c3', 0], ['copies/c2', 1]]); // prettier-ignore
    const [first] = jsonLines((await askCopies('query', '--json', '--fold', '--sentiment', 'negative', '--until', '2026-11-02')).stdout);
    expect(first).toMatchObject({ id: 'copies/c1', duplicates: 0 });
    expect(ids(await askCopies('export'))).toHaveLength(4);
  });
});

describe('undertone export', () => {
  it('gives everything as NDJSON in id order', async () => {
    const answer = await ask('export');
    expect([answer.code, ids(answer)]).toEqual([0, ['reviews/r1', 'reviews/r2', 'reviews/r5', 'reviews/r6', 'survey/s1']]);
  });

  it('gives CSV in which no text runs as a formula', async () => {
    const { code, stdout } = await ask('export', '--format', 'csv', '--topic', 'delivery');
    const lines = stdout.trimEnd().split('\r\n');
    expect([code, lines.length]).toEqual([0, 5]);
    expect(lines[0]).toMatch(/^id,source,externalId,/);
    expect(stdout).toContain(`"'=SUM(A1) Leveransen`);
  });
});

describe('undertone rejects', () => {
  it('names the row, the column, the reason and the value', async () => {
    const { code, stdout } = await ask('rejects', '--json');
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toEqual([
      { source: 'reviews', file: 'reviews.csv', row: 4, column: 'created', reason: expect.stringContaining('unreadable date') as string, value: 'not a date' },
      { source: 'reviews', file: 'reviews.csv', row: 5, column: 'rating', reason: expect.stringContaining('scale') as string, value: '9' },
    ]); // prettier-ignore
  });

  it('reads rows again once the configuration is right, and keeps those that still fail', async () => {
    const config = 'sources:\n  - name: reviews\n    path: reviews.csv\n    scales:\n      rating: [1, 10]\n';
    writeFileSync(join(dir.path, 'scales.yaml'), config);
    const { code, stdout } = await ask('rejects', '--replay', '--config', 'scales.yaml');
    expect([code, stdout]).toEqual([3, '1 of 2 rows stored, 1 still rejected\n']);
    expect(jsonLines((await ask('rejects', '--json')).stdout).map(({ row }) => row)).toEqual([4]);
    expect(ids(await ask('query', '--json', '--rating', '9'))).toEqual(['reviews/r4']);
  });
});

describe('undertone trends', () => {
  it('gives a line for each key and week, oldest first', async () => {
    const { code, stdout } = await ask('trends', '--by', 'language', '--json', '--weeks', '4');
    expect(code).toBe(0);
    const lines = jsonLines(stdout);
    expect(lines[0]).toMatchObject({ by: 'language', period: '2026-W45', start: '2026-11-02', end: '2026-11-08' });
    expect(lines.map(({ start }) => start)).toEqual(lines.map(({ start }) => start).sort());
    const en = lines.find(({ key, period }) => key === 'en' && period === '2026-W45');
    expect(en).toMatchObject({
      negative: expect.any(Number) as number,
      low: expect.any(Number) as number,
      high: expect.any(Number) as number,
    });
  });

  it('counts by the stages of the journey', async () => {
    const { stdout } = await ask('trends', '--by', 'stage', '--json');
    expect(new Set(jsonLines(stdout).map(({ key }) => key))).toContain('wait');
  });
});

describe('undertone explain', () => {
  it('shows why stored feedback got its tags', async () => {
    const { code, stdout } = await ask('explain', 'reviews/r1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^reviews\/r1 +2026-11-02, review, Lamp\n/);
    expect(stdout).toMatch(/^evidence +-\d\.\d\d "/m);
    expect(stdout).toMatch(/^stored with engine /m);
  });

  it('takes anything else for a text', async () => {
    const { code, stdout } = await ask('explain', 'This is terrible service, never again.');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^sentiment +negative/m);
  });
});

describe('undertone doctor', () => {
  it('finds all well', async () => {
    const { code, stdout } = await ask('doctor', '--json');
    const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { name: string; ok: boolean }[] };
    expect([code, ok]).toEqual([0, true]);
    expect(checks.map(({ name }) => name)).toEqual(['config', 'store', 'queue', 'lexicons', 'schedule', 'sources']);
  });

  it('says of each failure what to do, and makes no store by looking', async () => {
    writeFileSync(
      join(dir.path, 'sick.yaml'),
      'schedule: { nightly: 30 2 * * *, timeZone: Europe/Berlin }\nsources: [{ name: gone, path: gone.csv }]\n',
    );
    const env = { REDIS_URL: 'redis://127.0.0.1:1' };
    const { code, stdout } = await undertone(['doctor', '--config', 'sick.yaml', '--store', 'sqlite:unmade.db'], { cwd: dir.path, env });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ok +store .*unmade\.db: not there yet/m);
    expect(existsSync(join(dir.path, 'unmade.db'))).toBe(false);
    expect(stdout).toMatch(/^FAIL +queue .*\n +do: /m);
    expect(stdout).toMatch(/^ok +schedule .*\n +note: .*daylight saving/m);
    expect(stdout).toMatch(/^FAIL +source gone .*gone\.csv.*\n +do: /m);
  });
});
