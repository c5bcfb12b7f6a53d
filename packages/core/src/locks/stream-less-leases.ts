/**
 * Leases that belong to no session of a client: asked for, renewed and released in single calls.
 * In the table each is a session of its own with one claim, whose own TTL is the lease's; the
 * session's secret is the lease's id. Whoever waits, waits with a promise.
 *
 *     acquire ─► waiting ─ granted ─► told ─ release, loss ─► forgotten
 *                   └─ every caller left, or the wait is over ─► forgotten
 *
 * Invariants
 * - A lease nobody was told of has somebody who waits for it, or is given back: no grant leaks.
 * - Callers under one request id share one claim; it ends when the last of them has left.
 */
import type { LeaseOutcome, LeaseRequest } from '../backend/single-lease.ts';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import { durationMs } from '../expiry/duration.ts';
import { NEVER } from '../expiry/expiry.ts';
import type { Claim, ClaimRequest } from './claim.ts';
import type { LeaseTable } from './lease-table.ts';
import { assertClientText, assertLockName, leaseTtlMs } from './lock-arguments.ts';
import { assertTerms } from './lock-terms.ts';
import type { TableDriver } from './table-driver.ts';
import type { ClaimEvent } from './table-event.ts';

const REQUEST_ID_LENGTH_MIN = 22;
const REQUEST_ID_LENGTH_MAX = 128;
/** Released leases that are remembered, so that a second release is fine. */
const RELEASED_MAX = 16_384;

interface Caller {
  readonly resolve: (outcome: LeaseOutcome) => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal | undefined;
  readonly onAbort: () => void;
}

interface Entry {
  readonly leaseId: string;
  readonly requestId: string | undefined;
  readonly claim: Claim;
  readonly callers: Set<Caller>;
  /** Somebody has the lease's id. */
  isTold: boolean;
}

export class StreamLessLeases {
  readonly #table: LeaseTable;
  readonly #driver: TableDriver;
  readonly #randomHex: (bytes: number) => string;
  readonly #entries = new Map<string, Entry>();
  readonly #entryOfRequest = new Map<string, Entry>();
  /** Their tokens by their ids, oldest first. */
  readonly #released = new Map<string, bigint>();

  constructor(table: LeaseTable, driver: TableDriver, randomHex: (bytes: number) => string) {
    this.#table = table;
    this.#driver = driver;
    this.#randomHex = randomHex;
  }

  async acquire(request: LeaseRequest): Promise<LeaseOutcome> {
    request.signal?.throwIfAborted();
    const claimRequest = checkedRequest(request);
    let entry: Entry;
    try {
      entry = this.#find(claimRequest) ?? this.#ask(claimRequest, request.clientName);
    } finally {
      this.#driver.afterChange();
    }
    return this.#join(entry, claimRequest.waitMs, request.signal);
  }

  /** Resolves to the milliseconds left, once that would outlive a restart. */
  async renew(leaseId: string, token: bigint): Promise<number> {
    const entry = this.#entries.get(leaseId);
    const isHeld = entry?.claim.token === token && this.#table.renew(entry.claim, this.#nowMs);
    this.#driver.afterChange();
    if (!isHeld) throw this.#notHeld(token);
    const { claim } = entry;
    return new Promise((resolve, reject) => {
      this.#driver.postKept(() => resolve(this.#remainingMs(claim)), reject);
    });
  }

  /** What an earlier process left: leases go on, and nobody waits for the others any more. */
  adopt(): void {
    for (const session of this.#table.sessions.values()) {
      if (session.owner !== 'lease') continue;
      const [claim] = session.claims;
      if (claim?.state !== 'held') {
        this.#table.closeSession(session, this.#nowMs);
        continue;
      }
      const leaseId = session.secret;
      const requestId = claim.requestId === leaseId ? undefined : claim.requestId;
      const entry = { leaseId, requestId, claim, callers: new Set<Caller>(), isTold: true };
      this.#entries.set(leaseId, entry);
      if (requestId !== undefined) this.#entryOfRequest.set(requestId, entry);
    }
  }

  /** The grant could not be kept. */
  deny(claim: Claim, error: HoldfastError): void {
    const entry = this.#entries.get(claim.session.secret);
    if (entry === undefined) return;
    for (const caller of entry.callers) {
      caller.signal?.removeEventListener('abort', caller.onAbort);
      caller.reject(error);
    }
    entry.callers.clear();
    this.#end(entry);
  }

  release(leaseId: string, token: bigint): void {
    this.#table.advance(this.#nowMs);
    this.#driver.afterChange();
    const entry = this.#entries.get(leaseId);
    if (entry?.claim.token === token && entry.claim.state === 'held') {
      this.#end(entry);
      this.#remember(leaseId, token);
    } else if (this.#released.get(leaseId) !== token) {
      throw this.#notHeld(token);
    }
  }

  /** What the table has to say about the claim of such a lease. */
  onEvent(event: ClaimEvent): void {
    const { claim } = event;
    const entry = this.#entries.get(claim.session.secret);
    if (entry === undefined) return;
    switch (event.kind) {
      case 'granted':
        this.#tellAll(entry, () => this.#granted(entry));
        break;
      case 'contended':
        this.#tellAll(entry, () => contended(claim, event.holder));
        this.#end(entry);
        break;
      case 'lost':
        this.#end(entry);
        break;
    }
  }

  /** Rejects every wait with `CLOSED`. */
  dispose(): void {
    for (const { callers } of this.#entries.values()) {
      for (const caller of callers) {
        caller.signal?.removeEventListener('abort', caller.onAbort);
        caller.reject(new HoldfastError('CLOSED', 'the locks are closed'));
      }
    }
    this.#entries.clear();
    this.#entryOfRequest.clear();
  }

