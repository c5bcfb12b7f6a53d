import {
  assertKnownOptions,
  assertList,
  type CacheKey,
  type SetOptions as CacheSetOptions,
  type WriteOptions as CacheWriteOptions,
  type Duration,
  durationMs,
  HoldfastError,
  type Loader,
} from '@holdfast/core';
import type { CacheOperation, CacheOperationResult, EncodedEntry } from '@holdfast/core/backend';
import { entryOptions, ttlMs } from '@holdfast/core/client';
import { optionalSignal } from '../optional-arguments.ts';
import type { ClientSystem } from '../system.ts';
import type { CallLimits } from './pending-operation.ts';
import type { Pipeline } from './pipeline.ts';
import type { GetOrSetOptions, RemoteLoader } from './remote-loader.ts';
import { decodeValue, encodeValue } from './value-codec.ts';
import {
  encodeKey,
  optionalDurability,
  optionalFence,
  optionalTags,
  setDeadline,
  textTags,
} from './write-arguments.ts';

/** What every call takes. */
export interface CallOptions {
  /**
   * How long the call may take before it fails with `UNAVAILABLE`. Default: the client's `timeout`.
   */
  readonly timeout?: Duration | undefined;
  /**
   * Aborting rejects the call with the signal's reason at once; a write on its way may still
   * happen.
   */
  readonly signal?: AbortSignal | undefined;
}

/** As for the embedded cache; what is left out is the server's choice. */
export interface WriteOptions extends CacheWriteOptions, CallOptions {}

/**
 * As for the embedded cache, counted from the server's receipt; what is left out is the server's
 * choice.
 */
export interface SetOptions extends CacheSetOptions, CallOptions {}

export interface TouchOptions extends CallOptions, Pick<CacheWriteOptions, 'fence'> {
  /** The new deadline, counted from the server's receipt; `Infinity` = never. */
  readonly ttl: Duration;
}

/** A live value with its facts. */
export interface RemoteEntry<V> {
  readonly value: V;
  /** Changes with every write of the key, and grows over time. */
  readonly version: bigint;
  /** Unix milliseconds, by the server's clock. */
  readonly createdAt: number;
  /** Unix milliseconds, by the server's clock; `Infinity` when it never expires. */
  readonly expiresAt: number;
  /** Bytes of the encoded value. */
  readonly bytes: number;
}

const CALL_OPTIONS: ReadonlySet<string> = new Set(['timeout', 'signal']);
const TOUCH_OPTIONS: ReadonlySet<string> = new Set([...CALL_OPTIONS, 'fence', 'ttl']);
const WRITE_OPTIONS: ReadonlySet<string> = new Set([...CALL_OPTIONS, 'fence', 'durability']);
const SET_OPTIONS: ReadonlySet<string> = new Set([...WRITE_OPTIONS, 'ttl', 'expiresAt', 'tags']);

/**
 * The cache of a server: the methods of the embedded cache, each answering later. Calls made
 * together travel together.
 *
 * Every method rejects with the server's `HoldfastError`; with `UNAVAILABLE` when the server cannot
 * be reached in time, or when the connection broke while a write was under way (it may or may not
 * have happened; reads are repeated); with `CLOSED` after the client was closed; with
 * `INVALID_ARGUMENT` for a bad key, value or option.
 */
export class RemoteCache<V = unknown> {
  readonly #pipeline: Pipeline;
  readonly #system: ClientSystem;
  readonly #timeoutMs: number;
  readonly #loader: RemoteLoader;

  /** @internal */
  constructor(pipeline: Pipeline, system: ClientSystem, timeoutMs: number, loader: RemoteLoader) {
    this.#loader = loader;
    this.#pipeline = pipeline;
    this.#system = system;
    this.#timeoutMs = timeoutMs;
  }

  /** The value, or `undefined` when there is none. Each call gives a copy of its own. */
  async get<T extends V = V>(key: CacheKey, options: CallOptions = {}): Promise<T | undefined> {
    const entry = await this.#entry(key, options);
    return entry === undefined ? undefined : (decodeValue(entry) as T);
  }

