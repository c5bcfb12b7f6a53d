import type { CacheKey } from '../engine/key-encoder.ts';
import { InvalidArgumentError } from '../errors.ts';
import type { CachedValues } from './cached-values.ts';
import type { CompareAndSetResult } from './entry.ts';

/** When a write is made, and until when it is to last. */
export interface WriteTimes {
  readonly nowMs: number;
  readonly expiresAtMs: number;
}

/** Sets only if the key has no value; tells whether it did. */
export function setIfAbsent<V>(
  values: CachedValues<V>,
  key: CacheKey,
  value: V,
  { nowMs, expiresAtMs }: WriteTimes,
): boolean {
  const isAbsent = (): boolean => !values.engine.find();
  return values.set(key, value, expiresAtMs, nowMs, isAbsent) !== undefined;
}

/** Sets only if the key's version is `expected`, `undefined` for no value. */
export function compareAndSet<V>(
  values: CachedValues<V>,
  key: CacheKey,
  value: V,
  expected: bigint | undefined,
  { nowMs, expiresAtMs }: WriteTimes,
): CompareAndSetResult {
  const { engine } = values;
  let version: bigint | undefined;
  const sequence = values.set(key, value, expiresAtMs, nowMs, () => {
    version = engine.find() ? BigInt(engine.stamp().sequence) : undefined;
    return version === expected;
  });
  return sequence === undefined
    ? { stored: false, version }
    : { stored: true, version: BigInt(sequence) };
}

/** Adds to a number, 0 if there is none; with `keepsDeadline` that of the old value stays. */
export function increment<V>(
  values: CachedValues<V>,
  key: CacheKey,
  by: number,
  { nowMs, expiresAtMs }: WriteTimes,
  keepsDeadline: boolean,
): number {
  const exists = values.find(key);
  const untilMs = exists && keepsDeadline ? values.engine.stamp().expiresAtMs : expiresAtMs;
  const old: unknown = exists ? values.decodeFound() : 0;
  const sum = typeof old === 'number' && typeof by === 'number' ? old + by : Number.NaN;
  if (!Number.isFinite(sum)) {
    throw new InvalidArgumentError(`increment needs numbers, got=${typeof old} by=${String(by)}`);
  }
  values.set(key, sum as V, untilMs, nowMs);
  return sum;
}
