// Goal: the reader gives exactly the record asked for, checked, in as few reads as it takes.
// Method: records of all sizes in one simulated file, read in any order, damaged, read ahead.
// Not covered: what becomes of a record that cannot be read (read-a-damaged-record).
import { expect, test } from 'vitest';
import { NEVER } from '../expiry/expiry.ts';
import { SeededRandom, SimulatedDisk } from '../testing/index.ts';
import { wordsCrc32 } from './crc32.ts';
import { ReadCache } from './read-cache.ts';
import {
  HIDES_NOTHING,
  KIND_PUT,
  recordBytes,
  valueEnd,
  valueStart,
  writeRecordCrc,
  writeRecordHeader,
} from './record.ts';
import { RecordReader } from './record-reader.ts';
import { Segment } from './segment.ts';
import { NO_FILE, SEGMENT_HEADER_BYTES } from './segment-header.ts';

const SIZES = [0, 1, 100, 4_064, 4_072, 4_073, 5_000, 20_000, 3];

async function segmentOnDisk(disk: SimulatedDisk, salt: number) {
  const capacity = 64 * 1024;
  const buffer = new ArrayBuffer(capacity);
  const memory = { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
  const header = {
    salt,
    storeId: new Uint8Array(16),
    id: { epoch: 1, number: Math.abs(salt) },
    previous: NO_FILE,
    previousLength: 0,
    sequenceBase: 0,
    timeBaseMs: 0,
    hashSeed: 0,
    main: undefined,
  };
  const segment = new Segment(0, 0, header, undefined, capacity);
  const offsets: number[] = [];
  let at = SEGMENT_HEADER_BYTES;
  for (const size of SIZES) {
    offsets.push(at);
    const value = new Uint8Array(size).fill(size % 251);
    const start = writeRecordHeader(
      memory,
      at,
      segment,
      KIND_PUT,
      true,
      0,
      0,
      size,
      0,
      0,
      NEVER,
      HIDES_NOTHING,
      false,
      false,
    );
    memory.bytes.set(value, start);
    writeRecordCrc(memory, at, salt, wordsCrc32);
    at += recordBytes(0, size, false, HIDES_NOTHING, false);
  }
  segment.head = at;
  const fileSystem = disk.mount();
  await fileSystem.createDirectory('/d');
  segment.file = await fileSystem.open(`/d/${segment.fileName}`, 'create');
  await segment.file.write(memory.bytes.subarray(0, at), 0);
  return { segment, offsets, path: `/d/${segment.fileName}` };
}

function valueIn(reader: RecordReader): Uint8Array {
  const { words, bytes } = reader.memory;
  return bytes.slice(valueStart(words, 0), valueEnd(words, 0));
}

test('reads any record in any order, of two segments in turn', async () => {
  const disk = new SimulatedDisk();
  const one = await segmentOnDisk(disk, 7);
  const other = await segmentOnDisk(disk, -8);
  const reader = new RecordReader(wordsCrc32, new ReadCache(65_536));
  const random = new SeededRandom(1);
  for (let round = 0; round < 60; round++) {
    const { segment, offsets } = random.chance(0.5) ? one : other;
    const index = random.below(SIZES.length);
    expect(reader.readSync(segment, offsets[index]!)).toBe(true);
    expect(valueIn(reader)).toEqual(new Uint8Array(SIZES[index]!).fill(SIZES[index]! % 251));
  }
});

test('one read for a small record, two for a large one, none for the last one again', async () => {
  const disk = new SimulatedDisk();
  const { segment, offsets } = await segmentOnDisk(disk, 7);
  const reader = new RecordReader(wordsCrc32, new ReadCache(65_536));
  const readsOf = (index: number): number => {
    disk.resetCounts();
    reader.readSync(segment, offsets[index]!);
    return disk.counts.read;
  };
  expect(readsOf(3)).toBe(1);
  expect(readsOf(7)).toBe(2);
  expect(readsOf(7)).toBe(0);
  expect(readsOf(2)).toBe(1);
});

test('damage is noticed, and the record before is not taken for it', async () => {
  const disk = new SimulatedDisk();
  const { segment, offsets, path } = await segmentOnDisk(disk, 7);
  const reader = new RecordReader(wordsCrc32, new ReadCache(65_536));
  for (const index of [2, 5, 7]) {
    for (const place of [4, 8, 26, SIZES[index]! - 1]) {
      expect(reader.readSync(segment, offsets[0]!)).toBe(true);
      disk.flip(path, offsets[index]! + place);
      expect(reader.readSync(segment, offsets[index]!)).toBe(false);
      expect(reader.readSync(segment, offsets[index]!)).toBe(false);
      disk.flip(path, offsets[index]! + place);
      expect(reader.readSync(segment, offsets[index]!)).toBe(true);
    }
  }
});

test('a failing read throws, and does not leave half a record behind', async () => {
  const disk = new SimulatedDisk();
  const { segment, offsets } = await segmentOnDisk(disk, 7);
  const reader = new RecordReader(wordsCrc32, new ReadCache(65_536));
  for (const nth of [1, 2]) {
    disk.failNth(nth, 'EIO', { kind: 'read' });
    expect(() => reader.readSync(segment, offsets[7]!)).toThrow(
      expect.objectContaining({ code: 'IO' }),
    );
    expect(reader.readSync(segment, offsets[7]!)).toBe(true);
    expect(valueIn(reader).length).toBe(SIZES[7]);
    expect(reader.readSync(segment, offsets[0]!)).toBe(true);
  }
});

test('what was read ahead is not read again; damage and failures are left for the read', async () => {
  const disk = new SimulatedDisk();
  const { segment, offsets, path } = await segmentOnDisk(disk, 7);
  const reader = new RecordReader(wordsCrc32, new ReadCache(65_536));
  for (const [index, offset] of offsets.entries()) {
    const memory = await reader.readAhead(segment, offset);
    reader.accept(segment, offset, memory!);
    disk.resetCounts();
    expect(reader.readSync(segment, offset)).toBe(true);
    expect(disk.counts.read).toBe(0);
    expect(valueIn(reader).length).toBe(SIZES[index]);
  }
  disk.flip(path, offsets[2]! + 40);
  const damaged = await reader.readAhead(segment, offsets[2]!);
  reader.accept(segment, offsets[2]!, damaged!);
  expect(reader.readSync(segment, offsets[2]!)).toBe(false);
  disk.failNth(1, 'EIO', { kind: 'read' });
  expect(await reader.readAhead(segment, offsets[1]!)).toBeUndefined();
  expect(reader.readSync(segment, offsets[1]!)).toBe(true);
});
