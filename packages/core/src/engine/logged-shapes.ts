/**
 * The shapes that values of one encoding refer to by number. The log writes them into each segment
 * before the first such value, so that every file can be read on its own.
 */
export interface LoggedShapes {
  /** Shapes so far; they are only ever appended. */
  readonly count: number;
  /** What `encode` may give grows to so many bytes, and no more: it stands in every segment. */
  bytesMax: number;
  /** All of them, as they are stored. */
  encode(): Uint8Array;
  /**
   * Takes stored ones over. `known`: they agree with those here; the longer list counts.
   * `conflict`: they do not, and count from here on: what was written with the others cannot be
   * read any more. `unreadable`: no shapes at all; nothing has changed.
   */
  adopt(encoded: Uint8Array): 'known' | 'conflict' | 'unreadable';
}
