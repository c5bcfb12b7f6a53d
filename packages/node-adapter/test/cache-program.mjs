// Opens a cache, prints what it finds there, writes one value of its own, compressed, and dies as
// by kill -9.
// Arguments: node | bun | deno, the directory, and the byte its key is made of if it is to be
// encrypted. Deno imports only what it finds here as literal
// text.
const adapters = {
  node: () => import('@holdfast/node'),
  bun: () => import('@holdfast/bun'),
  deno: () => import('@holdfast/deno'),
};
const [name, directory, keyByte] = globalThis.Deno?.args ?? process.argv.slice(2);
const { openCache } = await adapters[name]();
const compression = { node: 'gzip', bun: 'brotli', deno: 'deflate' }[name];
const key = new Uint8Array(32).fill(Number(keyByte));
const encryption = keyByte === undefined ? undefined : { keys: [{ id: 'test', key }] };
const cache = await openCache({ directory, compression, encryption });
const found = Object.fromEntries(cache.entries());
const value = { writer: name, text: 'grüße 🦀', large: `${name} 🦀 `.repeat(500) };
await cache.set(`from ${name}`, value, { durability: 'written' });
// biome-ignore lint/suspicious/noConsole: the way to the test, the same on all runtimes.
console.log(JSON.stringify(found));
// Left open: the test kills it.
setTimeout(() => {}, 60_000);
