/**
 * The files of the model and what a crash does to them: only what was synced is sure to survive,
 * and of the rest anything may.
 *
 * ```
 *   records   [1][2][3][4]      a crash keeps [1][2] and any number of those behind
 *             └synced┘          a name that was never synced may be gone, one that was unlinked
 *                               and not synced may be back
 * ```
 */
import type { SeededRandom } from '../../src/testing/index.ts';

export type Generation = 'young' | 'main';

export interface LogRecord {
  readonly kind: 'put' | 'delete' | 'clear';
  /** 0 for `clear`. */
  readonly key: number;
  /** Orders all writes; a copy may keep its original's. */
  readonly sequence: number;
  /** Until when it can be read; 0 for what is no put. */
  readonly expiresAt: number;
  /** Until when an older record of the key may still lie in main; 0 if none does. */
  readonly hidesUntil: number;
  /** Which write of the history this is; a copy is the same write. */
  readonly version: number;
}

export interface LogFile {
  /** Rises: a file with a higher id was created later. */
  readonly id: number;
  readonly generation: Generation;
  records: LogRecord[];
  durableCount: number;
  isNamed: boolean;
  /** In memory only, so a crash forgets it. */
  isBeingFreed: boolean;
  isFromEarlierOpening: boolean;
  /** Recovery found what it holds in another file as well: freeing it had begun. */
  isInterrupted: boolean;
}

export class Files {
  /** In the superblock: everything with a lower sequence is hidden. Written whole or not at all. */
  floor = 0;
  #all: LogFile[] = [];
  /** Unlinked, and still there if the power goes now. */
  #unlinked: LogFile[] = [];
  #lastId = 0;

  /** Oldest first. */
  get all(): readonly LogFile[] {
    return this.#all;
  }

  of(generation: Generation): LogFile[] {
    return this.#all.filter((file) => file.generation === generation);
  }

  create(generation: Generation): LogFile {
    const file: LogFile = {
      id: ++this.#lastId,
      generation,
      records: [],
      durableCount: 0,
      isNamed: false,
      isBeingFreed: false,
      isFromEarlierOpening: false,
      isInterrupted: false,
    };
    this.#all.push(file);
    return file;
  }

  sync(file: LogFile): void {
    file.durableCount = file.records.length;
    file.isNamed = true;
  }

  unlink(file: LogFile): void {
    this.#all = this.#all.filter((other) => other !== file);
    this.#unlinked.push(file);
  }

  /** Makes what was unlinked gone. */
  syncUnlinks(): void {
    this.#unlinked = [];
  }

  /** What the next opening finds, and may rely on. */
  crash(random: SeededRandom): void {
    const returned = this.#unlinked.filter(() => random.chance(0.5));
    const kept = this.#all.filter((file) => file.isNamed || random.chance(0.5));
    this.#unlinked = [];
    this.#all = [...kept, ...returned].sort((left, right) => left.id - right.id);
    for (const file of this.#all) {
      const unsynced = file.records.length - file.durableCount;
      file.records.length = file.durableCount + random.below(unsynced + 1);
      file.isBeingFreed = false;
      file.isInterrupted = false;
      file.isFromEarlierOpening = true;
      this.sync(file);
    }
    this.#all = this.#all.filter((file) => file.records.length > 0);
  }
}
