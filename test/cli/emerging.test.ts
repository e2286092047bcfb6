import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folder, jsonLines, undertone } from './undertone.js';

/** Twelve weeks of which every week says the same, and a thirteenth in which the clasp breaks. */
function reviews(): string {
  const usual = ['The parcel came on Tuesday', 'Nice colour, fits well', 'Good value for the money', 'Delivery was quick again', 'I like the soft fabric', 'Friendly staff on the phone'];
  const rows = ['id,text,created_at,author'];
  const add = (week: number, i: number, text: string): void => {
    const day = new Date(Date.UTC(2026, 7, 24) + (7 * week + (i % 7)) * 86_400_000).toISOString().slice(0, 10);
    rows.push(`${rows.length},"${text}",${day},author${rows.length}`);
  };
  for (let week = 0; week < 13; week++) usual.forEach((text, i) => add(week, i, text));
  for (let i = 0; i < 9; i++) add(12, i, `The magnetic clasp snapped off ${['at once', 'yesterday', 'on day one'][i % 3]!}, Acme!`);
  return `${rows.join('\n')}\n`;
} // prettier-ignore

let dir: ReturnType<typeof folder>;
beforeAll(async () => {
  dir = folder({ 'reviews.csv': reviews(), 'undertone.yaml': 'names: [Acme]\nlanguages: [en]\n' });
  mkdirSync(join(dir.path, 'lexicons'));
  writeFileSync(join(dir.path, 'lexicons/taxonomy.yaml'), 'bracelet:\n  clasp: {stages: [use], in: "the clasp"}\n');
  const { code, stderr } = await undertone(['run', 'reviews.csv'], { cwd: dir.path });
  expect([code, stderr]).toEqual([0, expect.anything()]);
}, 120_000);
afterAll(() => dir.remove());

describe('undertone emerging', () => {
  it('names what is new, with quotes, and nothing else', async () => {
    const { code, stdout } = await undertone(['emerging', '--as-of', '2026-11-22'], { cwd: dir.path });
    expect(code).toBe(0);
    expect(stdout).toMatch(/2026-W47 \(2026-11-16 to 2026-11-22\)/);
    expect(stdout).toMatch(/^en {2}magnetic clasp snapped {2}9 of 15 authors, before none, z=\d/m);
    expect(stdout.match(/\*magnetic clasp snapped\*/g)).toHaveLength(3);
    expect(stdout.match(/before/g)).toHaveLength(1);
  });

  it('is a JSON object a term, and a plain word where nothing is new', async () => {
    const { stdout } = await undertone(['emerging', '--json', '--as-of', '2026-11-22'], { cwd: dir.path });
    expect(jsonLines(stdout)).toMatchObject([
      { language: 'en', term: 'magnetic clasp snapped', count: 9, authors: 15, baselineCount: 0, baselineAuthors: 72, firstSeen: '2026-11-16' },
    ]);
    const before = await undertone(['emerging', '--as-of', '2026-11-15'], { cwd: dir.path });
    expect(before.stdout).toMatch(/too little feedback/);
    const month = await undertone(['emerging', '--period', 'month', '--as-of', '2026-11-15'], { cwd: dir.path });
    expect(month.stdout).toMatch(/2026-10 \(2026-10-01 to 2026-10-31\)/);
  }); // prettier-ignore

  it.each([
    [['emerging', '--period', 'year'], /--period.*week, month/],
    [['emerging', '--topic', 'bracelet.strap'], /--topic: expected one of bracelet\.clasp, not/],
    [['emerging', '--as-of', 'today'], /--as-of: expected a day/],
    [['promote', 'magnetic clasp', '--topic', 'bracelet'], /bracelet is an area; expected one of its topics: bracelet\.clasp/],
    [['promote', 'magnetic clasp', '--topic', 'bracelet.clasp', '--lang', 'xx'], /--lang: expected one of da, de.*not xx/],
    [['promote', 'clasp, off', '--topic', 'bracelet.clasp'], /punctuation/],
  ])('%j is wrong usage, said in words', async (args, expected) => {
    const { code, stdout, stderr } = await undertone(args, { cwd: dir.path });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(expected);
  });
});

describe('undertone promote', () => {
  it('makes a term a phrase of the shop, once, which the analysis, query and trends know', async () => {
    const promote = ['promote', 'Magnetic Clasp', '--topic', 'bracelet.clasp', '--polarity', '-'];
    const first = await undertone(promote, { cwd: dir.path });
    expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/lexicons\/en\/topics\.tsv:1: "magnetic clasp" is now a phrase of bracelet\.clasp.*retag/s)]); // prettier-ignore
    const again = await undertone([...promote, '--json'], { cwd: dir.path });
    expect(jsonLines(again.stdout)).toMatchObject([{ outcome: 'there', line: 1, pattern: 'magnetic clasp' }]);
    expect(readFileSync(join(dir.path, 'lexicons/en/topics.tsv'), 'utf8')).toBe('bracelet.clasp\tmagnetic clasp\t-\n');

    expect((await undertone(['run', 'reviews.csv', '--store', 'sqlite:second.db'], { cwd: dir.path })).code).toBe(0);
    const found = await undertone(['query', '--topic', 'bracelet', '--json', '--store', 'sqlite:second.db'], { cwd: dir.path });
    expect(jsonLines(found.stdout)).toHaveLength(9);
    const trends = await undertone(['trends', '--by', 'stage', '--topic', 'bracelet.clasp', '--json', '--store', 'sqlite:second.db'], {
      cwd: dir.path,
    });
    expect(jsonLines(trends.stdout)).toContainEqual(expect.objectContaining({ key: 'use', period: '2026-W47', n: 9, negative: 9 }));
  }, 120_000);

  it('says where it could write', async () => {
    const empty = folder();
    const { code, stderr } = await undertone(['promote', 'clasp', '--topic', 'product.quality', '--lang', 'en'], { cwd: empty.path });
    expect([code, stderr]).toEqual([2, expect.stringMatching(/nowhere to write/)]);
    expect(existsSync(join(empty.path, 'lexicons'))).toBe(false);
    empty.remove();
  });
});
