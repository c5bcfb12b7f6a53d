import type { LockTerms } from './lock-backend.ts';

/** Asks for a lease that belongs to no session: whoever knows its id owns it. */
export interface LeaseRequest {
  /** UTF-8, 1 to 512 bytes. */
  readonly name: string;
  /** Milliseconds the lease lives without a renewal: 100 ms to 24 h. */
  readonly ttlMs: number;
  /** Milliseconds to wait in the queue: 0 = answer at once, `Infinity` = as long as it takes. */
  readonly waitMs: number;
  /** Default: exclusive, without a lock delay, for as long as it is renewed. */
  readonly terms?: LockTerms | undefined;
  /**
   * 22 to 128 characters that nobody else chooses: the same id again gets the same lease, for as
   * long as that lives, and waits with whoever waits under it already. Absent: not repeatable.
   */
  readonly requestId?: string | undefined;
  /** Who this is, for people. */
  readonly clientName: string;
  /**
   * Aborting leaves the queue at once, unless another call waits under the same request id. A grant
   * that was not answered yet is given back.
   */
  readonly signal?: AbortSignal | undefined;
}

export type LeaseOutcome =
  | {
      readonly kind: 'granted';
      /** 128 random bits as text, told to nobody else. */
      readonly leaseId: string;
      readonly token: bigint;
      /** Milliseconds it lives from this answer, unless it is renewed. */
      readonly remainingMs: number;
    }
  | { readonly kind: 'contended'; readonly holder: string; readonly position: number };

export interface TokenValidity {
  /** Whether no lease granted since excludes the token's. */
  readonly isValid: boolean;
  /**
   * The highest token granted for the lock since the start, 0 = none. May be higher for a lock that
   * was not granted for long, never lower.
   */
  readonly highestToken: bigint;
}

/** The part of a lock backend for those who have no stream. */
export interface SingleLeases {
  /**
   * Rejects with the signal's reason; with `INVALID_ARGUMENT` for what is wrong in itself
   * (`INVALID_LOCK_NAME`, `INVALID_TTL`, `INVALID_MODE`, `INVALID_PERMITS`, `LOCK_MODE_MISMATCH`,
   * `INVALID_REQUEST_ID`, `REQUEST_ID_REUSED`), with `UNAVAILABLE` when a bound is reached.
   */
  acquireLease(request: LeaseRequest): Promise<LeaseOutcome>;
  /**
   * Starts the TTL again; resolves to the milliseconds the lease lives from now. Rejects with
   * `LEASE_LOST`, reason `NOT_OWNER` if the token's lease is somebody else's.
   */
  renewLease(leaseId: string, token: bigint): Promise<number>;
  /** Rejects as `renewLease`, but a second release is fine. */
  releaseLease(leaseId: string, token: bigint): Promise<void>;
  /** Rejects with `INVALID_ARGUMENT` (`INVALID_LOCK_NAME`). */
  validateToken(name: string, token: bigint): Promise<TokenValidity>;
}
