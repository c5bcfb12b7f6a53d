import { HoldfastError } from '../errors.ts';
import { NEVER } from '../expiry/expiry.ts';
import type { Timer } from '../ports/clock.ts';
import type { Claim } from './claim.ts';
import type { Lease } from './lease.ts';
import type { LocalLocks } from './local-locks.ts';

/** A lease of this process: the claim in the table seen by its holder. */
export class LocalLease implements Lease {
  readonly name: string;
  readonly #claim: Claim;
  readonly #locks: LocalLocks;
  /** Made when somebody asks: an AbortController costs more than the rest of a lock and release. */
  #controller: AbortController | undefined = undefined;
  #revokeController: AbortController | undefined = undefined;
  #deadlineMs: number;
  #renewal: Timer | undefined = undefined;

  constructor(name: string, claim: Claim, locks: LocalLocks) {
    this.name = name;
    this.#claim = claim;
    this.#locks = locks;
    this.#deadlineMs = claim.deadlineMs;
  }

  get token(): bigint {
    return this.#claim.token;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      this.#locks.watch(this.#claim, this);
    }
    if (!this.#locks.isHeld(this.#claim)) this.noticeLoss();
    return this.#controller.signal;
  }

  get expiresAt(): number {
    if (this.#deadlineMs === NEVER) return NEVER;
    const { clock } = this.#locks;
    return Math.round(clock.wallMs() + this.#deadlineMs - clock.monotonicMs());
  }

  get revokesAt(): number {
    const { revokedAtMs } = this.#claim;
    const { clock } = this.#locks;
    if (revokedAtMs === NEVER) return NEVER;
    return Math.round(clock.wallMs() + revokedAtMs - clock.monotonicMs());
  }

  get revokeSignal(): AbortSignal {
    if (this.#revokeController === undefined) {
      this.#revokeController = new AbortController();
      this.#locks.watch(this.#claim, this);
      this.noticeRevoking();
    }
    return this.#revokeController.signal;
  }

  renew(): Promise<void> {
    if (this.#renewNow()) return DONE;
    this.noticeLoss();
    return Promise.reject(leaseLost(this.#claim));
  }

  release(): Promise<void> {
    this.#renewal?.cancel();
    this.#locks.release(this.#claim);
    return DONE;
  }

  assertHeld(): void {
    if (this.#locks.isHeld(this.#claim)) return;
    this.noticeLoss();
    throw leaseLost(this.#claim);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  /** Throws `LEASE_LOST` if the lease was lost; one that was released passes. @internal */
  assertNotLost(): void {
    if (this.#claim.state !== 'released') this.assertHeld();
  }

  /** Renews every `intervalMs` until the lease is released or lost. @internal */
  renewEvery(intervalMs: number): void {
    this.#renewal = this.#locks.clock.startTimer(intervalMs, 'background', () => {
      if (this.#renewNow()) this.renewEvery(intervalMs);
    });
  }

  /** Aborts the signal if the lease was lost rather than released. @internal */
  noticeLoss(): void {
    this.#renewal?.cancel();
    if (this.#claim.state === 'lost') this.#controller?.abort(leaseLost(this.#claim));
  }

  /** Aborts `revokeSignal` if an operator is taking the lease. @internal */
  noticeRevoking(): void {
    const { state, revokeReason, deadlineMs } = this.#claim;
    if (state !== 'held' || revokeReason === 'max-hold') return;
    this.#deadlineMs = deadlineMs;
    this.#revokeController?.abort(revoking(this.#claim));
  }

  #renewNow(): boolean {
    const isHeld = this.#locks.renew(this.#claim);
    if (isHeld) this.#deadlineMs = this.#claim.deadlineMs;
    return isHeld;
  }
}

/**
 * Releases `lease` once `callback` is done, and resolves to its result: unless the lease was lost
 * meanwhile, because then the result was not made under the lock. A callback may release by itself.
 */
export async function runUnderLease<T>(
  lease: LocalLease,
  callback: (lease: Lease) => T | PromiseLike<T>,
): Promise<T> {
  try {
    const result = await callback(lease);
    lease.assertNotLost();
    return result;
  } finally {
    await lease.release();
  }
}

const DONE: Promise<void> = Promise.resolve();

function revoking({ token, revokeReason }: Claim): HoldfastError {
  return new HoldfastError('LEASE_LOST', 'the lease is going to be taken away', {
    details: { reason: revokeReason, token },
  });
}

function leaseLost(claim: Claim): HoldfastError {
  const reason = claim.lostReason ?? claim.state;
  return new HoldfastError('LEASE_LOST', 'the lease is not held any more', {
    details: { reason, token: claim.token },
  });
}
