/**
 * The shapes of a store's objects: lists of their property names, numbered. A value of a known
 * shape is written as the number and its fields' values (msgpackr's record extension): less time
 * to write and to read it, and none of the names' bytes.
 *
 *     { id: 7, name: 'Ada' }   plain     0x82 'id' 7 'name' 'Ada'
 *                              shaped    0x40 7 'Ada'               shape 0x40 = ['id', 'name']
 *
 * A shape is admitted when it is seen for the second time, so that maps from ids to things do not
 * fill the dictionary, and numbered before the next value. What has no shape is written plain,
 * inside a shaped value as well.
 *
 * Invariants
 * 1. A number never changes its meaning while a value that uses it can be read: shapes are only
 *    ever appended.
 * 2. Whoever stores a shaped value has stored the first `count` shapes before it (the engine's log
 *    writes them into each segment).
 */

import { Packr, RESET_BUFFER_MODE, REUSE_BUFFER_MODE } from 'msgpackr/pack';
import type { LoggedShapes } from '../engine/logged-shapes.ts';
import { areNamesStorable } from './inspect-value.ts';
import { type ByteRange, packPlain, unpackPlain } from './plain-msgpack.ts';

/**
 * One less than msgpackr numbers in a single byte: it asks whether to share a shape only while it
 * has a number left.
 */
const SHAPES_MAX = 31;
const PACKR_SHAPES_MAX = 32;

/** Larger ones cost more in every segment than they save. */
export const SHAPE_NAMES_MAX = 64;
const SHAPE_CHARACTERS_MAX = 1024;

/** Shapes seen once; when so many have not come again, they are forgotten. */
const CANDIDATES_MAX = 64;

/**
 * Values whose objects all differ would look for each one's shape in vain: when every other one in
 * a window did, the search rests for a while.
 */
const WINDOW_VALUES = 256;
const WINDOW_UNKNOWN_MAX = WINDOW_VALUES / 2;
const REST_VALUES = 4096;

const IN_PLACE = REUSE_BUFFER_MODE | RESET_BUFFER_MODE;

const NO_SHAPES = new Uint8Array(0);

type Shape = string[];

/** What of msgpackr's own list this class touches. */
type Structures = Shape[] & { sharedLength?: number; transitions?: object | null };

export class ShapeDictionary implements LoggedShapes {
  count = 0;
  bytesMax: number = Number.POSITIVE_INFINITY;
  /** True if every object of the value packed last is of a shape known before. */
  knewAll = true;
  #packr: Packr & { structures: Structures } = createPackr([], (names) => this.#noteUnknown(names));
  #encoded: Uint8Array = NO_SHAPES;
  readonly #candidates = new Set<string>();
  /** To be numbered before the next value is packed. */
  readonly #admitted: Shape[] = [];
  #valuesInWindow = 0;
  /** Objects in this window whose shape had no number. */
  #unknown = 0;
  #valuesToRest = 0;
  #isPacking = false;

  /** The first `count` of them have numbers. Names in their order; not to be changed. */
  get known(): readonly (readonly string[])[] {
    return this.#packr.structures;
  }

