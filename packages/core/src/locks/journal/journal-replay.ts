/**
 * Plays a journal's entries: what was true after the last of them.
 *
 * Within one boot deadlines stay what they were, and those that have passed meanwhile have passed.
 * After another one nobody knows how long the machine was off: everything lives for its whole time
 * again, which is never too short for a holder that is still there.
 */
import { assertNever } from '../../assert.ts';
import type { LockTerms, LostReason } from '../../backend/lock-backend.ts';
import type { TableSessionOptions } from '../claim.ts';
import type { RestoredLease, RestoredLocks } from '../restored-locks.ts';
import {
  CLAIM_ENDED,
  CLAIM_GRANTED,
  CLAIM_QUEUED,
  CLAIM_RENEWED,
  CLAIM_REVOKED,
  type JournalEntry,
  LOCK_CLOSED,
  SESSION_ENDED,
  SESSION_OPENED,
  SESSION_RENEWED,
  type StoredRequest,
} from './journal-entry.ts';

interface Session {
  readonly options: TableSessionOptions;
  deadlineMs: number;
}

interface Claim {
  readonly session: number;
  readonly request: StoredRequest;
  readonly waitUntilMs: number;
  lease: RestoredLease | undefined;
}

export interface ReplayTime {
  readonly nowMs: number;
  /** What to add to a time of the journal; `undefined` if it is of another boot. */
  readonly shiftMs: number | undefined;
}

export class JournalReplay {
  readonly #sessions = new Map<number, Session>();
  readonly #claims = new Map<number, Claim>();
  readonly #closed = new Map<string, { terms: LockTerms; untilMs: number; delayMs: number }>();

  play(entries: readonly JournalEntry[]): void {
    for (const entry of entries) this.#apply(entry);
  }

  #apply(entry: JournalEntry): void {
    switch (entry[0]) {
      case SESSION_OPENED:
        this.#sessions.set(entry[1], { options: entry[2], deadlineMs: entry[3] });
        break;
      case SESSION_RENEWED: {
        const session = this.#sessions.get(entry[1]);
        if (session !== undefined) session.deadlineMs = entry[2];
        break;
      }
      case SESSION_ENDED:
        this.#sessions.delete(entry[1]);
        break;
      case CLAIM_QUEUED: {
        const [, claim, session, request, waitUntilMs] = entry;
        this.#claims.set(claim, { session, request, waitUntilMs, lease: undefined });
        break;
      }
      case CLAIM_GRANTED: {
        const [, number, token, expiresAtMs, revokedAtMs, revokeReason] = entry;
        const claim = this.#claims.get(number);
        if (claim === undefined) break;
        // Small numbers come back as such.
        claim.lease = { token: BigInt(token), expiresAtMs, revokedAtMs, revokeReason };
        break;
      }
      case CLAIM_RENEWED: {
        const claim = this.#claims.get(entry[1]);
        if (claim?.lease) claim.lease = { ...claim.lease, expiresAtMs: entry[2] };
        break;
      }
      case CLAIM_REVOKED:
        this.#revoke(entry[1], entry[2], entry[3]);
        break;
      case CLAIM_ENDED:
        this.#claims.delete(entry[1]);
        break;
      case LOCK_CLOSED:
        this.#closed.set(entry[1], { terms: entry[2], untilMs: entry[3], delayMs: entry[4] });
        break;
      default:
        assertNever(entry);
    }
  }

  #revoke(number: number, revokedAtMs: number, revokeReason: LostReason): void {
    const claim = this.#claims.get(number);
    if (claim?.lease === undefined) return;
    claim.lease = { ...claim.lease, revokedAtMs, revokeReason };
  }

  result({ nowMs, shiftMs }: ReplayTime): RestoredLocks {
    const at = (timeMs: number, wholeMs: number): number =>
      shiftMs === undefined ? nowMs + wholeMs : timeMs + shiftMs;
    const sessions = [...this.#sessions.values()].map(({ options, deadlineMs }) => ({
      options,
      deadlineMs: at(deadlineMs, options.ttlMs),
    }));
    const claims = [...this.#claims.values()].flatMap((claim) => {
      const { request, lease, waitUntilMs } = claim;
      const sessionId = this.#sessions.get(claim.session)?.options.id;
      if (sessionId === undefined) return [];
      const wait = at(waitUntilMs, request.waitMs);
      const restored = lease && {
        ...lease,
        expiresAtMs: at(lease.expiresAtMs, request.ttlMs),
        revokedAtMs: at(
          lease.revokedAtMs,
          lease.revokeReason === 'admin' ? 0 : request.terms.maxHoldMs,
        ),
      };
      return [{ sessionId, request, waitUntilMs: wait, lease: restored }];
    });
    const leases = claims.filter(({ lease }) => lease !== undefined);
    leases.sort((left, right) => (tokenOf(left) < tokenOf(right) ? -1 : 1));
    const waiters = claims.filter(({ lease }) => lease === undefined);
    const closed = [...this.#closed].map(([name, { terms, untilMs, delayMs }]) => ({
      name,
      terms,
      untilMs: at(untilMs, delayMs),
      delayMs,
    }));
    return { sessions, claims: [...leases, ...waiters], closed };
  }
}

function tokenOf(claim: { readonly lease: RestoredLease | undefined }): bigint {
  return claim.lease?.token ?? 0n;
}
