import { type CacheKey, decodeTextKey } from '../engine/key-encoder.ts';
import { InvalidArgumentError } from '../errors.ts';
import type { CachedValues } from './cached-values.ts';
import type { KeysOptions } from './entry.ts';

/** The keys of live values, some at a time; `assertOpen` is asked before it goes on. */
export function* walkKeys(
  { engine, namespace }: Pick<CachedValues<unknown>, 'engine' | 'namespace'>,
  { prefix = '' }: KeysOptions,
  assertOpen: () => void,
): Generator<CacheKey> {
  assertOpen();
  assertPrefix(prefix);
  for (const found of engine.walk(namespace.prefix)) {
    for (const { key, isText } of found) {
      const name = isText ? decodeTextKey(key, 0, key.length) : key;
      if (beginsWith(name, prefix)) yield name;
    }
    assertOpen();
  }
}

export function assertPrefix(prefix: string): void {
  if (typeof prefix !== 'string') throw new InvalidArgumentError('prefix must be a string');
}

/** Bytes begin with no text but the empty one. */
export function beginsWith(key: CacheKey, prefix: string): boolean {
  return prefix === '' || (typeof key === 'string' && key.startsWith(prefix));
}
