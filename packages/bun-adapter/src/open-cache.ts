import { type Cache, type CacheOptions, openCacheOn } from '@holdfast/core';
import { bunRuntime } from './runtime.ts';

/**
 * Opens a cache on Bun: its files, its clock. Rejects with `INVALID_ARGUMENT`, `DIRECTORY_LOCKED`
 * (another opener; its pid in `details`), `READ_ONLY`, `NO_SPACE`, `IO`, and `CORRUPT` only for a
 * store of a later format.
 */
export function openCache<V = unknown>(options?: CacheOptions): Promise<Cache<V>> {
  return openCacheOn<V>(bunRuntime(), options);
}
