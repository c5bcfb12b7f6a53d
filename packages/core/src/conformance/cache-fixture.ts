import type { Cache } from '../cache/cache.ts';
import type { CacheOptions } from '../cache/cache-options.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { CacheFixture } from './cache.ts';

/** The fixture of an embedded cache: an adapter's own `openCache`, on the ports of its runtime. */
export function embeddedCacheFixture(options: {
  readonly runtime: Runtime;
  readonly openCache: (options: CacheOptions) => Promise<Cache>;
  /** Empty, or missing; nobody else uses it. */
  readonly directory: string;
  /** Lets at least `ms` milliseconds pass on the runtime's clock. */
  readonly advance: (ms: number) => Promise<void>;
}): CacheFixture {
  const { runtime, directory, advance } = options;
  return {
    directory,
    fileSystem: runtime.fileSystem,
    clock: runtime.clock,
    advance,
    open: async (cacheOptions) => {
      const cache = await options.openCache(cacheOptions);
      return {
        cache,
        locks: cache.locks,
        close: () => cache.close(),
        [Symbol.asyncDispose]: () => cache[Symbol.asyncDispose](),
      };
    },
  };
}
