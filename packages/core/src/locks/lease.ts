/**
 * One holder's time-bounded hold on a lock. It may be lost before it is released (its time ran out,
 * its session ended, an operator took it), so whoever works under a lease watches `signal`, or
 * calls `assertHeld()` before each step that must not overlap another holder's, or passes `token`
 * to what it writes to.
 */
export interface Lease extends AsyncDisposable {
  /** The lock's name; for a key lock, the key as text. */
  readonly name: string;

  /** The fencing token: larger than that of every lease granted before it, restarts included. */
  readonly token: bigint;

  /** Aborts with a `LEASE_LOST` error when the lease is lost; a release does not abort it. */
  readonly signal: AbortSignal;

  /**
   * Unix milliseconds at which the lease is lost unless it is renewed; `Infinity` if it has no TTL.
   * Counted on the monotonic clock and told on today's wall clock, so it moves when the wall clock
   * is set.
   */
  readonly expiresAt: number;

  /**
   * Unix milliseconds at which the lease is lost whatever its holder does: its `maxHold` is over,
   * or an operator takes it. `Infinity` if nothing of that kind is to come.
   */
  readonly revokesAt: number;

  /**
   * Aborts when an operator is about to take the lease, at `revokesAt`: finish, and release it in
   * good order. `signal` aborts if that does not happen in time.
   */
  readonly revokeSignal: AbortSignal;

  /** Starts the TTL again from now. Rejects with `LEASE_LOST` if the lease is no longer held. */
  renew(): Promise<void>;

  /** Gives the lock to the next waiter. Releasing again, or after a loss, does nothing. */
  release(): Promise<void>;

  /**
   * Throws `LEASE_LOST` unless the lease is held at this very moment by the holder's own clock: a
   * program that was stopped past its TTL finds out here, before any timer or message could tell
   * it.
   */
  assertHeld(): void;
}
