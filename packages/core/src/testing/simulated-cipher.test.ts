// Goal: what stands in for the cipher in simulations refuses and repeats as a real one does.
// Method: core's suite. Not covered: secrecy, of which it has none.
import { test } from 'vitest';
import { cipherConformance } from '../conformance/cipher.ts';
import { simulatedCipher } from './simulated-cipher.ts';

cipherConformance({
  test,
  create: () => simulatedCipher,
  skip: (name, reason) => test.skip(`${name} (${reason})`),
  unsupported: [
    { reason: 'another algorithm', tests: ['encrypts as XChaCha20-Poly1305 is published'] },
  ],
});
