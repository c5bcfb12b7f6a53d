/**
 * Encrypts the records of one file on their way to the disk, and decrypts them on their way back.
 * A record is as long on the disk as in memory, so offsets are the same.
 *
 *     in memory   crc  header  (16 bytes for the mac)  key  value  padding
 *     on disk     crc' header   mac                    └── encrypted ───┘
 *                      └─ proved by the mac as well ┘      crc' is over what is on the disk
 *
 *     nonce       16 random bytes of the file ‖ offset of the record (8 bytes)
 *
 * Invariants
 * 1. A nonce is used for one text only: a file's records never change, no two lie at one offset,
 *    and 0 is its header's. Two files of the same 16 random bytes are not to be expected before
 *    2^64 files of one key.
 * 2. What is not proved by its mac never gets out of here: it becomes zeros, which are damage.
 */

import { assert } from '../assert.ts';
import type { Cipher, CipherText } from '../ports/cipher.ts';
import type { Crc32 } from './crc32.ts';
import {
  hasMac,
  isValidRecord,
  keyStart,
  MAC_BYTES,
  RECORD_ALIGNMENT,
  type RecordMemory,
  recordLength,
  writeRecordCrc,
} from './record.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';

export const KEY_BYTES = 32;
export const NONCE_PREFIX_BYTES = 16;
const NONCE_BYTES = 24;

/** The nonce of what lies at `offset` in the file of the 16 random bytes. */
export function nonceOf(prefix: Uint8Array, offset: number): Uint8Array {
  assert(prefix.length === NONCE_PREFIX_BYTES, 'a nonce starts with 16 bytes');
  const nonce = new Uint8Array(NONCE_BYTES);
  nonce.set(prefix);
  new DataView(nonce.buffer).setUint32(NONCE_PREFIX_BYTES, offset, true);
  return nonce;
}

export class FileCipher {
  readonly #cipher: Cipher;
  readonly #key: Uint8Array;
  readonly #noncePrefix: Uint8Array;
  readonly #salt: number;
  readonly #crc32: Crc32;

  constructor(options: {
    cipher: Cipher;
    key: Uint8Array;
    noncePrefix: Uint8Array;
    salt: number;
    crc32: Crc32;
  }) {
    this.#cipher = options.cipher;
    this.#key = options.key;
    this.#noncePrefix = options.noncePrefix;
    this.#salt = options.salt;
    this.#crc32 = options.crc32;
  }

  /** What goes to the disk for `[start, end)`: whole records, and the header if it starts there. */
  encrypted({ bytes }: RecordMemory, start: number, end: number): Uint8Array {
    const copy = copyOf(bytes, start, end);
    let at = Math.max(SEGMENT_HEADER_BYTES - start, 0);
    while (at < copy.bytes.length) {
      const length = recordLength(copy.words, at);
      assert(length > 0, 'a record to be encrypted has no length');
      assert(hasMac(copy.words, at), 'a record to be encrypted has no room for its mac');
      this.#cipher.encrypt(this.#textAt(copy, at, length, start + at));
      this.#writeCrc(copy, at, start + at);
      at += length;
    }
    assert(at === copy.bytes.length, 'encrypted bytes end inside a record');
    return copy.bytes;
  }

  /** Decrypts all records in `[SEGMENT_HEADER_BYTES, end)` of a file's memory. */
  decryptAll(memory: RecordMemory, end: number): void {
    const { words } = memory;
    for (let offset = SEGMENT_HEADER_BYTES; offset < end; ) {
      const isValid = isValidRecord(memory, offset, end, this.#salt, this.#crc32);
      if (isValid && this.decrypt(memory, offset, offset)) {
        offset += recordLength(words, offset);
        continue;
      }
      words[offset >> 2] = 0;
      words[(offset >> 2) + 1] = 0;
      offset += RECORD_ALIGNMENT;
    }
  }

  /**
   * Decrypts the record at `at` of `memory`, which lies at `offset` in the file and whose crc is
   * right. False if it is not proved: then it stays as it is.
   */
  decrypt(memory: RecordMemory, at: number, offset: number): boolean {
    if (!hasMac(memory.words, at)) return false;
    const length = recordLength(memory.words, at);
    // A copy: memory may be shared, and nothing of a text that is not proved may stay there.
    const copy = copyOf(memory.bytes, at, at + length);
    if (!this.#cipher.decrypt(this.#textAt(copy, 0, length, offset))) return false;
    memory.bytes.set(copy.bytes, at);
    this.#writeCrc(memory, at, offset);
    return true;
  }

  #textAt({ bytes, words }: RecordMemory, at: number, length: number, offset: number): CipherText {
    const textAt = keyStart(words, at);
    const macAt = textAt - MAC_BYTES;
    return {
      bytes: bytes.subarray(textAt, at + length),
      mac: bytes.subarray(macAt, textAt),
      additional: bytes.subarray(at + 4, macAt),
      nonce: nonceOf(this.#noncePrefix, offset),
      key: this.#key,
    };
  }

  /** As the record's place in the file wants it, wherever it lies in memory. */
  #writeCrc(memory: RecordMemory, at: number, offset: number): void {
    writeRecordCrc(memory, at, this.#salt ^ offset ^ at, this.#crc32);
  }
}

function copyOf(bytes: Uint8Array, start: number, end: number): RecordMemory {
  const copy = new Uint8Array(new ArrayBuffer(end - start));
  copy.set(bytes.subarray(start, end));
  return { bytes: copy, words: new Int32Array(copy.buffer) };
}
