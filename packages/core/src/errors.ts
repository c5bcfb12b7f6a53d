/**
 * Every code a caller can meet. Codes are stable; messages are not. docs/errors.md has a heading
 * for each.
 */
export const HOLDFAST_ERROR_CODES = [
  'CLOSED',
  'DIRECTORY_LOCKED',
  'CORRUPT',
  'NO_SPACE',
  'READ_ONLY',
  'TOO_LARGE',
  'INVALID_ARGUMENT',
  'LOCK_TIMEOUT',
  'LEASE_LOST',
  'STALE_FENCING_TOKEN',
  'UNAVAILABLE',
  'IO',
] as const;

export type HoldfastErrorCode = (typeof HOLDFAST_ERROR_CODES)[number];

/**
 * Small facts about an error, for programs and logs: a pid, a path, a limit. Never values of the
 * cache.
 */
export type ErrorDetails = Readonly<Record<string, string | number | bigint | boolean | undefined>>;

/**
 * The one error class of Holdfast: `code` says what a caller can do about it, `details` has the
 * facts, `cause` the native error. The message starts with the code.
 */
export class HoldfastError extends Error {
  override readonly name: string = 'HoldfastError';
  readonly code: HoldfastErrorCode;
  readonly details: ErrorDetails;
  /** Two copies of core in one program know each other's errors by this. @internal */
  readonly isHoldfastError: true = true;

  constructor(
    code: HoldfastErrorCode,
    message: string,
    options: { details?: ErrorDetails; cause?: unknown } = {},
  ) {
    super(`${code}: ${message}`, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
  }

  /** Also true for `InvalidArgumentError`, which has to be a `TypeError` as well. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && 'isHoldfastError' in value;
  }

  /** Total: any thrown value becomes a `HoldfastError`, unknown ones with the code `IO`. */
  static from(error: unknown): HoldfastError {
    if (error instanceof HoldfastError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new HoldfastError('IO', message, { cause: error });
  }
}

/** Misuse: a `TypeError` that is also a `HoldfastError` with the code `INVALID_ARGUMENT`. */
export class InvalidArgumentError extends TypeError {
  override readonly name: string = 'InvalidArgumentError';
  readonly code: 'INVALID_ARGUMENT' = 'INVALID_ARGUMENT' as const;
  readonly details: ErrorDetails;
  /** @internal */
  readonly isHoldfastError: true = true;

  constructor(message: string, details: ErrorDetails = {}, options?: { cause: unknown }) {
    super(`INVALID_ARGUMENT: ${message}`, options);
    this.details = details;
  }
}
