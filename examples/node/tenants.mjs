// Tenants of one store: each has keys of its own, and one is cleared without the others noticing.
// Prices that are a little old are better than none, and better than waiting.
//
//   node examples/node/tenants.mjs [DIRECTORY]
import { setTimeout as sleep } from 'node:timers/promises';
import { openCache } from '@holdfast/node';

const cache = await openCache({
  directory: process.argv[2] ?? './holdfast-data',
  onError: ({ message, cause }) => console.log(`onError: ${message} (${cause?.message})`),
});

for (const tenant of ['acme', 'globex']) {
  await cache.namespace(tenant).set('settings', { theme: `that of ${tenant}` });
}
await cache.namespace('acme').clear();
const left = ['acme', 'globex'].map((tenant) => `${tenant} ${cache.namespace(tenant).size}`);
console.log(`settings: ${left.join(', ')}`);

// Stands for a slow service, which is down the second time.
let requests = 0;
async function fetchPrice() {
  requests++;
  if (requests === 2) throw new Error('the service is down');
  return { cents: 1999, request: requests };
}

const prices = cache.namespace('globex').namespace('prices');
const ask = () => prices.getOrSet('sku:7', fetchPrice, { ttl: '20ms', staleWhileRevalidate: '1h' });
await prices.clear();
const answers = [];
for (let turn = 0; turn < 4; turn++) {
  answers.push((await ask()).request);
  await sleep(40);
}
console.log(`prices of requests ${answers.join(', ')}`);

await cache.close();