  /** The value with its version and times, or `undefined` when there is none. */
  async getEntry<T extends V = V>(
    key: CacheKey,
    options: CallOptions = {},
  ): Promise<RemoteEntry<T> | undefined> {
    const entry = await this.#entry(key, options);
    if (entry === undefined) return undefined;
    return {
      value: decodeValue(entry) as T,
      version: entry.version,
      createdAt: entry.createdAtMs,
      expiresAt: entry.expiresAtMs,
      bytes: entry.data.length,
    };
  }

  /** Whether there is a live value. */
  async has(key: CacheKey, options: CallOptions = {}): Promise<boolean> {
    return (await this.#entry(key, options)) !== undefined;
  }

  /**
   * Milliseconds left, `Infinity` when the value never expires, `undefined` when there is none. The
   * server's deadline on this machine's wall clock: exact where both run on one machine.
   */
  async ttl(key: CacheKey, options: CallOptions = {}): Promise<number | undefined> {
    const entry = await this.#entry(key, options);
    if (entry === undefined) return undefined;
    return Math.max(0, entry.expiresAtMs - this.#system.clock.wallMs());
  }

  /** Stores a value; resolves once it is as durable as asked. */
  async set(key: CacheKey, value: V, options: SetOptions = {}): Promise<void> {
    await this.#set(key, value, options, false);
  }

  /** Stores a value if the key has none; resolves to whether it did. */
  async setIfAbsent(key: CacheKey, value: V, options: SetOptions = {}): Promise<boolean> {
    return (await this.#set(key, value, options, true)).stored;
  }

  /** Removes a key; resolves to whether it had a live value. */
  async delete(key: CacheKey, options: WriteOptions = {}): Promise<boolean> {
    assertKnownOptions(options, WRITE_OPTIONS, 'delete');
    const durability = optionalDurability(options.durability);
    const fence = optionalFence(options.fence);
    const operation = { kind: 'delete', key: encodeKey(key), durability, fence } as const;
    return (await this.#execute(operation, options)).existed;
  }

  /**
   * The value, or what `loader` makes of it, stored. One load per key at a time among all clients
   * of the server: others wait for the value, and if the one who loads it fails, gives up or dies,
   * the next in line loads it. A loader's error goes to those who wait in this process. A write
   * during the load wins: the loaded value is given, and not stored. What the server fails at is
   * told to `onError` and never fails this: while no server can be reached each process loads for
   * itself, at once, and stores nothing; one that is reached and does not answer is waited for, as
   * long as the client's `timeout`. A loader that gives `undefined` stores nothing, and all who
   * wait are given that. Who joins a load of this process is given its value, also where another
   * client has written since it began.
   *
   * Who waits for a loader longer than `timeout` is told so with `UNAVAILABLE`. Without a `timeout`
   * a load has its turn for 5 minutes: then the next client has it, and what is loaded after all is
   * given and not stored, of which `onError` hears (`UNAVAILABLE`).
   */
  getOrSet<T extends V = V>(
    key: CacheKey,
    loader: Loader<T>,
    options?: GetOrSetOptions,
  ): Promise<T>;
  getOrSet<T extends V = V>(
    key: CacheKey,
    loader: Loader<T | undefined>,
    options?: GetOrSetOptions,
  ): Promise<T | undefined>;
  async getOrSet<T extends V = V>(
    key: CacheKey,
    loader: Loader<T | undefined>,
    options: GetOrSetOptions = {},
  ): Promise<T | undefined> {
    return (await this.#loader.getOrSet(key, loader, options)) as T | undefined;
  }

  /** Gives a key a new deadline and keeps its value; resolves to whether there was one. */
  async touch(key: CacheKey, options: TouchOptions): Promise<boolean> {
    assertKnownOptions(options, TOUCH_OPTIONS, 'touch');
    const operation = {
      kind: 'touch',
      key: encodeKey(key),
      ttlMs: ttlMs(options.ttl, 'ttl'),
      fence: optionalFence(options.fence),
    } as const;
    return (await this.#execute(operation, options)).existed;
  }

  /** The values of many keys, in their order; `undefined` where there is none. */
  async getMany<T extends V = V>(
    keys: Iterable<CacheKey>,
    options: CallOptions = {},
  ): Promise<(T | undefined)[]> {
    assertList(keys, 'getMany');
    return settleAll(Array.from(keys, (key) => this.get<T>(key, options)));
  }

  /**
   * Stores many values, in order; `options` apply to those without their own, but its `fence` to
   * all that have no other. All are tried; rejects with the first error of those that failed.
   */
  async setMany(
    entries: Iterable<readonly [CacheKey, V, SetOptions?]>,
    options: SetOptions = {},
  ): Promise<void> {
    assertList(entries, 'setMany');
    // All are looked at before any is set, or the sets before a bad one would be nobody's.
    const all = Array.from(entries);
    for (const entry of all) assertList(entry, 'an entry of setMany');
    await settleAll(
      all.map(([key, value, own]) => this.set(key, value, entryOptions(own, options))),
    );
  }

  /** Removes many keys; resolves to how many had a live value. */
  async deleteMany(keys: Iterable<CacheKey>, options: WriteOptions = {}): Promise<number> {
    assertList(keys, 'deleteMany');
    const existed = await settleAll(Array.from(keys, (key) => this.delete(key, options)));
    return existed.filter((wasThere) => wasThere).length;
  }

  /**
   * Makes every value with one of the tags go, at once and for good; it wins over the loads of such
   * values. At most 1,000 tags.
   */
  async invalidateTags(tags: Iterable<string>, options: WriteOptions = {}): Promise<void> {
    assertKnownOptions(options, WRITE_OPTIONS, 'invalidateTags');
    const durability = optionalDurability(options.durability);
    const fence = optionalFence(options.fence);
    const operation = { kind: 'invalidate', tags: textTags(tags), durability, fence } as const;
    await this.#execute(operation, options);
  }

  async #entry(key: CacheKey, options: CallOptions): Promise<EncodedEntry | undefined> {
    assertKnownOptions(options, CALL_OPTIONS, 'get');
    return (await this.#execute({ kind: 'get', key: encodeKey(key) }, options)).entry;
  }

  #set(
    key: CacheKey,
    value: V,
    options: SetOptions,
    ifAbsent: boolean,
  ): Promise<Extract<CacheOperationResult, { kind: 'set' }>> {
    assertKnownOptions(options, SET_OPTIONS, 'set');
    const operation = {
      kind: 'set',
      key: encodeKey(key),
      value: encodeValue(value),
      ...setDeadline(options),
      durability: optionalDurability(options.durability),
      ifAbsent,
      fence: optionalFence(options.fence),
      tags: optionalTags(options.tags),
    } as const;
    return this.#execute(operation, options);
  }

  #execute<O extends CacheOperation>(
    operation: O,
    options: CallOptions,
  ): Promise<Extract<CacheOperationResult, { kind: O['kind'] }>> {
    const executing = this.#pipeline.execute(operation, this.#limits(options));
    if (operation.kind !== 'get' && operation.kind !== 'touch') {
      // Before whatever was asked later is answered.
      executing.then(
        (result) => this.#noteWrite(operation, isMade(result)),
        (error) => this.#noteWrite(operation, mayBeMade(error)),
      );
    }
    return executing as Promise<Extract<CacheOperationResult, { kind: O['kind'] }>>;
  }

  #noteWrite(operation: CacheOperation, hasHappened: boolean): void {
    if (!hasHappened) return;
    if (operation.kind === 'invalidate') this.#loader.supersedeTags(operation.tags);
    else this.#loader.supersede(operation.key);
  }

  #limits({ timeout, signal }: CallOptions): CallLimits {
    const timeoutMs = timeout === undefined ? this.#timeoutMs : durationMs(timeout, 'timeout');
    return {
      deadlineMs: this.#system.clock.monotonicMs() + timeoutMs,
      signal: optionalSignal(signal),
    };
  }
}

function isMade(result: CacheOperationResult): boolean {
  return result.kind !== 'set' || result.stored;
}

/** Whatever is not a refusal says nothing about whether it has happened. */
function mayBeMade(error: unknown): boolean {
  return !(error instanceof HoldfastError) || error.code === 'UNAVAILABLE';
}

/**
 * Waits for all, so that nothing is still under way when the caller goes on, then throws the first
 * error if any.
 */
async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
