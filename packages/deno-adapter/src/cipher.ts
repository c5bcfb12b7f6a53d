import type { Cipher } from '@holdfast/core';

/**
 * Plain JavaScript: libsodium's bindings load on Deno as well, but only with `--allow-ffi`, which
 * gives up the sandbox.
 */
export async function loadDenoCipher(): Promise<Cipher> {
  const { xchacha20poly1305 } = await import('@noble/ciphers/chacha.js');
  return {
    encrypt: ({ bytes, mac, additional, nonce, key }) => {
      const sealed = xchacha20poly1305(key, nonce, additional).encrypt(bytes);
      mac.set(sealed.subarray(bytes.length));
      bytes.set(sealed.subarray(0, bytes.length));
    },
    decrypt: ({ bytes, mac, additional, nonce, key }) => {
      const sealed = new Uint8Array(bytes.length + mac.length);
      sealed.set(bytes);
      sealed.set(mac, bytes.length);
      try {
        bytes.set(xchacha20poly1305(key, nonce, additional).decrypt(sealed));
        return true;
      } catch {
        // The sizes are right by the port's promise, so it is the MAC.
        return false;
      }
    },
  };
}
