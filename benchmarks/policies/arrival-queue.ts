/**
 * Numbers with a note each, in the order in which they came.
 *
 * A `Map` remembers that order, but asking it for its first member walks over everything deleted
 * since it last grew. One iterator is kept instead, which has passed all that.
 *
 * Invariant: the iterator stands right behind `#first`, or before the oldest member if there is
 * none.
 */
export class ArrivalQueue {
  readonly #notes = new Map<number, number>();
  readonly #members: Iterator<number> = this.#notes.keys();
  #first: number | undefined;

  get size(): number {
    return this.#notes.size;
  }

  noteOf(member: number): number | undefined {
    return this.#notes.get(member);
  }

  /** A member keeps its place; anything else goes to the end. */
  put(member: number, note = 0): void {
    this.#notes.set(member, note);
  }

  delete(member: number): boolean {
    if (member === this.#first) this.#first = undefined;
    return this.#notes.delete(member);
  }

  /** False if it is no member. */
  moveToEnd(member: number): boolean {
    if (!this.delete(member)) return false;
    this.put(member);
    return true;
  }

  oldest(): number {
    // An iterator that has come to its end once stays there.
    if (this.#notes.size === 0) throw new RangeError('the queue is empty');
    this.#first ??= this.#members.next().value as number;
    return this.#first;
  }

  takeOldest(): number {
    const oldest = this.oldest();
    this.delete(oldest);
    return oldest;
  }
}
