/**
 * Loads under way, one per key: everybody who asks for a cold key waits for the same load.
 *
 *     first getOrSet ─► loading ─┬─ settled ─► value or error to all waiters
 *     others join ──────────────┤
 *                                ├─ superseded by a write: goes to its waiters, is not stored,
 *                                │  and nobody new joins
 *                                └─ abandoned by its last waiter: its signal aborts
 */

import type { CacheKey } from '../engine/key-encoder.ts';
import { keyLockName } from '../locks/key-name.ts';
import type { Loader } from './entry.ts';

class Load<V> {
  readonly controller: AbortController = new AbortController();
  readonly result: Promise<V>;
  isSuperseded = false;
  waiters = 0;

  constructor(key: CacheKey, loader: Loader<V>) {
    const { signal } = this.controller;
    // One turn later: whatever the loader does, it does not run inside the caller's getOrSet.
    this.result = Promise.resolve().then(() => loader({ key, signal }));
    this.result.catch(() => {
      // Each waiter has its own promise of it; when all have left, nobody wants to know.
    });
  }
}

export class Loads {
  readonly #byKey = new Map<string, Load<unknown>>();

  /**
   * Joins the load of `key` or starts one. `store` is called with the value, once, unless the load
   * was superseded; what it throws is its own business.
   */
  run<V>(
    key: CacheKey,
    loader: Loader<V>,
    signal: AbortSignal | undefined,
    store: (value: V) => void,
  ): Promise<V> {
    const name = keyLockName(key);
    let load = this.#byKey.get(name) as Load<V> | undefined;
    if (load === undefined) {
      load = new Load(key, loader);
      this.#byKey.set(name, load as Load<unknown>);
      this.#finish(name, load, store);
    }
    return this.#wait(name, load, signal);
  }

  /** A write of `key` wins over a load that is under way. */
  supersede(key: CacheKey): void {
    if (this.#byKey.size === 0) return;
    const name = keyLockName(key);
    const load = this.#byKey.get(name);
    if (load !== undefined) this.#release(name, load);
  }

  supersedeAll(): void {
    for (const [name, load] of this.#byKey) this.#release(name, load);
  }

  #release(name: string, load: Load<unknown>): void {
    load.isSuperseded = true;
    if (this.#byKey.get(name) === load) this.#byKey.delete(name);
  }

  #finish<V>(name: string, load: Load<V>, store: (value: V) => void): void {
    const forget = (): void => {
      if (this.#byKey.get(name) === (load as Load<unknown>)) this.#byKey.delete(name);
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
        load.controller.abort(signal.reason);
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
