import type { Deferred } from './deferred.ts';
import { LOG_START, type LogPosition } from './frame.ts';
import type { Segment } from './segment.ts';

export type BatchState = 'open' | 'closed' | 'written' | 'durable';

/** What one group commit makes durable together. */
export interface Batch {
  readonly segment: Segment;
  readonly start: number;
  end: number;
  state: BatchState;
  /** What its FRAME says of the durability of others. */
  mark: LogPosition;
  written: Deferred | undefined;
  synced: Deferred | undefined;
}

export function newBatch(segment: Segment, start: number): Batch {
  return {
    segment,
    start,
    end: start,
    state: 'open',
    mark: LOG_START,
    written: undefined,
    synced: undefined,
  };
}
