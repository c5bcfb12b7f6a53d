/**
 * What stands between the messages and the cache: limits, counting, and the answers of operations
 * that are wrong in themselves. It never rejects; each operation has its result.
 */
import { HoldfastError } from '@holdfast/core';
import type {
  CacheBackend,
  CacheOperation,
  CacheOperationResult,
  ReadBudget,
} from '@holdfast/core/backend';
import { BATCH_OPERATIONS_MAX, KEY_BYTES_MAX } from '../server/limits.ts';
import type { DecodedOperation } from './operation-decoder.ts';

export interface OperationExecutorOptions {
  readonly backend: Pick<CacheBackend, 'execute'>;
  /** Bytes of values in one response. */
  readonly responseValueBytesMax: number;
  /** Told of each operation that failed. */
  readonly onError: (error: HoldfastError) => void;
}

/** Operations handed to the cache at once: half a millisecond. Larger batches go in pieces. */
const PIECE_OPERATIONS_MAX = 256;

export class OperationExecutor {
  readonly #options: OperationExecutorOptions;
  /** One for all: an error for each of 10,000 keys takes long. */
  readonly #noRoom: HoldfastError;
  #executed = 0;
  #failed = 0;

  constructor(options: OperationExecutorOptions) {
    this.#options = options;
    this.#noRoom = responseTooLarge(options.responseValueBytesMax);
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

  /** Whether `execute` hands all of them to the cache before it returns. */
  isOnePiece(operations: readonly DecodedOperation[]): boolean {
    return operations.length <= PIECE_OPERATIONS_MAX;
  }

  /**
   * Executes the operations in order. The first piece of them is handed to the cache before this
   * returns, so that batches of one piece that are executed at once keep the order of their calls.
   */
  execute(operations: readonly DecodedOperation[]): Promise<readonly CacheOperationResult[]> {
    const budget: ReadBudget = {
      bytesLeft: this.#options.responseValueBytesMax,
      exceeded: this.#noRoom,
    };
    return this.isOnePiece(operations)
      ? this.#executePiece(operations, budget)
      : this.#executePieces(operations, budget);
  }

  async #executePieces(
    operations: readonly DecodedOperation[],
    budget: ReadBudget,
  ): Promise<readonly CacheOperationResult[]> {
    const results: CacheOperationResult[] = [];
    for (let start = 0; start < operations.length; start += PIECE_OPERATIONS_MAX) {
      const piece = operations.slice(start, start + PIECE_OPERATIONS_MAX);
      for (const result of await this.#executePiece(piece, budget)) results.push(result);
    }
    return results;
  }

  async #executePiece(
    operations: readonly DecodedOperation[],
    budget: ReadBudget,
  ): Promise<CacheOperationResult[]> {
    this.#executed += operations.length;
    const results = areAllValid(operations)
      ? await this.#options.backend.execute(operations, budget)
      : await this.#executeValid(operations, budget);
    this.#noteFailures(results);
    return results;
  }

  /** Executes those that are right and puts the errors of the others between their results. */
  async #executeValid(
    operations: readonly DecodedOperation[],
    budget: ReadBudget,
  ): Promise<CacheOperationResult[]> {
    const errors = operations.map(errorOf);
    const right = operations.filter((_, index) => errors[index] === undefined);
    const answers =
      right.length === 0
        ? []
        : await this.#options.backend.execute(right as readonly CacheOperation[], budget);
    let next = 0;
    return errors.map((error) =>
      error === undefined
        ? (answers[next++] as CacheOperationResult)
        : { kind: 'error' as const, error },
    );
  }

  /** In a function of its own: V8 compiles loops of async functions badly. */
  #noteFailures(results: readonly CacheOperationResult[]): void {
    for (const result of results) {
      if (result.kind === 'error') this.#noteFailure(result.error);
    }
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

function areAllValid(
  operations: readonly DecodedOperation[],
): operations is readonly CacheOperation[] {
  for (const operation of operations) {
    if (errorOf(operation) !== undefined) return false;
  }
  return true;
}

/** What is wrong with an operation in itself. */
function errorOf(operation: DecodedOperation): HoldfastError | undefined {
  if (operation.kind === 'invalid') return operation.error;
  if (operation.kind === 'invalidate') return undefined;
  return operation.key.length <= KEY_BYTES_MAX ? undefined : keyTooLong(operation.key);
}

export function keyTooLong({ length: bytes }: Uint8Array): HoldfastError {
  return new HoldfastError('TOO_LARGE', `a key is too long, bytes=${bytes}`, {
    details: { limit: KEY_BYTES_MAX, bytes },
  });
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
