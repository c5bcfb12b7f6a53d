// Goal: the cache keeps its rules on Bun. Method: core's suite on real files and real time, through
// `openCache`.
// Not covered: crashes and full disks (core's simulator), other processes (node-adapter's
// directory-lock.test.ts).
import { test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { cacheConformance, embeddedCacheFixture } from '@holdfast/core/conformance';
import { openCache } from './open-cache.ts';
import { bunRuntime } from './runtime.ts';

cacheConformance({
  test,
  skip: (name, reason) => test.skip(`${name} (${reason})`),
  lacks: [{ reason: 'real time cannot be moved', capabilities: ['manual clock'] }],
  create: async () =>
    embeddedCacheFixture({
      runtime: bunRuntime(),
      openCache,
      directory: await mkdtemp(`${tmpdir()}/holdfast-bun-`),
      advance: (ms) => new Promise((done) => setTimeout(done, ms + 1)),
    }),
  dispose: ({ directory }) => rm(directory, { recursive: true }),
});
