// Goal: what is counted for namespaces is exactly what has a slot, and takes no memory afterwards.
// Method: a cache on a simulated machine against a list, with cleaning, expiry and openings.
// Not covered: crashes and damage (the histories count as well).
import { expect, test } from 'vitest';
import type { Cache } from '../cache/cache.ts';
import { openCacheOn } from '../cache/open-cache.ts';
import { NEVER } from '../expiry/expiry.ts';
import { SeededRandom, simulatedRuntime } from '../testing/index.ts';
import { encodeTags } from './floors.ts';
import { HIDES_NOTHING, KIND_PUT, type RecordMemory, writeRecordHeader } from './record.ts';
import type { Segment } from './segment.ts';
import { TaggedCounts } from './tagged-counts.ts';

const NAMES = ['a', 'b', 'c'];
const MIB = 1024 * 1024;

test('the size of each namespace is that of a list, over random operations and openings', async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = new SeededRandom(seed);
    let machine = simulatedRuntime({ seed });
    const deadlines = new Map(NAMES.map((name) => [name, new Map<string, number>()]));
    const options = { directory: '/store', memoryBytesMax: MIB, diskBytesMax: 8 * MIB };
    for (let opening = 0; opening < 4; opening++) {
      const cache = await openCacheOn(machine, options);
      for (let step = 0; step < 400; step++) {
        const name = NAMES[random.below(NAMES.length)] as string;
        const own = deadlines.get(name)!;
        await act(cache.namespace(name), own, random, machine.clock.wallMs());
        if (random.chance(0.05)) await machine.clock.advance(random.below(2_000));
      }
      const nowMs = machine.clock.wallMs();
      for (const [name, own] of deadlines) {
        const { size } = cache.namespace(name);
        const liveAt = (ms: number): number => [...own.values()].filter((each) => each > ms).length;
        // What has just expired may still be counted.
        expect(size, `seed=${seed} ${name}`).toBeGreaterThanOrEqual(liveAt(nowMs));
        expect(size, `seed=${seed} ${name}`).toBeLessThanOrEqual(liveAt(nowMs - 64));
      }
      expect(cache.size).toBe(0);
      await cache.close();
      machine = machine.fork();
    }
  }
});

async function act(
  space: Cache,
  own: Map<string, number>,
  random: SeededRandom,
  nowMs: number,
): Promise<void> {
  const key = `${random.below(60)}`;
  const dice = random.below(20);
  const ttl = 1 + random.below(3_000);
  const value = new Uint8Array(random.below(3_000));
  if (dice < 10) {
    void space.set(key, value, { ttl });
    own.set(key, nowMs + ttl);
  } else if (dice < 14) {
    void space.set(key, value);
    own.set(key, Number.POSITIVE_INFINITY);
  } else if (dice < 16) {
    const isLive = (own.get(key) ?? 0) > nowMs;
    if (!isLive) own.set(key, nowMs + ttl);
    await space.getOrSet(key, () => value, { ttl, staleIfError: random.below(3_000) });
  } else if (dice < 18) {
    void space.delete(key);
    own.delete(key);
  } else if (dice < 19) {
    void space.touch(key, { ttl });
    if ((own.get(key) ?? 0) > nowMs) own.set(key, nowMs + ttl);
  } else if (random.chance(0.1)) {
    void space.clear();
    own.clear();
  }
}

test('a namespace is forgotten with its last value, whichever way that goes', () => {
  const counts = new TaggedCounts();
  const segment = { timeBaseMs: 0, tally: undefined } as unknown as Segment;
  const memory = recordOf(7, 1_000);
  for (let turn = 0; turn < 3; turn++) counts.add(segment, memory, 0);
  counts.remove(segment, memory, 0);
  expect(counts.sizeAt(7, 0)).toBe(2);
  expect(counts.namedAt(0)).toBe(2);
  expect([999, 1_088].map((nowMs) => counts.sizeAt(7, nowMs))).toEqual([2, 0]);
  expect(counts.namespaceCount).toBe(1);
  counts.leave(segment, true, 2_000);
  expect(counts.namespaceCount).toBe(0);
  counts.add(segment, recordOf(8, NEVER), 0);
  expect(counts.namedAt(2_000)).toBe(1);
  counts.remove(segment, recordOf(8, NEVER), 0);
  expect([counts.namespaceCount, counts.namedAt(2_000)]).toEqual([0, 0]);
});

/** A record of the namespace with that id. */
function recordOf(namespace: number, expiresAtMs: number): RecordMemory {
  const buffer = new ArrayBuffer(64);
  const memory = { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
  const base = { timeBaseMs: 0, sequenceBase: 0 };
  const tags = encodeTags([namespace]);
  const key = [KIND_PUT, true, 0, 4, tags.length] as const;
  const at = writeRecordHeader(
    ...([
      memory,
      0,
      base,
      ...key,
      1,
      0,
      expiresAtMs,
      HIDES_NOTHING,
      false,
      false,
      true,
      true,
    ] as const),
  );
  memory.bytes.set(tags, at + 4);
  return memory;
}
