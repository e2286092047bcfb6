import { expect, test } from 'vitest';
import { openStore } from '../../src/store/open.js';

test.each([
  ['postgres://localhost/x', 'store: expected sqlite:FILE or mongodb://..., got postgres://localhost/x'],
  ['postgres://me:secret@localhost/x', 'got postgres://***@localhost/x'],
  ['sqlite:', 'store: expected sqlite:FILE or mongodb://..., got sqlite:'],
  ['undertone.db', 'got undertone.db'],
])('%s is refused without its password', async (url, message) => {
  await expect(openStore(url)).rejects.toThrow(message);
});

test('a server out of reach is said within its time, without the password', async () => {
  const error = await openStore('mongodb://me:secret@127.0.0.1:1/x?serverSelectionTimeoutMS=300').then(
    () => undefined,
    (reason: unknown) => reason as Error,
  );
  expect(error?.message).toMatch(
    /^mongodb:\/\/\*\*\*@127\.0\.0\.1:1\/x.*: expected a MongoDB-compatible server that answers, got: .*ECONNREFUSED/,
  );
  expect(error?.message).not.toContain('secret');
});
