import { HoldfastError } from '../errors.ts';

export function valueTooLarge(bytes: number, limit: number): HoldfastError {
  return new HoldfastError('TOO_LARGE', `value too large bytes=${bytes} limit=${limit}`, {
    details: { bytes, limit },
  });
}
