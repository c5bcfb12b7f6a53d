/**
 * Gives a lease table its time and its voice: one timer for the next deadline, and a queue of what
 * is to be told, emptied in a microtask of its own. So nobody who hears of a change is inside the
 * call that made it, everybody hears of changes in the order they happened, and a listener may call
 * back into the table.
 *
 * Telling comes after the change anyhow, so a journal makes the change durable in between. Where
 * that fails, nobody hears of the grants and renewals concerned, and the table stops granting until
 * the journal can be written again.
 */
import { HoldfastError } from '../errors.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import type { Claim } from './claim.ts';
import type { LockJournal } from './journal/lock-journal.ts';
import type { LeaseTable } from './lease-table.ts';
import type { TableEvent } from './table-event.ts';

/** How long a journal that failed is left alone. */
const JOURNAL_RETRY_MS = 1_000;

/** The longest delay a timer takes; a later deadline is reached in several. */
const TIMER_DELAY_MS_MAX = 2_147_483_647;

/** Something to tell; with `orElse`, only if what happened before could be kept. */
interface Delivery {
  readonly tell: () => void;
  readonly orElse?: ((error: HoldfastError) => void) | undefined;
}

export interface TableDriverOptions {
  readonly clock: Clock;
  readonly table: LeaseTable;
  /** What a table event means to whoever it is about; runs in the microtask. */
  readonly tell: (event: TableEvent) => void;
  /** Whoever was granted this claim must not have it: the grant could not be kept. */
  readonly deny?: (claim: Claim, error: HoldfastError) => void;
  readonly journal?: LockJournal | undefined;
}

export class TableDriver {
  readonly clock: Clock;
  readonly #table: LeaseTable;
  readonly #options: TableDriverOptions;
  #outbox: Delivery[] = [];
  #isTellingSoon = false;
  #telling: Promise<void> = Promise.resolve();
  #timer: Timer | undefined;
  #retryTimer: Timer | undefined;
  #timerDueMs = Number.POSITIVE_INFINITY;
  #timerKeepsAlive = false;
  #waitsHere = 0;
  #isDisposed = false;

  constructor(options: TableDriverOptions) {
    this.clock = options.clock;
    this.#table = options.table;
    this.#options = options;
  }

  /**
   * Call after every call of the table, also one that threw: it may have moved deadlines or made
   * events.
   */
  afterChange(): void {
    const events = this.#table.takeEvents();
    for (const event of events) this.#outbox.push(this.#deliveryOf(event));
    if (this.#hasWork) this.#tellSoon();
    if (this.#table.nextDeadlineMs !== this.#timerDueMs) this.#arm();
  }

  /** Adds something to tell, after all that happened before. */
  post(tell: () => void): void {
    this.#outbox.push({ tell });
    this.#tellSoon();
  }

  /** As `post`, once what happened before is kept; `orElse` if it cannot be. */
  postKept(tell: () => void, orElse: (error: HoldfastError) => void): void {
    this.#outbox.push({ tell, orElse });
    this.#tellSoon();
  }

  /** As `post`, for the answer to a request that was granted at once. */
  postGrant(claim: Claim, tell: () => void): void {
    this.#outbox.push(this.#grantOf(claim, tell));
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
    this.#retryTimer?.cancel();
    this.#cancelTimer();
  }

  /** True if a grant has to wait for a journal before anybody hears of it. */
  get isDurable(): boolean {
    return this.#options.journal !== undefined;
  }

  /** Resolves when nothing is being told or committed any more. */
  idle(): Promise<void> {
    return this.#telling;
  }

  get #hasWork(): boolean {
    if (this.#outbox.length > 0) return true;
    const { journal } = this.#options;
    return journal?.isDirty === true && journal.refusal === undefined;
  }

  #deliveryOf(event: TableEvent): Delivery {
    const tell = (): void => this.#options.tell(event);
    return event.kind === 'granted' ? this.#grantOf(event.claim, tell) : { tell };
  }

  #grantOf(claim: Claim, tellGrant: () => void): Delivery {
    const tell = (): void => {
      claim.isKept = true;
      tellGrant();
    };
    return claim.isKept ? { tell } : { tell, orElse: (error) => this.#deny(claim, error) };
  }

  #deny(claim: Claim, error: HoldfastError): void {
    this.#table.withdraw(claim, this.clock.monotonicMs());
    this.#options.deny?.(claim, error);
    this.afterChange();
  }

  #tellSoon(): void {
    if (this.#isTellingSoon) return;
    this.#isTellingSoon = true;
    this.#telling = Promise.resolve().then(() => this.#tellAll());
  }

  async #tellAll(): Promise<void> {
    const { journal } = this.#options;
    try {
      // Listeners that call back add to the outbox, and this loop reaches what they added.
      while (this.#hasWork) {
        const deliveries = this.#outbox;
        this.#outbox = [];
        const failure = journal === undefined ? undefined : await this.#keep(journal);
        this.#deliver(deliveries, failure);
      }
    } finally {
      this.#isTellingSoon = false;
      if (this.#outbox.length > 0) this.#tellSoon();
    }
  }

  #deliver(deliveries: readonly Delivery[], failure: HoldfastError | undefined): void {
    let told = 0;
    try {
      for (const { tell, orElse } of deliveries) {
        told += 1;
        if (this.#isDisposed) return;
        if (failure !== undefined && orElse !== undefined) orElse(failure);
        else tell();
      }
    } finally {
      // A listener that threw surfaces as an unhandled rejection; the others still hear.
      if (told < deliveries.length) this.#outbox.unshift(...deliveries.slice(told));
    }
  }

  /** Has the journal keep what happened; why it could not, if so. */
  async #keep(journal: LockJournal): Promise<HoldfastError | undefined> {
    // Only a new file helps then, and that is tried from time to time.
    if (journal.refusal !== undefined) return journal.refusal;
    if (!journal.isDirty) return undefined;
    try {
      await journal.commit();
      return undefined;
    } catch (error) {
      this.#table.stopGranting();
      this.#retryLater(journal);
      return HoldfastError.from(error);
    }
  }

  #retryLater(journal: LockJournal): void {
    if (this.#isDisposed) return;
    this.#retryTimer = this.clock.startTimer(JOURNAL_RETRY_MS, 'background', () => {
      this.#telling = this.#telling.then(() => this.#retry(journal));
    });
  }

  async #retry(journal: LockJournal): Promise<void> {
    if (this.#isDisposed) return;
    try {
      await journal.commit();
    } catch {
      this.#retryLater(journal);
      return;
    }
    this.#table.grantAgain(this.clock.monotonicMs());
    this.afterChange();
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
