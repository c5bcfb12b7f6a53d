import { HoldfastError, InvalidArgumentError } from '@holdfast/core';
import type { MalformedMessage } from '../wire/message-reader.ts';

export function malformedError(message: MalformedMessage): InvalidArgumentError {
  return new InvalidArgumentError(`the message is malformed: ${message.reason}`, {
    reason: 'MALFORMED_MESSAGE',
  });
}

export function drainingError(): HoldfastError {
  return new HoldfastError('UNAVAILABLE', 'the server is about to stop', {
    details: { reason: 'SERVER_DRAINING' },
  });
}
