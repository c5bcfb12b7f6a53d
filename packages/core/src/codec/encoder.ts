import { InvalidArgumentError } from '../errors.ts';
import { isWellFormed } from './inspect-value.ts';
import { ENCODING_BYTES, ENCODING_JSON, ENCODING_TEXT } from './value-encoding.ts';

/**
 * Writes one value at a time. The bytes are in `data[start, start + length)`, which the next value
 * may take: the caller copies them in the same turn, and nothing else is packed in between.
 */
export interface Encoder {
  data: Uint8Array;
  start: number;
  length: number;
  /**
   * The value's encoding number. Throws `InvalidArgumentError` for a value that cannot be written,
   * and whatever a getter of the value throws.
   */
  encode(value: unknown): number;
}

/** Below this a loop over the characters beats a call into the runtime. */
const LOOP_CHARACTERS_MAX = 40;

const textEncoder = new TextEncoder();

/** What the encoders share: text, bytes, JSON. */
export abstract class BufferedEncoder implements Encoder {
  data: Uint8Array = new Uint8Array(1024);
  start = 0;
  length = 0;

  abstract encode(value: unknown): number;

  protected encodeText(text: string): number {
    if (text.length <= LOOP_CHARACTERS_MAX && this.#encodeAscii(text)) return ENCODING_TEXT;
    // A lone surrogate has no UTF-8; JSON escapes it.
    if (!isWellFormed(text)) return this.encodeJson(text);
    if (this.data.length < text.length * 3) this.data = new Uint8Array(text.length * 3);
    this.length = textEncoder.encodeInto(text, this.data).written;
    return ENCODING_TEXT;
  }

  protected encodeBytes(value: Uint8Array): number {
    this.data = value;
    this.length = value.length;
    return ENCODING_BYTES;
  }

  protected encodeJson(value: unknown): number {
    const text = JSON.stringify(value);
    if (text === undefined) throw new InvalidArgumentError('its toJSON gives nothing');
    this.data = textEncoder.encode(text);
    this.length = this.data.length;
    return ENCODING_JSON;
  }

  #encodeAscii(text: string): boolean {
    if (this.data.length < LOOP_CHARACTERS_MAX) this.data = new Uint8Array(1024);
    const { data } = this;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit > 127) return false;
      data[index] = unit;
    }
    this.length = text.length;
    return true;
  }
}

/** `Uint8Array` values only, as they are. */
export class BytesEncoder extends BufferedEncoder {
  override encode(value: unknown): number {
    if (value instanceof Uint8Array) return this.encodeBytes(value);
    throw new InvalidArgumentError(
      `with the bytes codec a value must be a Uint8Array, got=${typeof value}`,
    );
  }
}
