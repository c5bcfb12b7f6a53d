import type { Cipher, CipherText } from '../ports/cipher.ts';
import { SeededRandom } from './seeded-random.ts';

/** Hides and proves well enough for tests, at no cost, and keeps nothing secret from anybody. */
export const simulatedCipher: Cipher = {
  encrypt(text) {
    mask(text);
    text.mac.set(macOf(text));
  },
  decrypt(text) {
    const expected = macOf(text);
    if (!expected.every((byte, index) => byte === text.mac[index])) return false;
    mask(text);
    return true;
  },
};

function mask({ bytes, nonce, key }: CipherText): void {
  const random = new SeededRandom(hash(hash(1, key), nonce));
  const stream = random.fill(new Uint8Array(bytes.length));
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = (bytes[index] as number) ^ (stream[index] as number);
  }
}

function macOf({ bytes, additional, nonce, key }: CipherText): Uint8Array {
  const mac = new Int32Array(4);
  for (let index = 0; index < mac.length; index++) {
    mac[index] = hash(hash(hash(hash(index + 2, key), nonce), additional), bytes);
  }
  return new Uint8Array(mac.buffer);
}

/** FNV-1a, the length included. */
function hash(seed: number, bytes: Uint8Array): number {
  let value = Math.imul(seed ^ bytes.length, 0x9e3779b1);
  for (const byte of bytes) value = Math.imul(value ^ byte, 0x01000193);
  return value ^ (value >>> 15);
}
