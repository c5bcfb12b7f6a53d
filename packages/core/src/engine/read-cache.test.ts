// Goal: a copy is the record that was added, or nothing; what is read often stays.
// Method: records whose bytes tell whose they are, added and looked up at random in rings of many
// sizes, so that copies wrap around, move and are written over. One test of what stays.
// Not covered: which records the engine adds (bring-hot-records-back).
import { expect, test } from 'vitest';
import { NEVER } from '../expiry/expiry.ts';
import { SeededRandom } from '../testing/index.ts';
import { ReadCache } from './read-cache.ts';
import {
  HIDES_NOTHING,
  KIND_PUT,
  type RecordMemory,
  recordLength,
  writeRecordHeader,
} from './record.ts';
import { Segment } from './segment.ts';
import { NO_FILE } from './segment-header.ts';

const HEADER = {
  salt: 1,
  storeId: new Uint8Array(16),
  id: { epoch: 1, number: 1 },
  previous: NO_FILE,
  previousLength: 0,
  sequenceBase: 0,
  timeBaseMs: 0,
  hashSeed: 0,
  main: undefined,
};

function segmentOf(serial: number): Segment {
  const segment = new Segment(0, 0, HEADER, undefined, 0);
  segment.serial = serial;
  return segment;
}

/** A record in a buffer of its own, its value all of one byte. */
function recordOf(valueBytes: number, byte: number): RecordMemory {
  const buffer = new ArrayBuffer((valueBytes + 64) & -8);
  const memory = { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
  const where = [memory, 0, segmentOf(1), KIND_PUT, true, 0, 0] as const;
  const start = writeRecordHeader(
    ...where,
    ...[valueBytes, 0, 0, NEVER, HIDES_NOTHING, false, false],
  );
  memory.bytes.fill(byte, start, start + valueBytes);
  return memory;
}

function bytesAt(memory: RecordMemory, at: number): string {
  return memory.bytes.subarray(at, at + recordLength(memory.words, at)).join();
}

test('a copy is the record, whatever came before it', () => {
  let hits = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const random = new SeededRandom(seed);
    const below = (limit: number): number => Math.floor(random.next() * limit);
    const segments = Array.from({ length: 3 }, (_, index) => segmentOf(index + 1));
    const bytesMax = 1_000 + below(20_000);
    const cache = new ReadCache(bytesMax);
    const records = new Map<string, string>();
    for (let step = 0; step < 500; step++) {
      const segment = segments[below(3)]!;
      const offset = 8 * below(60);
      const name = `${segment.serial} ${offset}`;
      const at = cache.find(segment, offset);
      if (at !== undefined) {
        hits++;
        expect(bytesAt(cache.memory!, at), `seed ${seed}`).toEqual(records.get(name));
      } else {
        const record = recordOf(below(300), below(256));
        records.set(name, bytesAt(record, 0));
        cache.add(segment, offset, record, 0);
      }
      expect(cache.bytes).toBeLessThanOrEqual(bytesMax);
    }
  }
  expect(hits).toBeGreaterThan(1_000);
});

test('what is read often stays while others pass', () => {
  const cache = new ReadCache(1_000_000);
  const segment = segmentOf(1);
  const often = recordOf(4_000, 7);
  cache.add(segment, 0, often, 0);
  let added = 0;
  // Enough to write the ring over eight times.
  for (let offset = 8; offset <= 8 * 2_000; offset += 8) {
    cache.add(segment, offset, recordOf(4_000, 9), 0);
    if (cache.has(segment, 0)) continue;
    cache.add(segment, 0, often, 0);
    added++;
  }
  expect(added, 'one of the others may have taken its slot').toBeLessThanOrEqual(2);
  expect(bytesAt(cache.memory!, cache.find(segment, 0)!)).toEqual(bytesAt(often, 0));
  expect(cache.has(segment, 8)).toBe(false);
});

test('a record too large for it is left out', () => {
  const cache = new ReadCache(8_000);
  cache.add(segmentOf(1), 8, recordOf(2_000, 1), 0);
  expect(cache.has(segmentOf(1), 8)).toBe(false);
  new ReadCache(0).add(segmentOf(1), 8, recordOf(1, 1), 0);
});

test('each step of growth is told', () => {
  const cache = new ReadCache(64_000);
  const sizes: number[] = [];
  cache.onGrown = () => sizes.push(cache.bytes);
  for (let offset = 8; offset < 80_000; offset += 8) {
    cache.add(segmentOf(1), offset, recordOf(100, 1), 0);
  }
  expect(sizes.length).toBeGreaterThan(50);
  expect(sizes.length).toBeLessThan(65);
  cache.clear();
  expect(cache.bytes).toBe(0);
});
