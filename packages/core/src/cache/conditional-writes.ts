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
  /** As they stand in the record; `undefined` if nothing was said of them. */
  readonly tags: Uint8Array | undefined;
}

/** Sets only if the key has no value; tells whether it did. */
export function setIfAbsent<V>(
  values: CachedValues<V>,
  key: CacheKey,
  value: V,
  { nowMs, expiresAtMs, tags }: WriteTerms,
): boolean {
  const isAbsent = (): boolean => !values.engine.find();
  return values.set(key, value, expiresAtMs, nowMs, isAbsent, tags) !== undefined;
}

/** Sets only if the key's version is `expected`, `undefined` for no value. */
export function compareAndSet<V>(
  values: CachedValues<V>,
  key: CacheKey,
  value: V,
  expected: bigint | undefined,
  { nowMs, expiresAtMs, tags }: WriteTerms,
): CompareAndSetResult {
  if (expected !== undefined && typeof expected !== 'bigint') {
    throw new InvalidArgumentError('version must be a bigint, or undefined for no value');
  }
  const { engine } = values;
  let version: bigint | undefined;
  const isExpected = (): boolean => {
    version = engine.find() ? BigInt(engine.stamp().sequence) : undefined;
    return version === expected;
  };
  const sequence = values.set(key, value, expiresAtMs, nowMs, isExpected, tags);
  return sequence === undefined
    ? { stored: false, version }
    : { stored: true, version: BigInt(sequence) };
}

/**
 * Adds to a number, 0 if there is none; with `keepsDeadline` that of the old value stays, and its
 * tags do unless others are given.
 */
export function increment<V>(
  values: CachedValues<V>,
  key: CacheKey,
  by: number,
  { nowMs, expiresAtMs, tags }: WriteTerms,
  keepsDeadline: boolean,
): number {
  const exists = values.find(key);
  const untilMs = exists && keepsDeadline ? values.engine.stamp().expiresAtMs : expiresAtMs;
  const kept = exists && tags === undefined ? foundTags(values) : tags;
  const old: unknown = exists ? values.decodeFound() : 0;
  const sum = typeof old === 'number' && typeof by === 'number' ? old + by : Number.NaN;
  if (!Number.isFinite(sum)) {
    throw new InvalidArgumentError(`increment needs numbers, got=${typeof old} by=${String(by)}`);
  }
  values.set(key, sum as V, untilMs, nowMs, undefined, kept);
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
  return { nowMs, expiresAtMs, tags };
}
