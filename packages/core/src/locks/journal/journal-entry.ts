/**
 * What a journal says, one entry a change, as short lists: the kind, then what it is about.
 * Sessions and claims have numbers of their own in each file; times are milliseconds since the
 * machine started (see `BootTime`), `Infinity` for none.
 */
import type { LockTerms, LostReason } from '../../backend/lock-backend.ts';
import type { TableSessionOptions } from '../claim.ts';

export const SESSION_OPENED = 1;
export const SESSION_RENEWED = 2;
export const SESSION_ENDED = 3;
export const CLAIM_QUEUED = 4;
export const CLAIM_GRANTED = 5;
export const CLAIM_REVOKED = 6;
export const CLAIM_ENDED = 7;
export const LOCK_CLOSED = 8;
export const CLAIM_RENEWED = 9;

export interface StoredRequest {
  readonly requestId: string | undefined;
  readonly name: string;
  readonly ttlMs: number;
  readonly waitMs: number;
  readonly terms: LockTerms;
}

export type JournalEntry =
  | [typeof SESSION_OPENED, session: number, options: TableSessionOptions, deadlineMs: number]
  | [typeof SESSION_RENEWED, session: number, deadlineMs: number]
  /** Its claims have ended before. */
  | [typeof SESSION_ENDED, session: number]
  | [
      typeof CLAIM_QUEUED,
      claim: number,
      session: number,
      request: StoredRequest,
      waitUntilMs: number,
    ]
  | [
      typeof CLAIM_GRANTED,
      claim: number,
      token: bigint,
      expiresAtMs: number,
      revokedAtMs: number,
      revokeReason: LostReason,
    ]
  | [typeof CLAIM_RENEWED, claim: number, expiresAtMs: number]
  | [typeof CLAIM_REVOKED, claim: number, revokedAtMs: number, reason: LostReason]
  | [typeof CLAIM_ENDED, claim: number]
  /** After a lease was lost; nobody is granted the lock before. */
  | [typeof LOCK_CLOSED, name: string, terms: LockTerms, untilMs: number, delayMs: number];
