/**
 * Ends a command before its lease ends. The lease's deadline is the client's own, by its monotonic
 * clock, so this works without the server too.
 *
 *     renewed ──────────────── SIGTERM ── grace ── SIGKILL ─ margin ─ the lease's deadline
 *
 * - A deadline that comes this near, since nothing renews or the longest hold is over: as drawn.
 * - An operator takes the lease, with a grace: SIGTERM at once, SIGKILL as drawn or earlier.
 * - The lease is lost without warning: SIGKILL at once, since another may hold the lock already.
 */
import type { Lease } from '@holdfast/client';
import type { ProcessGroup } from './process-group.ts';

export interface GuardTimes {
  readonly killGraceMs: number;
  /** From SIGKILL to the lease's deadline: what the kernel may need. */
  readonly marginMs: number;
}

const TIMER_MS_MAX = 2 ** 31 - 1;
const POLL_MS = 10;
/** How long a group may take to be gone once it was killed and its lease is lost. */
const KILLED_MS_MAX = 1_000;

export class LeaseGuard {
  readonly #lease: Lease;
  readonly #group: ProcessGroup;
  readonly #times: GuardTimes;
  readonly #onInterrupt: (reason: string) => void;
  #isInterrupted = false;
  #isStopped = false;
  #killAtMs = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** `onInterrupt` hears once, before the first signal, that the lease is why the command ends. */
  constructor(
    lease: Lease,
    group: ProcessGroup,
    times: GuardTimes,
    onInterrupt: (reason: string) => void,
  ) {
    this.#lease = lease;
    this.#group = group;
    this.#times = times;
    this.#onInterrupt = onInterrupt;
    lease.signal.addEventListener('abort', this.#look);
    lease.revokeSignal.addEventListener('abort', this.#look);
    this.#look();
  }

  /** Whether the command was ended, or outlived its lease. */
  get isInterrupted(): boolean {
    return this.#isInterrupted;
  }

  /**
   * Once the command has ended: ends what it left behind, and waits until that is gone. False if it
   * will not go though the lease is lost.
   */
  async finish(): Promise<boolean> {
    this.#look();
    if (this.#group.isAlive()) {
      this.#terminate();
      this.#look();
    }
    let leftMs = KILLED_MS_MAX;
    while (this.#group.isAlive() && leftMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (this.#lease.signal.aborted) leftMs -= POLL_MS;
    }
    return !this.#group.isAlive();
  }

  /** Looks no more. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #look = (): void => {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    const { killGraceMs, marginMs } = this.#times;
    if (this.#lease.signal.aborted) {
      this.#interrupt('the lease is lost');
      this.#group.signal('SIGKILL');
      return;
    }
    const nowMs = performance.now();
    const leftMs = this.#lease.expiresAt - Date.now() - marginMs;
    const isRevoked = this.#lease.revokeSignal.aborted;
    if (isRevoked || leftMs <= killGraceMs) {
      this.#interrupt(isRevoked ? 'an operator takes the lease' : 'the lease is about to end');
      this.#terminate();
    }
    const killInMs = Math.min(this.#killAtMs - nowMs, leftMs);
    if (killInMs <= 0) {
      this.#group.signal('SIGKILL');
      return;
    }
    const isTerminated = this.#killAtMs !== Number.POSITIVE_INFINITY;
    const delayMs = Math.ceil(isTerminated ? killInMs : leftMs - killGraceMs);
    this.#timer = setTimeout(this.#look, Math.min(delayMs, TIMER_MS_MAX));
  };

  #interrupt(reason: string): void {
    if (this.#isInterrupted) return;
    this.#isInterrupted = true;
    this.#onInterrupt(reason);
  }

  #terminate(): void {
    if (this.#killAtMs !== Number.POSITIVE_INFINITY) return;
    this.#killAtMs = performance.now() + this.#times.killGraceMs;
    this.#group.signal('SIGTERM');
  }
}
