/**
 * Loads under way, one per key: everybody who asks for a cold key waits for the same load.
 *
 *     first getOrSet ─► loading ─┬─ settled ─► value or error to all waiters
 *     others join ──────────────┤
 *                                ├─ superseded by a write: goes to its waiters, is not stored,
 *                                │  and nobody new joins
 *                                ├─ abandoned by its last waiter: its signal aborts
 *                                └─ out of time: the same, and all waiters are told
 *
 * Beside them the keys whose load found nothing, if that is to be remembered, and other loads of
 * the same keys, over which the same writes win.
 */

import type { CacheKey } from '../engine/key-encoder.ts';
import { HoldfastError } from '../errors.ts';
import { keyLockName } from '../locks/key-name.ts';
import type { Clock, Timer } from '../ports/clock.ts';
import { Absences } from './absences.ts';

/** What makes a value. */
export type StartLoad<V> = (load: RunningLoad) => V | PromiseLike<V>;

/** A load as the one who makes its value sees it. */
export interface RunningLoad {
  readonly key: CacheKey;
  /** Aborts when nobody waits for it any more, and when its time is over. */
  readonly signal: AbortSignal;
  /** A write has won over it: nothing is to be stored. */
  readonly isSuperseded: boolean;
  /** The ids of those its value will have. */
  tags: readonly number[];
}

class Load<V> implements RunningLoad {
  readonly key: CacheKey;
  readonly controller: AbortController = new AbortController();
  readonly result: Promise<V>;
  isSuperseded = false;
  tags: readonly number[];
  waiters = 0;
  #timer: Timer | undefined;

  constructor(key: CacheKey, start: StartLoad<V>, clock: Clock, options: LoadOptions) {
    const { timeoutMs, tags } = options;
    this.key = key;
    this.tags = tags;
    // One turn later: whatever the loader does, it does not run inside the caller's getOrSet.
    const loaded = Promise.resolve().then(() => start(this));
    this.result = timeoutMs === undefined ? loaded : this.#within(timeoutMs, clock, loaded);
    this.result.catch(() => {
      // Each waiter has its own promise of it; when all have left, nobody wants to know.
    });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  abort(reason: unknown): void {
    this.#timer?.cancel();
    this.controller.abort(reason);
  }

  /** What `loaded` gives after its time, nobody hears of. */
  #within(timeoutMs: number, clock: Clock, loaded: Promise<V>): Promise<V> {
    return new Promise((resolve, reject) => {
      this.#timer = startLoadTimer(timeoutMs, clock, (error) => {
        reject(error);
        this.controller.abort(error);
      });
      loaded.then(resolve, reject).finally(() => this.#timer?.cancel());
    });
  }
}

/** Tells, once that time has passed, what to tell those who wait for a load. */
export function startLoadTimer(
  timeoutMs: number,
  clock: Clock,
  onTimeout: (error: HoldfastError) => void,
): Timer {
  // Somebody waits: the process stays until they have heard.
  return clock.startTimer(timeoutMs, 'foreground', () => {
    const message = `the loader took longer than its timeout=${timeoutMs}`;
    onTimeout(new HoldfastError('UNAVAILABLE', message, { details: { timeoutMs } }));
  });
}

export interface LoadOptions {
  /** Of this caller. */
  readonly signal: AbortSignal | undefined;
  /** Of the load, if this call starts it. */
  readonly timeoutMs: number | undefined;
  /** Of the value, if this call starts the load. */
  readonly tags: readonly number[];
}

export class Loads {
  readonly absences: Absences = new Absences();
  readonly #clock: Clock;
  readonly #others: Loads | undefined;
  readonly #byName = new Map<string, Load<unknown>>();

  /** What supersedes one of these supersedes those of `others`. */
  constructor(clock: Clock, others?: Loads) {
    this.#clock = clock;
    this.#others = others;
  }

  /** About what they take in memory, those of `others` included. */
  get absenceBytes(): number {
    return this.absences.bytes + (this.#others?.absenceBytes ?? 0);
  }

  /** True if a `run` would join a load that is under way. */
  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /**
   * Joins the load of `key` or starts one. `store` is called with the value, once, unless the load
   * was superseded; what it throws is its own business. `name` is the key's, as `keyLockName` gives
   * it.
   */
  run<V>(
    name: string,
    key: CacheKey,
    start: StartLoad<V>,
    options: LoadOptions,
    store: (value: V) => void,
  ): Promise<V> {
    let load = this.#byName.get(name) as Load<V> | undefined;
    if (load === undefined) {
      load = new Load(key, start, this.#clock, options);
      this.#byName.set(name, load as Load<unknown>);
      this.#finish(name, load, store);
    }
    return this.#wait(name, load, options.signal);
  }

  /**
   * A write of `key`, in a namespace of that space, wins over a load that is under way, and over
   * one that found nothing.
   */
  supersede(key: CacheKey, space: string): void {
    this.#others?.supersede(key, space);
    if (this.#byName.size === 0 && this.absences.size === 0) return;
    const name = keyLockName(key, space);
    this.absences.forget(name);
    const load = this.#byName.get(name);
    if (load !== undefined) this.#release(name, load);
  }

  /** An invalidation wins over the loads of values that are to have one of its tags. */
  supersedeTags(tags: ReadonlySet<number>): void {
    this.#others?.supersedeTags(tags);
    this.absences.clear();
    for (const [name, load] of this.#byName) {
      if (load.tags.some((tag) => tags.has(tag))) this.#release(name, load);
    }
  }

  supersedeAll(): void {
    this.#others?.supersedeAll();
    this.absences.clear();
    for (const [name, load] of this.#byName) this.#release(name, load);
  }

  #release(name: string, load: Load<unknown>): void {
    load.isSuperseded = true;
    if (this.#byName.get(name) === load) this.#byName.delete(name);
  }

  #finish<V>(name: string, load: Load<V>, store: (value: V) => void): void {
    const forget = (): void => {
      if (this.#byName.get(name) === (load as Load<unknown>)) this.#byName.delete(name);
    };
    load.result.then((value) => {
      forget();
      if (!load.isSuperseded) store(value);
    }, forget);
  }

  async #wait<V>(name: string, load: Load<V>, signal: AbortSignal | undefined): Promise<V> {
    load.waiters++;
    try {
      return await (signal === undefined ? load.result : abortable(load.result, signal));
    } finally {
      load.waiters--;
      if (load.waiters === 0 && signal?.aborted) {
        this.#release(name, load as Load<unknown>);
        load.abort(signal.reason);
      }
    }
  }
}

function abortable<V>(result: Promise<V>, signal: AbortSignal): Promise<V> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
