// A web server that renders each page once a minute, and whose counters survive it.
//
//   bun examples/bun/index.ts [DIRECTORY]
import { openCache } from '@holdfast/bun';

await using cache = await openCache({ directory: process.argv[2] ?? './holdfast-data' });

const server = Bun.serve({
  port: Number(process.env.PORT ?? 0),
  async fetch(request) {
    const path = new URL(request.url).pathname;
    const visits = await cache.increment(`visits${path}`);
    const page = await cache.getOrSet(`page${path}`, () => render(path), { ttl: '1m' });
    return Response.json({ page, visits });
  },
});
console.log(`listening on ${server.url}`);

// Leaving the block closes the cache, which writes what is not on disk yet.
await new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve));
await server.stop();

async function render(path: string): Promise<string> {
  await Bun.sleep(50);
  return `${path} rendered at ${new Date().toISOString()}`;
}
