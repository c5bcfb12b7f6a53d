import type { CacheKey } from '../engine/key-encoder.ts';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import { durabilityOption } from './cache-options.ts';
import type { CachedValues } from './cached-values.ts';
import { assertKnownOptions, assertSignal } from './check-options.ts';
import { writeDeadline } from './deadline.ts';
import type { GetOrSetOptions, Loader, SetOptions } from './entry.ts';
import type { Loads } from './loads.ts';

const LOAD_OPTIONS: ReadonlySet<string> = new Set<keyof GetOrSetOptions>([
  'ttl',
  'expiresAt',
  'durability',
  'signal',
]);

/** What `getOrSet` does: a value of the cache, or one load for all who ask. */
export class CacheLoader<V> {
  readonly #values: CachedValues<V>;
  readonly #loads: Loads;
  readonly #defaultTtlMs: number;
  readonly #onError: (error: HoldfastError) => void;
  readonly #isOpen: () => boolean;
  readonly #set: (key: CacheKey, value: V, options: SetOptions) => Promise<void>;

  constructor(options: {
    values: CachedValues<V>;
    loads: Loads;
    defaultTtlMs: number;
    onError: (error: HoldfastError) => void;
    isOpen: () => boolean;
    /** Stores a value; its failures have reached `onError` if they are of the cache's making. */
    set: (key: CacheKey, value: V, options: SetOptions) => Promise<void>;
  }) {
    this.#values = options.values;
    this.#loads = options.loads;
    this.#defaultTtlMs = options.defaultTtlMs;
    this.#onError = options.onError;
    this.#isOpen = options.isOpen;
    this.#set = options.set;
  }

  async getOrSet(key: CacheKey, loader: Loader<V>, options: GetOrSetOptions): Promise<V> {
    assertKnownOptions(options, LOAD_OPTIONS, 'getOrSet');
    if (typeof loader !== 'function') throw new InvalidArgumentError('loader must be a function');
    const { signal, ...setOptions } = options;
    const nowMs = this.#values.engine.clock.nowMs();
    writeDeadline(setOptions, nowMs, this.#defaultTtlMs);
    if (setOptions.durability !== undefined) durabilityOption(setOptions.durability);
    assertSignal(signal);
    signal?.throwIfAborted();
    const own = ownKey(key);
    const cached = this.#getOrReport(own);
    if (cached !== undefined) return cached;
    return this.#loads.run(own, loader, signal, (value) => {
      if (value === undefined || !this.#isOpen()) return;
      this.#set(own, value, setOptions).catch((error: unknown) => {
        // The cache's own errors have reached onError; what a getter of the value threw has not.
        if (!(error instanceof HoldfastError)) this.#onError(HoldfastError.from(error));
      });
    });
  }

  /** An error of the cache is a miss, and reported; a wrong call is an error. */
  #getOrReport(key: CacheKey): V | undefined {
    try {
      return this.#values.get(key);
    } catch (error) {
      const known = HoldfastError.from(error);
      if (known.code === 'INVALID_ARGUMENT' || known.code === 'TOO_LARGE') throw known;
      this.#onError(known);
      return undefined;
    }
  }
}

/** A caller may use its buffer again while something is awaited. */
export function ownKey(key: CacheKey): CacheKey {
  return key instanceof Uint8Array ? new Uint8Array(key) : key;
}
