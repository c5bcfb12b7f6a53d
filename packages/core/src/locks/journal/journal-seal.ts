import { NONCE_PREFIX_BYTES, nonceOf } from '../../engine/file-cipher.ts';
import type { EncryptionSettings } from '../../engine/keyring.ts';
import { MAC_BYTES } from '../../engine/record.ts';
import { InvalidArgumentError } from '../../errors.ts';
import type { CipherText } from '../../ports/cipher.ts';
import type { Random } from '../../ports/random.ts';
import { encodeHeader, type JournalEncryption, type JournalHeader } from './journal-format.ts';

/**
 * Encrypts the bodies of one journal's frames, and proves them together with the file's header:
 *
 *     on disk   mac (16) ‖ encrypted body          nonce   16 random bytes of the file ‖ offset
 *
 * Frames are written front to back and never twice, so no nonce is used again.
 */
export class JournalSeal {
  readonly #settings: EncryptionSettings;
  readonly #key: Uint8Array;
  readonly #encryption: JournalEncryption;
  readonly #header: Uint8Array;

  private constructor(
    settings: EncryptionSettings,
    key: Uint8Array,
    encryption: JournalEncryption,
    header: JournalHeader,
  ) {
    this.#settings = settings;
    this.#key = key;
    this.#encryption = encryption;
    this.#header = encodeHeader(header);
  }

  /**
   * Of the file of that header; `undefined` for one that is not encrypted. Throws
   * `INVALID_ARGUMENT` if its key is not among those given.
   */
  static of(
    header: JournalHeader,
    settings: EncryptionSettings | undefined,
  ): JournalSeal | undefined {
    const { encryption } = header;
    if (encryption === undefined) return undefined;
    const { keyId } = encryption;
    const known = settings?.keys.find(({ id }) => id === keyId);
    if (settings === undefined || known === undefined) {
      throw keyError('the lock journal is encrypted with a key that was not given', keyId);
    }
    return new JournalSeal(settings, known.key, encryption, header);
  }

  get keyId(): string {
    return this.#encryption.keyId;
  }

  seal(body: Uint8Array, offset: number): Uint8Array {
    const sealed = new Uint8Array(MAC_BYTES + body.length);
    sealed.set(body, MAC_BYTES);
    this.#settings.cipher.encrypt(this.#textIn(sealed, offset));
    return sealed;
  }

  /** The body; `undefined` if it is not proved. */
  open(sealed: Uint8Array, offset: number): Uint8Array | undefined {
    if (sealed.length < MAC_BYTES) return undefined;
    const copy = sealed.slice();
    const isProved = this.#settings.cipher.decrypt(this.#textIn(copy, offset));
    return isProved ? copy.subarray(MAC_BYTES) : undefined;
  }

  #textIn(sealed: Uint8Array, offset: number): CipherText {
    return {
      bytes: sealed.subarray(MAC_BYTES),
      mac: sealed.subarray(0, MAC_BYTES),
      additional: this.#header,
      nonce: nonceOf(this.#encryption.noncePrefix, offset),
      key: this.#key,
    };
  }
}

/** How a new file is encrypted: with the first key. */
export function newEncryption(
  settings: EncryptionSettings | undefined,
  random: Random,
): JournalEncryption | undefined {
  const first = settings?.keys[0];
  if (first === undefined) return undefined;
  return { keyId: first.id, noncePrefix: random.fill(new Uint8Array(NONCE_PREFIX_BYTES)) };
}

export function keyError(message: string, keyId: string): InvalidArgumentError {
  return new InvalidArgumentError(`${message} keyId=${keyId}`, { keyId });
}
