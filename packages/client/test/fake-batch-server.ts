import type { HoldfastError } from '@holdfast/core';
import type { CacheOperation, CacheOperationResult } from '@holdfast/core/backend';
import type { BatchStream, BatchStreamEvents, OpenBatchStream } from '../src/cache/batch-stream.ts';

/** One stream of batches as the server's end sees it. */
export class FakeBatchStream implements BatchStream {
  readonly batches = new Map<number, readonly CacheOperation[]>();
  readonly events: BatchStreamEvents;
  readonly #server: FakeBatchServer;
  isOpen = true;

  constructor(server: FakeBatchServer, events: BatchStreamEvents) {
    this.#server = server;
    this.events = events;
  }

  send(batchId: number, operations: readonly CacheOperation[]): boolean {
    this.batches.set(batchId, operations);
    if (this.#server.answers) {
      queueMicrotask(() => {
        if (this.isOpen) this.events.onResults(batchId, operations.map(answer));
      });
    }
    return !this.#server.isFull;
  }

  close(): void {
    this.isOpen = false;
  }

  break(error: HoldfastError, permanent = false): void {
    this.isOpen = false;
    this.events.onEnd(error, permanent);
  }

  /** The sizes of the batches so far. */
  get sizes(): number[] {
    return [...this.batches.values()].map((operations) => operations.length);
  }
}

/** A server that answers every batch, as long as `answers` says so. */
export class FakeBatchServer {
  readonly streams: FakeBatchStream[] = [];
  answers = true;
  isFull = false;
  /** What becomes of a new stream; by default it opens. */
  onConnect: (stream: FakeBatchStream) => void = (stream) => stream.events.onOpen();

  readonly open: OpenBatchStream = (events) => {
    const stream = new FakeBatchStream(this, events);
    this.streams.push(stream);
    queueMicrotask(() => this.onConnect(stream));
    return stream;
  };

  get last(): FakeBatchStream {
    const stream = this.streams.at(-1);
    if (stream === undefined) throw new Error('the client opened no stream');
    return stream;
  }
}

/** As from a store that holds nothing. */
export function answer(operation: CacheOperation): CacheOperationResult {
  switch (operation.kind) {
    case 'get':
      return { kind: 'get', entry: undefined };
    case 'set':
      return { kind: 'set', stored: true, version: 1n };
    case 'delete':
      return { kind: 'delete', existed: true };
    case 'invalidate':
      return { kind: 'invalidate' };
    case 'touch':
      return { kind: 'touch', existed: true };
  }
}
