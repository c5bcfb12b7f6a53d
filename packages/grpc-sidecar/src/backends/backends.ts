import type { CompactionResult, VerifyReport } from '@holdfast/core';
import type { CacheBackend, Durability, LockBackend } from '@holdfast/core/backend';

/** What a server serves: the two seams of core, and what operators ask of the store behind them. */
export interface Backends {
  readonly cache: CacheBackend;
  readonly locks: LockBackend;
  readonly admin: AdminBackend;
  /** Makes everything durable and gives the directory back. Idempotent. */
  close(): Promise<void>;
}

export interface AdminBackend {
  readonly store: StoreDescription;
  /** Figures of now; those that the store does not measure are absent. */
  stats(): Promise<StoreStats>;
  /** Resolves once everything set before has survived a power cut. */
  flush(): Promise<void>;
  /** Frees the space of what is dead now. Rejects like a write while none is possible. */
  compact(): Promise<CompactionResult>;
  /** Reads everything back and tells what is damaged. */
  verify(): Promise<VerifyReport>;
}

export interface StoreDescription {
  /** Absolute; `undefined` in memory. */
  readonly directory: string | undefined;
  readonly defaultDurability: Durability;
  /** Milliseconds; `Infinity` if values without a TTL never expire. */
  readonly defaultTtlMs: number;
  readonly valueBytesMax: number;
}

/** Counts and bytes. */
export interface StoreStats {
  readonly records?: number;
  readonly memoryBytes?: number;
  readonly diskBytes?: number;
  readonly hits?: number;
  readonly misses?: number;
  readonly expirations?: number;
  readonly evictions?: number;
  readonly corruptions?: number;
  readonly loads?: number;
}
