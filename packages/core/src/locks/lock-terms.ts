/** On what terms a lock is asked for, and whether they go together with those of others. */
import type { LockTerms } from '../backend/lock-backend.ts';
import { InvalidArgumentError } from '../errors.ts';
import { durationMs } from '../expiry/duration.ts';
import { NEVER } from '../expiry/expiry.ts';
import { LEASE_TTL_MS_MIN } from './lock-arguments.ts';
import type { LockTermsOptions } from './locks.ts';

export const CAPACITY_MAX = 1_000_000;
/** 1 hour: longer than a process that was thought dead goes on for. */
export const LOCK_DELAY_MS_MAX = 3_600_000;

export const EXCLUSIVE: LockTerms = {
  mode: 'exclusive',
  permits: 1,
  capacity: 1,
  lockDelayMs: 0,
  maxHoldMs: NEVER,
};

/**
 * The terms that a caller's options say. Throws `INVALID_ARGUMENT` (`INVALID_MODE`,
 * `INVALID_PERMITS`, `INVALID_TTL`).
 */
export function lockTerms(options: LockTermsOptions): LockTerms {
  const { mode = 'exclusive', permits, capacity, lockDelay, maxHold } = options;
  const isPermit = mode === 'permit';
  if (!isPermit && (permits !== undefined || capacity !== undefined)) {
    const field = permits === undefined ? 'capacity' : 'permits';
    throw invalidPermits(field, `permits and capacity are for mode 'permit', got mode=${mode}`);
  }
  if (isPermit && capacity === undefined) {
    throw invalidPermits('capacity', "mode 'permit' needs a capacity");
  }
  const terms = {
    mode,
    permits: permits ?? 1,
    capacity: capacity ?? 1,
    lockDelayMs: lockDelay === undefined ? 0 : durationMs(lockDelay, 'lockDelay'),
    maxHoldMs: maxHold === undefined ? NEVER : durationMs(maxHold, 'maxHold'),
  };
  assertTerms(terms);
  return terms;
}

/** Throws as `lockTerms`. */
export function assertTerms(terms: LockTerms): void {
  const { mode, permits, capacity, lockDelayMs, maxHoldMs } = terms;
  if (mode !== 'exclusive' && mode !== 'shared' && mode !== 'permit') {
    throw new InvalidArgumentError(
      `a lock's mode is exclusive, shared or permit, got=${String(mode)}`,
      { reason: 'INVALID_MODE', field: 'mode' },
    );
  }
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > CAPACITY_MAX) {
    throw invalidPermits('capacity', `capacity must be 1 to ${CAPACITY_MAX}, got=${capacity}`);
  }
  if (!Number.isInteger(permits) || permits < 1 || permits > capacity) {
    throw invalidPermits('permits', `permits must be 1 to capacity=${capacity}, got=${permits}`);
  }
  if (!(lockDelayMs >= 0 && lockDelayMs <= LOCK_DELAY_MS_MAX)) {
    throw new InvalidArgumentError(`lockDelay must be 0 to 1 h, got=${lockDelayMs}`, {
      reason: 'INVALID_TTL',
      field: 'lockDelay',
    });
  }
  if (!(maxHoldMs >= LEASE_TTL_MS_MIN)) {
    throw new InvalidArgumentError(`maxHold must be 100 ms or more, got=${maxHoldMs}`, {
      reason: 'INVALID_TTL',
      field: 'maxHold',
    });
  }
}

export function sameTerms(left: LockTerms, right: LockTerms): boolean {
  return (
    left.mode === right.mode &&
    left.permits === right.permits &&
    left.capacity === right.capacity &&
    left.lockDelayMs === right.lockDelayMs &&
    left.maxHoldMs === right.maxHoldMs
  );
}

/**
 * Throws `INVALID_ARGUMENT` (`LOCK_MODE_MISMATCH`) unless both can be asked of one lock at one
 * time: exclusive and shared go together, permits only with permits of the same capacity.
 */
export function assertSameKind(asked: LockTerms, used: LockTerms): void {
  const isPermit = asked.mode === 'permit';
  if (isPermit === (used.mode === 'permit') && (!isPermit || asked.capacity === used.capacity)) {
    return;
  }
  const what = (terms: LockTerms): string =>
    terms.mode === 'permit' ? `permit of ${terms.capacity}` : terms.mode;
  throw new InvalidArgumentError(
    `the lock is in use as ${what(used)}, it cannot be asked for as ${what(asked)}`,
    { reason: 'LOCK_MODE_MISMATCH', field: 'mode' },
  );
}

function invalidPermits(field: 'permits' | 'capacity', message: string): InvalidArgumentError {
  return new InvalidArgumentError(message, { reason: 'INVALID_PERMITS', field });
}
