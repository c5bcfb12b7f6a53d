import type { Claim, TableSession } from './claim.ts';

/**
 * Hears of every change of a lease table that is to outlive a restart, in order, inside the call
 * that makes it: it may not call back.
 */
export interface TableChanges {
  sessionOpened(session: TableSession): void;
  sessionRenewed(session: TableSession): void;
  /** After all its claims have ended. */
  sessionEnded(session: TableSession): void;
  /** A request is in line; it may be granted in the same call. */
  claimQueued(claim: Claim): void;
  claimGranted(claim: Claim): void;
  /** `claim.revokedAtMs` has come nearer. */
  claimRevoked(claim: Claim): void;
  /** For whatever reason, one that never queued too. `closedUntilMs` is its lock's. */
  claimEnded(claim: Claim, closedUntilMs: number): void;
}
