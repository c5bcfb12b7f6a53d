/** A lease table over a clock that is just a number, and what it did as short text. */
import { HoldfastError } from '../src/errors.ts';
import { NEVER } from '../src/expiry/expiry.ts';
import type { Claim, ClaimRequest, TableSession } from '../src/locks/claim.ts';
import { LeaseTable } from '../src/locks/lease-table.ts';
import type { LeaseTableLimits } from '../src/locks/lease-table-limits.ts';
import type { TableEvent } from '../src/locks/table-event.ts';
import { tokensAfter } from '../src/locks/token-source.ts';

export const TTL_MS = 1_000;

export class Rig {
  readonly table: LeaseTable;
  nowMs = 0;
  #ids = 0;

  constructor(limits?: Partial<LeaseTableLimits>) {
    this.table = new LeaseTable({
      tokens: tokensAfter(),
      limits: {
        sessionsMax: 1e6,
        locksMax: 1e6,
        waitersPerLockMax: 1e6,
        claimsPerSessionMax: 1e6,
        ...limits,
      },
    });
  }

  session(id: string, ttlMs = TTL_MS): TableSession {
    return this.table.openSession(
      { id, secret: `secret-${id}`, clientName: id, metadata: {}, ttlMs },
      this.nowMs,
    );
  }

  ask(session: TableSession, name: string, o: Partial<ClaimRequest> = {}): Claim {
    const requestId = `request-${this.#ids++}`;
    const request = { name, waitMs: NEVER, ttlMs: NEVER, requestId, ...o };
    return this.table.acquire(session, request, this.nowMs);
  }

  /** Events as short text. */
  heard(): string[] {
    return this.table.takeEvents().map(describeEvent);
  }

  at(nowMs: number): string[] {
    this.nowMs = nowMs;
    this.table.advance(nowMs);
    return this.heard();
  }
}

function describeEvent(event: TableEvent): string {
  switch (event.kind) {
    case 'jeopardy':
    case 'session-expired':
      return `${event.kind} ${event.session.id}`;
    case 'position':
      return `position ${event.claim.session.id} ${event.claim.position}`;
    case 'lost':
      return `lost ${event.claim.session.id} ${event.reason}`;
    default:
      return `${event.kind} ${event.claim.session.id}`;
  }
}

/** Code and reason of what `act` throws. */
export function reasonOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error instanceof HoldfastError ? [error.code, error.details.reason] : error;
  }
  return 'did not throw';
}
