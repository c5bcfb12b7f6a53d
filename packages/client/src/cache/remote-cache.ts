import type { Duration } from '@holdfast/core';
import { InvalidArgumentError } from '@holdfast/core';
import type {
  CacheOperation,
  CacheOperationResult,
  Durability,
  EncodedEntry,
} from '@holdfast/core/backend';
import { type CacheKey, durationMs, KeyEncoder } from '@holdfast/core/client';
import { checkKnownOptions, optionalMs, optionalSignal } from '../option-checks.ts';
import type { ClientSystem } from '../system.ts';
import type { CallLimits } from './pending-operation.ts';
import type { Pipeline } from './pipeline.ts';
import { decodeValue, encodeValue } from './value-codec.ts';

/** What every call takes. */
export interface CallOptions {
  /** How long the call may take before it fails with `UNAVAILABLE`. Default: the client's `timeout`. */
  readonly timeout?: Duration | undefined;
  /** Aborting rejects the call with the signal's reason at once; a write on its way may still happen. */
  readonly signal?: AbortSignal | undefined;
}

export interface DeleteOptions extends CallOptions {
  /** What the promise waits for. Default: the server's. */
  readonly durability?: Durability | undefined;
}

export interface SetOptions extends DeleteOptions {
  /** Time to live, counted from the server's receipt; `Infinity` for no deadline. Default: the server's. */
  readonly ttl?: Duration | undefined;
  /** The deadline in Unix milliseconds, by the server's clock; not together with `ttl`. */
  readonly expiresAt?: number | undefined;
}

export interface TouchOptions extends CallOptions {
  /** The new time to live, counted from the server's receipt; `Infinity` for no deadline. */
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

const CALL_OPTIONS = ['timeout', 'signal'] as const;
const TOUCH_OPTIONS = ['ttl', ...CALL_OPTIONS] as const;
const DELETE_OPTIONS = ['durability', ...CALL_OPTIONS] as const;
const SET_OPTIONS = ['ttl', 'expiresAt', ...DELETE_OPTIONS] as const;
const DURABILITIES: readonly unknown[] = ['buffered', 'written', 'synced'];

/** A key is copied out of it at once, so one serves all; the hash it also makes is not used. */
const keyEncoder = new KeyEncoder(0);

/**
 * The cache of a server: the methods of the embedded cache, each answering later. Calls made together travel together.
 *
 * Every method rejects with the server's `HoldfastError`; with `UNAVAILABLE` when the server cannot be reached in
 * time, or when the connection broke while a write was under way (it may or may not have happened; reads are repeated);
 * with `CLOSED` after the client was closed; with `INVALID_ARGUMENT` for a bad key, value or option.
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
   * Milliseconds left, `Infinity` when the value never expires, `undefined` when there is none. The server's deadline
   * on this machine's wall clock: exact where both run on one machine.
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
  async delete(key: CacheKey, options: DeleteOptions = {}): Promise<boolean> {
    checkKnownOptions(options, DELETE_OPTIONS);
    const durability = checkedDurability(options.durability);
    const operation = { kind: 'delete', key: encodeKey(key), durability } as const;
    return (await this.#execute(operation, options)).existed;
  }

  /** Gives a key a new deadline and keeps its value; resolves to whether there was one. */
  async touch(key: CacheKey, options: TouchOptions): Promise<boolean> {
    checkKnownOptions(options, TOUCH_OPTIONS);
    const ttlMs = durationMs(options.ttl, 'ttl');
    const operation = { kind: 'touch', key: encodeKey(key), ttlMs } as const;
    return (await this.#execute(operation, options)).existed;
  }

  /** The values of many keys, in their order; `undefined` where there is none. */
  async getMany<T extends V = V>(
    keys: Iterable<CacheKey>,
    options: CallOptions = {},
  ): Promise<(T | undefined)[]> {
    return settleAll(Array.from(keys, (key) => this.get<T>(key, options)));
  }

  /** Stores many values. All are tried; rejects with the first error of those that failed. */
  async setMany(
    entries: Iterable<readonly [CacheKey, V]>,
    options: SetOptions = {},
  ): Promise<void> {
    await settleAll(Array.from(entries, ([key, value]) => this.set(key, value, options)));
  }

  /** Removes many keys; resolves to how many had a live value. */
  async deleteMany(keys: Iterable<CacheKey>, options: DeleteOptions = {}): Promise<number> {
    const existed = await settleAll(Array.from(keys, (key) => this.delete(key, options)));
    return existed.filter((wasThere) => wasThere).length;
  }

  async #entry(key: CacheKey, options: CallOptions): Promise<EncodedEntry | undefined> {
    checkKnownOptions(options, CALL_OPTIONS);
    return (await this.#execute({ kind: 'get', key: encodeKey(key) }, options)).entry;
  }

  #set(
    key: CacheKey,
    value: V,
    options: SetOptions,
    ifAbsent: boolean,
  ): Promise<Extract<CacheOperationResult, { kind: 'set' }>> {
    checkKnownOptions(options, SET_OPTIONS);
    if (options.ttl !== undefined && options.expiresAt !== undefined) {
      throw new InvalidArgumentError('ttl and expiresAt must not be given together');
    }
    const operation = {
      kind: 'set',
      key: encodeKey(key),
      value: encodeValue(value),
      ttlMs: optionalMs(options.ttl, 'ttl'),
      expiresAtMs: checkedExpiresAt(options.expiresAt),
      durability: checkedDurability(options.durability),
      ifAbsent,
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

function checkedExpiresAt(expiresAt: number | undefined): number | undefined {
  if (expiresAt === undefined) return undefined;
  if (typeof expiresAt !== 'number' || !(expiresAt >= 0)) {
    throw new InvalidArgumentError(
      `expiresAt must be Unix milliseconds or Infinity, got=${String(expiresAt)}`,
    );
  }
  return expiresAt === Number.POSITIVE_INFINITY ? expiresAt : Math.ceil(expiresAt);
}

function checkedDurability(durability: Durability | undefined): Durability | undefined {
  if (durability !== undefined && !DURABILITIES.includes(durability)) {
    throw new InvalidArgumentError(
      `durability must be one of ${DURABILITIES.join(' ')}, got=${String(durability)}`,
    );
  }
  return durability;
}

/** Waits for all, so that nothing is still under way when the caller goes on, then throws the first error if any. */
async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
