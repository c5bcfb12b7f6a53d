/**
 * Records of one file that were read and checked, in the order of the log, on their way into the
 * index. They go in some hundreds at a time: what the index has of all of them is fetched first.
 */

import type { RecoveryTarget } from './recovery-target.ts';

/** Their buckets, and the records themselves, stay in a processor's nearest cache meanwhile. */
const LENGTH = 128;

export class ReplayQueue {
  readonly #target: Pick<RecoveryTarget, 'expect'>;
  readonly #onRecord: (offset: number, hash: number) => void;
  readonly #offsets = new Int32Array(LENGTH);
  readonly #hashes = new Int32Array(LENGTH);
  #count = 0;

  constructor(
    target: Pick<RecoveryTarget, 'expect'>,
    onRecord: (offset: number, hash: number) => void,
  ) {
    this.#target = target;
    this.#onRecord = onRecord;
  }

  add(offset: number, hash: number): void {
    if (this.#count === LENGTH) this.flush();
    this.#offsets[this.#count] = offset;
    this.#hashes[this.#count++] = hash;
  }

  /** To be called before anything else that comes later in the log is applied. */
  flush(): void {
    const count = this.#count;
    this.#count = 0;
    if (count > 1) this.#target.expect(this.#hashes, count);
    for (let index = 0; index < count; index++) {
      this.#onRecord(this.#offsets[index] as number, this.#hashes[index] as number);
    }
  }
}
