import type { CacheKey } from '../engine/key-encoder.ts';
import { assertList } from './check-options.ts';

/** Sets all, in order, at once; rejects with the first that failed. */
export async function setMany<V, O>(
  entries: Iterable<readonly [CacheKey, V, O?]>,
  set: (key: CacheKey, value: V, own: O | undefined) => Promise<void>,
): Promise<void> {
  assertList(entries, 'setMany');
  const sets = Array.from(entries, (entry) => {
    assertList(entry, 'an entry of setMany');
    const [key, value, own] = entry;
    return set(key, value, own);
  });
  await Promise.all(sets);
}

/** How many there were to delete. */
export async function deleteMany(
  keys: Iterable<CacheKey>,
  remove: (key: CacheKey) => Promise<boolean>,
): Promise<number> {
  assertList(keys, 'deleteMany');
  const all = await Promise.all(Array.from(keys, remove));
  return all.filter(Boolean).length;
}
