import type { CacheKey } from '../engine/key-encoder.ts';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import type { Random } from '../ports/random.ts';
import { durabilityOption, intervalOption } from './cache-options.ts';
import { type CachedValues, ownKey } from './cached-values.ts';
import { assertKnownOptions, assertSignal } from './check-options.ts';
import { expiryTime, ttlMs, writeDeadline } from './deadline.ts';
import type { GetOrSetOptions, Loader, SetOptions } from './entry.ts';
import { assertJitter, type Jitter, jitteredDeadline } from './jitter.ts';
import type { Loads } from './loads.ts';
import { ownTags, tagBytes, tagIds } from './tags.ts';

const LOAD_OPTIONS: ReadonlySet<string> = new Set<keyof GetOrSetOptions>([
  'ttl',
  'expiresAt',
  'durability',
  'signal',
  'timeout',
  'jitter',
  'negativeTtl',
  'tags',
]);

/** What `getOrSet` does: a value of the cache, or one load for all who ask. */
export class CacheLoader<V> {
  readonly #values: CachedValues<V>;
  readonly #loads: Loads;
  readonly #random: Random;
  readonly #defaultTtlMs: number;
  readonly #onError: (error: HoldfastError) => void;
  readonly #isOpen: () => boolean;
  readonly #set: (key: CacheKey, value: V, options: SetOptions) => Promise<void>;

  constructor(options: {
    values: CachedValues<V>;
    loads: Loads;
    random: Random;
    defaultTtlMs: number;
    onError: (error: HoldfastError) => void;
    isOpen: () => boolean;
    /** Stores a value; its failures have reached `onError` if they are of the cache's making. */
    set: (key: CacheKey, value: V, options: SetOptions) => Promise<void>;
  }) {
    this.#values = options.values;
    this.#loads = options.loads;
    this.#random = options.random;
    this.#defaultTtlMs = options.defaultTtlMs;
    this.#onError = options.onError;
    this.#isOpen = options.isOpen;
    this.#set = options.set;
  }

  async getOrSet(
    key: CacheKey,
    loader: Loader<V | undefined>,
    options: GetOrSetOptions,
  ): Promise<V | undefined> {
    assertKnownOptions(options, LOAD_OPTIONS, 'getOrSet');
    if (typeof loader !== 'function') throw new InvalidArgumentError('loader must be a function');
    const timeoutMs = this.#checkedTimeout(options);
    const { signal } = options;
    const tags = options.tags === undefined ? [] : ownTags(options.tags);
    tagBytes(tags);
    signal?.throwIfAborted();
    const own = ownKey(key);
    const cached = this.#getOrReport(own);
    if (cached !== undefined) return cached;
    if (this.#loads.absences.has(own, this.#nowMs())) return undefined;
    // Whatever the caller does with its objects meanwhile, what was checked is what counts.
    const { expiresAt } = options;
    const checked = {
      ...options,
      tags,
      expiresAt: expiresAt === undefined ? undefined : expiryTime(expiresAt),
    };
    return this.#loads.run(own, loader, { signal, timeoutMs, tags: tagIds(tags) }, (value) => {
      if (!this.#isOpen()) return;
      if (value === undefined) this.#noteAbsence(own, checked);
      else this.#store(own, value, checked);
    });
  }

  /** Every option is looked at before anything is loaded. */
  #checkedTimeout(options: GetOrSetOptions): number | undefined {
    const { durability, timeout, jitter, negativeTtl } = options;
    writeDeadline(options, this.#nowMs(), this.#defaultTtlMs);
    if (durability !== undefined) durabilityOption(durability);
    if (jitter !== undefined) assertJitter(jitter);
    if (negativeTtl !== undefined) ttlMs(negativeTtl, 'negativeTtl');
    assertSignal(options.signal);
    return timeout === undefined ? undefined : intervalOption(timeout, 1, 'timeout');
  }

  #store(key: CacheKey, value: V, options: GetOrSetOptions): void {
    const { durability, ttl, expiresAt, jitter, tags } = options;
    const lifetime = jitter === undefined ? { ttl, expiresAt } : this.#jittered(options, jitter);
    this.#set(key, value, { durability, tags, ...lifetime }).catch((error: unknown) => {
      // The cache's own errors have reached onError; what a getter of the value threw has not.
      if (!(error instanceof HoldfastError)) this.#onError(HoldfastError.from(error));
    });
  }

  #jittered(options: GetOrSetOptions, jitter: Jitter): SetOptions {
    const nowMs = this.#nowMs();
    const latestMs = writeDeadline(options, nowMs, this.#defaultTtlMs);
    return { expiresAt: jitteredDeadline(latestMs, nowMs, jitter, this.#random) };
  }

  #noteAbsence(key: CacheKey, { negativeTtl }: GetOrSetOptions): void {
    if (negativeTtl === undefined) return;
    this.#loads.absences.note(key, this.#nowMs() + ttlMs(negativeTtl, 'negativeTtl'));
  }

  #nowMs(): number {
    return this.#values.engine.clock.nowMs();
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
