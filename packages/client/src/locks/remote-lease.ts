import { HoldfastError, type Lease } from '@holdfast/core';

/** What a lease asks of the session that owns it. */
export interface LeaseOwner {
  /** Ends the session and its leases if its deadline has passed without anybody noticing. */
  expireIfPast(): void;
  readonly expiresAtWallMs: number;
  renew(): Promise<void>;
  release(lease: RemoteLease): Promise<void>;
}

type LeaseState = 'held' | 'released' | 'lost';

/** A lease of a remote session: held until released or lost, and never again after. */
export class RemoteLease implements Lease {
  readonly name: string;
  readonly token: bigint;
  /** @internal */
  readonly leaseId: string;
  readonly #owner: LeaseOwner;
  readonly #abort = new AbortController();
  #state: LeaseState = 'held';
  #release: Promise<void> | undefined;

  constructor(owner: LeaseOwner, name: string, leaseId: string, token: bigint) {
    this.#owner = owner;
    this.name = name;
    this.leaseId = leaseId;
    this.token = token;
  }

  /**
   * Looking at it is enough: a deadline that passed while the program was stopped aborts it first.
   */
  get signal(): AbortSignal {
    if (this.#state === 'held') this.#owner.expireIfPast();
    return this.#abort.signal;
  }

  get expiresAt(): number {
    return this.#owner.expiresAtWallMs;
  }

  async renew(): Promise<void> {
    this.assertHeld();
    await this.#owner.renew();
    this.assertHeld();
  }

  release(): Promise<void> {
    if (this.#state === 'held') {
      this.#state = 'released';
      this.#release = this.#owner.release(this);
    }
    return this.#release ?? Promise.resolve();
  }

  assertHeld(): void {
    if (this.#state === 'held') this.#owner.expireIfPast();
    // The check may have changed the state, which the compiler does not see.
    const state = this.#state as LeaseState;
    if (state === 'lost') throw this.#abort.signal.reason;
    if (state === 'released') throw leaseLostError(this, 'released');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  /** Tells the holder. Nothing happens to a lease that was released or lost before. @internal */
  lose(reason: string): void {
    if (this.#state !== 'held') return;
    this.#state = 'lost';
    this.#abort.abort(leaseLostError(this, reason));
  }
}

function leaseLostError(lease: RemoteLease, reason: string): HoldfastError {
  return new HoldfastError('LEASE_LOST', `the lease is not held any more, reason=${reason}`, {
    details: { name: lease.name, token: lease.token, reason },
  });
}
