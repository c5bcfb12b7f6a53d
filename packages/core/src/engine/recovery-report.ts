/** What recovery found, beyond what it put into the index. */
export interface RecoveryReport {
  /** Files that belong to the lane. */
  files: number;
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
  return { files: 0, damagedRecords: 0, damagedFiles: 0, failedClosed: 0, tornBytes: 0 };
}
