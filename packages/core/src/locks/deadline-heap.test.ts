/**
 * Goal: the heap always knows the earliest deadline, whatever is set, moved and removed.
 * Method: seeded random calls, compared with a list that is scanned.
 * Not covered: cost.
 */
import { describe, expect, it } from 'vitest';
import { NEVER } from '../expiry/expiry.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { DeadlineHeap, NOT_IN_HEAP, type Timed } from './deadline-heap.ts';

function item(): Timed {
  return { deadlineMs: NEVER, heapIndex: NOT_IN_HEAP };
}

describe('DeadlineHeap', () => {
  it('agrees with a scanned list over random calls, 50 seeds', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = new SeededRandom(seed);
      const heap = new DeadlineHeap<Timed>();
      const items = Array.from({ length: 60 }, item);
      const expected = new Map<Timed, number>();
      for (let step = 0; step < 600; step++) {
        const target = items[random.below(items.length)] as Timed;
        if (random.chance(0.6)) {
          const deadlineMs = random.below(1_000) - 500;
          heap.set(target, deadlineMs);
          expected.set(target, deadlineMs);
        } else {
          if (random.chance(0.5)) heap.remove(target);
          else heap.set(target, NEVER);
          expected.delete(target);
        }
        const nextMs = Math.min(NEVER, ...expected.values());
        if (heap.nextMs !== nextMs || heap.size !== expected.size) {
          throw new Error(`SEED=${seed} step=${step} next=${heap.nextMs} expected=${nextMs}`);
        }
      }
      const order: number[] = [];
      for (let next = heap.takeExpired(500); next !== undefined; next = heap.takeExpired(500)) {
        order.push(expected.get(next) as number);
        expect([next.deadlineMs, next.heapIndex]).toEqual([NEVER, NOT_IN_HEAP]);
      }
      expect(order).toEqual([...expected.values()].sort((left, right) => left - right));
    }
  });

  it('takes an item exactly at its deadline', () => {
    const heap = new DeadlineHeap<Timed>();
    const only = item();
    heap.set(only, 0);
    expect(heap.takeExpired(-1)).toBeUndefined();
    expect(heap.takeExpired(0)).toBe(only);
    expect(heap.takeExpired(NEVER)).toBeUndefined();
  });
});
