import type { LockTerms, LostReason } from '../backend/lock-backend.ts';
import type { ClaimRequest, TableSessionOptions } from './claim.ts';

/** What an earlier process left, in this one's monotonic time. */
export interface RestoredLocks {
  readonly sessions: readonly RestoredSession[];
  /** Leases in the order of their tokens, then waiters in the order they came. */
  readonly claims: readonly RestoredClaim[];
  readonly closed: readonly RestoredDelay[];
}

export interface RestoredSession {
  readonly options: TableSessionOptions;
  readonly deadlineMs: number;
}

export interface RestoredClaim {
  readonly sessionId: string;
  readonly request: ClaimRequest;
  readonly waitUntilMs: number;
  /** Absent: it waits. */
  readonly lease: RestoredLease | undefined;
}

export interface RestoredLease {
  readonly token: bigint;
  readonly expiresAtMs: number;
  readonly revokedAtMs: number;
  readonly revokeReason: LostReason;
}

/** A lock that is closed because a lease on it was lost. */
export interface RestoredDelay {
  readonly name: string;
  readonly terms: LockTerms;
  readonly untilMs: number;
  readonly delayMs: number;
}
