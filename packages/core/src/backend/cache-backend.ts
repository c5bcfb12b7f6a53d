/**
 * The seam between a server and what stores for it: the cache as the sidecar needs it. Values stay
 * encoded, because a server passes them on and never looks inside. The embedded engine is the first
 * implementation; one on Valkey is to be the second, judged by the same conformance suite.
 */

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
  /** The lock: its name, or for a lease of `cache.lock` the key as text. */
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
  | { readonly kind: 'get'; readonly key: Uint8Array }
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
    }
  | {
      readonly kind: 'delete';
      readonly key: Uint8Array;
      readonly durability?: Durability | undefined;
      readonly fence?: Fence | undefined;
    }
  | {
      readonly kind: 'touch';
      readonly key: Uint8Array;
      readonly ttlMs: number;
      readonly fence?: Fence | undefined;
    };

export type CacheOperationResult =
  | { readonly kind: 'get'; readonly entry: EncodedEntry | undefined }
  /** `stored` is false only for an `ifAbsent` that found a value. */
  | { readonly kind: 'set'; readonly stored: boolean; readonly version: bigint }
  | { readonly kind: 'delete'; readonly existed: boolean }
  | { readonly kind: 'touch'; readonly existed: boolean }
  | { readonly kind: 'error'; readonly error: Error };

export interface CacheBackend {
  /**
   * Executes the operations in order, each atomically, and resolves once all have reached their
   * durability.
   * Never rejects: an operation that failed answers with `kind: 'error'` and its `HoldfastError`
   * (which may be an `InvalidArgumentError`).
   */
  execute(operations: readonly CacheOperation[]): Promise<CacheOperationResult[]>;
}
