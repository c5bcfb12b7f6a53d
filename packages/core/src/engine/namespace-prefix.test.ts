// Goal: a namespace's prefix says where it ends, is no other one's beginning, and keeps its keys
// apart from all others.
// Method: random names and keys, to and fro, and the encoder's hash against the whole key's.
// Not covered: what a name may be (the cache's conformance suite).
import { expect, test } from 'vitest';
import { SeededRandom } from '../testing/index.ts';
import { KeyEncoder } from './key-encoder.ts';
import {
  decodeNamespacePrefix,
  encodeNamespacePrefix,
  NAMESPACE_PREFIX_BYTES_MAX,
} from './namespace-prefix.ts';

function someBytes(random: SeededRandom, least: number, most: number): Uint8Array {
  return random.fill(new Uint8Array(least + random.below(most - least + 1)));
}

test('names and keys of any bytes are told apart again', () => {
  const random = new SeededRandom(1);
  for (let turn = 0; turn < 500; turn++) {
    const length = 1 + random.below(8);
    const longest = turn % 5 === 0 ? 256 : 3;
    const names = Array.from({ length }, () => someBytes(random, 1, longest));
    const key = someBytes(random, 0, 20);
    const prefix = encodeNamespacePrefix(names);
    expect(prefix.length).toBeLessThanOrEqual(NAMESPACE_PREFIX_BYTES_MAX);
    const found = decodeNamespacePrefix(Uint8Array.of(...prefix, ...key));
    expect(found).toEqual({ names, keyStart: prefix.length });
  }
});

test('the deepest and longest fits, to the byte', () => {
  const names = Array.from({ length: 8 }, () => new Uint8Array(256).fill(255));
  expect(encodeNamespacePrefix(names).length).toBe(NAMESPACE_PREFIX_BYTES_MAX);
});

test.each(['key', '', 'κλειδί', 'a🦀', '\ud800', new Uint8Array([255, 0])])(
  'the key %j is encoded behind a prefix as without one, and its hash is that of both',
  (key) => {
    const prefix = encodeNamespacePrefix([new Uint8Array([97])]);
    const keys = new KeyEncoder(7);
    keys.encode(key);
    expect(keys.isNamed).toBe(false);
    const plain = keys.bytes.slice(0, keys.length);
    const { isText } = keys;
    keys.encode(key, prefix);
    const named = keys.bytes.slice(0, keys.length);
    expect(named).toEqual(Uint8Array.of(...prefix, ...plain));
    expect([keys.isNamed, keys.isText]).toEqual([true, isText]);
    expect(keys.hash).toBe(keys.hashOf(named, 0, named.length));
    keys.encode(key);
    expect([keys.isNamed, keys.length]).toEqual([false, plain.length]);
  },
);
