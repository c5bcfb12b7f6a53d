/**
 * Locks for the program this runs in: promises over a lease table. All claims belong to one session
 * that lives as long as the process, so waiting here needs no keep-alive; a lease may have a TTL of
 * its own.
 *
 * A wait ends in exactly one way. Granting, running out of time and aborting race until the promise
 * settles: a signal that aborts after the grant, but before its promise settled, gives the lock
 * back and wins.
 */
import { assert } from '../assert.ts';
import type { LockTerms } from '../backend/lock-backend.ts';
import { HoldfastError } from '../errors.ts';
import { isExpired, NEVER } from '../expiry/expiry.ts';
import type { Clock } from '../ports/clock.ts';
import type { Claim, ClaimRequest, TableSession } from './claim.ts';
import type { LeaseTable } from './lease-table.ts';
import { LocalLease } from './local-lease.ts';
import type { TableDriver } from './table-driver.ts';
import type { TableEvent } from './table-event.ts';

export interface LocalRequest {
  /** What the table calls the lock. */
  readonly name: string;
  /** What the lease calls it. */
  readonly displayName: string;
  /** `NEVER` = until released. */
  readonly ttlMs: number;
  readonly terms?: LockTerms;
  readonly waitMs: number;
  readonly signal: AbortSignal | undefined;
}

interface Wait {
  readonly request: LocalRequest;
  readonly resolve: (lease: LocalLease) => void;
  readonly reject: (reason: unknown) => void;
  readonly onAbort: () => void;
}

export class LocalLocks {
  readonly clock: Clock;
  readonly session: TableSession;
  readonly #table: LeaseTable;
  readonly #driver: TableDriver;
  readonly #waits = new Map<Claim, Wait>();
  /** Claims whose grant is being kept, with what rejects it. */
  readonly #keeping = new Map<Claim, (error: HoldfastError) => void>();
  /** Leases somebody wants to hear the loss of. */
  readonly #watched = new Map<Claim, LocalLease>();
  #isDisposed = false;

  constructor(table: LeaseTable, driver: TableDriver, sessionId: string) {
    this.clock = driver.clock;
    this.#table = table;
    this.#driver = driver;
    this.session = table.openSession(
      {
        id: sessionId,
        secret: '',
        clientName: 'embedded',
        metadata: {},
        ttlMs: NEVER,
        owner: 'program',
      },
      this.clock.monotonicMs(),
    );
  }

  /**
   * The lease, or `undefined` when the lock is not free at once. Throws `UNAVAILABLE` and `CLOSED`.
   */
  tryAcquire(name: string, displayName: string, ttlMs: number): LocalLease | undefined {
    const claim = this.#ask({ name, ttlMs, waitMs: 0 });
    return claim.state === 'held' ? new LocalLease(displayName, claim, this) : undefined;
  }

  /** As `acquire` without a wait; `undefined` when the lock is not free at once. */
  async tryAcquireKept(request: Omit<LocalRequest, 'waitMs'>): Promise<LocalLease | undefined> {
    if (request.signal?.aborted) throw request.signal.reason;
    const claim = this.#ask({ ...request, waitMs: 0 });
    return claim.state === 'held' ? this.#leaseOf(claim, request) : undefined;
  }

