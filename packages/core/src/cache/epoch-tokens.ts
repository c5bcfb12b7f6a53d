import type { TokenSource } from '../locks/index.ts';

/**
 * Tokens rise over restarts because the epoch does, durably; 2^32 grants an opening are more than a
 * process makes.
 */
export function epochTokens(epoch: number): TokenSource {
  let last = BigInt(epoch) << 32n;
  return {
    next: () => {
      last += 1n;
      return last;
    },
  };
}
