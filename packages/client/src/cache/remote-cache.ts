import {
  assertKnownOptions,
  assertList,
  type CacheKey,
  type SetOptions as CacheSetOptions,
  type WriteOptions as CacheWriteOptions,
  type Duration,
  durationMs,
  InvalidArgumentError,
} from '@holdfast/core';
import type {
  CacheOperation,
  CacheOperationResult,
  EncodedEntry,
  Fence,
} from '@holdfast/core/backend';
import {
  assertLockName,
  durabilityOption,
  entryOptions,
  KeyEncoder,
  ownFence,
  ttlMs,
} from '@holdfast/core/client';
import { optionalSignal } from '../optional-arguments.ts';
import type { ClientSystem } from '../system.ts';
import type { CallLimits } from './pending-operation.ts';
import type { Pipeline } from './pipeline.ts';
import { decodeValue, encodeValue } from './value-codec.ts';

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
const SET_OPTIONS: ReadonlySet<string> = new Set([...WRITE_OPTIONS, 'ttl', 'expiresAt']);

/** A key is copied out of it at once, so one serves all; the hash it also makes is not used. */
const keyEncoder = new KeyEncoder(0);

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

  /** @internal */
  constructor(pipeline: Pipeline, system: ClientSystem, timeoutMs: number) {
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
    if (options.ttl !== undefined && options.expiresAt !== undefined) {
      throw new InvalidArgumentError('ttl and expiresAt exclude each other');
    }
    const operation = {
      kind: 'set',
      key: encodeKey(key),
      value: encodeValue(value),
      ttlMs: options.ttl === undefined ? undefined : ttlMs(options.ttl, 'ttl'),
      expiresAtMs: checkedExpiresAt(options.expiresAt),
      durability: optionalDurability(options.durability),
      ifAbsent,
      fence: optionalFence(options.fence),
    } as const;
    return this.#execute(operation, options);
  }

  #execute<O extends CacheOperation>(
    operation: O,
    options: CallOptions,
  ): Promise<Extract<CacheOperationResult, { kind: O['kind'] }>> {
    return this.#pipeline.execute(operation, this.#limits(options)) as Promise<
      Extract<CacheOperationResult, { kind: O['kind'] }>
    >;
  }

  #limits({ timeout, signal }: CallOptions): CallLimits {
    const timeoutMs = timeout === undefined ? this.#timeoutMs : durationMs(timeout, 'timeout');
    return {
      deadlineMs: this.#system.clock.monotonicMs() + timeoutMs,
      signal: optionalSignal(signal),
    };
  }
}

function encodeKey(key: CacheKey): Uint8Array {
  keyEncoder.encode(key);
  return keyEncoder.bytes.slice(0, keyEncoder.length);
}

function checkedExpiresAt(expiresAt: SetOptions['expiresAt']): number | undefined {
  if (expiresAt === undefined) return undefined;
  const ms = typeof expiresAt === 'number' ? expiresAt : expiresAt?.getTime?.();
  if (typeof ms !== 'number' || !(ms >= 0) || (ms > 1e15 && ms !== Number.POSITIVE_INFINITY)) {
    throw new InvalidArgumentError('expiresAt must be Unix milliseconds, 0 or more, or a Date');
  }
  return Math.ceil(ms);
}

function optionalDurability(durability: WriteOptions['durability']): WriteOptions['durability'] {
  return durability === undefined ? undefined : durabilityOption(durability);
}

function optionalFence(fence: Fence | undefined): Fence | undefined {
  if (fence === undefined) return undefined;
  const own = ownFence(fence);
  assertLockName(own.name);
  return own;
}

/**
 * Waits for all, so that nothing is still under way when the caller goes on, then throws the first
 * error if any.
 */
async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
