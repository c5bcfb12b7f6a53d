import type { Work } from '../workloads/workload.ts';

/**
 * One way to store the work. Each contestant loops by itself, in the idiom its own documentation
 * recommends, so that nobody pays for a wrapper that another's compiler could inline.
 */
export interface Contestant {
  readonly name: string;
  /** What a reader must know to compare fairly. */
  readonly note: string;
  /** Slow ones do only this share of the same work; figures are per operation. */
  readonly keyShare?: number;
  open(directory: string, keyCount: number): Promise<Store> | Store;
}

export interface Store {
  /**
   * Sets every key, and resolves once the operating system has all of them (memory only: at once).
   */
  setAll(work: Work): Promise<void> | void;
  /**
   * Sets one key without waiting for anything; absent where calls have to wait for one another.
   */
  post?(key: string, value: unknown): void;
  /**
   * Sets one key, and resolves once the operating system has it. Absent in memory, and where only
   * the whole can be saved.
   */
  set?(key: string, value: unknown): unknown;
  /** The same, resolving once it would survive a power cut; absent where nothing syncs. */
  setSynced?(key: string, value: unknown): unknown;
  /**
   * Sets several that are in flight together. Absent: the calls above, made together. Where calls
   * are synchronous nothing is ever in flight, and a transaction takes its place.
   */
  setTogether?(work: Work, isSynced: boolean): unknown;
  /** Resolves once all that was set would survive a power cut; absent where nothing is stored. */
  sync?(): Promise<void> | void;
  /** Reads every key; answers how many had a value. */
  getAll(keys: readonly string[]): Promise<number> | number;
  /** One value, at once or as a promise. */
  get(key: string): unknown;
  /** Bytes of memory by its own account, if it has one. */
  memoryBytes?(): number;
  close(): Promise<void> | void;
}

/** Contestants with a TTL set this one, so reading has to look at the clock. */
export const TTL_MS = 3_600_000;

export const HOLDFAST = 'Holdfast';
export const HOLDFAST_IN_MEMORY = 'Holdfast, memory only';

/** How many of so many keys a contestant gets. */
export function keyCountFor({ keyShare = 1 }: Contestant, keyCount: number): number {
  return Math.max(1, Math.round(keyCount * keyShare));
}
