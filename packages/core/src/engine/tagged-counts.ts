/**
 * Counts those live records that do not count like all others: values of namespaces, which are not
 * part of the store's own, and values that are kept past their deadline. Both have tags, so nothing
 * of this is done, or there, for a store without any.
 *
 *     size of a namespace = its records - those past their deadline
 *     size of the store's own = all - expired - kept past their deadline - those of namespaces
 *
 * Invariants
 * 1. What is counted here is exactly what has a slot, as in `RecordTable`; of a record that could
 *    not be read it is not known what it was, and it counts until its segment goes.
 * 2. A segment that goes as a whole takes with it what it says it has.
 */

import { ExpiryCounter, type ExpiryState } from '../expiry/expiry-counter.ts';
import { readTag } from './floors.ts';
import { isNamed, isTagged, keyEnd, type RecordMemory, recordExpiresAtMs } from './record.ts';
import type { Segment } from './segment.ts';
import { markedDeadlineMs } from './stale-mark.ts';

/** Of a namespace, here and in the segments it has values in. */
const NAMESPACE_BYTES = 500;

/** What of a segment's live records is counted here. */
export interface SegmentTally {
  /** Those that are kept past their deadline. */
  kept: number;
  /** By the id of the namespace. */
  readonly named: Map<number, number>;
}

/** Plain data: what the counts have come to. */
export interface TaggedState {
  readonly namespaces: readonly (readonly [number, number, ExpiryState])[];
  readonly named: readonly [number, ExpiryState];
  readonly deadlines: ExpiryState;
  readonly ends: ExpiryState;
}

/** Records, and which of them are past their deadline. */
class Tally {
  count = 0;
  readonly expiry: ExpiryCounter = new ExpiryCounter();

  restore(count: number, expiry: ExpiryState): void {
    this.count = count;
    this.expiry.restore(expiry);
  }

  liveAt(nowMs: number): number {
    return Math.max(this.count - this.expiry.expiredCount(nowMs), 0);
  }

  /** Records that are gone; `areExpired` = a tick past their deadline, or nobody knows. */
  leave(count: number, areExpired: boolean, nowMs: number): void {
    this.count -= count;
    if (areExpired) this.expiry.removeExpired(count, 0, nowMs);
  }
}

export class TaggedCounts {
  readonly #named: Tally = new Tally();
  readonly #byNamespace = new Map<number, Tally>();
  /** Of those that are kept for longer: their deadlines, and the ends of their keeping. */
  readonly #deadlines: ExpiryCounter = new ExpiryCounter();
  readonly #ends: ExpiryCounter = new ExpiryCounter();

  /** Those that have anything. */
  get namespaceCount(): number {
    return this.#byNamespace.size;
  }

  /** About what they take in memory. */
  get bytes(): number {
    return this.#byNamespace.size * NAMESPACE_BYTES;
  }

  /** Of all namespaces. */
  namedAt(nowMs: number): number {
    return this.#named.liveAt(nowMs);
  }

  /** Of the namespace with that id. */
  sizeAt(namespace: number, nowMs: number): number {
    return this.#byNamespace.get(namespace)?.liveAt(nowMs) ?? 0;
  }

  /** Records past their deadline that are still kept. */
  staleAt(nowMs: number): number {
    return this.#deadlines.expiredCount(nowMs) - this.#ends.expiredCount(nowMs);
  }

  /** The record has got a slot. */
  add(segment: Segment, memory: RecordMemory, offset: number): void {
    this.#change(segment, memory, offset, 1);
  }

  /** The record is about to lose its slot. */
  remove(segment: Segment, memory: RecordMemory, offset: number): void {
    this.#change(segment, memory, offset, -1);
  }

  /** A segment goes with all that is in it. */
  leave({ tally }: Segment, areExpired: boolean, nowMs: number): void {
    if (tally === undefined) return;
    if (areExpired) {
      this.#deadlines.removeExpired(tally.kept, 0, nowMs);
      this.#ends.removeExpired(tally.kept, 0, nowMs);
    }
    for (const [namespace, count] of tally.named) {
      this.#named.leave(count, areExpired, nowMs);
      this.#tallyOf(namespace).leave(count, areExpired, nowMs);
      this.#drop(namespace);
    }
    tally.kept = 0;
    tally.named.clear();
  }

  get state(): TaggedState {
    const { count, expiry } = this.#named;
    return {
      namespaces: [...this.#byNamespace].map(([id, tally]) => [
        id,
        tally.count,
        tally.expiry.state,
      ]),
      named: [count, expiry.state],
      deadlines: this.#deadlines.state,
      ends: this.#ends.state,
    };
  }

  /** Takes the place of the state of one that has nothing. */
  restore({ namespaces, named, deadlines, ends }: TaggedState): void {
    for (const [id, count, expiry] of namespaces) this.#tallyOf(id).restore(count, expiry);
    this.#named.restore(...named);
    this.#deadlines.restore(deadlines);
    this.#ends.restore(ends);
  }

  clear(): void {
    this.#named.count = 0;
    this.#named.expiry.clear();
    this.#byNamespace.clear();
    this.#deadlines.clear();
    this.#ends.clear();
  }

  #change(segment: Segment, memory: RecordMemory, offset: number, by: 1 | -1): void {
    const { words, bytes } = memory;
    if (!isTagged(words, offset)) return;
    const keptUntilMs = recordExpiresAtMs(words, offset, segment.timeBaseMs);
    const deadlineMs = markedDeadlineMs({ memory, offset });
    const isInNamespace = isNamed(words, offset);
    if (deadlineMs === undefined && !isInNamespace) return;
    segment.tally ??= { kept: 0, named: new Map() };
    const { tally } = segment;
    if (deadlineMs !== undefined) {
      tally.kept += by;
      count(this.#deadlines, deadlineMs, by);
      count(this.#ends, keptUntilMs, by);
    }
    if (!isInNamespace) return;
    // The first of a namespace's tags is its own.
    const namespace = readTag(bytes, keyEnd(words, offset) + 1);
    tally.named.set(namespace, (tally.named.get(namespace) ?? 0) + by);
    if (tally.named.get(namespace) === 0) tally.named.delete(namespace);
    for (const each of [this.#named, this.#tallyOf(namespace)]) {
      each.count += by;
      count(each.expiry, deadlineMs ?? keptUntilMs, by);
    }
    this.#drop(namespace);
  }

  #tallyOf(namespace: number): Tally {
    let tally = this.#byNamespace.get(namespace);
    if (tally === undefined) {
      tally = new Tally();
      this.#byNamespace.set(namespace, tally);
    }
    return tally;
  }

  /** Namespaces come and go: one that has nothing takes no memory. */
  #drop(namespace: number): void {
    if (this.#byNamespace.get(namespace)?.count === 0) this.#byNamespace.delete(namespace);
  }
}

function count(expiry: ExpiryCounter, atMs: number, by: 1 | -1): void {
  if (by === 1) expiry.add(atMs, 0);
  else expiry.remove(atMs, 0);
}
