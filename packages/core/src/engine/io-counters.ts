/** What was written and synced since the opening, in both generations. */
export interface IoCounters {
  bytesWritten: number;
  writes: number;
  syncs: number;
}
