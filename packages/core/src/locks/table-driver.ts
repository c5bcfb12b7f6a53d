/**
 * Gives a lease table its time and its voice: one timer for the next deadline, and a queue of what
 * is to be told, emptied in a microtask of its own. So nobody who hears of a change is inside the
 * call that made it, everybody hears of changes in the order they happened, and a listener may call
 * back into the table.
 *
 * Telling comes after the change anyhow, so a journal can make the change durable in between.
 */
import type { Clock, Timer } from '../ports/clock.ts';
import type { LeaseTable } from './lease-table.ts';
import type { TableEvent } from './table-event.ts';

/** The longest delay a timer takes; a later deadline is reached in several. */
const TIMER_DELAY_MS_MAX = 2_147_483_647;

export class TableDriver {
  readonly clock: Clock;
  readonly #table: LeaseTable;
  /** What a table event means to whoever it is about; runs in the microtask. */
  readonly #tell: (event: TableEvent) => void;
  #outbox: (TableEvent | (() => void))[] = [];
  #isTellingSoon = false;
  #timer: Timer | undefined;
  #timerDueMs = Number.POSITIVE_INFINITY;
  #timerKeepsAlive = false;
  #waitsHere = 0;
  #isDisposed = false;

  constructor(clock: Clock, table: LeaseTable, tell: (event: TableEvent) => void) {
    this.clock = clock;
    this.#table = table;
    this.#tell = tell;
  }

  /**
   * Call after every call of the table, also one that threw: it may have moved deadlines or made
   * events.
   */
  afterChange(): void {
    const events = this.#table.takeEvents();
    if (events.length > 0) {
      for (const event of events) this.#outbox.push(event);
      this.#tellSoon();
    }
    if (this.#table.nextDeadlineMs !== this.#timerDueMs) this.#arm();
  }

  /** Adds something to tell, after all that happened before. */
  post(delivery: () => void): void {
    this.#outbox.push(delivery);
    this.#tellSoon();
  }

  /**
   * While a wait of this process is open, the timer keeps the process alive: its promise has to
   * settle.
   */
  beginWait(): void {
    this.#waitsHere += 1;
    if (this.#waitsHere === 1) this.#arm();
  }

  endWait(): void {
    this.#waitsHere -= 1;
    if (this.#waitsHere === 0) this.#arm();
  }

  /** No timer from now on, and nothing that was not told yet is. */
  dispose(): void {
    this.#isDisposed = true;
    this.#outbox = [];
    this.#cancelTimer();
  }

  #tellSoon(): void {
    if (this.#isTellingSoon) return;
    this.#isTellingSoon = true;
    void Promise.resolve().then(() => this.#tellAll());
  }

  #tellAll(): void {
    let index = 0;
    try {
      // Listeners that call back add to the same outbox, and this loop reaches what they added.
      for (; index < this.#outbox.length; index++) {
        const item = this.#outbox[index] as TableEvent | (() => void);
        if (typeof item === 'function') item();
        else this.#tell(item);
      }
    } finally {
      // A listener that threw surfaces as an unhandled rejection; the others still hear.
      this.#outbox.splice(0, index + 1);
      this.#isTellingSoon = false;
      if (this.#outbox.length > 0) this.#tellSoon();
    }
  }

  #arm(): void {
    if (this.#isDisposed) return;
    const dueMs = this.#table.nextDeadlineMs;
    const keepsAlive = this.#waitsHere > 0;
    if (dueMs === Number.POSITIVE_INFINITY) {
      this.#cancelTimer();
      return;
    }
    // Renewals move deadlines on all the time: a timer that comes too early is cheaper than one
    // replaced each time.
    if (
      this.#timer !== undefined &&
      this.#timerDueMs <= dueMs &&
      this.#timerKeepsAlive === keepsAlive
    ) {
      return;
    }
    this.#cancelTimer();
    const nowMs = this.clock.monotonicMs();
    const delayMs = Math.min(Math.max(Math.ceil(dueMs - nowMs), 0), TIMER_DELAY_MS_MAX);
    this.#timerDueMs = Math.min(dueMs, nowMs + delayMs);
    this.#timerKeepsAlive = keepsAlive;
    this.#timer = this.clock.startTimer(delayMs, keepsAlive ? 'foreground' : 'background', () => {
      this.#timer = undefined;
      this.#timerDueMs = Number.POSITIVE_INFINITY;
      this.#table.advance(this.clock.monotonicMs());
      this.afterChange();
    });
  }

  #cancelTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerDueMs = Number.POSITIVE_INFINITY;
  }
}
