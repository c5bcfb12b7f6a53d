/**
 * The seam between a server and its locks: sessions that own leases and outlive the stream they
 * came over, and leases without one. The embedded lease table is the first implementation; one on
 * etcd is to be the second.
 */
import type { HoldfastError } from '../errors.ts';
import type { LockAdministration } from './lock-administration.ts';
import type { SingleLeases } from './single-lease.ts';

export interface SessionOptions {
  readonly clientName: string;
  readonly metadata: Readonly<Record<string, string>>;
  /**
   * Milliseconds a session and its leases live without a keep-alive: 100 ms to 24 h, anything
   * else is refused with `INVALID_ARGUMENT`. A backend may grant another value:
   * `effectiveTtlMs` is what counts.
   */
  readonly ttlMs: number;
  /** Take over a session that is still alive, from a stream that broke. */
  readonly resume?: { readonly id: string; readonly secret: string } | undefined;
}

/**
 * `exclusive`: one holder. `shared`: any number of holders, none of them exclusive. `permit`: as
 * many as their permits together fit into the lock's capacity.
 */
export type LockMode = 'exclusive' | 'shared' | 'permit';

/** On what terms a lock is asked for. */
export interface LockTerms {
  readonly mode: LockMode;
  /** How many of `capacity` this takes, 1 to `capacity`; 1 in other modes. */
  readonly permits: number;
  /** 1 to 1,000,000, the same for all who use the lock at one time; 1 in other modes. */
  readonly capacity: number;
  /**
   * Milliseconds for which nobody is granted the lock after this lease was lost: 0 to 1 h. For
   * resources that cannot check tokens. A release opens the lock at once.
   */
  readonly lockDelayMs: number;
  /** Milliseconds after which the lease is lost, renewed or not: 100 or more; `Infinity` = none. */
  readonly maxHoldMs: number;
}

export interface AcquireRequest {
  /** Chosen by the client, unique in its session: the same id again gets the same answer. */
  readonly requestId: string;
  /** UTF-8, 1 to 512 bytes. */
  readonly name: string;
  /** Milliseconds to wait in the queue: 0 = answer at once, `Infinity` = as long as it takes. */
  readonly waitMs: number;
  /** Default: exclusive, without a lock delay, for as long as it is renewed. */
  readonly terms?: LockTerms | undefined;
}

export interface HeldLease {
  readonly requestId: string;
  readonly name: string;
  readonly leaseId: string;
  /** The fencing token: larger than that of every lease granted before it, restarts included. */
  readonly token: bigint;
  /** Milliseconds until it is lost by its longest hold; absent if it has none. */
  readonly remainingHoldMs?: number | undefined;
}

export interface QueuedRequest {
  readonly requestId: string;
  readonly name: string;
  /** 1 = next in line; as last told, so it may lag behind by the backend's coalescing interval. */
  readonly position: number;
  /** The holder's client name, or its session's id if it has none. */
  readonly holder: string;
}

export type LostReason = 'expired' | 'session-expired' | 'max-hold' | 'admin' | 'server';

/**
 * What a session hears, always after the call that caused it has returned. Each request ends in
 * exactly one of `granted`, `contended` or `denied`, unless its session is detached or closed
 * first.
 */
export type LockEvent =
  | ({ readonly kind: 'queued' } & QueuedRequest)
  | ({ readonly kind: 'granted'; readonly effectiveTtlMs: number } & HeldLease)
  /** The wait was over (zero, timed out or cancelled) before its turn came. */
  | ({ readonly kind: 'contended' } & QueuedRequest)
  | { readonly kind: 'denied'; readonly requestId: string; readonly error: Error }
  | { readonly kind: 'released'; readonly leaseId: string; readonly token: bigint }
  | {
      readonly kind: 'lost';
      readonly leaseId: string;
      readonly token: bigint;
      readonly reason: LostReason;
    }
  /** The lease is going to be lost, for that reason: time to release it in good order. */
  | {
      readonly kind: 'revoking';
      readonly leaseId: string;
      readonly token: bigint;
      /** Milliseconds until it is lost. */
      readonly remainingMs: number;
      readonly reason: LostReason;
    }
  /**
   * No keep-alive came for two thirds of the TTL, and the session holds something or waits for it:
   * all of that is over then unless one comes. Told once; a keep-alive that resolves ends it.
   */
  | {
      readonly kind: 'jeopardy';
      /** Milliseconds until the session is over. */
      readonly remainingMs: number;
    }
  /** The session itself is over; nothing follows. */
  | { readonly kind: 'session-expired' }
  /** Another stream resumed the session; nothing follows here, and the session lives on there. */
  | { readonly kind: 'taken-over' };

/** Who holds and who waits for what, at one moment. */
export interface LockSnapshot {
  readonly held: readonly HeldBy[];
  /** The waiters of one lock are in the order of their turns. */
  readonly waiting: readonly LockOwner[];
}

export interface LockOwner {
  readonly name: string;
  /** Empty for a lease without a session. */
  readonly sessionId: string;
  readonly clientName: string;
  readonly mode: LockMode;
  /** Out of the lock's capacity; 1 unless the mode is `permit`. */
  readonly permits: number;
}

export interface HeldBy extends LockOwner {
  readonly token: bigint;
}

/**
 * One stream's hold on a session. Once the session is over or taken over, `detach` and `close` do
 * nothing and the other methods throw `LEASE_LOST`.
 */
export interface LockSession {
  readonly id: string;
  readonly secret: string;
  readonly resumed: boolean;
  readonly effectiveTtlMs: number;
  readonly held: readonly HeldLease[];
  readonly queued: readonly QueuedRequest[];

  /** Answers through the listener, bad requests too (`denied`). */
  acquire(request: AcquireRequest): void;
  /** Leaves the queue; a request that was granted meanwhile stays granted. */
  cancel(requestId: string): void;
  /**
   * `released` also for a second release; throws `LEASE_LOST` for a lease that was lost or never
   * was.
   */
  release(leaseId: string, token: bigint): void;
  /**
   * Renews the session and all its leases, counted from this call; resolves to the milliseconds
   * granted once that would outlive a restart. Rejects with `UNAVAILABLE` if it cannot be kept: the
   * holder has to count with the deadline it had.
   */
  keepAlive(): Promise<number>;
  /** The stream is gone: no more events, but the session lives on until its TTL. */
  detach(): void;
  /** Releases everything at once. */
  close(): void;
}

export interface LockBackend extends SingleLeases, LockAdministration {
  /** Tells whether leases are exclusive in this process, on this server, or in a whole cluster. */
  readonly scope: 'process' | 'server' | 'cluster';
  /** Whether sessions, leases and queues survive a restart. Tokens rise either way. */
  readonly isDurable: boolean;
  /** Why nothing is granted now, if so: `UNAVAILABLE`, until what is granted can be kept again. */
  readonly refusal: HoldfastError | undefined;
  /** Changes with every start: leases of another incarnation are known to be from before. */
  readonly incarnation: string;
  /**
   * Opens or resumes a session. A resume fails with `LEASE_LOST` when the session is unknown or
   * over; it takes the session away from any other listener still attached. Fails with
   * `UNAVAILABLE` when there are too many sessions.
   */
  openSession(options: SessionOptions, listener: (event: LockEvent) => void): LockSession;

  /** Everything that is held or waited for, of locks whose name starts with `prefix`. */
  query(options?: { readonly prefix?: string | undefined }): Promise<LockSnapshot>;
}
