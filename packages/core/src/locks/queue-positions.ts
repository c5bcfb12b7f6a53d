/**
 * How waiters hear of their places. Each is told its position when it queues. Changes after that
 * are coalesced: one lock tells them at most every `POSITION_INTERVAL_MS`, in one walk of its
 * queue, exactly to the first 16 and to those behind once they have advanced by an eighth of the
 * position they know.
 *
 * So a queue of n waiters that drains tells O(n log n) positions in all, not O(n²), and no grant
 * ever pays for the length of the queue. The price: a position may lag by the interval and by an
 * eighth.
 */
import { assert } from '../assert.ts';
import type { Lock } from './lock.ts';
import type { TableEvent } from './table-event.ts';

export const POSITION_INTERVAL_MS = 100;
const EXACT_POSITIONS = 16;

/** Walks the queue and adds an event for each waiter that is to hear of its new position. */
export function tellPositions(lock: Lock, events: TableEvent[]): void {
  const holder = lock.holderName;
  let position = 0;
  for (let claim = lock.queue.first; claim !== undefined; claim = claim.next) {
    position += 1;
    const advanced = claim.position - position;
    assert(advanced >= 0, 'a waiter went back in its queue');
    if (advanced === 0 || (position > EXACT_POSITIONS && advanced * 8 < claim.position)) continue;
    claim.position = position;
    events.push({ kind: 'position', claim, holder });
  }
}