  /** Counts a value of a known shape that another has written. */
  noteKnown(): void {
    // One that a getter writes in the middle of another: msgpackr's tree is in use.
    if (this.#isPacking) return;
    if (++this.#valuesInWindow >= WINDOW_VALUES) this.#closeWindow();
  }

  /** False while values are better written plain. */
  get isWorthwhile(): boolean {
    if (this.#valuesToRest === 0) return true;
    this.#valuesToRest--;
    return false;
  }

  /** Writes a value without Maps, as msgpackr does in place: `start` and `end` say where. */
  pack(value: unknown): Uint8Array & Partial<ByteRange> {
    const isNested = this.#isPacking;
    if (!isNested) {
      if (this.#admitted.length > 0) this.#number(this.#admitted.splice(0));
      if (++this.#valuesInWindow >= WINDOW_VALUES) this.#closeWindow();
    }
    this.#isPacking = true;
    const unknown = this.#unknown;
    try {
      const packed = this.#packr.pack(value, IN_PLACE);
      this.knewAll = this.#unknown === unknown;
      return packed;
    } finally {
      this.#isPacking = isNested;
    }
  }

  unpack(data: Uint8Array, range: ByteRange): unknown {
    return this.#packr.unpack(data, range);
  }

  /** Prepared: to write it while a value lies in msgpackr's buffer would overwrite the value. */
  encode(): Uint8Array {
    return this.#encoded;
  }

  adopt(encoded: Uint8Array): 'known' | 'conflict' | 'unreadable' {
    const shapes = decodeShapes(encoded);
    if (shapes === undefined) return 'unreadable';
    const known = this.#packr.structures.slice(0, this.count);
    const shared = Math.min(known.length, shapes.length);
    for (let index = 0; index < shared; index++) {
      if (isSameShape(known[index] as Shape, shapes[index] as Shape)) continue;
      this.#use(shapes);
      return 'conflict';
    }
    if (shapes.length > known.length) this.#use(shapes);
    return 'known';
  }

  #use(shapes: Structures): void {
    this.count = shapes.length;
    this.#encoded = packPlain(shapes);
    this.#packr = createPackr(shapes, (names) => this.#noteUnknown(names));
  }

  /** Gives numbers to shapes that have none, as far as the list may grow. */
  #number(admitted: readonly Shape[]): void {
    const { structures } = this.#packr;
    for (const names of admitted) {
      const isKnown = structures.some((shape: Shape) => isSameShape(shape, names));
      if (isKnown || structures.length >= SHAPES_MAX) continue;
      const encoded = packPlain([...structures, names].map((shape: Shape) => [...shape]));
      if (encoded.length > this.bytesMax) continue;
      structures.push(names);
      structures.sharedLength = structures.length;
      // msgpackr makes its tree anew from the list.
      structures.transitions = null;
      this.#encoded = encoded;
      this.count = structures.length;
    }
  }

  /**
   * Called by msgpackr for every object whose shape has no number, and always false: were msgpackr
   * to number shapes itself, it would note that in its tree of names under a name of its own
   * (`__keys__`), which a value may have as well.
   */
  #noteUnknown(names: unknown): false {
    this.#unknown++;
    // Not a list where a value has just that name.
    if (!Array.isArray(names) || this.count >= SHAPES_MAX) return false;
    if (names.length > SHAPE_NAMES_MAX) return false;
    const joined = names.join('\0');
    if (joined.length > SHAPE_CHARACTERS_MAX || !areNamesStorable(names)) return false;
    if (this.#candidates.delete(joined)) {
      this.#admitted.push([...names]);
      return false;
    }
    if (this.#candidates.size === CANDIDATES_MAX) this.#candidates.clear();
    this.#candidates.add(joined);
    return false;
  }

  #closeWindow(): void {
    if (this.#unknown > WINDOW_UNKNOWN_MAX) this.#valuesToRest = REST_VALUES;
    // msgpackr keeps a tree of all names it has looked for: without this it would grow for ever.
    if (this.#unknown > 0) this.#packr.structures.transitions = null;
    this.#valuesInWindow = 0;
    this.#unknown = 0;
  }
}

function createPackr(
  structures: Structures,
  shouldShareStructure: (names: string[]) => boolean,
): Packr & { structures: Structures } {
  return new Packr({
    structures,
    shouldShareStructure,
    maxSharedStructures: PACKR_SHAPES_MAX,
    // What has no shape is written plain, as an object: values with Maps do not come here.
    maxOwnStructures: 0,
    mapsAsObjects: true,
    variableMapSize: true,
    moreTypes: true,
  }) as Packr & { structures: Structures };
}

function decodeShapes(encoded: Uint8Array): Shape[] | undefined {
  let shapes: unknown;
  try {
    shapes = unpackPlain(encoded, { start: 0, end: encoded.length });
  } catch {
    // Whatever these bytes are, they are no list of shapes; the caller says so.
    return undefined;
  }
  if (!Array.isArray(shapes) || shapes.length > SHAPES_MAX) return undefined;
  return shapes.every(isShape) ? shapes : undefined;
}

function isShape(shape: unknown): shape is Shape {
  return (
    Array.isArray(shape) &&
    shape.every((name) => typeof name === 'string') &&
    areNamesStorable(shape)
  );
}

function isSameShape(left: Shape, right: Shape): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}
