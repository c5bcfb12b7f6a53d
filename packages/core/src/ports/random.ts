/** Unpredictable bytes: store identities, hash seeds, salts, session secrets. */
export interface Random {
  /**
   * Fills `bytes` (at most 65,536 of them, never a view of shared memory) and returns the same
   * array.
   */
  fill<T extends Uint8Array>(bytes: T): T;
}
