/**
 * Where fencing tokens come from. One source serves every lock of a store, so tokens rise over all
 * locks and modes. The lease table takes exactly one per grant and never gives one back: numbers
 * may be skipped.
 */
export interface TokenSource {
  /** A number larger than every one before it, restarts included; 1 at least. Never throws. */
  next(): bigint;
}

/** Tokens of a store that forgets everything when it closes: 1, 2, 3 … */
export function memoryTokenSource(): TokenSource {
  let last = 0n;
  return {
    next() {
      last += 1n;
      return last;
    },
  };
}
