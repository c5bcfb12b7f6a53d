import type { Fence } from '../backend/cache-backend.ts';
import type { CacheKey } from '../engine/key-encoder.ts';
import { keyEnd, valueStart } from '../engine/record.ts';
import { markTags } from '../engine/stale-mark.ts';
import { InvalidArgumentError } from '../errors.ts';
import type { CachedValues } from './cached-values.ts';
import { writeDeadline } from './deadline.ts';
import type { CompareAndSetResult, SetOptions } from './entry.ts';

/** When a write is made, until when it is to last, and what can end it sooner. */
export interface WriteTerms {
  readonly nowMs: number;
  readonly expiresAtMs: number;
  /** False if the cache's default is what says so. */
  readonly hasDeadline: boolean;
  /** As they stand in the record; `undefined` if nothing was said of them. */
  readonly tags: Uint8Array | undefined;
  readonly fence: Fence | undefined;
}

/** Sets only if the key has no value; tells whether it did. */
export function setIfAbsent<V>(
  values: CachedValues<V>,
  key: CacheKey,
  value: V,
  { nowMs, expiresAtMs, tags, fence }: WriteTerms,
): boolean {
  const isAbsent = values.fenced(fence, () => !values.engine.find());
  return values.set(key, value, expiresAtMs, nowMs, isAbsent, tags) !== undefined;
}

/** Sets only if the key's version is `expected`, `undefined` for no value. */
export function compareAndSet<V>(
  values: CachedValues<V>,
  key: CacheKey,
  value: V,
  expected: bigint | undefined,
  { nowMs, expiresAtMs, tags, fence }: WriteTerms,
): CompareAndSetResult {
  if (expected !== undefined && typeof expected !== 'bigint') {
    throw new InvalidArgumentError('version must be a bigint, or undefined for no value');
  }
  const { engine } = values;
  let version: bigint | undefined;
  const isExpected = values.fenced(fence, () => {
    version = engine.find() ? BigInt(engine.stamp().sequence) : undefined;
    return version === expected;
  });
  const sequence = values.set(key, value, expiresAtMs, nowMs, isExpected, tags);
  return sequence === undefined
    ? { stored: false, version }
    : { stored: true, version: BigInt(sequence) };
}

/**
 * Adds to a number, 0 if there is none; the old value's deadline and tags stay unless others are
 * given.
 */
export function increment<V>(
  values: CachedValues<V>,
  key: CacheKey,
  by: number,
  { nowMs, expiresAtMs, hasDeadline, tags, fence }: WriteTerms,
): number {
  const exists = values.find(key);
  const untilMs = exists && !hasDeadline ? values.engine.stamp().expiresAtMs : expiresAtMs;
  const kept = exists && tags === undefined ? foundTags(values) : tags;
  const old: unknown = exists ? values.decodeFound() : 0;
  const sum = typeof old === 'number' && typeof by === 'number' ? old + by : Number.NaN;
  if (!Number.isFinite(sum)) {
    throw new InvalidArgumentError(`increment needs numbers, got=${typeof old} by=${String(by)}`);
  }
  values.set(key, sum as V, untilMs, nowMs, values.fenced(fence), kept);
  return sum;
}

/** Of the value just found, as they stand in its record; the new one is not kept for longer. */
function foundTags<V>({ engine }: CachedValues<V>): Uint8Array {
  const { memory, offset } = engine.found;
  const { words, bytes } = memory;
  return markTags(bytes.slice(keyEnd(words, offset), valueStart(words, offset)), undefined);
}

export function writeTerms<V>(
  options: SetOptions,
  { engine, namespace }: CachedValues<V>,
  defaultTtlMs: number,
): WriteTerms {
  const nowMs = engine.clock.nowMs();
  const expiresAtMs = writeDeadline(options, nowMs, defaultTtlMs);
  const tags = options.tags === undefined ? undefined : namespace.tagBytes(options.tags);
  const hasDeadline = options.ttl !== undefined || options.expiresAt !== undefined;
  return { nowMs, expiresAtMs, hasDeadline, tags, fence: options.fence };
}
