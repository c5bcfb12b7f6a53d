/**
 * Streams of batches. Each batch is answered when it is done; what keeps memory bounded is that the
 * server stops reading:
 *
 *     read ──► execute (≤ 32 batches, ≤ 32 MiB of requests) ──► write
 *       ▲  paused while the bound is reached, or while the client does not read ──┘
 *
 * Invariants
 * - A batch is answered exactly once, unless its stream breaks.
 * - A batch in more than one piece (see operation-executor.ts) is executed alone, so order holds
 *   across pieces too.
 */
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { HoldfastError } from '@holdfast/core';
import { PIPELINE_BATCHES_MAX, PIPELINE_BYTES_MAX } from '../server/limits.ts';
import { drainingError, malformedError } from '../status/request-errors.ts';
import { serviceError } from '../status/status.ts';
import { MalformedMessage } from '../wire/message-reader.ts';
import type { DecodedBatch } from './operation-decoder.ts';
import { assertBatchSize, type OperationExecutor } from './operation-executor.ts';
import type { BatchAnswer } from './result-encoder.ts';

export type PipelineCall = ServerDuplexStream<DecodedBatch | MalformedMessage, BatchAnswer>;

/** All pipelines of one server. */
export class Pipelines {
  readonly #executor: OperationExecutor;
  readonly #open = new Set<Pipeline>();
  #isDraining = false;

  constructor(executor: OperationExecutor) {
    this.#executor = executor;
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** The handler of the RPC. */
  readonly handle = (call: PipelineCall): void => {
    const pipeline = new Pipeline(call, this.#executor, () => this.#open.delete(pipeline));
    this.#open.add(pipeline);
    if (this.#isDraining) pipeline.drain();
  };

  /** Ends each pipeline once what it has read is answered. */
  drain(): void {
    this.#isDraining = true;
    for (const pipeline of this.#open) pipeline.drain();
  }
}

class Pipeline {
  readonly #call: PipelineCall;
  readonly #executor: OperationExecutor;
  readonly #onEnd: () => void;
  #batches = 0;
  #bytes = 0;
  #isAlone = false;
  #isBlocked = false;
  #hasAllRequests = false;
  #isDraining = false;
  #isOver = false;

  constructor(call: PipelineCall, executor: OperationExecutor, onEnd: () => void) {
    this.#call = call;
    this.#executor = executor;
    this.#onEnd = onEnd;
    call.on('data', (batch: DecodedBatch | MalformedMessage) => this.#onBatch(batch));
    call.on('end', () => {
      this.#hasAllRequests = true;
      this.#endIfDone();
    });
    call.on('drain', () => {
      this.#isBlocked = false;
      this.#readOrPause();
    });
    call.on('cancelled', () => this.#over());
    // grpc-js has answered with the error already; without a listener it would be thrown.
    call.on('error', () => this.#over());
  }

  drain(): void {
    this.#isDraining = true;
    this.#readOrPause();
    this.#endIfDone();
  }

  #onBatch(batch: DecodedBatch | MalformedMessage): void {
    if (this.#isOver) return;
    if (batch instanceof MalformedMessage) {
      this.#fail(malformedError(batch));
      return;
    }
    this.#batches += 1;
    this.#bytes += batch.size;
    if (!this.#executor.isOnePiece(batch.operations)) this.#isAlone = true;
    this.#readOrPause();
    this.#execute(batch).then(
      (answer) => this.#onAnswer(batch, answer),
      (error: unknown) => this.#fail(HoldfastError.from(error)),
    );
  }

  async #execute(batch: DecodedBatch): Promise<BatchAnswer> {
    const { id, count, operations } = batch;
    try {
      assertBatchSize(count);
    } catch (error) {
      return { id, results: [], error: HoldfastError.from(error) };
    }
    return { id, results: await this.#executor.execute(operations) };
  }

  #onAnswer(batch: DecodedBatch, answer: BatchAnswer): void {
    this.#batches -= 1;
    this.#bytes -= batch.size;
    if (this.#batches === 0) this.#isAlone = false;
    if (this.#isOver) return;
    if (!this.#call.write(answer)) this.#isBlocked = true;
    this.#readOrPause();
    this.#endIfDone();
  }

  #readOrPause(): void {
    if (this.#isOver) return;
    const isFull = this.#batches >= PIPELINE_BATCHES_MAX || this.#bytes >= PIPELINE_BYTES_MAX;
    const isPaused = isFull || this.#isAlone || this.#isBlocked || this.#isDraining;
    if (isPaused !== this.#call.isPaused()) {
      if (isPaused) this.#call.pause();
      else this.#call.resume();
    }
  }

  #endIfDone(): void {
    if (this.#isOver || this.#batches > 0) return;
    if (this.#hasAllRequests) {
      this.#over();
      this.#call.end();
    } else if (this.#isDraining) this.#fail(drainingError());
  }

  #fail(error: HoldfastError): void {
    if (this.#isOver) return;
    this.#over();
    this.#call.emit('error', serviceError(error));
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#onEnd();
    // What still arrives is dropped; paused, it would keep the stream from ending.
    this.#call.resume();
  }
}
