// Opens a cache, prints what it finds there, writes one value of its own, and dies as by kill -9.
// Arguments: node | bun | deno, the directory. Deno imports only what it finds here as literal
// text.
const adapters = {
  node: () => import('@holdfast/node'),
  bun: () => import('@holdfast/bun'),
  deno: () => import('@holdfast/deno'),
};
const [name, directory] = globalThis.Deno?.args ?? process.argv.slice(2);
const { openCache } = await adapters[name]();
const cache = await openCache({ directory });
const found = Object.fromEntries(cache.entries());
await cache.set(`from ${name}`, { writer: name, text: 'grüße 🦀' }, { durability: 'written' });
// biome-ignore lint/suspicious/noConsole: the way to the test, the same on all runtimes.
console.log(JSON.stringify(found));
// Left open: the test kills it.
setTimeout(() => {}, 60_000);
