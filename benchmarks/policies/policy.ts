/** Decides which objects, all of one size, stay in a cache of a fixed number of them. */
export interface Policy {
  /** Objects held now; never more than the capacity it was made with. */
  readonly size: number;
  /** One request: true if the object is held, and remembered as used. */
  hit(object: number): boolean;
  /** Takes in an object that is not held, evicting what has to go. */
  insert(object: number): void;
  /** Forgets an object that has expired; nothing happens if it is not held. */
  remove(object: number): void;
}

export type PolicyFactory = (capacity: number) => Policy;
