import { resolve } from 'node:path';
import { type Cache, type CacheOptions, durationMs, openCache } from '@holdfast/node';
import type { Backends, StoreDescription, StoreStats } from './backends.ts';

/**
 * Opens the embedded engine for a server. Rejects as `openCache` does: `INVALID_ARGUMENT`,
 * `DIRECTORY_LOCKED`, `READ_ONLY`, `NO_SPACE`, `IO`, `CORRUPT`.
 */
export async function openBackends(options: CacheOptions): Promise<Backends> {
  const cache = await openCache(options);
  return {
    cache: cache.backend(),
    locks: cache.lockBackend(),
    admin: {
      store: describe(options),
      stats: async () => statsOf(cache),
      flush: () => cache.flush(),
      compact: () => cache.compact(),
      verify: () => cache.verify(),
    },
    close: () => cache.close(),
  };
}

/** The options with core's defaults. */
function describe(options: CacheOptions): StoreDescription {
  const { directory = './holdfast-data', persistent = true, defaultTtl } = options;
  const { memoryBytesMax = 268_435_456, diskBytesMax = 1_073_741_824 } = options;
  return {
    directory: persistent ? resolve(directory) : undefined,
    defaultDurability: options.durability ?? 'buffered',
    defaultTtlMs:
      defaultTtl == null ? Number.POSITIVE_INFINITY : durationMs(defaultTtl, 'defaultTtl'),
    valueBytesMax: Math.min(
      options.valueBytesMax ?? 16_777_216,
      Math.floor(memoryBytesMax / 4),
      persistent ? Math.floor(diskBytesMax / 4) : Number.POSITIVE_INFINITY,
    ),
  };
}

function statsOf(cache: Cache<unknown>): StoreStats {
  const stats = cache.stats();
  return {
    records: stats.size,
    memoryBytes: cache.memoryUsage().total,
    diskBytes: stats.diskBytes,
    hits: stats.hits,
    misses: stats.misses,
    expirations: stats.expirations,
    evictions: stats.evictions,
    corruptions: stats.damagedRecords,
    loads: stats.loads,
  };
}
