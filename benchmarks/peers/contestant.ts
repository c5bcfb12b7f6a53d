import type { Work } from '../workloads/workload.ts';

/**
 * One way to store the work. Each contestant loops by itself, in the idiom its own documentation
 * recommends, so that nobody pays for a wrapper that another's compiler could inline.
 */
export interface Contestant {
  readonly name: string;
  /** What a reader must know to compare fairly. */
  readonly note: string;
  /** Slow ones do less of the same work; figures are per operation. */
  readonly keyCountMax?: number;
  open(directory: string, keyCount: number): Promise<Store> | Store;
}

export interface Store {
  /**
   * Sets every key, and resolves once the operating system has all of them (memory only: at once).
   */
  setAll(work: Work): Promise<void> | void;
  /** Resolves once all that was set would survive a power cut; absent where nothing is stored. */
  sync?(): Promise<void> | void;
  /** Reads every key; answers how many had a value. */
  getAll(keys: readonly string[]): Promise<number> | number;
  /** For the check that what was stored is what is read. */
  get(key: string): unknown;
  close(): Promise<void> | void;
}

/** Contestants with a TTL set this one, so reading has to look at the clock. */
export const TTL_MS = 3_600_000;
