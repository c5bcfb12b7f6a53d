/**
 * What stands between the messages and the cache: limits, counting, and the answers of operations
 * that are wrong in themselves. It never rejects; each operation has its result.
 */
import { HoldfastError } from '@holdfast/core';
import type {
  CacheBackend,
  CacheOperation,
  CacheOperationResult,
  EncodedEntry,
} from '@holdfast/core/backend';
import { BATCH_OPERATIONS_MAX, KEY_BYTES_MAX } from '../server/limits.ts';
import type { DecodedOperation } from './operation-decoder.ts';
import { ENTRY_OVERHEAD_BYTES } from './result-encoder.ts';

export interface OperationExecutorOptions {
  readonly backend: CacheBackend;
  /** Bytes of values in one response. */
  readonly responseValueBytesMax: number;
  /** Told of each operation that failed. */
  readonly onError: (error: HoldfastError) => void;
}

/**
 * Operations handed to the cache at once. Larger batches go in pieces, so that a response that
 * would burst its limit is noticed before all of it is in memory.
 */
export const PIECE_OPERATIONS_MAX = 256;

export class OperationExecutor {
  readonly #options: OperationExecutorOptions;
  #executed = 0;
  #failed = 0;

  constructor(options: OperationExecutorOptions) {
    this.#options = options;
  }

  /** Operations since the start, failed ones included. */
  get executedCount(): number {
    return this.#executed;
  }

  get failedCount(): number {
    return this.#failed;
  }

  /** One operation. One that is wrong in itself answers with its error. */
  executeOne(operation: DecodedOperation): Promise<CacheOperationResult> {
    this.#executed += 1;
    const error = errorOf(operation);
    if (error !== undefined) {
      this.#noteFailure(error);
      return Promise.resolve({ kind: 'error', error });
    }
    return this.#options.backend.execute([operation as CacheOperation]).then((results) => {
      const result = results[0] as CacheOperationResult;
      if (result.kind === 'error') this.#noteFailure(result.error);
      return result;
    });
  }

  /**
   * Executes the operations in order. Up to 256 of them are handed to the cache before this
   * returns, so that batches that are executed at once keep the order of their calls.
   */
  async execute(operations: readonly DecodedOperation[]): Promise<readonly CacheOperationResult[]> {
    if (operations.length <= PIECE_OPERATIONS_MAX) {
      return this.#bounded(await this.#executePiece(operations), { bytes: 0 });
    }
    const results: CacheOperationResult[] = [];
    const used = { bytes: 0 };
    for (let start = 0; start < operations.length; start += PIECE_OPERATIONS_MAX) {
      const piece = operations.slice(start, start + PIECE_OPERATIONS_MAX);
      for (const result of this.#bounded(await this.#executePiece(piece), used)) {
        results.push(result);
      }
    }
    return results;
  }

  async #executePiece(operations: readonly DecodedOperation[]): Promise<CacheOperationResult[]> {
    this.#executed += operations.length;
    const wrong = operations.some((operation) => errorOf(operation) !== undefined);
    const results = wrong
      ? await this.#executeRest(operations)
      : await this.#options.backend.execute(operations as readonly CacheOperation[]);
    for (const result of results) {
      if (result.kind === 'error') this.#noteFailure(result.error);
    }
    return results;
  }

  /** Executes those that are right and puts the errors of the others between their results. */
  async #executeRest(operations: readonly DecodedOperation[]): Promise<CacheOperationResult[]> {
    const errors = operations.map(errorOf);
    const right = operations.filter((_, index) => errors[index] === undefined);
    const answers =
      right.length === 0
        ? []
        : await this.#options.backend.execute(right as readonly CacheOperation[]);
    let next = 0;
    return errors.map((error) =>
      error === undefined
        ? (answers[next++] as CacheOperationResult)
        : { kind: 'error' as const, error },
    );
  }

  /** Entries for which a response has no room become errors. */
  #bounded(results: CacheOperationResult[], used: { bytes: number }): CacheOperationResult[] {
    for (let index = 0; index < results.length; index++) {
      const result = results[index] as CacheOperationResult;
      if (result.kind !== 'get' || result.entry === undefined) continue;
      const size = sizeOf(result.entry);
      if (used.bytes + size <= this.#options.responseValueBytesMax) used.bytes += size;
      else {
        const error = responseTooLarge(this.#options.responseValueBytesMax);
        results[index] = { kind: 'error', error };
        this.#noteFailure(error);
      }
    }
    return results;
  }

  #noteFailure(error: Error): void {
    this.#failed += 1;
    this.#options.onError(HoldfastError.from(error));
  }
}

/** Throws `TOO_LARGE` for more operations than a batch may have. */
export function assertBatchSize(count: number): void {
  if (count <= BATCH_OPERATIONS_MAX) return;
  throw new HoldfastError('TOO_LARGE', `a batch has too many operations, count=${count}`, {
    details: { limit: BATCH_OPERATIONS_MAX, count },
  });
}

/** What is wrong with an operation in itself. */
function errorOf(operation: DecodedOperation): HoldfastError | undefined {
  if (operation.kind === 'invalid') return operation.error;
  if (operation.key.length <= KEY_BYTES_MAX) return undefined;
  return new HoldfastError('TOO_LARGE', `a key is too long, bytes=${operation.key.length}`, {
    details: { limit: KEY_BYTES_MAX, bytes: operation.key.length },
  });
}

function sizeOf(entry: EncodedEntry): number {
  return entry.data.length + ENTRY_OVERHEAD_BYTES;
}

function responseTooLarge(limit: number): HoldfastError {
  return new HoldfastError(
    'TOO_LARGE',
    'the response has no room for this value: ask for fewer keys',
    {
      details: { limit },
    },
  );
}
