import { recordCreatedAtMs, recordExpiresAtMs, recordLength, recordSequence } from './record.ts';
import type { Found } from './record-table.ts';

/** What a record says of itself. */
export interface Stamp {
  readonly sequence: number;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly bytes: number;
  readonly tier: 'memory' | 'disk';
}

export function stampOf({ memory, offset, segment }: Found): Stamp {
  const { words } = memory;
  return {
    sequence: recordSequence(words, offset, segment.sequenceBase),
    createdAtMs: recordCreatedAtMs(words, offset, segment.timeBaseMs),
    expiresAtMs: recordExpiresAtMs(words, offset, segment.timeBaseMs),
    bytes: recordLength(words, offset),
    tier: segment.memory === undefined ? 'disk' : 'memory',
  };
}
