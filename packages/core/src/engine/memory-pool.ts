import type { RecordMemory } from './record.ts';

/** Memory for segments, shared so that other threads can read it; standard sizes are used again. */
export class MemoryPool {
  readonly #standardBytes: number;
  readonly #free: RecordMemory[] = [];
  /** Bytes handed out and not given back. */
  usedBytes = 0;

  constructor(standardBytes: number) {
    this.#standardBytes = standardBytes;
  }

  take(bytes: number): RecordMemory {
    const size = (bytes + 7) & -8;
    this.usedBytes += size;
    const free = size === this.#standardBytes ? this.#free.pop() : undefined;
    if (free !== undefined) return free;
    const buffer = new SharedArrayBuffer(size);
    return { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
  }

  give(memory: RecordMemory): void {
    this.usedBytes -= memory.bytes.length;
    // Two spare frames cover the turnover of a full log; more would be memory nobody accounts for.
    if (memory.bytes.length === this.#standardBytes && this.#free.length < 2)
      this.#free.push(memory);
  }
}
