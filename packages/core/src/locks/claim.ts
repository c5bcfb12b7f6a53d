/**
 * What a lease table is made of, with lock.ts. A *claim* is one request for one lock through its
 * whole life: a waiter while it is queued, a lease while it is held. Sessions own claims, locks
 * have them in line. Only the table writes these objects; everybody else reads them.
 */
import { assert } from '../assert.ts';
import type { LockTerms, LostReason } from '../backend/lock-backend.ts';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import { NEVER } from '../expiry/expiry.ts';
import { NOT_IN_HEAP, type Timed } from './deadline-heap.ts';
import { EXCLUSIVE, sameTerms } from './lock-terms.ts';

/**
 * The last four are final. `contended`: its wait was over; `withdrawn`: its session ended first.
 */
export type ClaimState = 'queued' | 'held' | 'released' | 'lost' | 'contended' | 'withdrawn';

/** How many finished requests a session remembers. */
export const ENDED_REQUESTS_MAX = 32;

/** The token of a claim that was never granted. */
export const NO_TOKEN = 0n;

export interface ClaimRequest {
  readonly name: string;
  /** Milliseconds to wait; 0 = answer at once, `NEVER` = as long as it takes. */
  readonly waitMs: number;
  /** Milliseconds the lease lives without its own renewal; `NEVER` = as long as its session. */
  readonly ttlMs: number;
  /** Default: exclusive. */
  readonly terms?: LockTerms | undefined;
  /**
   * Makes the claim one that can be asked for again; absent for callers who keep the claim itself.
   */
  readonly requestId?: string | undefined;
}

export class Claim implements Timed {
  readonly kind = 'claim' as const;
  readonly session: TableSession;
  readonly name: string;
  readonly waitMs: number;
  readonly ttlMs: number;
  readonly terms: LockTerms;
  readonly requestId: string | undefined;

  state: ClaimState = 'queued';
  token: bigint = NO_TOKEN;
  lostReason: LostReason | undefined = undefined;
  /** True once the grant would outlive a restart: nobody may hear of it before. */
  isKept = false;
  /** As last told to the waiter; 1 = next in line. */
  position = 0;
  /** When it is lost for want of a renewal of its own. */
  expiresAtMs: number = NEVER;
  /** When it is lost whatever its holder does, and why. */
  revokedAtMs: number = NEVER;
  revokeReason: LostReason = 'max-hold';

  /** When the wait is over while queued, when the lease is lost while held. */
  deadlineMs: number = NEVER;
  heapIndex: number = NOT_IN_HEAP;
  /** Neighbours among the waiters or the holders of its lock, whichever it is in. */
  previous: Claim | undefined = undefined;
  next: Claim | undefined = undefined;

  constructor(session: TableSession, request: ClaimRequest) {
    this.session = session;
    this.name = request.name;
    this.waitMs = request.waitMs;
    this.ttlMs = request.ttlMs;
    this.terms = request.terms ?? EXCLUSIVE;
    this.requestId = request.requestId;
  }
}

/**
 * Claims in order, linked through themselves: append and remove anywhere cost the same few steps.
 */
export class ClaimList {
  first: Claim | undefined = undefined;
  last: Claim | undefined = undefined;
  count = 0;

  *[Symbol.iterator](): Generator<Claim> {
    for (let claim = this.first; claim !== undefined; claim = claim.next) yield claim;
  }

  append(claim: Claim): void {
    assert(claim.previous === undefined && claim.next === undefined, 'claim is in a list already');
    claim.previous = this.last;
    if (this.last === undefined) this.first = claim;
    else this.last.next = claim;
    this.last = claim;
    this.count += 1;
  }

  remove(claim: Claim): void {
    assert(this.count > 0, 'claim list is empty');
    if (claim.previous === undefined) this.first = claim.next;
    else claim.previous.next = claim.next;
    if (claim.next === undefined) this.last = claim.previous;
    else claim.next.previous = claim.previous;
    claim.previous = undefined;
    claim.next = undefined;
    this.count -= 1;
  }
}

