/** What one encryption is about. None of it is a view of shared memory. */
export interface CipherText {
  /** Encrypted and decrypted where it lies; may be empty. */
  readonly bytes: Uint8Array;
  /** 16 bytes that prove `bytes` and `additional`. */
  readonly mac: Uint8Array;
  /** Stays readable, and is proved as well. */
  readonly additional: Uint8Array;
  /** 24 bytes, never the same for two texts of one key. */
  readonly nonce: Uint8Array;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

/**
 * XChaCha20-Poly1305 with a detached MAC (libsodium's `crypto_aead_xchacha20poly1305_ietf`, RFC
 * draft-irtf-cfrg-xchacha-03). Both directions block the calling thread. What one runtime has
 * encrypted, every other decrypts. Judged by `cipherConformance`.
 */
export interface Cipher {
  /** Replaces `bytes` by what they are encrypted, and writes `mac`. */
  encrypt(text: CipherText): void;

  /** False if the MAC is not right; `bytes` are nothing then. */
  decrypt(text: CipherText): boolean;
}
