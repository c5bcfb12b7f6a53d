/**
 * Writes flat objects of known shapes: what most caches hold most of. In one pass over the fields,
 * where msgpackr, which writes everything else, needs a check of the value before and has more code
 * to be compiled (docs/adr/0017).
 *
 *     { id: 7, name: 'Ada', city: null }    0x40 7 0xa3 'Ada' 0xc0     shape 0x40 = id, name, city
 *
 * The bytes are those that msgpackr would have written; a test compares them.
 */
import { SHAPE_NAMES_MAX, type ShapeDictionary } from './shape-dictionary.ts';

/**
 * Fields of up to 64 names (`SHAPE_NAMES_MAX`), each with a text of 63 units of up to three bytes,
 * have room.
 */
const BUFFER_BYTES = 16 * 1024;

/** Longer texts are faster in the runtime's own code. */
const TEXT_UNITS_MAX = 63;

const SHAPE_ID_FIRST = 0x40;
const NIL = 0xc0;
const FALSE = 0xc2;
const TRUE = 0xc3;
const FLOAT64 = 0xcb;
const UINT8 = 0xcc;
const UINT16 = 0xcd;
const UINT32 = 0xce;
const INT8 = 0xd0;
const INT16 = 0xd1;
const INT32 = 0xd2;
const TEXT_SHORT = 0xa0;
const TEXT_SHORT_BYTES_MAX = 31;
const TEXT8 = 0xd9;

export class FlatObjectWriter {
  /** What was written last, in `[0, length)`. */
  readonly data: Uint8Array = new Uint8Array(BUFFER_BYTES);
  length = 0;
  readonly #view = new DataView(this.data.buffer);
  readonly #shapes: ShapeDictionary;
  /** Of the value written last: the next one probably has it too. */
  #shape = 0;
  #isWriting = false;

  constructor(shapes: ShapeDictionary) {
    this.#shapes = shapes;
  }

  /**
   * False for whatever is more than a flat object of a known shape; nothing has been written then.
   */
  write(value: unknown): boolean {
    if (this.#shapes.count === 0 || typeof value !== 'object' || value === null) return false;
    // A getter of a value that is being written may come here with another one.
    if (this.#isWriting || Object.getPrototypeOf(value) !== Object.prototype) return false;
    this.#isWriting = true;
    try {
      const object = value as Readonly<Record<string, unknown>>;
      return this.#writeAs(this.#shape, object) || this.#writeAsOther(object);
    } finally {
      this.#isWriting = false;
    }
  }

  #writeAsOther(object: Readonly<Record<string, unknown>>): boolean {
    const names = Object.keys(object);
    const { known } = this.#shapes;
    const shape = known.findIndex(
      (each) => each.length === names.length && each.every((name, at) => name === names[at]),
    );
    if (shape < 0 || shape === this.#shape || !this.#writeAs(shape, object)) return false;
    this.#shape = shape;
    return true;
  }

  /** Hot. */
  #writeAs(shape: number, object: Readonly<Record<string, unknown>>): boolean {
    const names = this.#shapes.known[shape];
    // One that another program has made known may have more names than there is room for.
    if (names === undefined || names.length > SHAPE_NAMES_MAX) return false;
    const { data } = this;
    data[0] = SHAPE_ID_FIRST + shape;
    let at = 1;
    let index = 0;
    for (const name in object) {
      if (name !== names[index++]) return false;
      const field = object[name];
      if (typeof field === 'string') at = this.#writeText(field, at);
      else if (typeof field === 'number') at = this.#writeNumber(field, at);
      else if (field === true) data[at++] = TRUE;
      else if (field === false) data[at++] = FALSE;
      else if (field === null) data[at++] = NIL;
      else return false;
      if (at < 0) return false;
    }
    this.length = at;
    // What every object inherits is listed last.
    const last = names[index - 1];
    return index === names.length && (last === undefined || Object.hasOwn(object, last));
  }

  /** Where it ends; -1 for a text that is too long, or has a lone surrogate. */
  #writeText(text: string, at: number): number {
    const units = text.length;
    if (units > TEXT_UNITS_MAX) return -1;
    const { data } = this;
    const start = at + 1;
    for (let index = 0; index < units; index++) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) return this.#writeWideText(text, at);
      data[start + index] = unit;
    }
    if (units > TEXT_SHORT_BYTES_MAX) return this.#closeText(at, start + units);
    data[at] = TEXT_SHORT | units;
    return start + units;
  }

  #writeWideText(text: string, at: number): number {
    const { data } = this;
    let end = at + 1;
    for (let index = 0; index < text.length; index++) {
      const point = text.codePointAt(index) as number;
      if (point < 0x80) {
        data[end++] = point;
      } else if (point < 0x800) {
        data[end++] = 0xc0 | (point >> 6);
        data[end++] = 0x80 | (point & 0x3f);
      } else if (point < 0x10000) {
        if (point >= 0xd800 && point < 0xe000) return -1;
        data[end++] = 0xe0 | (point >> 12);
        data[end++] = 0x80 | ((point >> 6) & 0x3f);
        data[end++] = 0x80 | (point & 0x3f);
      } else {
        index++;
        data[end++] = 0xf0 | (point >> 18);
        data[end++] = 0x80 | ((point >> 12) & 0x3f);
        data[end++] = 0x80 | ((point >> 6) & 0x3f);
        data[end++] = 0x80 | (point & 0x3f);
      }
    }
    return this.#closeText(at, end);
  }

  /** Puts the length before a text of up to 189 bytes that was written behind one byte for it. */
  #closeText(at: number, end: number): number {
    const { data } = this;
    const bytes = end - at - 1;
    if (bytes <= TEXT_SHORT_BYTES_MAX) {
      data[at] = TEXT_SHORT | bytes;
      return end;
    }
    data.copyWithin(at + 2, at + 1, end);
    data[at] = TEXT8;
    data[at + 1] = bytes;
    return end + 1;
  }

  #writeNumber(field: number, at: number): number {
    const { data } = this;
    if (field >>> 0 === field) return this.#writeUnsigned(field, at);
    if (field >> 0 === field) return this.#writeNegative(field, at);
    data[at] = FLOAT64;
    this.#view.setFloat64(at + 1, field);
    return at + 9;
  }

  #writeUnsigned(field: number, at: number): number {
    const { data } = this;
    if (field < SHAPE_ID_FIRST) {
      data[at] = field;
      return at + 1;
    }
    if (field <= 0xff) {
      data[at] = UINT8;
      data[at + 1] = field;
      return at + 2;
    }
    if (field <= 0xffff) {
      data[at] = UINT16;
      this.#view.setUint16(at + 1, field);
      return at + 3;
    }
    data[at] = UINT32;
    this.#view.setUint32(at + 1, field);
    return at + 5;
  }

  #writeNegative(field: number, at: number): number {
    const { data } = this;
    if (field >= -0x20) {
      data[at] = field;
      return at + 1;
    }
    if (field >= -0x80) {
      data[at] = INT8;
      data[at + 1] = field;
      return at + 2;
    }
    if (field >= -0x8000) {
      data[at] = INT16;
      this.#view.setInt16(at + 1, field);
      return at + 3;
    }
    data[at] = INT32;
    this.#view.setInt32(at + 1, field);
    return at + 5;
  }
}
