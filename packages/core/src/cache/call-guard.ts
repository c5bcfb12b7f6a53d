import type { Durability } from '../backend/cache-backend.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineSettings } from '../engine/settings.ts';
import { HoldfastError } from '../errors.ts';
import { durabilityOption } from './cache-options.ts';
import { assertKnownOptions } from './check-options.ts';
import type { WriteOptions } from './entry.ts';

/**
 * What every call of a cache goes through: it is open, its options are known, the store takes
 * writes, and a failure that nobody awaits does no harm.
 */
export class CallGuard {
  readonly #engine: Engine;
  readonly #settings: EngineSettings;
  readonly #outer: CallGuard | undefined;
  #isClosed = false;

  /** `outer` is that of the cache this one is a namespace of: when that closes, so does this. */
  constructor(engine: Engine, settings: EngineSettings, outer?: CallGuard) {
    this.#engine = engine;
    this.#settings = settings;
    this.#outer = outer;
  }

  get isOpen(): boolean {
    return !this.#isClosed && (this.#outer === undefined || this.#outer.isOpen);
  }

  close(): void {
    this.#isClosed = true;
  }

  /** That of a namespace in this cache. */
  inner(): CallGuard {
    return new CallGuard(this.#engine, this.#settings, this);
  }

  assertOpen(): void {
    if (!this.isOpen) throw new HoldfastError('CLOSED', 'the cache is closed');
  }

  /** Checks the options of a write, makes it, and waits until it is as durable as they ask. */
  write<T>(
    where: string,
    options: WriteOptions,
    known: ReadonlySet<string>,
    operation: () => T,
  ): Promise<T> {
    return this.run(() => {
      assertKnownOptions(options, known, where);
      const durability = this.prepareWrite(options);
      const result = operation();
      return this.#engine.settle(durability).then(() => result);
    });
  }

  /** Everything a write checks first; returns its durability. */
  prepareWrite(options: WriteOptions): Durability {
    this.assertOpen();
    const { refusal } = this.#engine;
    if (refusal !== undefined) throw refusal;
    const { durability } = options;
    return durability === undefined ? this.#settings.durability : durabilityOption(durability);
  }

  /** A failure to start is a rejection, and one that nobody awaits is none of the process. */
  run<T>(operation: () => Promise<T>): Promise<T> {
    try {
      this.assertOpen();
      const promise = operation();
      promise.catch(() => {
        // Not awaiting a write is allowed; its failure has reached onError.
      });
      return promise;
    } catch (error) {
      return this.refuse(error);
    }
  }

  /**
   * A promise nobody may be waiting for must not end the process: `onError` hears of it as well.
   */
  refuse(error: unknown): Promise<never> {
    const known = error instanceof HoldfastError ? error : undefined;
    if (known !== undefined && known.code !== 'CLOSED') this.#settings.onError(known);
    const promise = Promise.reject(error);
    promise.catch(() => {});
    return promise;
  }
}
