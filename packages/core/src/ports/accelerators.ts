/**
 * What a runtime may do faster than portable code. All are optional, and none changes a result:
 * the conformance suite compares each with core's own implementation.
 */
export interface Accelerators {
  /** CRC-32 (IEEE 802.3, as zlib's) of `bytes`, continuing from `seed`; unsigned. */
  crc32?(bytes: Uint8Array, seed: number): number;

  /** SHA-256 (FIPS 180-4) of `bytes`, which is never shared memory: 32 bytes. */
  sha256?(bytes: Uint8Array): Uint8Array;

  /** Decodes well-formed UTF-8 in `bytes[start, end)`, which is never shared memory. */
  decodeUtf8?(bytes: Uint8Array, start: number, end: number): string;
}
