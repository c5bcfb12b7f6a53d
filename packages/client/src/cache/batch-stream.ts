import type { HoldfastError } from '@holdfast/core';
import type { CacheOperation, CacheOperationResult } from '@holdfast/core/backend';

/**
 * A stream of batches, each answered under its number. One is opened per connection and never
 * reused.
 */
export interface BatchStream {
  /** False: the stream's buffer is full; send no more until `onDrain`. */
  send(batchId: number, operations: readonly CacheOperation[]): boolean;
  /** Ends the stream and its connection; no event follows. */
  close(): void;
}

export interface BatchStreamEvents {
  /** The server is reachable: `send` may be called from now on. */
  onOpen(): void;
  onDrain(): void;
  /** One result per operation, in the same order. */
  onResults(batchId: number, results: readonly CacheOperationResult[]): void;
  /** The server could not take this batch at all. */
  onBatchError(batchId: number, error: HoldfastError): void;
  /**
   * The stream is over, or never came to be. `permanent`: trying again would fail in the same way.
   */
  onEnd(error: HoldfastError, permanent: boolean): void;
}

export type OpenBatchStream = (events: BatchStreamEvents) => BatchStream;
