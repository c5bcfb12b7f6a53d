import type { Fence } from '../backend/cache-backend.ts';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import { type Claim, NO_TOKEN } from './claim.ts';
import type { Lock } from './lock.ts';
import { claimsOf } from './lock-snapshot.ts';

/**
 * What a fence says, now: a lease may be passed as one, and is not looked at again. Throws
 * `INVALID_ARGUMENT` for what is none.
 */
export function ownFence(fence: Fence): Fence {
  if (typeof fence !== 'object' || fence === null) {
    throw new InvalidArgumentError(`a fence must be a lease, or { name, token }, got=${fence}`, {
      field: 'fence',
    });
  }
  const { name, token } = fence;
  if (typeof name !== 'string') {
    throw new InvalidArgumentError(`a fence's name must be text, got=${typeof name}`, {
      field: 'fence.name',
    });
  }
  if (typeof token !== 'bigint') {
    throw new InvalidArgumentError(`a fence's token must be a bigint, got=${typeof token}`, {
      field: 'fence.token',
    });
  }
  return { name, token };
}

/** The lease with that token, if it is held. */
export function holderWith(lock: Lock | undefined, token: bigint): Claim | undefined {
  if (lock === undefined) return undefined;
  for (const claim of claimsOf(lock.holders)) if (claim.token === token) return claim;
  return undefined;
}

/** The highest token of those who hold the lock. */
export function highestHeld(lock: Lock | undefined): bigint {
  let highest = NO_TOKEN;
  if (lock === undefined) return highest;
  for (const { token } of claimsOf(lock.holders)) if (token > highest) highest = token;
  return highest;
}

export function staleToken({ name, token }: Fence, highest: bigint): HoldfastError {
  return new HoldfastError(
    'STALE_FENCING_TOKEN',
    'the lease this was to be written under is not held: nothing was written',
    {
      details: { name, token, highest: highest > token ? highest : undefined },
    },
  );
}
