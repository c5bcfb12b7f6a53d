// Goal: the index finds every entry under its hash, whatever was inserted, removed, replaced and
// split before, and walks each exactly once.
// Method: seeded random operations against a Map, with hashes that are all different, that share
// buckets, and that share everything. Not covered: keys (record-table), other threads.
import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../testing/index.ts';
import { HashIndex } from './hash-index.ts';
import {
  FREQUENCY_MAX,
  NO_SLOT,
  OFFSET_BYTES_MAX,
  SEGMENT_SLOTS_MAX,
  type Slot,
} from './index-slot.ts';

interface Entry {
  readonly hash: number;
  segment: number;
  generation: number;
  offset: number;
}

/** The index and a Map of the same entries, by a number of the test's. */
class Twin {
  readonly index: HashIndex;
  readonly entries = new Map<number, Entry>();
  readonly #random: SeededRandom;
  readonly #hashOf: (id: number) => number;
  #places = 0;

  constructor(index: HashIndex, random: SeededRandom, hashOf: (id: number) => number) {
    this.index = index;
    this.#random = random;
    this.#hashOf = hashOf;
  }

  /** No two entries lie at the same place, as no two records do. */
  #place(): Omit<Entry, 'hash'> {
    const place = ++this.#places;
    return {
      segment: (place * 7) % SEGMENT_SLOTS_MAX,
      generation: this.#random.below(256),
      offset: 8 + ((place * 8) % (OFFSET_BYTES_MAX - 8)),
    };
  }

  slotOf(id: number): Slot {
    const entry = this.entries.get(id)!;
    const { index } = this;
    for (
      let slot = index.first(entry.hash);
      slot !== NO_SLOT;
      slot = index.next(entry.hash, slot)
    ) {
      const isPlace = index.pointsAt(slot, entry.segment, entry.offset);
      if (isPlace && index.generationAt(slot) === entry.generation) return slot;
    }
    return NO_SLOT;
  }

  insert(id: number): void {
    const entry = { hash: this.#hashOf(id), ...this.#place() };
    this.entries.set(id, entry);
    this.index.insert(entry.hash, entry.segment, entry.generation, entry.offset, 0);
  }

  replace(id: number): void {
    const slot = this.slotOf(id);
    const entry = this.entries.get(id)!;
    Object.assign(entry, this.#place());
    this.index.replace(slot, entry.hash, entry.segment, entry.generation, entry.offset);
  }

  remove(id: number): void {
    this.index.remove(this.slotOf(id));
    this.entries.delete(id);
  }

  check(): void {
    expect(this.index.count).toBe(this.entries.size);
    for (const id of this.entries.keys()) {
      if (this.slotOf(id) === NO_SLOT) expect.fail(`entry ${id} is not found`);
    }
  }
}

const random32 = (id: number): number => Math.imul(id ^ (id >>> 15), 0x85ebca6b) ^ (id << 7);

describe.each([
  ['all different', 64, random32],
  ['in one bucket of a tiny table', 1, (id: number) => Math.imul(id, 8)],
  ['with one tag', 64, (id: number) => id & 0xffff],
  ['all the same', 1, () => 0x12345678],
  ['negative', 512, (id: number) => -1 - id],
])('hashes %s', (_name, entriesMax, hashOf) => {
  test('as a Map, over random operations', () => {
    for (let seed = 1; seed <= 8; seed++) {
      const random = new SeededRandom(seed);
      const twin = new Twin(new HashIndex(entriesMax), random, hashOf);
      for (let step = 0; step < 1_200; step++) {
        const id = random.below(150);
        if (!twin.entries.has(id)) twin.insert(id);
        else if (random.chance(0.5)) twin.remove(id);
        else twin.replace(id);
        if (step % 100 === 0) twin.check();
        if (step === 700) {
          twin.index.clear();
          twin.entries.clear();
        }
      }
      twin.check();
      const visited: Slot[] = [];
      const { bucketCount } = twin.index;
      for (let bucket = 0; bucket < bucketCount; bucket++) {
        twin.index.visitBucket(bucket, bucketCount, (slot) => visited.push(slot));
      }
      expect(new Set(visited).size).toBe(visited.length);
      expect(visited.length).toBe(twin.entries.size);
    }
  });
});

describe('growth', () => {
  test('splits buckets one at a time, and loses nothing', () => {
    const random = new SeededRandom(3);
    const twin = new Twin(new HashIndex(1_000_000), random, random32);
    expect(twin.index.bucketCount).toBe(8_192);
    const bytes = twin.index.bytes;
    let last = twin.index.bucketCount;
    for (let id = 0; id < 520_000; id++) {
      twin.insert(id);
      if (twin.index.bucketCount - last > 1) expect.fail('two buckets were split at once');
      last = twin.index.bucketCount;
      if (id % 5 === 4) twin.remove(id - 2);
    }
    expect(twin.index.bucketCount).toBeGreaterThan(65_536);
    expect(twin.index.bytes).toBeGreaterThan(bytes);
    twin.check();
  }, 30_000);

  test.each([0, 5_000, 150_000, 520_000])(
    'reserved for %i entries, as if it had grown',
    (entries) => {
      const twin = new Twin(new HashIndex(1_000_000), new SeededRandom(5), random32);
      twin.index.reserve(entries);
      const reserved = twin.index.bucketCount;
      for (let id = 0; id < 150_000; id++) twin.insert(id);
      if (entries >= 150_000) expect(twin.index.bucketCount).toBe(reserved);
      else expect(twin.index.bucketCount).toBeGreaterThan(reserved);
      twin.check();
    },
  );

  test('past the next power of two', () => {
    const index = new HashIndex(2_000_000);
    for (let id = 0; id < 760_000; id++)
      index.insert(random32(id), id % 1000, 0, 8 + (id >> 10) * 8, 0);
    expect(index.bucketCount).toBeGreaterThan(131_072);
    for (let id = 0; id < 760_000; id += 37) {
      const hash = random32(id);
      let slot = index.first(hash);
      while (slot !== NO_SLOT && !index.pointsAt(slot, id % 1000, 8 + (id >> 10) * 8)) {
        slot = index.next(hash, slot);
      }
      if (slot === NO_SLOT) expect.fail(`entry ${id} is not found`);
    }
  }, 30_000);

  test('a walk that began before sees every entry that stays exactly once', () => {
    const index = new HashIndex(1_000_000);
    const before = 340_000;
    const seen = new Uint8Array(before);
    const put = (id: number): void =>
      index.insert(random32(id), id >>> 12, 0, 8 + (id & 0xfff) * 8, 0);
    for (let id = 0; id < before; id++) put(id);
    const { bucketCount } = index;
    let next = before;
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      index.visitBucket(bucket, bucketCount, (slot) => {
        const id = (index.segmentAt(slot) << 12) | ((index.offsetAt(slot) - 8) >> 3);
        if (id < before) seen[id]!++;
      });
      // Meanwhile it grows by a half.
      for (let count = 0; count < 3; count++) put(next++);
    }
    expect(index.bucketCount).toBeGreaterThan(bucketCount * 1.3);
    expect(seen.every((count) => count === 1)).toBe(true);
  }, 30_000);
});

