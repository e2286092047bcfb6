import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folder, undertone } from './undertone.js';

interface Words {
  language: string;
  /** Neutral sentences. */
  plain: string[];
  bad: string[];
  good: string[];
  join: string;
}

const ENGLISH: Words = {
  language: 'en',
  plain: [
    'I ordered it in March', 'It stands on the table in the kitchen', 'My brother has the blue one', 'I use it on the way to work',
    'We bought two of them', 'The box has a handle', 'It came with a cable', 'My colleague told me about the shop', 'I had the older model before',
    'It is for the office', 'I read about it in a magazine', 'The manual has forty pages', 'We use it at the weekend', 'It is my third order here',
    'The colour is grey', 'I plug it in at night', 'My daughter uses it for school', 'I keep it in my bag', 'There are three buttons on it',
    'It weighs about a kilo',
  ],
  bad: ['the dial wobbulates', 'now it wobbulates at every turn', 'mine wobbulates since then'],
  good: ['what a zingtastic thing', 'it is zingtastic in use', 'really a zingtastic buy'],
  join: '. ',
}; // prettier-ignore
const THAI: Words = {
  language: 'th',
  plain: [
    'สั่งมาเมื่อเดือนมีนาคม', 'วางไว้บนโต๊ะในครัว', 'น้องชายใช้สีฟ้า', 'ใช้ตอนเดินทางไปทำงาน', 'ซื้อมาสองชิ้น', 'กล่องมีหูหิ้ว', 'มีสายมาให้', 'ใช้ที่สำนักงาน',
    'คู่มือมีสี่สิบหน้า', 'ใช้ตอนวันหยุด', 'เครื่องสีเทา', 'ลูกสาวใช้ที่โรงเรียน', 'เก็บไว้ในกระเป๋า', 'มีสามปุ่ม',
  ],
  bad: ['หน้าจอกระตุกครับ', 'กระตุกตอนเปิดเครื่อง'],
  good: ['จอลื่นครับ', 'ใช้แล้วลื่นทุกวัน'],
  join: ' ',
}; // prettier-ignore

/** Repeatable. Labels: `true` by the words said, `noise` by nothing. */
function feedback({ language, plain, bad, good, join: between }: Words, labels: 'true' | 'noise', rows = 360): string {
  let state = 7;
  const random = (n: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % n;
  };
  const lines = ['id,customer_id,language,rating,text'];
  for (let i = 0; i < rows; i++) {
    const positive = random(2) === 0;
    const said = random(3) > 0 ? [(positive ? good : bad)[random((positive ? good : bad).length)]!] : [];
    const text = [plain[random(plain.length)]!, ...said, plain[random(plain.length)]!].join(between);
    const rated = labels === 'true' ? positive : random(2) === 0;
    lines.push(`r${i},kund${random(300)},${language},${rated ? 5 : 1},"${text}"`);
  }
  return `${lines.join('\n')}\n`;
}

interface Tuned {
  read: number;
  rejected: number;
  unlabelled: number;
  between: number;
  languages: {
    language: string;
    gained: boolean;
    refused: string | null;
    gain: { before: { macroF1: number }; after: { macroF1: number }; low: number } | null;
    terms: { term: string; before: number; after: number; texts: number }[];
    written: boolean;
    path: string;
  }[];
}

let dir: ReturnType<typeof folder>;
const at = (...path: string[]): string => join(dir.path, ...path);
beforeAll(() => {
  dir = folder({
    'undertone.yaml': '',
    'en.csv': feedback(ENGLISH, 'true'),
    'th.csv': feedback(THAI, 'true'),
    'noise.csv': feedback(ENGLISH, 'noise'),
    'few.csv': feedback(ENGLISH, 'true', 60),
    'broken.csv': `${feedback(ENGLISH, 'true', 40)}x1,k,en,9,"Nine stars of five"\nx2,k,en,3,"In between"\nx3,k,en,,"No stars at all"\n`,
    'shop.csv': 'id,text\n1,The dial wobbulates.\n',
  });
});
afterAll(() => dir.remove());
const call = async (args: string[], cwd = dir.path): Promise<{ code: number | null; stdout: string; stderr: string }> =>
  undertone(args, { cwd });
const tuned = async (args: string[]): Promise<Tuned> => JSON.parse((await call(['tune', ...args, '--json'])).stdout) as Tuned;
const scoreOf = async (text: string): Promise<string> => (await call(['analyze', text])).stdout;

