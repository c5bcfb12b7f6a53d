import type { Cipher, CipherText } from '../ports/cipher.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { expectBytes, expectEqual, expectTrue } from './expect.ts';
import {
  type ConformanceTarget,
  type FixtureSource,
  registerSuite,
  type SuiteTest,
} from './suite.ts';

/** Judges a `Cipher`: the published bytes, and that nothing is decrypted that was changed. */
export function cipherConformance(target: ConformanceTarget & FixtureSource<Cipher>): void {
  registerSuite('cipher', target, TESTS);
}

/** draft-irtf-cfrg-xchacha-03, appendix A.3.1. */
const VECTOR = {
  text:
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the " +
    'future, sunscreen would be it.',
  additional: '50515253c0c1c2c3c4c5c6c7',
  key: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f',
  nonce: '404142434445464748494a4b4c4d4e4f5051525354555657',
  encrypted:
    'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb' +
    '731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452' +
    '2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9' +
    '21f9664c97637da9768812f615c68b13b52e',
  mac: 'c0875924c1c7987947deafd8780acf49',
} as const;

const LENGTHS = [0, 1, 7, 16, 63, 64, 65, 1_000, 65_536] as const;

const TESTS: readonly SuiteTest<Cipher>[] = [
  {
    name: 'encrypts as XChaCha20-Poly1305 is published',
    run: async (cipher) => {
      const text = {
        bytes: Uint8Array.from(VECTOR.text, (letter) => letter.charCodeAt(0)),
        mac: new Uint8Array(16),
        additional: fromHex(VECTOR.additional),
        nonce: fromHex(VECTOR.nonce),
        key: fromHex(VECTOR.key),
      };
      const plain = text.bytes.slice();
      cipher.encrypt(text);
      expectBytes(text.bytes, fromHex(VECTOR.encrypted), 'the encrypted bytes');
      expectBytes(text.mac, fromHex(VECTOR.mac), 'the MAC');
      expectTrue(cipher.decrypt(text), 'its own bytes to be decrypted');
      expectBytes(text.bytes, plain, 'the decrypted bytes');
    },
  },
  {
    name: 'decrypts what it encrypted, of every length and alignment, and touches nothing beside',
    run: async (cipher) => {
      const random = new SeededRandom(61);
      for (const [turn, length] of LENGTHS.entries()) {
        const around = random.fill(new Uint8Array(Math.min(length + 40, 65_536)));
        const before = around.slice();
        const start = 1 + turn;
        const bytes = around.subarray(start + 16, Math.min(start + 16 + length, around.length));
        const text = {
          ...textOf(random, 0, turn * 3),
          mac: around.subarray(start, start + 16),
          bytes,
        };
        cipher.encrypt(text);
        const end = start + 16 + bytes.length;
        expectBytes(around.subarray(0, start), before.subarray(0, start), 'the bytes before');
        expectBytes(around.subarray(end), before.subarray(end), 'the bytes behind');
        const isSame = bytes.every((byte, index) => byte === before[start + 16 + index]);
        expectTrue(!isSame || bytes.length < 2, `${bytes.length} bytes to be encrypted`);
        expectTrue(cipher.decrypt(text), `${bytes.length} bytes to be decrypted`);
        expectBytes(bytes, before.subarray(start + 16, end), 'the decrypted bytes');
      }
    },
  },
  {
    name: 'the same again gives the same, another nonce or key something else',
    run: async (cipher) => {
      const text = textOf(new SeededRandom(62), 100, 20);
      const [first, again, ...others] = [
        text,
        text,
        { ...text, nonce: flipped(text.nonce, 3) },
        { ...text, nonce: flipped(text.nonce, 16) },
        { ...text, key: flipped(text.key, 31) },
      ].map((each) => {
        const copy = copyOf(each);
        cipher.encrypt(copy);
        return `${copy.bytes}`;
      });
      expectEqual(again, first, 'the bytes of the same text');
      expectEqual(new Set([first, ...others]).size, 4, 'different results');
    },
  },
  {
    name: 'refuses whatever was changed by a bit',
    run: async (cipher) => {
      const random = new SeededRandom(63);
      for (const length of [0, 1, 40]) {
        const text = textOf(random, length, 24);
        cipher.encrypt(text);
        for (const part of ['bytes', 'mac', 'additional', 'nonce', 'key'] as const) {
          for (let at = 0; at < text[part].length; at++) {
            const changed = copyOf({ ...text, [part]: flipped(text[part], at) });
            expectEqual(cipher.decrypt(changed), false, `decrypting with another ${part}`);
          }
        }
        expectTrue(cipher.decrypt(copyOf(text)), 'what was not changed to be decrypted');
      }
    },
  },
];

function textOf(random: SeededRandom, bytes: number, additional: number): CipherText {
  const [nonce, key] = [random.fill(new Uint8Array(24)), random.fill(new Uint8Array(32))];
  return {
    ...{ nonce, key, mac: new Uint8Array(16) },
    bytes: random.fill(new Uint8Array(bytes)),
    additional: random.fill(new Uint8Array(additional)),
  };
}

function copyOf(text: CipherText): CipherText {
  return { ...text, bytes: text.bytes.slice(), mac: text.mac.slice() };
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  return bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
