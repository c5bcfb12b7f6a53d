// Goal: a FRAME gives back what the batch held, at the limits of its fields, and its size is known
// before it is written. Method: write and read. Not covered: what recovery makes of it.
import { expect, test } from 'vitest';
import {
  BatchEntries,
  comparePositions,
  frameEntryHash,
  frameEntryKind,
  frameEntryOffset,
  frameRecordBytes,
  frameValueBytes,
  LOG_START,
  readFrame,
  writeFrameValue,
} from './frame.ts';
import { HIDES_NOTHING, KIND_CLEAR, KIND_DELETE, KIND_PUT, recordBytes } from './record.ts';

const MARK = { number: 0xffffffff, offset: 8_388_600 };

test('a batch of thousands, more than the columns began with', () => {
  const entries = new BatchEntries();
  const kinds = [KIND_PUT, KIND_DELETE, KIND_CLEAR];
  const count = 2_000;
  for (let index = 0; index < count; index++) {
    entries.add(index * -2_654_435_761, 160 + index * 40, kinds[index % 3]!);
  }
  const buffer = new ArrayBuffer(frameValueBytes(count) + 16);
  const memory = { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
  const batch = { batchStart: 160, durable: MARK, storeTimeMs: 1_700_000_000_999 };
  writeFrameValue(memory, 8, batch, entries);
  expect(readFrame(memory.words, 8)).toEqual({ ...batch, count });
  for (let index = 0; index < count; index++) {
    expect(frameEntryHash(memory.words, 8, index)).toBe((index * -2_654_435_761) | 0);
    expect(frameEntryOffset(memory.words, 8, index)).toBe(160 + index * 40);
    expect(frameEntryKind(memory.words, 8, index)).toBe(kinds[index % 3]);
    expect(entries.offsetAt(index)).toBe(160 + index * 40);
  }
});

test('the furthest offset, clock 0, nothing durable, no records', () => {
  const entries = new BatchEntries();
  const buffer = new ArrayBuffer(64);
  const memory = { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
  const batch = { batchStart: 0, durable: LOG_START, storeTimeMs: 0 };
  writeFrameValue(memory, 0, batch, entries);
  expect(readFrame(memory.words, 0)).toEqual({ ...batch, count: 0 });
  const furthest = 0xffffff * 8;
  entries.add(1, furthest, KIND_PUT);
  writeFrameValue(memory, 0, batch, entries);
  expect(frameEntryOffset(memory.words, 0, 0)).toBe(furthest);
});

test.each([0, 1, 2, 511, 512])('the record of %i entries has the size it was reserved', (count) => {
  for (const isEncrypted of [false, true]) {
    expect(frameRecordBytes(count, isEncrypted)).toBe(
      recordBytes(0, frameValueBytes(count), false, HIDES_NOTHING, isEncrypted),
    );
  }
});

test('positions are ordered by file, then by offset', () => {
  expect(comparePositions(LOG_START, MARK)).toBeLessThan(0);
  expect(comparePositions({ number: 2, offset: 0 }, { number: 1, offset: 99 })).toBeGreaterThan(0);
  expect(comparePositions({ number: 1, offset: 8 }, { number: 1, offset: 16 })).toBeLessThan(0);
  expect(comparePositions(MARK, { ...MARK })).toBe(0);
});
