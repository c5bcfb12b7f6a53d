/**
 * The calls of GetOrLease: a value, or the lease to make it and a stream that lasts as long. The
 * end of its stream is how a caller gives up, whether it cancels, its deadline passes or it dies.
 */
import type { ServerWritableStream } from '@grpc/grpc-js';
import { HoldfastError } from '@holdfast/core';
import type { CacheBackend, EncodedEntry } from '@holdfast/core/backend';
import { leaseTtlMs } from '@holdfast/core/client';
import type { Clock } from '@holdfast/core/ports';
import { type GetOrLeaseRequest__Output, loadHoldfastProtos } from '@holdfast/protos';
import {
  FILL_BYTES_MAX,
  FILL_CALLS_MAX,
  FILL_TTL_MS_DEFAULT,
  KEY_BYTES_MAX,
} from '../server/limits.ts';
import { drainingError, malformedError } from '../status/request-errors.ts';
import { serviceError } from '../status/status.ts';
import { duration, durationMs } from '../wire/duration.ts';
import { MalformedMessage } from '../wire/message-reader.ts';
import { keyTooLong } from './operation-executor.ts';
import { ENTRY_OVERHEAD_BYTES, encodeResponse } from './result-encoder.ts';
import { SendWindow } from './send-window.ts';

export type FillAnswer =
  | { readonly entry: EncodedEntry }
  /** There is none. */
  | { readonly absent: true }
  | { readonly lease: { readonly token: bigint; readonly ttlMs: number } };

export type FillCall = ServerWritableStream<
  GetOrLeaseRequest__Output | MalformedMessage,
  FillAnswer
>;

export interface FillCallLimits {
  /** Calls that are open. */
  readonly callsMax?: number;
  /** Bytes of values that are on their way to those who waited for them. */
  readonly bytesMax?: number;
}

export class FillCalls {
  readonly #backend: Pick<CacheBackend, 'getOrLease'>;
  readonly #callsMax: number;
  readonly #window: SendWindow;
  readonly #open = new Set<AbortController>();
  #isDraining = false;

  constructor(
    backend: Pick<CacheBackend, 'getOrLease'>,
    clock: Clock,
    { callsMax = FILL_CALLS_MAX, bytesMax = FILL_BYTES_MAX }: FillCallLimits = {},
  ) {
    this.#backend = backend;
    this.#callsMax = callsMax;
    this.#window = new SendWindow(bytesMax, clock);
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** The handler of the RPC. */
  readonly handle = (call: FillCall): void => {
    const abort = new AbortController();
    call.on('cancelled', () => abort.abort(CANCELLED));
    // Without a listener it would be thrown; what it says the client knows.
    call.on('error', () => abort.abort(CANCELLED));
    if (call.cancelled) abort.abort(CANCELLED);
    this.#answer(call, abort).then(
      () => call.end(),
      (error: unknown) => {
        if (error !== CANCELLED) call.emit('error', serviceError(HoldfastError.from(error)));
      },
    );
  };

  /** Ends all, and takes no new ones. */
  drain(): void {
    this.#isDraining = true;
    for (const abort of this.#open) abort.abort(drainingError());
  }

  async #answer(call: FillCall, abort: AbortController): Promise<void> {
    const { request } = call;
    if (this.#isDraining) throw drainingError();
    if (request instanceof MalformedMessage) throw malformedError(request);
    const { key, fillTtl, tags } = request;
    if (key.length > KEY_BYTES_MAX) throw keyTooLong(key);
    const ttlMs = leaseTtlMs(durationMs(fillTtl, FILL_TTL_MS_DEFAULT, 'fill_ttl'));
    if (this.#open.size >= this.#callsMax) throw tooMany(this.#callsMax);
    const { signal } = abort;
    let leads = false;
    const onLease = (token: bigint): void => {
      leads = true;
      call.write({ lease: { token, ttlMs } });
    };
    this.#open.add(abort);
    try {
      const entry = await this.#backend.getOrLease({ key, ttlMs, tags, signal, onLease });
      if (leads) return;
      if (entry === undefined) {
        call.write({ absent: true });
        return;
      }
      const bytes = entry.data.length + ENTRY_OVERHEAD_BYTES;
      await this.#window.send(bytes, signal, (onSent) => call.write({ entry }, onSent));
    } finally {
      this.#open.delete(abort);
    }
  }
}

/** A GetOrLeaseResponse has its entry under the same number as a GetResponse. */
export function encodeFillAnswer(answer: FillAnswer): Buffer {
  if ('entry' in answer) return encodeResponse({ kind: 'get', entry: answer.entry });
  const { GetOrLease } = loadHoldfastProtos().cacheService;
  if ('absent' in answer) return GetOrLease.responseSerialize(answer);
  const { token, ttlMs } = answer.lease;
  return GetOrLease.responseSerialize({
    lease: { token: String(token), ttl: duration(ttlMs) },
  });
}

/** Nobody reads it: the call is over. */
const CANCELLED = new HoldfastError('UNAVAILABLE', 'the call was cancelled');

function tooMany(limit: number): HoldfastError {
  return new HoldfastError('UNAVAILABLE', `too many calls wait for a load, limit=${limit}`, {
    details: { reason: 'WAIT_QUEUE_FULL', limit },
  });
}