export interface TableSessionOptions {
  /** Unique in the table, chosen by the caller, as unguessable as the caller needs it. */
  readonly id: string;
  readonly secret: string;
  readonly clientName: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Milliseconds without a keep-alive; `NEVER` for a session that ends only when closed. */
  readonly ttlMs: number;
  /** Default `'stream'`. */
  readonly owner?: SessionOwner | undefined;
}

/**
 * Who has a session: a client over its streams, this program itself, or one lease without a stream,
 * whose id is the session's secret.
 */
export type SessionOwner = 'stream' | 'program' | 'lease';

export class TableSession implements Timed {
  readonly kind = 'session' as const;
  readonly id: string;
  readonly secret: string;
  readonly clientName: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly ttlMs: number;
  readonly owner: SessionOwner;

  state: 'alive' | 'expired' | 'closed' = 'alive';
  /** When it is over for want of a keep-alive. */
  expiresAtMs: number = NEVER;
  /** Whether its keep-alive is late, and its client was told. */
  lateness: 'none' | 'late' | 'told' = 'none';
  /** Every claim that waits or holds. */
  readonly claims: Set<Claim> = new Set();
  /** Those of them that have a request id, by it. */
  readonly requests: Map<string, Claim> = new Map();
  /**
   * The latest claims with a request id that are over, oldest first, so that a repetition is
   * answered alike.
   */
  readonly ended: Map<string, Claim> = new Map();

  /** When the table looks at it next: its keep-alive is late, or it is over. */
  deadlineMs: number = NEVER;
  heapIndex: number = NOT_IN_HEAP;

  constructor(options: TableSessionOptions) {
    this.id = options.id;
    this.secret = options.secret;
    this.clientName = options.clientName;
    this.metadata = options.metadata;
    this.ttlMs = options.ttlMs;
    this.owner = options.owner ?? 'stream';
  }

  /**
   * The claim of a request seen before; throws `REQUEST_ID_REUSED` if that asked for something
   * else.
   */
  findRequest(request: ClaimRequest): Claim | undefined {
    const { requestId } = request;
    if (requestId === undefined) return undefined;
    const known = this.requests.get(requestId) ?? this.ended.get(requestId);
    if (known === undefined) return undefined;
    const isSame = known.name === request.name && known.ttlMs === request.ttlMs;
    if (isSame && sameTerms(known.terms, request.terms ?? EXCLUSIVE)) return known;
    throw new InvalidArgumentError('the request id was used for another request', {
      reason: 'REQUEST_ID_REUSED',
    });
  }

  /** It ends with this program. */
  get isLocal(): boolean {
    return this.owner === 'program';
  }

  own(claim: Claim): void {
    this.claims.add(claim);
    if (claim.requestId !== undefined) this.requests.set(claim.requestId, claim);
  }

  /** The claim is over; if it can be asked for again, it is remembered. */
  disown(claim: Claim): void {
    const { requestId } = claim;
    this.claims.delete(claim);
    if (requestId === undefined) return;
    this.requests.delete(requestId);
    this.ended.set(requestId, claim);
    if (this.ended.size <= ENDED_REQUESTS_MAX) return;
    for (const oldest of this.ended.keys()) {
      this.ended.delete(oldest);
      break;
    }
  }

  /** Throws `LEASE_LOST` if the session is over. */
  assertAlive(): void {
    if (this.state === 'alive') return;
    throw new HoldfastError('LEASE_LOST', 'the session is over', {
      details: { reason: this.state === 'expired' ? 'SESSION_EXPIRED' : 'SESSION_CLOSED' },
    });
  }

  /** Takes the same time wherever the texts differ. */
  hasSecret(secret: string): boolean {
    if (secret.length !== this.secret.length) return false;
    let difference = 0;
    for (let index = 0; index < secret.length; index++) {
      difference |= secret.charCodeAt(index) ^ this.secret.charCodeAt(index);
    }
    return difference === 0;
  }

  /** How others are told who holds a lock. */
  get displayName(): string {
    return this.clientName === '' ? this.id : this.clientName;
  }
}
