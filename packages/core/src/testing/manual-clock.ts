import { assert } from '../assert.ts';
import type { Clock, Timer } from '../ports/clock.ts';

interface PendingTimer {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * A clock that stands still until a test moves it. Timers run in the order they are due; after
 * each, waiting promises get their turn, so `await clock.advance(1000)` plays a whole second of the
 * program.
 */
export class ManualClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  #order = 0;
  readonly #timers = new Set<PendingTimer>();
  readonly #busySources = new Set<() => boolean>();

  constructor(wallMs = 1_700_000_000_000) {
    this.#wallMs = wallMs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  startTimer(
    delayMs: number,
    _keepAlive: 'background' | 'foreground',
    callback: () => void,
  ): Timer {
    assert(delayMs >= 0 && delayMs <= 2_147_483_647, 'timer delay out of range');
    const timer = { dueMs: this.#monotonicMs + delayMs, order: this.#order++, callback };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  /** How many timers are waiting. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /**
   * Sets the wall clock alone, as an administrator would: no timer fires, monotonic time does not
   * move.
   */
  setWallMs(wallMs: number): void {
    this.#wallMs = wallMs;
  }

  /** `settle` waits for as long as any source says it is busy, such as a simulated disk. */
  addBusySource(isBusy: () => boolean): void {
    this.#busySources.add(isBusy);
  }

  /** Lets everything run that needs no time to pass. */
  async settle(): Promise<void> {
    await settle(() => [...this.#busySources].some((isBusy) => isBusy()));
  }

  /** Moves both clocks on by `ms`, running every timer that falls due on the way. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monotonicMs + ms;
    await this.settle();
    for (let timer = this.#next(endMs); timer !== undefined; timer = this.#next(endMs)) {
      this.#moveTo(Math.max(timer.dueMs, this.#monotonicMs));
      this.#timers.delete(timer);
      timer.callback();
      await this.settle();
    }
    this.#moveTo(endMs);
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }

  #next(endMs: number): PendingTimer | undefined {
    let next: PendingTimer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > endMs) continue;
      if (
        next === undefined ||
        timer.dueMs < next.dueMs ||
        (timer.dueMs === next.dueMs && timer.order < next.order)
      ) {
        next = timer;
      }
    }
    return next;
  }
}

/**
 * Lets chains of promises run dry, those included that something busy (a disk) continues. Fifty
 * quiet turns in a row are more links than any chain in the engine has between two such calls.
 */
export async function settle(isBusy: () => boolean = () => false): Promise<void> {
  for (let quietTurns = 0; quietTurns < 50; quietTurns++) {
    await Promise.resolve();
    if (isBusy()) quietTurns = 0;
  }
}
