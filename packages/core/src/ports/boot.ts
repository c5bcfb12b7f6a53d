/**
 * Where the machine's own time since it started stands. A deadline told in it holds for another
 * process of the same boot, whatever becomes of the wall clock.
 */
export interface BootTime {
  /** Another after every start of the machine. */
  readonly id: string;
  /** Milliseconds since that start, those of a suspension included. */
  readonly uptimeMs: number;
}