test('reads are counted up to the most, and follow their entry through splits and replacements', () => {
  const index = new HashIndex(1_000_000);
  for (let id = 0; id < 60_000; id++) index.insert(random32(id), 1, 0, 8 + id * 8, id % 4);
  const slotOf = (id: number): number => {
    const hash = random32(id);
    let slot = index.first(hash);
    while (!index.pointsAt(slot, 1, 8 + id * 8)) slot = index.next(hash, slot);
    return slot;
  };
  for (let id = 0; id < 60_000; id++) {
    if (index.frequencyAt(slotOf(id)) !== id % 4) expect.fail(`entry ${id} was read otherwise`);
  }
  const slot = slotOf(4);
  for (let reads = 1; reads < 6; reads++) {
    index.touch(slot);
    expect(index.frequencyAt(slot)).toBe(Math.min(reads, FREQUENCY_MAX));
  }
  index.replace(slot, random32(4), 1, 0, 8 + 4 * 8);
  expect(index.frequencyAt(slot)).toBe(FREQUENCY_MAX);
  index.setFrequency(slot, 1);
  index.remove(slot);
  index.insert(random32(4), 1, 0, 8 + 4 * 8, 0);
  expect(index.frequencyAt(slotOf(4))).toBe(0);
});

test('stale slots make way for inserts and splits, and sweeps find the rest', () => {
  let gone = -1;
  const index = new HashIndex(1_000_000, (segment) => segment === gone);
  for (let id = 0; id < 40_000; id++) index.insert(random32(id), 1, 0, 8 + id * 8, 3);
  gone = 1;
  index.mayHoldStale = true;
  for (let id = 0; id < 40_000; id++) index.insert(random32(id), 2, 0, 8 + id * 8, 0);
  expect(index.count).toBeLessThan(80_000);
  index.sweep(0, index.bucketCount);
  expect(index.count).toBe(40_000);
  const slot = index.first(random32(7));
  expect(index.segmentAt(slot)).toBe(2);
  expect(index.frequencyAt(slot)).toBe(0);
});

