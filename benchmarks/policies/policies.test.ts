// Goal: the reference policies are what the papers describe, and never hold more than they may.
// Method: sequences small enough to follow by hand, then random requests against the bounds that
// hold for every policy. Not covered: the papers' own figures, whose traces we do not have.
import { SeededRandom } from '@holdfast/core/testing';
import { expect, test } from 'vitest';
import { FrequencySketch } from './frequency-sketch.ts';
import { POLICIES } from './index.ts';
import { Lru } from './lru.ts';
import type { Policy } from './policy.ts';
import { S3Fifo } from './s3-fifo.ts';
import { Sieve } from './sieve.ts';
import { WTinyLfu } from './w-tiny-lfu.ts';

/** Plays requests; answers `h` for each hit and `m` for each miss. */
function play(policy: Policy, objects: readonly number[]): string {
  return objects.map((object) => (ask(policy, object) ? 'h' : 'm')).join('');
}

function ask(policy: Policy, object: number): boolean {
  if (policy.hit(object)) return true;
  policy.insert(object);
  return false;
}

test('LRU evicts what was used least recently', () => {
  expect(play(new Lru(3), [1, 2, 3, 1, 4, 1, 3, 2])).toBe('mmmhmhhm');
});

test('SIEVE spares what was used, once, and its hand does not start over', () => {
  const policy = new Sieve(3);
  // The hand passes 1 (used, spared), evicts 2 and stands at 3.
  expect(play(policy, [1, 2, 3, 1, 4])).toBe('mmmhm');
  expect([1, 3, 4].map((object) => policy.hit(object))).toEqual([true, true, true]);
  // All were used: the hand spares 3 and 4, then wraps round and evicts none but the unused.
  policy.insert(5);
  expect(policy.size).toBe(3);
  expect(policy.hit(5)).toBe(true);
});

test('SIEVE evicts what the hand reaches first, new arrivals last', () => {
  const policy = new Sieve(2);
  expect(play(policy, [1, 2, 2, 3])).toBe('mmhm');
  // 1 was evicted; the hand goes on with 2, which was used, and then takes 3.
  expect(play(policy, [4, 2, 3])).toBe('mhm');
});

test('S3-FIFO lets one-hit wonders through the small queue only', () => {
  const policy = new S3Fifo(10);
  // 1 is used twice in the small queue, so it moves to the main one and outlives a scan.
  play(policy, [1, 1, 1]);
  play(
    policy,
    Array.from({ length: 100 }, (_, index) => 100 + index),
  );
  expect(policy.hit(1)).toBe(true);
  expect(policy.hit(100)).toBe(false);
});

test('S3-FIFO takes what it remembers into the main queue', () => {
  const policy = new S3Fifo(10);
  play(policy, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(policy.hit(1)).toBe(false);
  policy.insert(1);
  play(policy, [20, 21, 22, 23, 24, 25, 26, 27]);
  expect(policy.hit(1)).toBe(true);
  expect(policy.hit(2)).toBe(false);
});

test('W-TinyLFU admits only what was asked for more often than the victim', () => {
  const policy = new WTinyLfu(10);
  for (let round = 0; round < 4; round++) play(policy, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  play(
    policy,
    Array.from({ length: 30 }, (_, index) => 100 + index),
  );
  expect([1, 2, 3, 4, 5, 6, 7, 8].every((object) => policy.hit(object))).toBe(true);
});

test('the frequency sketch never counts too little, stops at 15, and forgets by halves', () => {
  const sketch = new FrequencySketch(10);
  for (let request = 0; request < 7; request++) sketch.record(1);
  expect(sketch.countOf(1)).toBe(7);
  for (let request = 0; request < 40; request++) sketch.record(2);
  expect(sketch.countOf(2)).toBe(15);
  for (let request = 47; request < 100; request++) sketch.record(1_000 + request);
  expect(sketch.countOf(1)).toBeLessThanOrEqual(4);
  expect(sketch.countOf(1)).toBeGreaterThanOrEqual(3);
});

for (const [name, create] of Object.entries(POLICIES)) {
  test.each([1, 2, 10, 97])(`${name} of %i holds no more, and all that fits`, (capacity) => {
    const policy = create(capacity);
    const random = new SeededRandom(capacity);
    let most = 0;
    for (let request = 0; request < 20_000; request++) {
      const object = Math.floor(random.next() ** 3 * 400);
      if (random.chance(0.02)) policy.remove(object);
      ask(policy, object);
      most = Math.max(most, policy.size);
    }
    expect(most).toBe(capacity);
    const roomy = create(500);
    play(
      roomy,
      Array.from({ length: 400 }, (_, object) => object),
    );
    expect(Array.from({ length: 400 }, (_, object) => roomy.hit(object))).not.toContain(false);
  });

  test(`${name} misses what was removed`, () => {
    const policy = create(10);
    play(policy, [1, 1, 1, 2, 2, 3]);
    for (const object of [1, 2, 3, 4]) policy.remove(object);
    expect(policy.size).toBe(0);
    expect(policy.hit(1)).toBe(false);
  });
}
