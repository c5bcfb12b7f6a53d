// Goal: a client of a live sidecar keeps the rules of the cache's interface, and the sidecar's
// store with it.
// Method: core's suite, the one that judges the embedded cache; each `open` starts a server on a
// store and connects.
// Not covered: broken connections (cache-over-grpc.test.ts), servers in processes of their own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { CacheOptions } from '@holdfast/core';
import { type CacheFixture, cacheConformance, type OpenedCache } from '@holdfast/core/conformance';
import { serve } from '@holdfast/grpc-sidecar';
import { nodeRuntime } from '@holdfast/node';
import { test } from 'vitest';
import { connect } from '../src/index.ts';

cacheConformance({
  test: (name, run) => test(name, run, 20_000),
  skip: (name, reason) => test.skip(`${name} (${reason})`),
  lacks: [
    {
      reason: 'the protocol has no call for it yet',
      capabilities: [
        ...(['take', 'clear', 'size', 'keys', 'entries', 'compareAndSet', 'increment'] as const),
        ...(['flush', 'stats', 'memoryUsage', 'watch'] as const),
        ...(['compact', 'verify', 'namespace'] as const),
      ],
    },
    { reason: '`get` does not block', capabilities: ['getAsync'] },
    { reason: 'on a server, locks have names', capabilities: ['lock', 'tryLock', 'withLock'] },
    { reason: 'values travel as plain MessagePack', capabilities: ['map values', 'codec'] },
    { reason: 'a rejected call has to be awaited', capabilities: ['unawaited writes'] },
    { reason: 'real time cannot be moved', capabilities: ['manual clock'] },
  ],
  create: async (): Promise<CacheFixture> => {
    const { fileSystem, clock } = nodeRuntime();
    return {
      directory: await mkdtemp(`${tmpdir()}/holdfast-client-`),
      fileSystem,
      clock,
      advance: (ms) => new Promise((done) => setTimeout(done, ms + 1)),
      open: openRemote,
    };
  },
  dispose: ({ directory }) => rm(directory, { recursive: true }),
});

async function openRemote(cacheOptions: CacheOptions): Promise<OpenedCache> {
  const server = await serve({ cache: cacheOptions, listen: '127.0.0.1:0', drainTimeout: '1s' });
  const { onError } = cacheOptions;
  const client = await connect(server.addresses[0] as string, { onError });
  const close = async (): Promise<void> => {
    await client.close();
    await server.close();
  };
  return { cache: client.cache, locks: client.locks, close, [Symbol.asyncDispose]: close };
}
