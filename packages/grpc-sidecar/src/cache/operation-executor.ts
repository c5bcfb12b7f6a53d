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
  readonly backend: Pick<CacheBackend, 'execute'>;
  /** Bytes of the largest value the cache may have. */
  readonly valueBytesMax: number;
  /** Bytes of values in one response. */
  readonly responseValueBytesMax: number;
  /** Told of each operation that failed. */
  readonly onError: (error: HoldfastError) => void;
}

/**
 * Operations handed to the cache at once. Larger batches go in pieces, and so do those with more
 * gets than a response has room for if each finds a largest value: what is read stays in bounds,
 * whatever the keys are.
 */
const PIECE_OPERATIONS_MAX = 256;

/** How much of a response is taken. From the first value without room on, nothing more is read. */
interface ResponseBudget {
  bytes: number;
  isSpent: boolean;
}

export class OperationExecutor {
  readonly #options: OperationExecutorOptions;
  readonly #pieceGetsMax: number;
  /** One for all: an error for each of 10,000 keys takes long. */
  readonly #noRoom: HoldfastError;
  #executed = 0;
  #failed = 0;

  constructor(options: OperationExecutorOptions) {
    this.#options = options;
    const { valueBytesMax, responseValueBytesMax } = options;
    const entryBytesMax = valueBytesMax + ENTRY_OVERHEAD_BYTES;
    this.#pieceGetsMax = Math.max(1, Math.floor(responseValueBytesMax / entryBytesMax));
    this.#noRoom = responseTooLarge(responseValueBytesMax);
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
    return this.#pieceEnd(operations, 0) === operations.length;
  }

  /**
   * Executes the operations in order. The first piece of them is handed to the cache before this
   * returns, so that batches of one piece that are executed at once keep the order of their calls.
   */
  async execute(operations: readonly DecodedOperation[]): Promise<readonly CacheOperationResult[]> {
    const budget = { bytes: 0, isSpent: false };
    let end = this.#pieceEnd(operations, 0);
    if (end === operations.length) return this.#executePiece(operations, budget);
    const results: CacheOperationResult[] = [];
    for (let start = 0; start < operations.length; start = end) {
      end = budget.isSpent
        ? Math.min(start + PIECE_OPERATIONS_MAX, operations.length)
        : this.#pieceEnd(operations, start);
      for (const result of await this.#executePiece(operations.slice(start, end), budget)) {
        results.push(result);
      }
    }
    return results;
  }

  #pieceEnd(operations: readonly DecodedOperation[], start: number): number {
    const endMax = Math.min(start + PIECE_OPERATIONS_MAX, operations.length);
    let gets = 0;
    for (let index = start; index < endMax; index++) {
      if (operations[index]?.kind === 'get' && ++gets > this.#pieceGetsMax) return index;
    }
    return endMax;
  }

  async #executePiece(
    operations: readonly DecodedOperation[],
    budget: ResponseBudget,
  ): Promise<CacheOperationResult[]> {
    this.#executed += operations.length;
    const isRefused = (operation: DecodedOperation) =>
      (budget.isSpent && operation.kind === 'get') || errorOf(operation) !== undefined;
    const results = operations.some(isRefused)
      ? await this.#executeRest(operations, budget.isSpent)
      : await this.#options.backend.execute(operations as readonly CacheOperation[]);
    this.#bound(results, budget);
    for (const result of results) {
      if (result.kind === 'error') this.#noteFailure(result.error);
    }
    return results;
  }

  /** Executes those that are right and puts the errors of the others between their results. */
  async #executeRest(
    operations: readonly DecodedOperation[],
    isSpent: boolean,
  ): Promise<CacheOperationResult[]> {
    const errors = operations.map(
      (operation) =>
        errorOf(operation) ?? (isSpent && operation.kind === 'get' ? this.#noRoom : undefined),
    );
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

  /** The first entry for which the response has no room, and all after it, become errors. */
  #bound(results: CacheOperationResult[], budget: ResponseBudget): void {
    for (let index = 0; index < results.length; index++) {
      const result = results[index] as CacheOperationResult;
      if (result.kind !== 'get') continue;
      if (result.entry !== undefined && !budget.isSpent) {
        budget.bytes += sizeOf(result.entry);
        budget.isSpent = budget.bytes > this.#options.responseValueBytesMax;
      }
      if (budget.isSpent) results[index] = { kind: 'error', error: this.#noRoom };
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

/** What is wrong with an operation in itself. */
function errorOf(operation: DecodedOperation): HoldfastError | undefined {
  if (operation.kind === 'invalid') return operation.error;
  return operation.key.length <= KEY_BYTES_MAX ? undefined : keyTooLong(operation.key);
}

export function keyTooLong({ length: bytes }: Uint8Array): HoldfastError {
  return new HoldfastError('TOO_LARGE', `a key is too long, bytes=${bytes}`, {
    details: { limit: KEY_BYTES_MAX, bytes },
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
