import { assert } from '../assert.ts';
import { isExpired, NEVER } from '../expiry/expiry.ts';

/** The index of an item that is in no heap. */
export const NOT_IN_HEAP = -1;

/** What a heap holds: it writes both fields, everybody else only reads them. */
export interface Timed {
  /** Monotonic milliseconds; `NEVER` exactly while the item is in no heap. */
  deadlineMs: number;
  heapIndex: number;
}

/**
 * A binary heap of deadlines whose items know their own place, so that the renewal of one among
 * many thousands moves it in O(log n) and the next deadline is read in O(1).
 */
export class DeadlineHeap<T extends Timed> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** The earliest deadline, `NEVER` if there is none. */
  get nextMs(): number {
    const first = this.#items[0];
    return first === undefined ? NEVER : first.deadlineMs;
  }

  /** Gives `item` a deadline, in place of any it had; `NEVER` takes it out. */
  set(item: T, deadlineMs: number): void {
    assert(!Number.isNaN(deadlineMs), 'deadline is not a number');
    if (deadlineMs === NEVER) {
      this.remove(item);
      return;
    }
    item.deadlineMs = deadlineMs;
    if (item.heapIndex === NOT_IN_HEAP) {
      item.heapIndex = this.#items.length;
      this.#items.push(item);
    }
    this.#siftDown(this.#siftUp(item.heapIndex));
  }

  /** Takes `item` out; one that is not in does nothing. */
  remove(item: T): void {
    const index = item.heapIndex;
    item.deadlineMs = NEVER;
    if (index === NOT_IN_HEAP) return;
    assert(this.#items[index] === item, 'heap item out of place');
    item.heapIndex = NOT_IN_HEAP;
    const last = this.#items.pop() as T;
    if (last === item) return;
    this.#place(last, index);
    this.#siftDown(this.#siftUp(index));
  }

  /** Takes out the item with the earliest deadline if that has come, else `undefined`. */
  takeExpired(nowMs: number): T | undefined {
    const first = this.#items[0];
    if (first === undefined || !isExpired(first.deadlineMs, nowMs)) return undefined;
    this.remove(first);
    return first;
  }

  #place(item: T, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }

  #siftUp(start: number): number {
    const item = this.#items[start] as T;
    let index = start;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.#items[parentIndex] as T;
      if (parent.deadlineMs <= item.deadlineMs) break;
      this.#place(parent, index);
      index = parentIndex;
    }
    this.#place(item, index);
    return index;
  }

  #siftDown(start: number): void {
    const item = this.#items[start] as T;
    let index = start;
    for (;;) {
      let childIndex = 2 * index + 1;
      let child = this.#items[childIndex];
      if (child === undefined) break;
      const right = this.#items[childIndex + 1];
      if (right !== undefined && right.deadlineMs < child.deadlineMs) {
        child = right;
        childIndex += 1;
      }
      if (item.deadlineMs <= child.deadlineMs) break;
      this.#place(child, index);
      index = childIndex;
    }
    this.#place(item, index);
  }
}
