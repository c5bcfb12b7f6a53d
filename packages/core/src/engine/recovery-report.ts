/** What recovery found, beyond what it put into the index. */
export interface RecoveryReport {
  /** Files that belong to the lane, or with a snapshot to either generation. */
  files: number;
  /**
   * The last closing's snapshot of the index was used: no record was read, so damage is found
   * when one is.
   */
  isFromSnapshot: boolean;
  /** Records and FRAMEs that could not be read though they had been durable. */
  damagedRecords: number;
  /** Files with an unreadable header, or missing. */
  damagedFiles: number;
  /** How often everything older had to be given up. */
  failedClosed: number;
  /** Bytes after the last whole batch of the newest epoch: writes that nobody was promised. */
  tornBytes: number;
}

export function emptyReport(): RecoveryReport {
  return {
    files: 0,
    isFromSnapshot: false,
    damagedRecords: 0,
    damagedFiles: 0,
    failedClosed: 0,
    tornBytes: 0,
  };
}
