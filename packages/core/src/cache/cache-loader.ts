import type { CacheKey } from '../engine/key-encoder.ts';
import { markTags } from '../engine/stale-mark.ts';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import { durationMs } from '../expiry/duration.ts';
import { NEVER } from '../expiry/expiry.ts';
import { ownFence } from '../locks/fence.ts';
import { keyLockName } from '../locks/key-name.ts';
import type { Random } from '../ports/random.ts';
import { type CacheSettings, durabilityOption, intervalOption } from './cache-options.ts';
import { type CachedValues, ownKey } from './cached-values.ts';
import type { CallGuard } from './call-guard.ts';
import { assertKnownOptions, assertSignal } from './check-options.ts';
import { expiryTime, ttlMs, writeDeadline } from './deadline.ts';
import type { GetOrSetOptions, Loader } from './entry.ts';
import { assertJitter, jitteredDeadline } from './jitter.ts';
import type { Loads, StartLoad } from './loads.ts';
import { ownTags } from './tags.ts';

/** What `getOrSet` takes, embedded and of a client. */
export const LOAD_OPTIONS: ReadonlySet<string> = new Set<keyof GetOrSetOptions>([
  'ttl',
  'expiresAt',
  'durability',
  'signal',
  'timeout',
  'jitter',
  'negativeTtl',
  'staleWhileRevalidate',
  'staleIfError',
  'tags',
  'fence',
]);

/** The options of one call, checked: whatever the caller does with its objects, these count. */
interface LoadTerms
  extends Pick<GetOrSetOptions, 'ttl' | 'durability' | 'jitter' | 'negativeTtl' | 'fence'> {
  readonly expiresAt: number | undefined;
  readonly tags: readonly string[];
  readonly tagIds: readonly number[];
  readonly timeoutMs: number | undefined;
  /** How old, past its deadline, a value may be: at once, and instead of a failure. */
  readonly revalidateMs: number;
  readonly errorMs: number;
}

/** A key that is asked for, and how it is asked for. */
interface Asked<V> {
  readonly key: CacheKey;
  readonly name: string;
  readonly loader: Loader<V | undefined>;
  readonly terms: LoadTerms;
}

/** What `getOrSet` does: a value of the cache, or one load for all who ask. */
export class CacheLoader<V> {
  readonly #values: CachedValues<V>;
  readonly #loads: Loads;
  readonly #random: Random;
  readonly #settings: CacheSettings;
  readonly #guard: CallGuard;

  constructor(parts: {
    values: CachedValues<V>;
    loads: Loads;
    random: Random;
    settings: CacheSettings;
    guard: CallGuard;
  }) {
    this.#values = parts.values;
    this.#loads = parts.loads;
    this.#random = parts.random;
    this.#settings = parts.settings;
    this.#guard = parts.guard;
  }

  async getOrSet(
    key: CacheKey,
    loader: Loader<V | undefined>,
    options: GetOrSetOptions,
  ): Promise<V | undefined> {
    assertKnownOptions(options, LOAD_OPTIONS, 'getOrSet');
    if (typeof loader !== 'function') throw new InvalidArgumentError('loader must be a function');
    const terms = this.#checkedTerms(options);
    const { signal } = options;
    signal?.throwIfAborted();
    const own = ownKey(key);
    const cached = this.#orReport(() => this.#values.get(own));
    if (cached !== undefined) return cached;
    const name = keyLockName(own, this.#values.namespace.space);
    if (this.#loads.absences.has(name, this.#nowMs())) return undefined;
    const asked = { key: own, name, loader, terms };
    const { revalidateMs, errorMs } = terms;
    const stale = revalidateMs === 0 ? undefined : this.#kept(own, revalidateMs);
    if (stale !== undefined) {
      this.#refresh(asked);
      return stale;
    }
    return errorMs === 0 ? this.#load(asked, signal) : this.#loadOrKept(asked, signal);
  }

  /** Every option is looked at before anything is loaded. */
  #checkedTerms(options: GetOrSetOptions): LoadTerms {
    const { ttl, expiresAt, durability, timeout, jitter, negativeTtl, fence } = options;
    writeDeadline(options, this.#nowMs(), this.#settings.defaultTtlMs);
    if (durability !== undefined) durabilityOption(durability);
    if (jitter !== undefined) assertJitter(jitter);
    if (negativeTtl !== undefined) ttlMs(negativeTtl, 'negativeTtl');
    assertSignal(options.signal);
    const tags = options.tags === undefined ? [] : ownTags(options.tags);
    const { namespace } = this.#values;
    namespace.tagBytes(tags);
    return {
      ttl,
      expiresAt: expiresAt === undefined ? undefined : expiryTime(expiresAt),
      durability,
      jitter,
      negativeTtl,
      fence: fence === undefined ? undefined : ownFence(fence),
      tags,
      tagIds: [...namespace.ids, ...namespace.tagIds(tags)],
      timeoutMs: timeout === undefined ? undefined : intervalOption(timeout, 1, 'timeout'),
      revalidateMs: durationMs(options.staleWhileRevalidate ?? 0, 'staleWhileRevalidate'),
      errorMs: durationMs(options.staleIfError ?? 0, 'staleIfError'),
    };
  }

  /** Joins the load under way, or starts one. */
  #load(
    { key, name, loader, terms }: Asked<V>,
    signal: AbortSignal | undefined,
  ): Promise<V | undefined> {
    const { timeoutMs, tagIds: tags } = terms;
    // The caller's loader gets what is documented, and nothing else.
    const start: StartLoad<V | undefined> = (load) => {
      this.#values.counters.loads++;
      return loader({ key: load.key, signal: load.signal });
    };
    return this.#loads.run(name, key, start, { signal, timeoutMs, tags }, (value) => {
      if (!this.#guard.isOpen) return;
      if (value === undefined) this.#noteAbsence(key, name, terms);
      else this.#store(key, value, terms);
    });
  }

