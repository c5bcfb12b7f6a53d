import type { Cipher } from '../ports/cipher.ts';

/** What this needs of libsodium's bindings. */
export interface SodiumAead {
  crypto_aead_xchacha20poly1305_ietf_encrypt_detached(
    ciphertext: Uint8Array,
    mac: Uint8Array,
    message: Uint8Array,
    additional: Uint8Array,
    secretNonce: null,
    nonce: Uint8Array,
    key: Uint8Array,
  ): unknown;
  /** Throws for a MAC that is not right. */
  crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
    message: Uint8Array,
    secretNonce: null,
    ciphertext: Uint8Array,
    mac: Uint8Array,
    additional: Uint8Array,
    nonce: Uint8Array,
    key: Uint8Array,
  ): unknown;
}

/** The cipher of a runtime that has libsodium's bindings. */
export function sodiumCipher(sodium: SodiumAead): Cipher {
  return {
    encrypt: ({ bytes, mac, additional, nonce, key }) => {
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt_detached(
        ...([bytes, mac, bytes, additional, null, nonce, key] as const),
      );
    },
    decrypt: ({ bytes, mac, additional, nonce, key }) => {
      try {
        sodium.crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
          ...([bytes, null, bytes, mac, additional, nonce, key] as const),
        );
        return true;
      } catch {
        // The sizes are right by the port's promise, so it is the MAC.
        return false;
      }
    },
  };
}
