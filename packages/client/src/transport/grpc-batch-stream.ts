import type { ClientDuplexStream } from '@grpc/grpc-js';
import { HoldfastError } from '@holdfast/core';
import type { CacheOperation } from '@holdfast/core/backend';
import {
  loadHoldfastProtos,
  type PipelineRequest,
  type PipelineResponse__Output,
} from '@holdfast/protos';
import type { BatchStream, BatchStreamEvents, OpenBatchStream } from '../cache/batch-stream.ts';
import { operationResult, wireOperation } from './cache-messages.ts';
import { openChannel } from './channel.ts';
import { errorOfCall, errorOfStatus, isPermanent } from './status.ts';
import { whenConnected } from './when-connected.ts';

type PipelineCall = ClientDuplexStream<PipelineRequest, PipelineResponse__Output>;

/** `CacheService.Pipeline` on a connection of its own. */
export function batchStreams(target: string): OpenBatchStream {
  return (events) => new GrpcBatchStream(target, events);
}

class GrpcBatchStream implements BatchStream {
  readonly #events: BatchStreamEvents;
  readonly #channel: ReturnType<typeof openChannel>;
  #call: PipelineCall | undefined;
  #isClosed = false;

  constructor(target: string, events: BatchStreamEvents) {
    this.#events = events;
    this.#channel = openChannel(target, 'with-pings');
    // A call made before there is a connection could not tell "not sent" from "not answered".
    whenConnected(this.#channel, (isConnected) => {
      if (this.#isClosed) return;
      this.#start();
      // Without a connection the call fails at once, and says why.
      if (isConnected) this.#events.onOpen();
    });
  }

  send(batchId: number, operations: readonly CacheOperation[]): boolean {
    return this.#call?.write({ id: batchId, operations: operations.map(wireOperation) }) ?? false;
  }

  close(): void {
    this.#isClosed = true;
    this.#call?.cancel();
    this.#channel.close();
  }

  #start(): void {
    const method = loadHoldfastProtos().cacheService.Pipeline;
    const call: PipelineCall = this.#channel.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
    );
    this.#call = call;
    call.on('data', (response: PipelineResponse__Output) => this.#onResponse(response));
    call.on('drain', () => {
      if (!this.#isClosed) this.#events.onDrain();
    });
    call.on('status', (status) => this.#end(errorOfCall(status), isPermanent(status)));
    // The status says the same; an error without a listener would end the process.
    call.on('error', () => {});
  }

  #onResponse({ id, results, error }: PipelineResponse__Output): void {
    if (this.#isClosed) return;
    if (error !== null) {
      this.#events.onBatchError(id, errorOfStatus(error));
      return;
    }
    let translated: ReturnType<typeof operationResult>[];
    try {
      translated = results.map(operationResult);
    } catch (cause) {
      this.#end(new HoldfastError('UNAVAILABLE', 'the server sent nonsense', { cause }), false);
      return;
    }
    this.#events.onResults(id, translated);
  }

  #end(error: HoldfastError, permanent: boolean): void {
    if (this.#isClosed) return;
    this.close();
    this.#events.onEnd(error, permanent);
  }
}
