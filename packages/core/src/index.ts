export {
  HOLDFAST_ERROR_CODES,
  HoldfastError,
  type HoldfastErrorCode,
  InvalidArgumentError,
} from './errors.ts';
export type { Duration } from './expiry/duration.ts';
// For adapters.
export type * from './ports/index.ts';
