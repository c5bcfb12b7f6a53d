// Goal: the cache keeps its rules on Node. Method: core's suite on real files and real time,
// through `openCache`.
// Not covered: crashes and full disks (core's simulator), other processes (directory-lock.test.ts).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { cacheConformance, embeddedCacheFixture } from '@holdfast/core/conformance';
import { test } from 'vitest';
import { openCache } from './open-cache.ts';
import { nodeRuntime } from './runtime.ts';

cacheConformance({
  test,
  skip: (name, reason) => test.skip(`${name} (${reason})`),
  lacks: [{ reason: 'real time cannot be moved', capabilities: ['manual clock'] }],
  create: async () =>
    embeddedCacheFixture({
      runtime: nodeRuntime(),
      openCache,
      directory: await mkdtemp(`${tmpdir()}/holdfast-node-`),
      advance: (ms) => new Promise((done) => setTimeout(done, ms + 1)),
    }),
  dispose: ({ directory }) => rm(directory, { recursive: true }),
});
