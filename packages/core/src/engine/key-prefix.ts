import type { Accelerators } from '../ports/accelerators.ts';

/**
 * Which main files a key belongs to: the first hex digits of its SHA-256. Computed when a record is
 * demoted, in the background, never for a get or a set.
 */
export class KeyPrefix {
  readonly #length: number;
  readonly #sha256: (bytes: Uint8Array) => Uint8Array;

  /** `length` is 0, 1 or 2 digits. Throws a `TypeError` if the runtime has no SHA-256 for them. */
  constructor(length: number, accelerators: Accelerators | undefined) {
    const sha256 = accelerators?.sha256?.bind(accelerators);
    if (length > 0 && sha256 === undefined) {
      throw new TypeError('hashPrefixLength needs a runtime with sha256');
    }
    this.#length = length;
    this.#sha256 = sha256 ?? ((bytes) => bytes);
  }

  of(bytes: Uint8Array, start: number, length: number): string {
    if (this.#length === 0) return '';
    // A copy: hash functions do not take shared memory.
    const digest = this.#sha256(bytes.slice(start, start + length));
    const digits = (digest[0] as number).toString(16).padStart(2, '0');
    return digits.slice(0, this.#length);
  }
}
