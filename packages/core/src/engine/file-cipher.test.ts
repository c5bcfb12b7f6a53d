// Goal: records come back from the disk as they were, each alone or all together; what is not
// proved becomes damage; bytes on the disk are no longer than in memory.
// Method: records of many sizes encrypted, cut, flipped and moved, with the simulated cipher.
// Not covered: the real one (cipherConformance), the store around it (test/).
import { expect, test } from 'vitest';
import { NEVER } from '../expiry/expiry.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { simulatedCipher } from '../testing/simulated-cipher.ts';
import { wordsCrc32 } from './crc32.ts';
import { FileCipher, nonceOf } from './file-cipher.ts';
import {
  HIDES_NOTHING,
  isValidRecord,
  KIND_PUT,
  type RecordMemory,
  recordLength,
  valueStart,
  writeRecordCrc,
  writeRecordHeader,
} from './record.ts';
import { SEGMENT_HEADER_BYTES } from './segment-header.ts';

const SALT = 1234;
const BASE = { timeBaseMs: 1_000, sequenceBase: 0 };
const random = new SeededRandom(3);
const noncePrefix = random.fill(new Uint8Array(16));
const key = random.fill(new Uint8Array(32));
const cipher = new FileCipher({
  ...{ cipher: simulatedCipher, key, noncePrefix, salt: SALT, crc32: wordsCrc32 },
});

function memoryOf(bytes: number): RecordMemory {
  const buffer = new SharedArrayBuffer(bytes);
  return { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
}

/** Records of values of each size behind a header; returns where each starts, and the end. */
function write(memory: RecordMemory, isEncrypted = true): { offsets: number[]; end: number } {
  const offsets: number[] = [];
  let at = SEGMENT_HEADER_BYTES;
  for (const size of [0, 1, 7, 8, 100, 1_000]) {
    offsets.push(at);
    const valueAt = writeRecordHeader(
      ...([memory, at, BASE, KIND_PUT, true, 0, 0, size] as const),
      ...([0, 1_000, NEVER, HIDES_NOTHING, false, isEncrypted] as const),
    );
    memory.bytes.fill(97 + offsets.length, valueAt, valueAt + size);
    writeRecordCrc(memory, at, SALT, wordsCrc32);
    at += recordLength(memory.words, at);
  }
  return { offsets, end: at };
}

function written(): { memory: RecordMemory; disk: RecordMemory; offsets: number[]; end: number } {
  const memory = memoryOf(4_096);
  memory.bytes.fill(0x68, 0, SEGMENT_HEADER_BYTES);
  const { offsets, end } = write(memory);
  const disk = memoryOf(4_096);
  disk.bytes.set(cipher.encrypted(memory, 0, end));
  return { memory, disk, offsets, end };
}

function isWhole(disk: RecordMemory, memory: RecordMemory, offset: number, end: number): boolean {
  if (!isValidRecord(disk, offset, end, SALT, wordsCrc32)) return false;
  const from = valueStart(memory.words, offset);
  const to = offset + recordLength(memory.words, offset);
  return `${disk.bytes.slice(from, to)}` === `${memory.bytes.slice(from, to)}`;
}

test('the header stays, records are as long as before, and no value is to be seen', () => {
  const { memory, disk, offsets, end } = written();
  expect(disk.bytes.slice(0, SEGMENT_HEADER_BYTES)).toEqual(
    memory.bytes.slice(0, SEGMENT_HEADER_BYTES),
  );
  for (const offset of offsets) {
    expect(recordLength(disk.words, offset)).toBe(recordLength(memory.words, offset));
    expect(isValidRecord(disk, offset, end, SALT, wordsCrc32)).toBe(true);
  }
  expect(String.fromCharCode(...disk.bytes)).not.toMatch(/([b-g])\1{6}/);
});

test('parts of a file are encrypted as the whole is, each time the same', () => {
  const { memory, disk, offsets, end } = written();
  const middle = offsets[3]!;
  const parts = [cipher.encrypted(memory, 0, middle), cipher.encrypted(memory, middle, end)];
  expect([...parts[0]!, ...parts[1]!]).toEqual([...disk.bytes.slice(0, end)]);
});

test('all together and one by one they come back', () => {
  const { memory, disk, offsets, end } = written();
  for (const offset of offsets) {
    const length = recordLength(disk.words, offset);
    const alone = memoryOf(length);
    alone.bytes.set(disk.bytes.subarray(offset, offset + length));
    expect(cipher.decrypt(alone, 0, offset)).toBe(true);
    const from = valueStart(memory.words, offset);
    expect(alone.bytes.slice(from - offset)).toEqual(memory.bytes.slice(from, offset + length));
    // At another place it is another's.
    const moved = memoryOf(length);
    moved.bytes.set(disk.bytes.subarray(offset, offset + length));
    expect(cipher.decrypt(moved, 0, offset + 8)).toBe(false);
  }
  cipher.decryptAll(disk, end);
  for (const offset of offsets) expect(isWhole(disk, memory, offset, end)).toBe(true);
});

test('a bit flipped anywhere, its crc made right or not, costs that record alone', () => {
  for (const isCrcMadeRight of [false, true]) {
    const { memory, disk, offsets, end } = written();
    const hit = offsets[4]!;
    const length = recordLength(disk.words, hit);
    for (let at = hit; at < hit + length; at++) {
      // A changed length would put the crc elsewhere, and a changed crc is made right.
      if (isCrcMadeRight && at < hit + 8) continue;
      const damaged = memoryOf(4_096);
      damaged.bytes.set(disk.bytes);
      damaged.bytes[at]! ^= 4;
      if (isCrcMadeRight) writeRecordCrc(damaged, hit, SALT, wordsCrc32);
      cipher.decryptAll(damaged, end);
      const whole = offsets.filter((offset) => isWhole(damaged, memory, offset, end));
      expect(whole).toEqual(offsets.filter((offset) => offset !== hit));
    }
  }
});

test('plain records in an encrypted file are damage, and a file cut anywhere is cut there', () => {
  const plain = memoryOf(4_096);
  const { offsets, end } = write(plain, false);
  cipher.decryptAll(plain, end);
  for (const offset of offsets) {
    expect(isValidRecord(plain, offset, end, SALT, wordsCrc32)).toBe(false);
  }
  const { memory, disk, ...file } = written();
  for (let length = 0; length <= file.end; length += 13) {
    const cut = memoryOf((length + 7) & -8);
    cut.bytes.set(disk.bytes.subarray(0, length));
    cipher.decryptAll(cut, length);
    for (const offset of file.offsets) {
      const isThere = offset + recordLength(memory.words, offset) <= length;
      expect(isWhole(cut, memory, offset, length)).toBe(isThere);
    }
  }
});

test('a nonce is the random bytes of the file and the offset', () => {
  const nonce = nonceOf(noncePrefix, 0x01020308);
  expect([...nonce]).toEqual([...noncePrefix, 8, 3, 2, 1, 0, 0, 0, 0]);
});
