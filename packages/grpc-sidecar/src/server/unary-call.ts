import type { handleUnaryCall, MethodDefinition, ServerUnaryCall } from '@grpc/grpc-js';
import { HoldfastError } from '@holdfast/core';
import { malformedError } from '../status/request-errors.ts';
import { serviceError } from '../status/status.ts';
import { MalformedMessage, tolerant } from '../wire/message-reader.ts';

/** A handler of grpc-js that answers with what `answer` resolves to, or its error. */
export function answering<Request, Response extends object>(
  answer: (request: Request, call: ServerUnaryCall<unknown, object>) => Promise<Response>,
): handleUnaryCall<unknown, object> {
  return async (call, callback) => {
    try {
      if (call.request instanceof MalformedMessage) throw malformedError(call.request);
      callback(null, await answer(call.request as Request, call));
    } catch (error) {
      callback(serviceError(HoldfastError.from(error)));
    }
  };
}

/** The method with a decoder that never throws, for messages of at most `bytesMax`. */
export function bounded<Method extends MethodDefinition<never, never>>(
  method: Method,
  bytesMax: number,
): Method {
  const requestDeserialize = tolerant((bytes: Buffer) => {
    if (bytes.length <= bytesMax) return method.requestDeserialize(bytes);
    throw new RangeError(`such a message may have ${bytesMax} bytes`);
  });
  return { ...method, requestDeserialize };
}
