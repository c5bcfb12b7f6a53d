/**
 * Where fencing tokens come from. One source serves every lock of a store, so tokens rise over all
 * locks and modes. The lease table takes exactly one per grant and never gives one back: numbers
 * may be skipped.
 */
export interface TokenSource {
  /** A number larger than every one before it, restarts included; 1 at least. Never throws. */
  next(): bigint;
}

/** The tokens after `base`: of a store, its opening's base. */
export function tokensAfter(base = 0): TokenSource {
  let last = BigInt(base);
  return {
    next() {
      last += 1n;
      return last;
    },
  };
}
