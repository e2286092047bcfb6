import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folder, jsonLines, start, undertone } from './undertone.js';

let dir: ReturnType<typeof folder>;
beforeAll(() => {
  dir = folder();
});
afterAll(() => dir.remove());

describe('undertone analyze', () => {
  it('answers a person with language, sentiment and the words that show it', async () => {
    const { code, stdout, stderr } = await undertone(['analyze', 'The parcel came two weeks late. Terrible!'], { cwd: dir.path });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^language +en /m);
    expect(stdout).toMatch(/^sentiment +negative -/m);
    expect(stdout).toMatch(/"Terrible"/);
  });

  it('reads the text from stdin for -', async () => {
    const { code, stdout } = await undertone(['analyze', '-'], { cwd: dir.path, input: 'Sehr schlechter Service.\n' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^language +de /m);
  });

  it('lets no text steer the terminal', async () => {
    const { stdout } = await undertone(['analyze', 'bad \u001b[2J\u0007 service'], { cwd: dir.path });
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toContain('\u0007');
  });

  it('answers NDJSON in order, bad lines with an error, and goes on', async () => {
    const input = [
      '{"id":"a","text":"Terrible service, never again."}',
      '{broken',
      '{"id":7}',
      '"text"',
      '',
      '{"id":"b","text":"มาก 😀"}',
      '{"id":"c","text":""}\r',
    ].join('\n');
    const { code, stdout, stderr } = await undertone(['analyze', '--json'], { cwd: dir.path, input });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = jsonLines(stdout);
    expect(lines.map(({ id, error }) => [id, error])).toEqual([
      ['a', undefined],
      [null, 'line 2: expected JSON'],
      [7, 'line 3: text: expected a string, got nothing'],
      [null, 'line 4: expected an object with id and text'],
      ['b', undefined],
      ['c', undefined],
    ]);
    expect(Object.keys(lines[0]!)).toEqual(['id', 'language', 'sentiment', 'topics', 'evidence', 'flags']);
    expect(lines[0]).toMatchObject({ language: { code: 'en' }, sentiment: { label: 'negative' } });
  });

  it('answers a long stream while it is still being written', async () => {
    const child = start(['analyze', '--json'], { cwd: dir.path });
    let answered = 0;
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (answered += chunk.split('\n').length - 1));
    child.stdin.on('error', () => undefined);
    const line = `${JSON.stringify({ id: 1, text: 'The delivery was late and the box was broken.' })}\n`;
    for (let i = 0; i < 50; i++) if (!child.stdin.write(line.repeat(40))) await once(child.stdin, 'drain');
    while (answered === 0) await once(child.stdout, 'data');
    child.stdin.end(line.repeat(100));
    await once(child, 'close');
    expect(answered).toBe(2_100);
  });

  it('ends quietly when its reader leaves', async () => {
    const child = start(['analyze', '--json'], { cwd: dir.path });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${JSON.stringify({ id: 1, text: 'fine' })}\n`.repeat(20_000));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
