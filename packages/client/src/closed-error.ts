import { HoldfastError } from '@holdfast/core';

/** For every call after `close`. */
export function closedError(): HoldfastError {
  return new HoldfastError('CLOSED', 'the client is closed');
}
