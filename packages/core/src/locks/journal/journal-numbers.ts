/**
 * What sessions and claims are called in one journal file. What has no number is not in it: the
 * program's own sessions, and their claims.
 */
import type { Claim, TableSession } from '../claim.ts';
import type { LeaseTable } from '../lease-table.ts';
import type { Lock } from '../lock.ts';
import {
  CLAIM_GRANTED,
  CLAIM_QUEUED,
  type JournalEntry,
  LOCK_CLOSED,
  SESSION_OPENED,
} from './journal-entry.ts';

export class JournalNumbers {
  /** From this process's monotonic time to the journal's. */
  readonly #shiftMs: number;
  readonly #sessions = new Map<TableSession, number>();
  readonly #claims = new Map<Claim, number>();
  #last = 0;

  constructor(shiftMs: number) {
    this.#shiftMs = shiftMs;
  }

  bootMs(monotonicMs: number): number {
    return monotonicMs + this.#shiftMs;
  }

  session(session: TableSession): number | undefined {
    return this.#sessions.get(session);
  }

  claim(claim: Claim): number | undefined {
    return this.#claims.get(claim);
  }

  forgetSession(session: TableSession): number | undefined {
    const number = this.#sessions.get(session);
    this.#sessions.delete(session);
    return number;
  }

  forgetClaim(claim: Claim): number | undefined {
    const number = this.#claims.get(claim);
    this.#claims.delete(claim);
    return number;
  }

  opened(session: TableSession): JournalEntry {
    const { id, secret, clientName, metadata, ttlMs, owner, expiresAtMs } = session;
    const number = ++this.#last;
    this.#sessions.set(session, number);
    const options = { id, secret, clientName, metadata, ttlMs, owner };
    return [SESSION_OPENED, number, options, this.bootMs(expiresAtMs)];
  }

  queued(claim: Claim): JournalEntry | undefined {
    const session = this.#sessions.get(claim.session);
    if (session === undefined) return undefined;
    const { requestId, name, ttlMs, waitMs, terms, deadlineMs } = claim;
    const number = ++this.#last;
    this.#claims.set(claim, number);
    const request = { requestId, name, ttlMs, waitMs, terms };
    return [CLAIM_QUEUED, number, session, request, this.bootMs(deadlineMs)];
  }

  granted(claim: Claim): JournalEntry | undefined {
    const number = this.#claims.get(claim);
    if (number === undefined) return undefined;
    const { token, expiresAtMs, revokedAtMs, revokeReason } = claim;
    return [
      CLAIM_GRANTED,
      number,
      token,
      this.bootMs(expiresAtMs),
      this.bootMs(revokedAtMs),
      revokeReason,
    ];
  }

  closed({ name, terms, closedUntilMs, closedForMs }: Lock): JournalEntry {
    return [LOCK_CLOSED, name, terms, this.bootMs(closedUntilMs), closedForMs];
  }

  /** New numbers for all there is in `table`, and the entries that say it. */
  startOver(table: LeaseTable | undefined): JournalEntry[] {
    this.#sessions.clear();
    this.#claims.clear();
    this.#last = 0;
    const entries: JournalEntry[] = [];
    if (table === undefined) return entries;
    for (const session of table.sessions.values()) {
      if (!session.isLocal) entries.push(this.opened(session));
    }
    for (const lock of table.locks.values()) {
      for (const claim of [...lock.holders, ...lock.queue]) {
        const queued = this.queued(claim);
        if (queued === undefined) continue;
        entries.push(queued);
        const granted = claim.state === 'held' ? this.granted(claim) : undefined;
        if (granted !== undefined) entries.push(granted);
      }
      if (lock.closedUntilMs > 0) {
        entries.push(this.closed(lock));
      }
    }
    return entries;
  }
}
