import type { CacheKey } from '../engine/key-encoder.ts';
import { assertList } from './check-options.ts';
import type { SetOptions } from './entry.ts';

/** Sets all, in order, at once; rejects with the first that failed. */
export async function setMany<V>(
  entries: Iterable<readonly [CacheKey, V, SetOptions?]>,
  options: SetOptions,
  set: (key: CacheKey, value: V, options: SetOptions) => Promise<void>,
): Promise<void> {
  assertList(entries, 'setMany');
  const sets = Array.from(entries, (entry) => {
    assertList(entry, 'an entry of setMany');
    const [key, value, own] = entry;
    return set(key, value, entryOptions(own, options));
  });
  await Promise.all(sets);
}

/** A fence for many writes is one for each of them, whatever else an entry says of itself. */
export function entryOptions<O extends SetOptions>(own: O | undefined, options: O): O {
  if (own === undefined) return options;
  const { fence } = options;
  if (fence === undefined || own === null || own.fence !== undefined) return own;
  return { ...own, fence };
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
