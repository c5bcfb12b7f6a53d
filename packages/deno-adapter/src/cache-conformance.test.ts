// Goal: the cache keeps its rules on Deno. Method: core's suite on real files and real time,
// through `openCache`.
// Not covered: crashes and full disks (core's simulator), other processes (node-adapter's
// directory-lock.test.ts).
import { cacheConformance, embeddedCacheFixture } from '@holdfast/core/conformance';
import { openCache } from './open-cache.ts';
import { denoRuntime } from './runtime.ts';

cacheConformance({
  test: Deno.test,
  skip: (name, reason) => Deno.test.ignore(`${name} (${reason})`, () => {}),
  lacks: [{ reason: 'real time cannot be moved', capabilities: ['manual clock'] }],
  create: async () =>
    embeddedCacheFixture({
      runtime: denoRuntime(),
      openCache,
      directory: await Deno.makeTempDir({ prefix: 'holdfast-' }),
      advance: (ms) => new Promise((done) => setTimeout(done, ms + 1)),
    }),
  dispose: ({ directory }) => Deno.remove(directory, { recursive: true }),
});