test('the furthest segment, generation and offset', () => {
  const index = new HashIndex(1);
  index.insert(-1, SEGMENT_SLOTS_MAX - 1, 255, OFFSET_BYTES_MAX - 8, 0);
  const slot = index.first(-1);
  expect(index.segmentAt(slot)).toBe(SEGMENT_SLOTS_MAX - 1);
  expect(index.generationAt(slot)).toBe(255);
  expect(index.offsetAt(slot)).toBe(OFFSET_BYTES_MAX - 8);
  expect(() => index.remove(slot)).not.toThrow();
  expect(() => index.remove(slot)).toThrow();
});

test('says that it is full before an insert fails, and has room again after removals', () => {
  const index = new HashIndex(1);
  let count = 0;
  // Over all of its few buckets: one chain of them all would take a while to walk.
  while (!index.isFull) index.insert(count & 7, 1, 0, 8 + 8 * count++, 0);
  expect(count).toBeGreaterThan(1_000);
  const slot = index.first(0);
  index.remove(slot);
  index.insert(0, 2, 0, 8, 0);
  expect(index.count).toBe(count);
  index.clear();
  expect(index.isFull).toBe(false);
  expect(index.first(0)).toBe(NO_SLOT);
}, 30_000);

test('a sweep gives back what chains need no more, of entries gone stale or removed', () => {
  for (const kind of ['stale', 'removed']) {
    let isGone = false;
    const index = new HashIndex(1, (segment) => isGone && kind === 'stale' && segment === 2);
    let count = 0;
    // One in ten stays, so that hardly any bucket of a chain is empty afterwards.
    while (!index.isFull) {
      index.insert(count & 7, count % 10 === 0 ? 1 : 2, 0, 8 + 8 * count++, 0);
    }
    isGone = true;
    if (kind === 'removed') {
      for (let bucket = 0; bucket < index.bucketCount; bucket++) {
        index.visitBucket(bucket, index.bucketCount, (slot) => {
          if (index.segmentAt(slot) === 2) index.remove(slot);
        });
      }
    }
    index.sweep(0, index.bucketCount);
    expect(index.isFull, kind).toBe(false);
    expect(index.count).toBe(Math.ceil(count / 10));
    expect(index.state.overflowInUse).toBeLessThan(index.count / 7 + index.bucketCount);
  }
}, 30_000);
