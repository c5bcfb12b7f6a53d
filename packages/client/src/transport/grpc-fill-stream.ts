import { type Client, status as StatusCode } from '@grpc/grpc-js';
import { HoldfastError } from '@holdfast/core';
import { type GetOrLeaseResponse__Output, loadHoldfastProtos } from '@holdfast/protos';
import type { FillOutcome, FillRequest, FillStream, FillStreams } from '../cache/fill-stream.ts';
import { closedError } from '../closed-error.ts';
import { foundEntry } from './cache-messages.ts';
import { openChannel } from './channel.ts';
import { errorOfCall } from './status.ts';
import { wireDuration } from './wire-time.ts';

/** `CacheService.GetOrLease`, all calls on one connection that is made for the first of them. */
export function fillStreams(target: string): FillStreams {
  let channel: Client | undefined;
  let isClosed = false;
  return {
    open(request) {
      if (isClosed) return CLOSED;
      channel ??= openChannel(target, 'with-pings');
      return openFillStream(channel, request, () => isClosed);
    },
    close() {
      isClosed = true;
      channel?.close();
    },
  };
}

const CLOSED: FillStream = {
  get outcome() {
    return Promise.reject(closedError());
  },
  ended: Promise.resolve(),
  get error() {
    return closedError();
  },
  close: () => {},
};

function openFillStream(
  channel: Client,
  { key, ttlMs, tags }: FillRequest,
  isClosed: () => boolean,
): FillStream {
  const method = loadHoldfastProtos().cacheService.GetOrLease;
  const call = channel.makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    {
      key,
      ...(ttlMs === undefined ? {} : { fillTtl: wireDuration(ttlMs) }),
      ...(tags === undefined ? {} : { tags: [...tags] }),
    },
  );
  let error: HoldfastError | undefined;
  let isLeft = false;
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const outcome = new Promise<FillOutcome>((resolve, reject) => {
    call.on('data', (response: GetOrLeaseResponse__Output) => {
      try {
        resolve(fillOutcome(response));
      } catch (error) {
        reject(error);
      }
    });
    call.on('status', (status) => {
      const known = isClosed() ? closedError() : errorOfCall(status);
      if (status.code !== StatusCode.OK && !isLeft) error = known;
      reject(known);
      end();
    });
    // The status says the same; an error without a listener would end the process.
    call.on('error', () => {});
  });
  return {
    outcome,
    ended,
    get error() {
      return error;
    },
    close: () => {
      isLeft = true;
      call.cancel();
    },
  };
}

function fillOutcome({ entry, lease, absent }: GetOrLeaseResponse__Output): FillOutcome {
  if (absent) return { kind: 'absent' };
  if (lease) return { kind: 'lease', token: BigInt(lease.token) };
  if (entry) return { kind: 'entry', entry: foundEntry(entry) };
  throw new HoldfastError('UNAVAILABLE', 'the server sent an outcome of no known kind');
}
