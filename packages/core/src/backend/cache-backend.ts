/**
 * The seam between a server and what stores for it: the cache as the sidecar needs it. Values stay
 * encoded, because a server passes them on and never looks inside. The embedded engine is the first
 * implementation; one on Valkey is to be the second, judged by the same conformance suite.
 */

import type { HoldfastError } from '../errors.ts';

/** How a value's bytes are to be understood. Only clients do. */
export type ValueEncoding = 'bytes' | 'text' | 'json' | 'msgpack';

export interface EncodedValue {
  readonly encoding: ValueEncoding;
  readonly data: Uint8Array;
}

export interface EncodedEntry extends EncodedValue {
  readonly version: bigint;
  readonly createdAtMs: number;
  /** Unix milliseconds; `Infinity` when it never expires. */
  readonly expiresAtMs: number;
}

/**
 * The lease a write is made under: a `Lease` itself, or the name and the token of one that somebody
 * else holds.
 */
export interface Fence {
  /**
   * The lock: its name, or for a lease of `cache.lock` the key as text. One of a key that is no
   * UTF-8 is refused: its name is not that of the lock.
   */
  readonly name: string;
  /** `Lease.token`. */
  readonly token: bigint;
}

export type Durability = 'buffered' | 'written' | 'synced';

/**
 * Keys are bytes; a text key is its UTF-8. TTLs are milliseconds, `Infinity` for none; absent = the
 * store's default. With a `fence` a write is made only while that lease is held, and fails with
 * `STALE_FENCING_TOKEN` otherwise.
 */
export type CacheOperation =
  | {
      readonly kind: 'get';
      readonly key: Uint8Array;
      /** Also a value whose deadline was reached less than this ago, if it is kept. 0 or more. */
      readonly staleMs?: number | undefined;
    }
  | {
      readonly kind: 'set';
      readonly key: Uint8Array;
      readonly value: EncodedValue;
      readonly ttlMs?: number | undefined;
      readonly expiresAtMs?: number | undefined;
      readonly durability?: Durability | undefined;
      /** Store only if the key has no live value. */
      readonly ifAbsent?: boolean | undefined;
      readonly fence?: Fence | undefined;
      /**
       * Store only as the outcome of the load that `getOrLease` gave this token for, if that is not
       * over; those who wait for it are given the value in any case.
       */
      readonly fillToken?: bigint | undefined;
      /** What the value goes with when one of them is invalidated; as those of `cache.set`. */
      readonly tags?: readonly string[] | undefined;
      /** How long it is kept past its deadline, for a `get` with `staleMs`. 0 or more. */
      readonly keepMs?: number | undefined;
    }
  | {
      readonly kind: 'delete';
      readonly key: Uint8Array;
      readonly durability?: Durability | undefined;
      readonly fence?: Fence | undefined;
      /**
       * Remove no live value: the load that `getOrLease` gave this token for has found none. Those
       * who wait for it are told so; nothing happens if it is over.
       */
      readonly fillToken?: bigint | undefined;
      /** With a `fillToken`: how long `getOrLease` tells that there is none. More than 0. */
      readonly negativeTtlMs?: number | undefined;
    }
  | {
      readonly kind: 'touch';
      readonly key: Uint8Array;
      readonly ttlMs: number;
      readonly fence?: Fence | undefined;
    }
  | {
      /** Makes every value with one of the tags go, as `cache.invalidateTags`. */
      readonly kind: 'invalidate';
      readonly tags: readonly string[];
      readonly durability?: Durability | undefined;
      readonly fence?: Fence | undefined;
    };

export type CacheOperationResult =
  | {
      readonly kind: 'get';
      readonly entry: EncodedEntry | undefined;
      /** The entry's deadline is reached: it is given for `staleMs`. */
      readonly isStale?: boolean;
    }
  /**
   * `stored` is false only for an `ifAbsent` that found a value, and for a `fillToken` that is over
   * or that a write has won over; `version` is that of the value there is, 0 for none.
   */
  | { readonly kind: 'set'; readonly stored: boolean; readonly version: bigint }
  | { readonly kind: 'delete'; readonly existed: boolean }
  | { readonly kind: 'touch'; readonly existed: boolean }
  | { readonly kind: 'invalidate' }
  | { readonly kind: 'error'; readonly error: Error };

/** Asks for a value that somebody will have to make if it is not there. */
export interface FillRequest {
  readonly key: Uint8Array;
  /** Milliseconds the caller has for it if it is the one: more than 0. */
  readonly ttlMs: number;
  /** Those the value will have: to invalidate one of them wins over the load. */
  readonly tags?: readonly string[] | undefined;
  /** Aborting leaves the line; the one who loads gives up by it. */
  readonly signal: AbortSignal;
  /** The caller is to make the value, and to set it with this token. */
  readonly onLease: (token: bigint) => void;
}

/** What one answer has room for. Used up by the gets that it is passed with, in their order. */
export interface ReadBudget {
  /** Bytes of values that still fit; below 0 from the first get on whose value does not. */
  bytesLeft: number;
  /** The answer of gets without room. */
  readonly exceeded: HoldfastError;
}

export interface CacheBackend {
  /**
   * Why nothing can be written now, if so: `READ_ONLY` for good, `NO_SPACE` until there is room.
   */
  readonly refusal: HoldfastError | undefined;
  /**
   * Executes the operations in order, each atomically, and resolves once all have reached their
   * durability.
   * Never rejects: an operation that failed answers with `kind: 'error'` and its `HoldfastError`
   * (which may be an `InvalidArgumentError`). Without a budget gets read whatever they find.
   */
  execute(
    operations: readonly CacheOperation[],
    budget?: ReadBudget,
  ): Promise<CacheOperationResult[]>;
  /**
   * The value; or of all who miss it one is told to make it (`onLease`), and the others wait for
   * what that one sets. If it gives up, or its time is over, the next in line is told. Resolves to
   * the value, `version` 0 if it was not stored: a write during the load wins, and so does a full
   * disk. Resolves to `undefined` if the one has found that there is none. Rejects with the
   * signal's reason, with `UNAVAILABLE` for the one whose time is over, and with `CLOSED` where
   * that is seen.
   */
  getOrLease(request: FillRequest): Promise<EncodedEntry | undefined>;
}
