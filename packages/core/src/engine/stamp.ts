import {
  isTagged,
  recordCreatedAtMs,
  recordExpiresAtMs,
  recordLength,
  recordSequence,
} from './record.ts';
import type { Found } from './record-table.ts';
import { markedDeadlineMs } from './stale-mark.ts';

/** What a record says of itself. */
export interface Stamp {
  readonly sequence: number;
  readonly createdAtMs: number;
  /** The deadline: nobody is shown the value afterwards who has not asked for a stale one. */
  readonly expiresAtMs: number;
  /** Up to when it is kept: the deadline, or later. */
  readonly keptUntilMs: number;
  readonly bytes: number;
  readonly tier: 'memory' | 'disk';
}

export function stampOf(found: Found): Stamp {
  const { memory, offset, segment } = found;
  const { words } = memory;
  const keptUntilMs = recordExpiresAtMs(words, offset, segment.timeBaseMs);
  const deadlineMs = isTagged(words, offset) ? markedDeadlineMs(found) : undefined;
  return {
    sequence: recordSequence(words, offset, segment.sequenceBase),
    createdAtMs: recordCreatedAtMs(words, offset, segment.timeBaseMs),
    expiresAtMs: deadlineMs ?? keptUntilMs,
    keptUntilMs,
    bytes: recordLength(words, offset),
    tier: segment.memory === undefined ? 'disk' : 'memory',
  };
}
