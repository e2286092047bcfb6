/** A process that writes rows `from` to `to` into a store in batches, for the tests of several writers at once. */
import { openStore } from '../../src/store/open.js';
import { generate } from './generate.js';

const [url = '', from = '0', to = '0', size = '50'] = process.argv.slice(2);
const store = await openStore(url);
const total = { inserted: 0, updated: 0, unchanged: 0 };
for (let at = Number(from); at < Number(to); at += Number(size)) {
  const { inserted, updated, unchanged } = await store.commit(generate(at, Math.min(at + Number(size), Number(to))));
  total.inserted += inserted;
  total.updated += updated;
  total.unchanged += unchanged;
}
await store.close();
process.stdout.write(JSON.stringify(total));
