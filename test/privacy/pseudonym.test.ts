import { describe, expect, it } from 'vitest';
import { pseudonym } from '../../src/privacy/pseudonym.js';

const KEY = 'a key of at least sixteen';

describe('pseudonym', () => {
  it('is c_ and 24 hex digits, the same every time', () => {
    const made = pseudonym(KEY, 'shop', 'cust-42');
    expect(made).toMatch(/^c_[0-9a-f]{24}$/);
    expect(pseudonym(KEY, 'shop', 'cust-42')).toBe(made);
  });

  it.each([
    ['case and spaces do not matter', ['shop', ' Cust-42 '], ['shop', 'cust-42'], true],
    ['an e-mail address is one customer everywhere', ['shop', 'Anna@Example.com'], ['desk', 'anna@example.com'], true],
    ['a number counts within its source', ['shop', '42'], ['desk', '42'], false],
    ['another id is another customer', ['shop', '42'], ['shop', '43'], false],
    ['source and id do not run together', ['a', 'bc'], ['ab', 'c'], false],
  ] as const)('%s', (_, a, b, same) => {
    expect(pseudonym(KEY, a[0], a[1]) === pseudonym(KEY, b[0], b[1])).toBe(same);
  });

  it('depends on the key', () => {
    expect(pseudonym(KEY, 'shop', '42')).not.toBe(pseudonym(`${KEY}!`, 'shop', '42'));
  });

  it('leaves a pseudonym alone', () => {
    const made = pseudonym(KEY, 'shop', '42');
    expect(pseudonym(KEY, 'desk', made)).toBe(made);
  });
});