describe('undertone tune', () => {
  it('looks without writing: --dry-run', async () => {
    const { code, stdout, stderr } = await call(['tune', 'en.csv', '--dry-run']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^en\.csv: 360 rows$/m);
    expect(stdout).toMatch(/macro-F1 +\d+\.\d +\d+\.\d +\+\d+\.\d +95% interval \+/);
    expect(stdout).toMatch(/^ +wobbulates +new +-\d\.\d +\d+ +0%$/m);
    expect(stdout).toMatch(/^ +zingtastic +new +\+\d\.\d +\d+ +100%$/m);
    expect(stdout).toMatch(/nothing written \(--dry-run\); would be .*en\/tuned\.tsv/);
    expect(existsSync(at('lexicons'))).toBe(false);
  });

  it("finds the shop's own words, says what is gained, and every command uses them from then on", async () => {
    await call(['run', 'shop.csv', '--store', 'sqlite:before.db']);
    expect(await scoreOf('The dial wobbulates.')).not.toMatch(/shop-term/);

    const { languages } = await tuned(['en.csv']);
    const [en] = languages;
    expect(languages).toHaveLength(1);
    expect(en).toMatchObject({ language: 'en', gained: true, written: true, path: at('lexicons/en/tuned.tsv') });
    expect(en!.gain!.after.macroF1).toBeGreaterThan(en!.gain!.before.macroF1 + 0.1);
    const weights = Object.fromEntries(en!.terms.map(({ term, after }) => [term, after]));
    expect(weights['wobbulates']).toBeLessThan(-1);
    expect(weights['zingtastic']).toBeGreaterThan(1);
    const file = readFileSync(at('lexicons/en/tuned.tsv'), 'utf8');
    expect(file).toMatch(/^wobbulates\t-\d\.\d\t# new, in \d+ texts, 0 of them rated well$/m);

    expect(await scoreOf('The dial wobbulates.')).toMatch(/negative.*evidence +-\d.*"wobbulates" \(shop-term\)/s);
    const explained = await call(['explain', 'The dial wobbulates.']);
    expect(explained.stdout).toMatch(/"wobbulates" +shop's lexicon -\d/);
    // A night reads it too, and what was stored before it is known by its version.
    await call(['run', 'shop.csv', '--store', 'sqlite:after.db']);
    expect((await call(['export', '--store', 'sqlite:after.db'])).stdout).toContain('"rule":"shop-term"');
    const today = (store: string) => call(['explain', 'shop/1', '--store', `sqlite:${store}`]);
    expect((await today('before.db')).stdout).toMatch(/are those of the lexicon installed now/);
    expect((await today('after.db')).stdout).toMatch(/stored with engine \S+ lexicon \S+ taxonomy \S+\n$/);
  });

  it('gives the same bytes again, and does not learn from what it wrote', async () => {
    const first = readFileSync(at('lexicons/en/tuned.tsv'));
    await call(['tune', 'en.csv']);
    expect(readFileSync(at('lexicons/en/tuned.tsv')).equals(first)).toBe(true);
  });

  it('leaves what was written by hand, which wins', async () => {
    const byHand = '# ours\nwobbulates\t2\n';
    writeFileSync(at('lexicons/en/sentiment.tsv'), byHand);
    const { languages } = await tuned(['en.csv']);
    expect(languages[0]!.terms.map(({ term }) => term)).not.toContain('wobbulates');
    expect(readFileSync(at('lexicons/en/sentiment.tsv'), 'utf8')).toBe(byHand);
    expect(await scoreOf('The dial wobbulates.')).toMatch(/\+2\.00 "wobbulates"/);
  });

  it('says that noise gains nothing, and writes nothing', async () => {
    const stands = readFileSync(at('lexicons/en/tuned.tsv'), 'utf8');
    const { code, stdout } = await call(['tune', 'noise.csv']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/no gain|no term is worth a change/);
    expect(stdout).toMatch(/nothing written/);
    expect(stdout).toMatch(/the one written before stays/);
    expect(readFileSync(at('lexicons/en/tuned.tsv'), 'utf8')).toBe(stands);
  });

  it('reads Thai by its words', async () => {
    const { languages } = await tuned(['th.csv']);
    const th = languages.find(({ language }) => language === 'th')!;
    expect(th.gained).toBe(true);
    expect(th.terms.map(({ term }) => term)).toContain('กระตุก');
    expect(th.terms.some(({ term, after }) => term.includes('กระตุก') && after < 0)).toBe(true);
    expect(await scoreOf('หน้าจอกระตุกครับ')).toMatch(/shop-term/);
  });

  it('refuses too few texts in words, and counts the rows it cannot use', async () => {
    const few = await call(['tune', 'few.csv', '--dry-run']);
    expect(few.stdout).toMatch(/not tuned: needs at least 200 texts with a clear rating, has \d+/);
    expect(await tuned(['broken.csv', '--dry-run'])).toMatchObject({ read: 43, rejected: 1, between: 1, unlabelled: 1 });
  });

  it('says where it cannot write before it works', async () => {
    mkdirSync(at('bare'));
    const { code, stdout, stderr } = await call(['tune', '../en.csv'], at('bare'));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/nowhere to write.*undertone\.yaml/);
  });
});
