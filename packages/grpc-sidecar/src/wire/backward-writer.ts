/**
 * Writes protobuf from its end to its start. The length of a nested message is known once it is
 * written, so writing it *before* the message costs neither a second pass nor a patch:
 *
 *     ┌ free ┬ tag ┬ length ┬ fields ─────────┐
 *            └ position                        └ buffer.length
 *
 * Fields come out in the reverse of the order of calls, which readers of protobuf must accept
 * anyway; the callers here call in descending order, so that bytes are in ascending order as other
 * encoders write them.
 */

/** A varint of 64 bits, at its longest. */
const VARINT_BYTES_MAX = 10;

/**
 * Below, arithmetic on bits is exact. Seconds of timestamps stay below until 2038; beyond they only
 * cost more.
 */
const UINT31_LIMIT = 0x80000000;

export class BackwardWriter {
  #buffer: Buffer;
  #position: number;

  /** `bytesExpected` is only a hint: the buffer grows. */
  constructor(bytesExpected: number) {
    this.#buffer = Buffer.allocUnsafe(bytesExpected);
    this.#position = bytesExpected;
  }

  /** Where a nested message that is written next will end, for `closeMessage`. */
  mark(): number {
    return this.#buffer.length - this.#position;
  }

  /** Puts length and tag before what was written since `mark`. */
  closeMessage(tag: number, mark: number): void {
    this.varint(this.mark() - mark);
    this.varint(tag);
  }

  bytesField(tag: number, data: Uint8Array): void {
    this.#reserve(data.length);
    this.#position -= data.length;
    this.#buffer.set(data, this.#position);
    this.varint(data.length);
    this.varint(tag);
  }

  /** `value` is a whole number from 0 to 2^53 - 1. */
  varintField(tag: number, value: number): void {
    this.varint(value);
    this.varint(tag);
  }

  /** `value` is 0 to 2^64 - 1. */
  bigVarintField(tag: number, value: bigint): void {
    if (value <= Number.MAX_SAFE_INTEGER) this.varint(Number(value));
    else this.#bigVarint(value);
    this.varint(tag);
  }

  /**
   * `value` is a whole number from 0 to 2^53 - 1. Hot: some ten of these per result of a pipeline.
   */
  varint(value: number): void {
    if (this.#position < VARINT_BYTES_MAX) this.#reserve(VARINT_BYTES_MAX);
    const buffer = this.#buffer;
    if (value < 0x80) {
      buffer[--this.#position] = value;
      return;
    }
    if (value < UINT31_LIMIT) {
      let position =
        this.#position - (value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5);
      this.#position = position;
      let rest = value;
      while (rest >= 0x80) {
        buffer[position++] = (rest & 0x7f) | 0x80;
        rest >>>= 7;
      }
      buffer[position] = rest;
      return;
    }
    this.#bigVarint(BigInt(value));
  }

  /** What was written. The buffer is not used again. */
  finish(): Buffer {
    return this.#buffer.subarray(this.#position);
  }

  #bigVarint(value: bigint): void {
    this.#reserve(VARINT_BYTES_MAX);
    const groups: number[] = [];
    for (let rest = value; rest > 0n; rest >>= 7n) groups.push(Number(rest & 0x7fn));
    const last = groups.length - 1;
    for (let index = last; index >= 0; index--) {
      const more = index === last ? 0 : 0x80;
      this.#buffer[--this.#position] = (groups[index] as number) | more;
    }
  }

  #reserve(size: number): void {
    if (this.#position >= size) return;
    const written = this.mark();
    const grown = Buffer.allocUnsafe(Math.max(2 * this.#buffer.length, written + size + 64));
    this.#buffer.copy(grown, grown.length - written, this.#position);
    this.#position = grown.length - written;
    this.#buffer = grown;
  }
}
