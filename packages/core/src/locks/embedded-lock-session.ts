import { assertNever } from '../assert.ts';
import type {
  AcquireRequest,
  HeldLease,
  LockEvent,
  LockSession,
  QueuedRequest,
} from '../backend/lock-backend.ts';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import { durationMs } from '../expiry/duration.ts';
import { NEVER } from '../expiry/expiry.ts';
import type { Clock } from '../ports/clock.ts';
import type { Claim, TableSession } from './claim.ts';
import type { LeaseTable } from './lease-table.ts';
import { assertLockName } from './lock-arguments.ts';
import {
  grantedEvent,
  heldLease,
  queuedEvent,
  queuedRequest,
  revokingEvent,
  withdrawnError,
} from './lock-events.ts';
import { assertTerms } from './lock-terms.ts';
import type { TableDriver } from './table-driver.ts';

/** A request id is the client's to choose; this is as long as one may be, in UTF-16 units. */
const REQUEST_ID_LENGTH_MAX = 128;

/** What the sessions of one backend share. */
export interface SessionContext {
  readonly clock: Clock;
  readonly table: LeaseTable;
  readonly driver: TableDriver;
  readonly isDurable: boolean;
  /** The handle that a session's events go to. */
  readonly attached: Map<TableSession, EmbeddedLockSession>;
}

/** One stream's hold on a session of the table. */
export class EmbeddedLockSession implements LockSession {
  readonly id: string;
  readonly secret: string;
  readonly resumed: boolean;
  readonly effectiveTtlMs: number;
  readonly held: readonly HeldLease[];
  readonly queued: readonly QueuedRequest[];
  readonly #listener: (event: LockEvent) => void;
  /** Leases that may not be told of before they would outlive a restart. */
  readonly #notKept: readonly Claim[];
  #isListening = false;
  readonly #context: SessionContext;
  readonly #session: TableSession;

  constructor(
    context: SessionContext,
    session: TableSession,
    resumed: boolean,
    listener: (event: LockEvent) => void,
  ) {
    this.#context = context;
    this.#session = session;
    this.id = session.id;
    this.secret = session.secret;
    this.resumed = resumed;
    this.effectiveTtlMs = session.ttlMs;
    this.#listener = listener;
    const claims = [...session.claims];
    const nowMs = context.clock.monotonicMs();
    const held = claims.filter((claim) => claim.state === 'held');
    const mayBeTold = (claim: Claim): boolean => claim.isKept || !context.isDurable;
    this.held = held.filter(mayBeTold).map((claim) => heldLease(claim, nowMs));
    this.#notKept = held.filter((claim) => !mayBeTold(claim));
    this.queued = claims
      .filter((claim) => claim.state === 'queued')
      .map((claim) => queuedRequest(claim, context.table.holderOf(claim.name)));
  }