  /** Rejects with `LOCK_TIMEOUT`, the signal's reason, `UNAVAILABLE` or `CLOSED`. */
  async acquire(request: LocalRequest): Promise<LocalLease> {
    const { signal } = request;
    if (signal?.aborted) throw signal.reason;
    const claim = this.#ask(request);
    if (claim.state === 'held') return this.#leaseOf(claim, request);
    if (claim.state === 'contended') throw this.#timedOut(claim);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => this.#abandon(claim);
      this.#waits.set(claim, { request, resolve, reject, onAbort });
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#driver.beginWait();
    });
  }

  isHeld(claim: Claim): boolean {
    if (isExpired(claim.deadlineMs, this.clock.monotonicMs())) {
      this.#table.advance(this.clock.monotonicMs());
      this.#driver.afterChange();
    }
    return claim.state === 'held';
  }

  renew(claim: Claim): boolean {
    const isHeld = this.#table.renew(claim, this.clock.monotonicMs());
    this.#driver.afterChange();
    return isHeld;
  }

  release(claim: Claim): void {
    this.#table.release(claim, this.clock.monotonicMs());
    this.#watched.delete(claim);
    this.#driver.afterChange();
  }

  /** From now on `lease` hears when it is lost. */
  watch(claim: Claim, lease: LocalLease): void {
    if (claim.state === 'held') this.#watched.set(claim, lease);
  }

  /** The grant of a claim of this session could not be kept. */
  deny(claim: Claim, error: HoldfastError): void {
    this.#keeping.get(claim)?.(error);
    this.#keeping.delete(claim);
    const wait = this.#waits.get(claim);
    if (wait === undefined) return;
    this.#endWait(claim, wait);
    wait.reject(error);
  }

  /** What the table has to say about a claim of this session. */
  onEvent(event: TableEvent): void {
    // Its session lives as long as the program.
    if (event.kind === 'session-expired' || event.kind === 'jeopardy') return;
    const { claim } = event;
    if (event.kind === 'lost') {
      this.#watched.get(claim)?.noticeLoss();
      this.#watched.delete(claim);
      return;
    }
    if (event.kind === 'revoking') {
      this.#watched.get(claim)?.noticeRevoking();
      return;
    }
    const wait = this.#waits.get(claim);
    if (wait === undefined || event.kind === 'position') return;
    this.#endWait(claim, wait);
    if (event.kind === 'granted') {
      wait.resolve(new LocalLease(wait.request.displayName, claim, this));
    } else {
      wait.reject(this.#timedOut(claim));
    }
  }

  /** Rejects every wait with `CLOSED` and aborts every lease's signal. Idempotent. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#table.closeSession(this.session, this.clock.monotonicMs(), 'server');
    for (const [claim, wait] of this.#waits) {
      this.#endWait(claim, wait);
      wait.reject(closed());
    }
    for (const reject of this.#keeping.values()) reject(closed());
    this.#keeping.clear();
    for (const lease of this.#watched.values()) lease.noticeLoss();
    this.#watched.clear();
    this.#driver.afterChange();
  }

  #ask({ name, ttlMs, terms, waitMs }: ClaimRequest): Claim {
    if (this.#isDisposed) throw closed();
    try {
      const request = { name, waitMs, ttlMs, terms };
      return this.#table.acquire(this.session, request, this.clock.monotonicMs());
    } finally {
      this.#driver.afterChange();
    }
  }

  /** A claim that was granted at once, once nothing that a restart brings back contradicts it. */
  async #leaseOf(
    claim: Claim,
    { displayName, signal }: Pick<LocalRequest, 'displayName' | 'signal'>,
  ): Promise<LocalLease> {
    if (this.#driver.isDurable) {
      await new Promise<void>((resolve, reject) => {
        this.#keeping.set(claim, reject);
        this.#driver.postGrant(claim, resolve);
      });
      this.#keeping.delete(claim);
      if (signal?.aborted) {
        this.release(claim);
        throw signal.reason;
      }
    }
    return new LocalLease(displayName, claim, this);
  }

  #abandon(claim: Claim): void {
    const wait = this.#waits.get(claim);
    assert(wait !== undefined, 'an abandoned wait is over');
    this.#endWait(claim, wait);
    const nowMs = this.clock.monotonicMs();
    if (!this.#table.cancel(claim, nowMs)) this.#table.release(claim, nowMs);
    this.#driver.afterChange();
    wait.reject(wait.request.signal?.reason);
  }

  #endWait(claim: Claim, wait: Wait): void {
    this.#waits.delete(claim);
    wait.request.signal?.removeEventListener('abort', wait.onAbort);
    this.#driver.endWait();
  }

  #timedOut(claim: Claim): HoldfastError {
    return new HoldfastError('LOCK_TIMEOUT', 'the wait was over before the lock was free', {
      details: { position: claim.position },
    });
  }
}

function closed(): HoldfastError {
  return new HoldfastError('CLOSED', 'the locks are closed');
}