  get #nowMs(): number {
    return this.#driver.clock.monotonicMs();
  }

  #find(request: ClaimRequest): Entry | undefined {
    this.#table.advance(this.#nowMs);
    const entry = this.#entryOfRequest.get(request.requestId ?? '');
    // Throws if the id is that of another request.
    const claim = entry?.claim.session.findRequest(request);
    if (entry === undefined || claim === undefined) return undefined;
    if (claim.state === 'queued' || claim.state === 'held') return entry;
    // Over, and the event that says so is on its way.
    return undefined;
  }

  #ask(request: ClaimRequest, clientName: string): Entry {
    const leaseId = this.#randomHex(16);
    const session = this.#table.openSession(
      {
        id: this.#randomHex(8),
        secret: leaseId,
        clientName,
        metadata: {},
        ttlMs: NEVER,
        owner: 'lease',
      },
      this.#nowMs,
    );
    try {
      const { requestId } = request;
      // One that nobody can repeat goes by its lease, so that the table finds it by its token.
      const claimRequest = { ...request, requestId: requestId ?? leaseId };
      const claim = this.#table.acquire(session, claimRequest, this.#nowMs);
      const entry = { leaseId, requestId, claim, callers: new Set<Caller>(), isTold: false };
      this.#entries.set(leaseId, entry);
      if (requestId !== undefined) this.#entryOfRequest.set(requestId, entry);
      return entry;
    } catch (error) {
      this.#table.closeSession(session, this.#nowMs);
      throw error;
    }
  }

  #join(entry: Entry, waitMs: number, signal: AbortSignal | undefined): Promise<LeaseOutcome> {
    return new Promise((resolve, reject) => {
      const caller: Caller = { resolve, reject, signal, onAbort: () => this.#leave(entry, caller) };
      const { claim } = entry;
      entry.callers.add(caller);
      signal?.addEventListener('abort', caller.onAbort, { once: true });
      if (claim.state === 'queued' && waitMs > 0) return;
      const tell = (): void => {
        if (claim.state === 'held') this.#tell(entry, caller, this.#granted(entry));
        else this.#tell(entry, caller, contended(claim, this.#table.holderOf(claim.name)));
        this.#endUnlessWanted(entry);
      };
      if (claim.state === 'held') this.#driver.postGrant(claim, tell);
      else this.#driver.post(tell);
    });
  }

  #leave(entry: Entry, caller: Caller): void {
    if (!entry.callers.delete(caller)) return;
    this.#endUnlessWanted(entry);
    caller.reject(caller.signal?.reason);
  }

  /** The last to leave ends the wait, and gives back what nobody was told of. */
  #endUnlessWanted(entry: Entry): void {
    const isHeld = entry.claim.state === 'held' && entry.isTold;
    if (!isHeld && entry.callers.size === 0) this.#end(entry);
  }

  #granted(entry: Entry): LeaseOutcome {
    entry.isTold = true;
    const { leaseId, claim } = entry;
    const { token } = claim;
    return { kind: 'granted', leaseId, token, remainingMs: this.#remainingMs(claim) };
  }

  #remainingMs(claim: Claim): number {
    if (claim.state !== 'held') return 0;
    return Math.max(0, Math.floor(claim.deadlineMs - this.#nowMs));
  }

  #tellAll(entry: Entry, outcome: () => LeaseOutcome): void {
    for (const caller of [...entry.callers]) this.#tell(entry, caller, outcome());
  }

  #tell(entry: Entry, caller: Caller, outcome: LeaseOutcome): void {
    if (!entry.callers.delete(caller)) return;
    caller.signal?.removeEventListener('abort', caller.onAbort);
    caller.resolve(outcome);
  }

  /** Whatever it holds or waits for is given back; nobody may be waiting any more. */
  #end(entry: Entry): void {
    if (this.#entries.get(entry.leaseId) !== entry) return;
    this.#entries.delete(entry.leaseId);
    const { requestId } = entry;
    if (requestId !== undefined && this.#entryOfRequest.get(requestId) === entry) {
      this.#entryOfRequest.delete(requestId);
    }
    this.#table.closeSession(entry.claim.session, this.#nowMs);
    this.#driver.afterChange();
  }

  #remember(leaseId: string, token: bigint): void {
    this.#released.set(leaseId, token);
    if (this.#released.size <= RELEASED_MAX) return;
    for (const oldest of this.#released.keys()) {
      this.#released.delete(oldest);
      return;
    }
  }

  #notHeld(token: bigint): HoldfastError {
    const reason = this.#table.findLease(token) === undefined ? 'LEASE_LOST' : 'NOT_OWNER';
    return new HoldfastError('LEASE_LOST', 'the lease was lost, or is not yours', {
      details: { reason, token },
    });
  }
}

function contended(claim: Claim, holder: string): LeaseOutcome {
  return { kind: 'contended', holder, position: claim.position };
}

function checkedRequest(request: LeaseRequest): ClaimRequest {
  const { name, terms, requestId, clientName } = request;
  assertLockName(name);
  if (terms !== undefined) assertTerms(terms);
  assertClientText(clientName, {});
  if (requestId !== undefined) assertRequestId(requestId);
  const waitMs = durationMs(request.waitMs, 'wait');
  return { name, terms, requestId, waitMs, ttlMs: leaseTtlMs(request.ttlMs) };
}

function assertRequestId(requestId: string): void {
  const { length } = requestId;
  if (length >= REQUEST_ID_LENGTH_MIN && length <= REQUEST_ID_LENGTH_MAX) return;
  throw new InvalidArgumentError(
    `a request id must have ${REQUEST_ID_LENGTH_MIN} to ${REQUEST_ID_LENGTH_MAX} characters`,
    { reason: 'INVALID_REQUEST_ID' },
  );
}
