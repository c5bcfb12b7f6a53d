import { RESET_BUFFER_MODE, REUSE_BUFFER_MODE } from 'msgpackr/pack';
import { BufferedEncoder } from './encoder.ts';
import { FlatObjectWriter } from './flat-object-writer.ts';
import { assertNames, HOLDS_MAP, HOLDS_OBJECT, inspectValue } from './inspect-value.ts';
import { type ByteRange, plainPackr } from './plain-msgpack.ts';
import { recordPackr } from './record-msgpack.ts';
import type { ShapeDictionary } from './shape-dictionary.ts';
import {
  ENCODING_MSGPACK,
  ENCODING_RECORDS,
  ENCODING_SHAPES,
  ENCODING_TEXT,
} from './value-encoding.ts';

/**
 * The result stays in msgpackr's own buffer, between `start` and `end`, and the next one takes its
 * place.
 */
const IN_PLACE = REUSE_BUFFER_MODE | RESET_BUFFER_MODE;
type PackedInPlace = Uint8Array & Partial<ByteRange>;

/** Without `shapes` every value stands for itself, to be read anywhere. */
export class MsgpackEncoder extends BufferedEncoder {
  /** The buffer of `encodeText`, kept apart from what callers and msgpackr hand over. */
  #own: Uint8Array = this.data;
  /** What msgpackr wrote into last, and the same bytes. */
  #packed: Uint8Array = this.data;
  #view: Uint8Array = this.data;
  readonly #shapes: ShapeDictionary | undefined;
  readonly #flat: FlatObjectWriter | undefined;

  constructor(shapes?: ShapeDictionary) {
    super();
    this.#shapes = shapes;
    this.#flat = shapes && new FlatObjectWriter(shapes);
  }

  override encode(value: unknown): number {
    this.start = 0;
    if (typeof value === 'string') {
      this.data = this.#own;
      const encoding = this.encodeText(value);
      if (encoding === ENCODING_TEXT) this.#own = this.data;
      return encoding;
    }
    if (value instanceof Uint8Array) return this.encodeBytes(value);
    const shapes = this.#shapes;
    const flat = this.#flat;
    if (flat?.write(value)) {
      shapes?.noteKnown();
      this.data = flat.data;
      // A getter may have written another value.
      this.start = 0;
      this.length = flat.length;
      return ENCODING_SHAPES;
    }
    const holds = inspectValue(value);
    if (holds === HOLDS_OBJECT && shapes?.isWorthwhile) {
      let packed = shapes.pack(value);
      if (!shapes.knewAll) {
        // A getter may write another value, to the same place.
        packed = new Uint8Array(packed.subarray(packed.start, packed.end));
        assertNames(value);
      }
      this.#take(packed);
      return shapes.count === 0 ? ENCODING_MSGPACK : ENCODING_SHAPES;
    }
    if (holds !== 0) assertNames(value);
    const holdsMap = (holds & HOLDS_MAP) !== 0;
    this.#take((holdsMap ? recordPackr : plainPackr).pack(value, IN_PLACE));
    return holdsMap ? ENCODING_RECORDS : ENCODING_MSGPACK;
  }

  /**
   * msgpackr hands over a Buffer that carries properties of its own: reading its bytes where others
   * are read as well is slow, of a plain view it is fast (a set of an object took 200 ns more).
   */
  #take(packed: PackedInPlace): void {
    if (packed !== this.#packed) {
      this.#packed = packed;
      this.#view = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
    }
    this.data = this.#view;
    this.start = packed.start ?? 0;
    this.length = (packed.end ?? packed.length) - this.start;
  }
}