  /** Nobody waits for it; whoever asks meanwhile may join. */
  #refresh(asked: Asked<V>): void {
    if (this.#loads.has(asked.name)) return;
    this.#load(asked, undefined).catch((error: unknown) => this.#reportLoader(error));
  }

  async #loadOrKept(asked: Asked<V>, signal: AbortSignal | undefined): Promise<V | undefined> {
    const isFirst = !this.#loads.has(asked.name);
    try {
      return await this.#load(asked, signal);
    } catch (error) {
      if (signal?.aborted || !this.#guard.isOpen) throw error;
      // Asked only now: what was deleted or invalidated during the load is not given.
      const kept = this.#kept(asked.key, asked.terms.errorMs);
      if (kept === undefined) throw error;
      if (isFirst) this.#reportLoader(error);
      return kept;
    }
  }

  #kept(key: CacheKey, staleMs: number): V | undefined {
    return this.#orReport(() => this.#values.getKept(key, staleMs));
  }

  #store(key: CacheKey, value: V, terms: LoadTerms): void {
    const values = this.#values;
    this.#write(terms, () => {
      const nowMs = this.#nowMs();
      const latestMs = writeDeadline(terms, nowMs, this.#settings.defaultTtlMs);
      const { jitter, revalidateMs, errorMs } = terms;
      const deadlineMs =
        jitter === undefined ? latestMs : jitteredDeadline(latestMs, nowMs, jitter, this.#random);
      const keptMs = deadlineMs === NEVER ? 0 : Math.max(revalidateMs, errorMs);
      const tags = values.namespace.tagBytes(terms.tags);
      const marked = keptMs === 0 ? tags : markTags(tags, deadlineMs);
      values.set(key, value, deadlineMs + keptMs, nowMs, values.fenced(terms.fence), marked);
    });
  }

  /** There is nothing: an older value is not what a later call should be given. */
  #noteAbsence(key: CacheKey, name: string, terms: LoadTerms): void {
    const { negativeTtl } = terms;
    const values = this.#values;
    if (values.findStale(key)) this.#write(terms, () => values.removeStale(key, terms.fence));
    if (negativeTtl === undefined) return;
    this.#loads.absences.note(name, this.#nowMs() + ttlMs(negativeTtl, 'negativeTtl'));
  }

  #write({ durability }: LoadTerms, operation: () => void): void {
    const writing = this.#guard.run(() => {
      const reached = this.#guard.prepareWrite({ durability });
      operation();
      return this.#values.engine.settle(reached);
    });
    writing.catch((error: unknown) => {
      // The cache's own errors have reached onError; what a getter of the value threw has not.
      if (!(error instanceof HoldfastError)) this.#report(HoldfastError.from(error));
    });
  }

  #nowMs(): number {
    return this.#values.engine.clock.nowMs();
  }

  /** An error of the cache is a miss, and reported; a wrong call is an error. */
  #orReport(read: () => V | undefined): V | undefined {
    try {
      return read();
    } catch (error) {
      const known = HoldfastError.from(error);
      if (known.code === 'INVALID_ARGUMENT' || known.code === 'TOO_LARGE') throw known;
      this.#report(known);
      return undefined;
    }
  }

  /** Nobody was told: an old value was given instead. */
  #reportLoader(cause: unknown): void {
    if (!this.#guard.isOpen) return;
    this.#report(new HoldfastError('UNAVAILABLE', 'a value was not refreshed', { cause }));
  }

  #report(error: HoldfastError): void {
    this.#settings.engine.onError(error);
  }
}
