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

export function becomeDurable(batch: Batch): void {
  batch.state = 'durable';
  batch.written?.resolve();
  batch.synced?.resolve();
}

/** Whoever waits for it is told; it may be written another time. */
export function refuse(batch: Batch, refusal: Error): void {
  batch.written?.reject(refusal);
  batch.synced?.reject(refusal);
  batch.written = undefined;
  batch.synced = undefined;
}
