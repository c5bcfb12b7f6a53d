/**
 * S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO queues are all you need for cache eviction", SOSP
 * 2023), algorithm 1 with the paper's constants.
 *
 *     insert ──► small, 10 % ──used twice──► main, 90 % ──used: once more round──┐
 *        ▲           │ else                   ▲  │ else evicted  └───────────────┘
 *        └── known ── ghost: names only ──────┘
 */
import { ArrivalQueue } from './arrival-queue.ts';
import type { Policy } from './policy.ts';

const SMALL_SHARE = 0.1;
/** Two bits an object. */
const USES_MAX = 3;
/** Used more often than this on its way through the small queue: worth a place in the main one. */
const USES_FOR_MAIN = 1;

export class S3Fifo implements Policy {
  readonly #capacity: number;
  readonly #smallSize: number;
  readonly #mainSize: number;
  // Noted are the uses since an object came.
  readonly #small = new ArrivalQueue();
  readonly #main = new ArrivalQueue();
  readonly #ghosts = new ArrivalQueue();

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#smallSize = Math.max(1, Math.floor(capacity * SMALL_SHARE));
    this.#mainSize = capacity - this.#smallSize;
  }

  get size(): number {
    return this.#small.size + this.#main.size;
  }

  hit(object: number): boolean {
    return use(this.#small, object) || use(this.#main, object);
  }

  insert(object: number): void {
    while (this.size >= this.#capacity) this.#evict();
    const queue = this.#ghosts.delete(object) ? this.#main : this.#small;
    queue.put(object);
  }

  remove(object: number): void {
    if (!this.#small.delete(object)) this.#main.delete(object);
  }

  #evict(): void {
    const isSmallDue = this.#small.size >= this.#smallSize || this.#main.size === 0;
    if (isSmallDue) this.#evictFromSmall();
    else this.#evictFromMain();
  }

  #evictFromSmall(): void {
    while (this.#small.size > 0) {
      const uses = this.#small.noteOf(this.#small.oldest())!;
      const object = this.#small.takeOldest();
      if (uses <= USES_FOR_MAIN) {
        this.#remember(object);
        return;
      }
      if (this.#main.size >= this.#mainSize) this.#evictFromMain();
      this.#main.put(object);
    }
  }

  #evictFromMain(): void {
    while (this.#main.size > 0) {
      const uses = this.#main.noteOf(this.#main.oldest())!;
      const object = this.#main.takeOldest();
      if (uses === 0) return;
      this.#main.put(object, uses - 1);
    }
  }

  #remember(object: number): void {
    if (this.#ghosts.size >= Math.max(1, this.#mainSize)) this.#ghosts.takeOldest();
    this.#ghosts.put(object);
  }
}

function use(queue: ArrivalQueue, object: number): boolean {
  const uses = queue.noteOf(object);
  if (uses === undefined) return false;
  if (uses < USES_MAX) queue.put(object, uses + 1);
  return true;
}
