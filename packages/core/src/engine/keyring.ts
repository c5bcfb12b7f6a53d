/**
 * The keys of one opening: the first one encrypts every new file, all of them decrypt. Each file's
 * header has the id of its key and a MAC over itself, which only the right key makes: a wrong one
 * is noticed before a record is read.
 */

import { InvalidArgumentError } from '../errors.ts';
import type { Cipher, CipherText } from '../ports/cipher.ts';
import type { Random } from '../ports/random.ts';
import type { Crc32 } from './crc32.ts';
import { wordsCrc32 } from './crc32.ts';
import { FileCipher, NONCE_PREFIX_BYTES, nonceOf } from './file-cipher.ts';
import { MAC_BYTES } from './record.ts';
import {
  encodeSegmentHeader,
  HEADER_CHECK_OFFSET,
  type HeaderEncryption,
  type SegmentHeader,
  segmentFileName,
} from './segment-header.ts';

/** 32 bytes under a name that files refer to. */
export interface EncryptionKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/** `CacheOptions.encryption` after its checks, with what the runtime encrypts with. */
export interface EncryptionSettings {
  readonly cipher: Cipher;
  readonly keys: readonly EncryptionKey[];
}

export class Keyring {
  readonly #settings: EncryptionSettings | undefined;
  readonly #crc32: Crc32;

  constructor(settings: EncryptionSettings | undefined, crc32: Crc32) {
    this.#settings = settings;
    this.#crc32 = crc32;
  }

  /** True if new files are encrypted. */
  get isEncrypting(): boolean {
    return this.#settings !== undefined;
  }

  /** The header of a new file, with the first key's encryption. */
  protect(header: SegmentHeader, random: Random): SegmentHeader {
    const first = this.#settings?.keys[0];
    if (this.#settings === undefined || first === undefined) return header;
    const noncePrefix = random.fill(new Uint8Array(NONCE_PREFIX_BYTES));
    const check = new Uint8Array(MAC_BYTES);
    const encryption = { keyId: first.id, noncePrefix, check };
    const text = headerText({ ...header, encryption }, encryption, first.key);
    this.#settings.cipher.encrypt(text);
    return { ...header, encryption };
  }

  /** True for a file that is as new ones are: of the first key, or plain where there is none. */
  isCurrent({ encryption }: SegmentHeader): boolean {
    return encryption?.keyId === this.#settings?.keys[0]?.id;
  }

  /**
   * What reads the file of this header; `undefined` for one that is not encrypted. Throws
   * `INVALID_ARGUMENT` if its key is not among those given, or is another one of that id.
   */
  cipherOf(header: SegmentHeader): FileCipher | undefined {
    const { encryption, salt } = header;
    if (encryption === undefined) return undefined;
    const { keyId, noncePrefix } = encryption;
    const known = this.#settings?.keys.find(({ id }) => id === keyId);
    if (this.#settings === undefined || known === undefined) {
      throw keyError('the store is encrypted with a key that was not given', header, keyId);
    }
    const { cipher } = this.#settings;
    const { key } = known;
    const copy = { ...encryption, check: encryption.check.slice() };
    if (!cipher.decrypt(headerText(header, copy, key))) {
      throw keyError('the store is encrypted with another key of this id', header, keyId);
    }
    return new FileCipher({ cipher, key, noncePrefix, salt, crc32: this.#crc32 });
  }
}

/** Of a store that is not encrypted. */
export const NO_KEYS: Keyring = new Keyring(undefined, wordsCrc32);

/** Nothing, proved together with all that the header says. */
function headerText(
  header: SegmentHeader,
  { noncePrefix, check }: HeaderEncryption,
  key: Uint8Array,
): CipherText {
  return {
    bytes: new Uint8Array(0),
    mac: check,
    additional: encodeSegmentHeader(header).slice(0, HEADER_CHECK_OFFSET),
    nonce: nonceOf(noncePrefix, 0),
    key,
  };
}

function keyError(message: string, header: SegmentHeader, keyId: string): InvalidArgumentError {
  const file = segmentFileName(header);
  return new InvalidArgumentError(`${message} keyId=${keyId} file=${file}`, { keyId, file });
}
