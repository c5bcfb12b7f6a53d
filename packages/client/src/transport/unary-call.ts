import { type Client, Metadata } from '@grpc/grpc-js';
import { HoldfastError } from '@holdfast/core';
import { openChannel } from './channel.ts';
import { errorOfCall } from './status.ts';

export interface UnaryCallOptions {
  /** `Infinity` = as long as it takes. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What a method of the protos has that a call needs. */
interface UnaryMethod<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** Makes one call after the other; each rejects with its error, or with the signal's reason. */
export type UnaryCaller = <Request, Response>(
  method: UnaryMethod<Request, Response>,
  request: NoInfer<Request>,
) => Promise<Response>;

/** Runs `work` over a connection of its own; all its calls share the time. */
export async function withUnaryCalls<T>(
  target: string,
  { timeoutMs, signal }: UnaryCallOptions,
  work: (call: UnaryCaller) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const channel = openChannel(target, 'without-pings');
  const deadline =
    timeoutMs === Number.POSITIVE_INFINITY ? timeoutMs : new Date(Date.now() + timeoutMs);
  try {
    return await work((method, request) => call(channel, method, request, deadline, signal));
  } finally {
    channel.close();
  }
}

function call<Request, Response>(
  channel: Client,
  method: UnaryMethod<Request, Response>,
  request: Request,
  deadline: number | Date,
  signal: AbortSignal | undefined,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const call = channel.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      request,
      // A server that is just starting is waited for, until the deadline.
      new Metadata({ waitForReady: true }),
      { deadline },
      (error, response) => {
        signal?.removeEventListener('abort', onAbort);
        if (error !== null) reject(errorOfCall(error));
        else if (response === undefined) reject(new HoldfastError('UNAVAILABLE', 'no answer'));
        else resolve(response);
      },
    );
    const onAbort = (): void => {
      reject(signal?.reason);
      call.cancel();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
