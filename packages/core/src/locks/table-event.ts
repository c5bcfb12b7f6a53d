import type { LostReason } from '../backend/lock-backend.ts';
import type { Claim, TableSession } from './claim.ts';

/** What happened to a claim or session after the call that made it had returned. */
export type TableEvent = ClaimEvent | SessionEvent;

export type ClaimEvent =
  | { readonly kind: 'granted'; readonly claim: Claim }
  | { readonly kind: 'position'; readonly claim: Claim; readonly holder: string }
  | { readonly kind: 'contended'; readonly claim: Claim; readonly holder: string }
  | { readonly kind: 'withdrawn'; readonly claim: Claim }
  | { readonly kind: 'lost'; readonly claim: Claim; readonly reason: LostReason }
  /** Going to be lost at `claim.revokedAtMs`. */
  | { readonly kind: 'revoking'; readonly claim: Claim };

export type SessionEvent =
  /** Its keep-alive is late, and it has something to lose at `session.expiresAtMs`. */
  | { readonly kind: 'jeopardy'; readonly session: TableSession }
  | { readonly kind: 'session-expired'; readonly session: TableSession };
