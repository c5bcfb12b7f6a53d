import { HoldfastError, type Lease } from '@holdfast/core';
import type { Clock, Timer } from '@holdfast/core/ports';
import type { LockRequestOptions } from './lock-request.ts';
import type { GrantedLease } from './session-stream.ts';

/** What a lease asks of the session that owns it. */
export interface LeaseOwner {
  readonly clock: Clock;
  /** When the session, and with it the lease, is over unless it is renewed: monotonic. */
  readonly deadlineMs: number;
  /** Ends the session and its leases if its deadline has passed without anybody noticing. */
  expireIfPast(): void;
  renew(): Promise<void>;
  release(lease: RemoteLease): Promise<void>;
}

/** What of a request its lease needs. */
type LeaseOptions = Pick<LockRequestOptions, 'terms' | 'onJeopardy' | 'onSafe'>;

type LeaseState = 'held' | 'released' | 'lost';

/** The longest delay a timer takes; a later deadline is reached in several. */
const TIMER_MS_MAX = 2 ** 31 - 1;

const NEVER = Number.POSITIVE_INFINITY;

/** A lease of a remote session: held until released or lost, and never again after. */
export class RemoteLease implements Lease {
  readonly name: string;
  readonly token: bigint;
  readonly leaseId: string;
  /** Once it is lost, nothing may look like a release. @internal */
  readonly hasLockDelay: boolean;
  readonly #owner: LeaseOwner;
  readonly #options: LeaseOptions;
  readonly #abort = new AbortController();
  readonly #revokeAbort = new AbortController();
  #state: LeaseState = 'held';
  #release: Promise<void> | undefined;
  /** When it is lost whatever is renewed, and why. */
  #revokedAtMs = NEVER;
  #revokeReason = 'max-hold';
  #revokeTimer: Timer | undefined;

  constructor(owner: LeaseOwner, granted: Omit<GrantedLease, 'requestId'>, options: LeaseOptions) {
    this.#owner = owner;
    this.#options = options;
    this.name = granted.name;
    this.leaseId = granted.leaseId;
    this.token = granted.token;
    this.hasLockDelay = options.terms.lockDelayMs > 0;
  }

  /**
   * Looking at it is enough: a deadline that passed while the program was stopped aborts it first.
   */
  get signal(): AbortSignal {
    this.#loseIfPast();
    return this.#abort.signal;
  }

  get expiresAt(): number {
    return this.#wallMs(Math.min(this.#owner.deadlineMs, this.#revokedAtMs));
  }

  get revokesAt(): number {
    return this.#wallMs(this.#revokedAtMs);
  }

  get revokeSignal(): AbortSignal {
    return this.#revokeAbort.signal;
  }

  async renew(): Promise<void> {
    this.assertHeld();
    await this.#owner.renew();
    this.assertHeld();
  }

  release(): Promise<void> {
    if (this.#state === 'held') {
      this.#state = 'released';
      this.#revokeTimer?.cancel();
      this.#release = this.#owner.release(this);
    }
    return this.#release ?? Promise.resolve();
  }

  assertHeld(): void {
    this.#loseIfPast();
    if (this.#state === 'lost') throw this.#abort.signal.reason;
    if (this.#state === 'released') throw leaseLostError(this, 'released');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  /** Tells the holder. Nothing happens to a lease that was released or lost before. @internal */
  lose(reason: string): void {
    if (this.#state !== 'held') return;
    this.#state = 'lost';
    this.#revokeTimer?.cancel();
    this.#abort.abort(leaseLostError(this, reason));
  }

  /**
   * Tells the holder, if it still is one, once the session is done with what it does now; what the
   * holder throws is an unhandled rejection. @internal
   */
  tell(what: 'jeopardy' | 'safe'): void {
    const { onJeopardy, onSafe } = this.#options;
    const listener = what === 'jeopardy' ? onJeopardy : onSafe;
    if (listener === undefined) return;
    void Promise.resolve().then(() => {
      this.#loseIfPast();
      return this.#state === 'held' ? listener(this) : undefined;
    });
  }

  /** Its longest hold is over then, by the monotonic clock. @internal */
  limitHold(untilMs: number): void {
    if (untilMs < this.#revokedAtMs) this.#endAt(untilMs, 'max-hold');
  }

  /** The server is about to take it. @internal */
  revoke(remainingMs: number, reason: string): void {
    if (this.#state !== 'held') return;
    const untilMs = this.#owner.clock.monotonicMs() + remainingMs;
    if (untilMs < this.#revokedAtMs) this.#endAt(untilMs, reason);
    this.#revokeAbort.abort(leaseRevokedError(this, reason));
  }

  #endAt(untilMs: number, reason: string): void {
    this.#revokedAtMs = untilMs;
    this.#revokeReason = reason;
    this.#revokeTimer?.cancel();
    this.#watchRevocation();
  }

  #watchRevocation(): void {
    const { clock } = this.#owner;
    const leftMs = Math.max(0, Math.ceil(this.#revokedAtMs - clock.monotonicMs()));
    const delayMs = Math.min(leftMs, TIMER_MS_MAX);
    this.#revokeTimer = clock.startTimer(delayMs, 'background', () => {
      this.#loseIfPast();
      if (this.#state === 'held') this.#watchRevocation();
    });
  }

  #loseIfPast(): void {
    if (this.#state !== 'held') return;
    this.#owner.expireIfPast();
    // The server loses it by itself: a release here would open the lock before its delay is over.
    if (this.#owner.clock.monotonicMs() >= this.#revokedAtMs) this.lose(this.#revokeReason);
  }

  #wallMs(monotonicMs: number): number {
    const { clock } = this.#owner;
    return clock.wallMs() + monotonicMs - clock.monotonicMs();
  }
}

function leaseLostError(lease: RemoteLease, reason: string): HoldfastError {
  return new HoldfastError('LEASE_LOST', `the lease is not held any more, reason=${reason}`, {
    details: { name: lease.name, token: lease.token, reason },
  });
}

function leaseRevokedError(lease: RemoteLease, reason: string): HoldfastError {
  return new HoldfastError('LEASE_LOST', 'the lease is going to be taken away', {
    details: { name: lease.name, token: lease.token, reason },
  });
}
