/** What was written and synced since the opening, in both generations. */
export interface IoCounters {
  bytesWritten: number;
  writes: number;
  syncs: number;
  /** Writes that the caller had to wait for, blocking: memory was full, and nobody had yielded. */
  stalls: number;
  /** Files that were written again as other ones, because a write or a sync had failed. */
  rewrites: number;
}