  /**
   * Starts hearing, after what was already on its way: that is in `held` and `queued`. What is
   * being taken away is told again.
   */
  listen(): void {
    const { clock, driver } = this.#context;
    driver.post(() => {
      this.#isListening = true;
      for (const claim of this.#session.claims) {
        const isRevoking = claim.revokedAtMs !== NEVER && claim.revokeReason !== 'max-hold';
        if (isRevoking) this.hear(revokingEvent(claim, clock.monotonicMs()));
      }
    });
    for (const claim of this.#notKept) {
      driver.postGrant(claim, () => this.#hearAttached(this.#answer(claim)));
    }
  }

  hear(event: LockEvent): void {
    if (this.#isListening) this.#listener(event);
  }

  acquire(request: AcquireRequest): void {
    this.#assertAttached();
    const { table, clock, driver } = this.#context;
    const { requestId, name, terms } = request;
    let claim: Claim | undefined;
    let answer: LockEvent;
    try {
      assertRequestId(requestId);
      assertLockName(name);
      if (terms !== undefined) assertTerms(terms);
      const waitMs = durationMs(request.waitMs, 'wait');
      const claimRequest = { requestId, name, waitMs, ttlMs: NEVER, terms };
      claim = table.acquire(this.#session, claimRequest, clock.monotonicMs());
      answer = this.#answer(claim);
    } catch (error) {
      answer = { kind: 'denied', requestId, error: HoldfastError.from(error) };
    }
    driver.afterChange();
    if (claim === undefined || answer.kind !== 'granted') this.#post(answer);
    else driver.postGrant(claim, () => this.#hearAttached(answer));
  }

  cancel(requestId: string): void {
    this.#assertAttached();
    const { table, clock, driver } = this.#context;
    const claim = this.#session.requests.get(requestId);
    if (claim === undefined || !table.cancel(claim, clock.monotonicMs())) {
      driver.afterChange();
      return;
    }
    driver.afterChange();
    this.#post(queuedEvent('contended', claim, table.holderOf(claim.name)));
  }

  release(leaseId: string, token: bigint): void {
    this.#assertAttached();
    const { table, clock, driver } = this.#context;
    const claim = leaseId === String(token) ? this.#findLease(token) : undefined;
    const isReleased = claim !== undefined && table.release(claim, clock.monotonicMs());
    if (isReleased) this.#post({ kind: 'released', leaseId, token });
    driver.afterChange();
    if (isReleased) return;
    const holder = table.findLease(token)?.session ?? this.#session;
    const isOthers = holder !== this.#session;
    throw new HoldfastError('LEASE_LOST', 'the lease was lost, or is not of this session', {
      details: { reason: isOthers ? 'NOT_OWNER' : 'LEASE_LOST', token },
    });
  }

  async keepAlive(): Promise<number> {
    this.#assertAttached();
    const { table, clock, driver } = this.#context;
    try {
      table.keepAlive(this.#session, clock.monotonicMs());
    } finally {
      driver.afterChange();
    }
    return new Promise((resolve, reject) => {
      driver.postKept(() => resolve(this.effectiveTtlMs), reject);
    });
  }

  detach(): void {
    if (this.#isAttached) this.#context.attached.delete(this.#session);
  }

  close(): void {
    if (!this.#isAttached) return;
    const { table, clock, driver, attached } = this.#context;
    attached.delete(this.#session);
    table.closeSession(this.#session, clock.monotonicMs());
    driver.afterChange();
  }

  get #isAttached(): boolean {
    return this.#context.attached.get(this.#session) === this;
  }

  #assertAttached(): void {
    if (this.#isAttached && this.#session.state === 'alive') return;
    throw new HoldfastError('LEASE_LOST', 'the session is over, or another stream has it', {
      details: {
        reason: this.#session.state === 'alive' ? 'SESSION_DETACHED' : 'SESSION_EXPIRED',
      },
    });
  }

  #post(event: LockEvent): void {
    this.#context.driver.post(() => this.#hearAttached(event));
  }

  #hearAttached(event: LockEvent): void {
    if (this.#isAttached) this.hear(event);
  }

  #answer(claim: Claim): LockEvent {
    switch (claim.state) {
      case 'held':
        return grantedEvent(claim, this.#context.clock.monotonicMs());
      case 'queued':
      case 'contended':
        return queuedEvent(claim.state, claim, this.#context.table.holderOf(claim.name));
      case 'released':
      case 'lost': {
        const details = { reason: 'LEASE_LOST', token: claim.token };
        const error = new HoldfastError('LEASE_LOST', 'the lease of this request is over', {
          details,
        });
        return { kind: 'denied', requestId: claim.requestId ?? '', error };
      }
      case 'withdrawn':
        return { kind: 'denied', requestId: claim.requestId ?? '', error: withdrawnError() };
      default:
        return assertNever(claim.state);
    }
  }

  /** This session's lease with that token: held, or among the latest that are over. */
  #findLease(token: bigint): Claim | undefined {
    const claim = this.#context.table.findLease(token);
    if (claim?.session === this.#session) return claim;
    for (const ended of this.#session.ended.values()) if (ended.token === token) return ended;
    return undefined;
  }
}

function assertRequestId(requestId: string): void {
  const isValid =
    typeof requestId === 'string' &&
    requestId.length > 0 &&
    requestId.length <= REQUEST_ID_LENGTH_MAX;
  if (isValid) return;
  throw new InvalidArgumentError(
    `a request id must be text of 1 to ${REQUEST_ID_LENGTH_MAX} characters`,
    { reason: 'INVALID_REQUEST_ID' },
  );
}
