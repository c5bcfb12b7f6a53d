import { HIDES_NOTHING } from './record.ts';

/** A record to append. Key and value are copied out before `append` returns. */
export interface NewRecord {
  kind: number;
  hash: number;
  key: Uint8Array;
  keyStart: number;
  keyBytes: number;
  isTextKey: boolean;
  /** The key begins with its namespace. */
  isNamed: boolean;
  encoding: number;
  /** The value begins with its tags: these, or if empty they are part of `value`. */
  isTagged: boolean;
  tags: Uint8Array;
  value: Uint8Array;
  valueStart: number;
  /** Tags included. */
  valueBytes: number;
  sequence: number;
  createdAtMs: number;
  expiresAtMs: number;
  /** Up to when it hides an older record in another file; `HIDES_NOTHING` for none. */
  untilMs: number;
}

const NO_BYTES = new Uint8Array(0);

/** One to fill and use again. */
export function emptyRecord(): NewRecord {
  return {
    kind: 0,
    hash: 0,
    key: NO_BYTES,
    keyStart: 0,
    keyBytes: 0,
    isTextKey: false,
    isNamed: false,
    encoding: 0,
    isTagged: false,
    tags: NO_BYTES,
    value: NO_BYTES,
    valueStart: 0,
    valueBytes: 0,
    sequence: 0,
    createdAtMs: 0,
    expiresAtMs: 0,
    untilMs: HIDES_NOTHING,
  };
}
