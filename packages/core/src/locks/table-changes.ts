import type { Claim, TableSession } from './claim.ts';
import type { Lock } from './lock.ts';

/**
 * Hears of the changes of a lease table, in order, inside the calls that make them: it may not call
 * back.
 */
export interface TableChanges {
  sessionOpened?(session: TableSession): void;
  sessionRenewed?(session: TableSession): void;
  /** After all its claims have ended. */
  sessionEnded?(session: TableSession): void;
  /** A request is in line; it may be granted in the same call. */
  claimQueued?(claim: Claim): void;
  claimGranted?(claim: Claim): void;
  /** Its own TTL starts again. */
  claimRenewed?(claim: Claim): void;
  /** It is going to be lost, at `claim.revokedAtMs`. */
  claimRevoked?(claim: Claim): void;
  /** It is out of the line or not held any more. `lock` is what it was for. */
  claimEnded?(claim: Claim, lock: Lock | undefined): void;
}
