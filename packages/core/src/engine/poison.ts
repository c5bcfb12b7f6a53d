import { HoldfastError } from '../errors.ts';

/** What every later write is refused with once the store has stopped writing because of `error`. */
export function poisonedBy(error: HoldfastError): HoldfastError {
  if (error.code === 'READ_ONLY') return error;
  return new HoldfastError('READ_ONLY', 'the store stopped writing after a failure', {
    cause: error,
  });
}
