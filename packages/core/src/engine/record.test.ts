// Goal: a record gives back what was written, at every boundary of its fields, and nothing that is
// not a whole record passes for one.
// Method: records written next to each other, each field at its limits; every bit of one flipped.
// Not covered: where records go (young-log), what they mean (recovery).
import { describe, expect, test } from 'vitest';
import { NEVER } from '../expiry/expiry.ts';
import { wordsCrc32 } from './crc32.ts';
import { KEY_BYTES_MAX } from './key-encoder.ts';
import {
  HIDES_NOTHING,
  hasMac,
  isTextKey,
  isValidRecord,
  KIND_CLEAR,
  KIND_DELETE,
  KIND_FRAME,
  KIND_PUT,
  keyLength,
  keyStart,
  MAC_BYTES,
  needsWide,
  RECORD_ALIGNMENT,
  RECORD_BYTES_MAX,
  RECORD_HEADER_BYTES,
  type RecordMemory,
  recordBytes,
  recordCreatedAtMs,
  recordEncoding,
  recordExpiresAtMs,
  recordKind,
  recordLength,
  recordSequence,
  recordUntilMs,
  valueEnd,
  valueStart,
  WIDE_BYTES,
  writeRecordCrc,
  writeRecordHeader,
} from './record.ts';

const BASE = { timeBaseMs: 1_700_000_000_000, sequenceBase: 1_000_000 };
const SALT = -123_456;
const TWO_32 = 2 ** 32;

function memoryOf(bytes: number): RecordMemory {
  const buffer = new ArrayBuffer(bytes);
  return { bytes: new Uint8Array(buffer).fill(0xee), words: new Int32Array(buffer) };
}

interface Written {
  kind?: number;
  isText?: boolean;
  encoding?: number;
  key?: Uint8Array;
  value?: Uint8Array;
  sequence?: number;
  createdAtMs?: number;
  expiresAtMs?: number;
  untilMs?: number;
  isEncrypted?: boolean;
  base?: { timeBaseMs: number; sequenceBase: number };
}

/** Writes at `offset` as the log does; returns where the record ends. */
function write(memory: RecordMemory, offset: number, options: Written = {}): number {
  const { kind = KIND_PUT, isText = true, encoding = 0, base = BASE } = options;
  const { key = new Uint8Array([107]), value = new Uint8Array([1, 2, 3]) } = options;
  const { sequence = base.sequenceBase, createdAtMs = base.timeBaseMs } = options;
  const { expiresAtMs = NEVER, untilMs = HIDES_NOTHING, isEncrypted = false } = options;
  const wide = needsWide(base, sequence, createdAtMs, expiresAtMs);
  const keyAt = writeRecordHeader(
    memory,
    offset,
    base,
    kind,
    isText,
    encoding,
    key.length,
    value.length,
    sequence,
    createdAtMs,
    expiresAtMs,
    untilMs,
    wide,
    isEncrypted,
  );
  memory.bytes.set(key, keyAt);
  memory.bytes.set(value, keyAt + key.length);
  writeRecordCrc(memory, offset, SALT, wordsCrc32);
  const bytes = recordBytes(key.length, value.length, wide, untilMs, isEncrypted);
  expect(recordLength(memory.words, offset)).toBe(bytes);
  return offset + recordLength(memory.words, offset);
}

function isValid(
  memory: RecordMemory,
  offset: number,
  limit: number,
  salt: number = SALT,
): boolean {
  return isValidRecord(memory, offset, limit, salt, wordsCrc32);
}

test('records of every small size lie back to back and give back key and value', () => {
  const memory = memoryOf(64 * 1024);
  let offset = 0;
  const written: { offset: number; key: Uint8Array; value: Uint8Array }[] = [];
  for (let keyBytes = 0; keyBytes < 10; keyBytes++) {
    for (let valueBytes = 0; valueBytes < 20; valueBytes++) {
      const key = new Uint8Array(keyBytes).fill(keyBytes + 1);
      const value = new Uint8Array(valueBytes).fill(valueBytes + 100);
      written.push({ offset, key, value });
      offset = write(memory, offset, { key, value });
      expect(offset % RECORD_ALIGNMENT).toBe(0);
    }
  }
  for (const { offset: at, key, value } of written) {
    const { words, bytes } = memory;
    expect(isValid(memory, at, offset)).toBe(true);
    expect(keyLength(words, at)).toBe(key.length);
    expect(bytes.slice(keyStart(words, at), keyStart(words, at) + key.length)).toEqual(key);
    expect(bytes.slice(valueStart(words, at), valueEnd(words, at))).toEqual(value);
    // Padding is the same bytes every time.
    expect(bytes.slice(valueEnd(words, at), at + recordLength(words, at)).every((b) => b === 0));
  }
});

test.each([KIND_PUT, KIND_DELETE, KIND_FRAME, KIND_CLEAR])('kind %i', (kind) => {
  const memory = memoryOf(256);
  write(memory, 8, { kind, isText: kind !== KIND_PUT, encoding: kind * 3 });
  expect(recordKind(memory.words, 8)).toBe(kind);
  expect(isTextKey(memory.words, 8)).toBe(kind !== KIND_PUT);
  expect(recordEncoding(memory.words, 8)).toBe(kind * 3);
});

test.each([0, 1, KEY_BYTES_MAX])('a key of %i bytes', (keyBytes) => {
  const memory = memoryOf(KEY_BYTES_MAX + 256);
  const end = write(memory, 16, { key: new Uint8Array(keyBytes).fill(9) });
  expect(keyLength(memory.words, 16)).toBe(keyBytes);
  expect(isValid(memory, 16, end)).toBe(true);
  expect(memory.bytes.slice(valueStart(memory.words, 16), valueEnd(memory.words, 16))).toEqual(
    new Uint8Array([1, 2, 3]),
  );
});

test('a record with room for a mac has its key, value and times as any other', () => {
  const key = new Uint8Array([107, 108]);
  for (const createdAtMs of [BASE.timeBaseMs, 0]) {
    for (const untilMs of [HIDES_NOTHING, BASE.timeBaseMs + 7]) {
      const memory = memoryOf(256);
      const plainEnd = write(memory, 0, { key, createdAtMs, untilMs });
      const plainKeyAt = keyStart(memory.words, 0);
      expect(hasMac(memory.words, 0)).toBe(false);
      expect(write(memory, 0, { key, createdAtMs, untilMs, isEncrypted: true })).toBe(
        plainEnd + MAC_BYTES,
      );
      expect(hasMac(memory.words, 0)).toBe(true);
      expect(keyStart(memory.words, 0)).toBe(plainKeyAt + MAC_BYTES);
      expect(isValid(memory, 0, plainEnd + MAC_BYTES)).toBe(true);
      const { words, bytes } = memory;
      expect(bytes.slice(keyStart(words, 0), valueStart(words, 0))).toEqual(key);
      expect(bytes.slice(valueStart(words, 0), valueEnd(words, 0))).toEqual(
        new Uint8Array([1, 2, 3]),
      );
      expect(recordUntilMs(words, 0, BASE.timeBaseMs)).toBe(untilMs);
      expect(recordCreatedAtMs(words, 0, BASE.timeBaseMs)).toBe(createdAtMs);
    }
  }
});

test('the longest record fits its length field, a longer one is refused', () => {
  const memory = memoryOf(64);
  const header = (valueBytes: number): number =>
    writeRecordHeader(
      memory,
      0,
      BASE,
      KIND_PUT,
      true,
      0,
      0,
      valueBytes,
      0,
      0,
      NEVER,
      0,
      false,
      false,
    );
  header(RECORD_BYTES_MAX - RECORD_HEADER_BYTES);
  expect(recordLength(memory.words, 0)).toBe(RECORD_BYTES_MAX);
  expect(() => header(RECORD_BYTES_MAX - RECORD_HEADER_BYTES + 1)).toThrow();
});

test.each([
  ['nothing', HIDES_NOTHING, HIDES_NOTHING],
  ['until the time base', BASE.timeBaseMs, BASE.timeBaseMs],
  ['until long after', BASE.timeBaseMs + 0xfffffffe, BASE.timeBaseMs + 0xfffffffe],
  ['until it would not fit: for ever', BASE.timeBaseMs + 0xffffffff, NEVER],
  ['for ever', NEVER, NEVER],
  ['until before the time base: until there', 1, BASE.timeBaseMs],
])('hides %s, narrow and wide', (_name, untilMs, read) => {
  for (const expiresAtMs of [BASE.timeBaseMs + 5, BASE.timeBaseMs + 2 ** 40]) {
    const memory = memoryOf(256);
    const end = write(memory, 8, { untilMs, expiresAtMs });
    const { words, bytes } = memory;
    expect(isValid(memory, 8, end)).toBe(true);
    expect(recordUntilMs(words, 8, BASE.timeBaseMs)).toBe(read);
    expect(recordExpiresAtMs(words, 8, BASE.timeBaseMs)).toBe(expiresAtMs);
    expect([...bytes.slice(keyStart(words, 8), valueEnd(words, 8))]).toEqual([107, 1, 2, 3]);
  }
});

describe('times and sequences', () => {
  const { timeBaseMs, sequenceBase } = BASE;
  const cases: readonly [string, Written, boolean][] = [
    ['never expires', { expiresAtMs: NEVER }, false],
    ['expires at the time base', { expiresAtMs: timeBaseMs }, false],
    ['the furthest narrow deadline', { expiresAtMs: timeBaseMs + 0xfffffffe }, false],
    ['would read as never if narrow', { expiresAtMs: timeBaseMs + 0xffffffff }, true],
    ['the first wide deadline', { expiresAtMs: timeBaseMs + TWO_32 }, true],
    ['expires in thirty thousand years', { expiresAtMs: 1e15 }, true],
    ['created as far back as narrow goes', { createdAtMs: timeBaseMs - 2 ** 31 }, false],
    ['created before that', { createdAtMs: timeBaseMs - 2 ** 31 - 1 }, true],
    ['created as late as narrow goes', { createdAtMs: timeBaseMs + 2 ** 31 - 1 }, false],
    ['created after that', { createdAtMs: timeBaseMs + 2 ** 31 }, true],
    ['created at clock 0', { createdAtMs: 0 }, true],
    ['created at clock 0, never expires', { createdAtMs: 0, expiresAtMs: NEVER }, true],
    ['a sequence before the base', { sequence: sequenceBase - 1 }, false],
    ['sequence 0', { sequence: 0 }, false],
    ['the largest narrow sequence', { sequence: sequenceBase + 2 ** 31 - 1 }, false],
    ['a wide sequence', { sequence: sequenceBase + 2 ** 31 }, true],
    ['the largest sequence', { sequence: Number.MAX_SAFE_INTEGER - 1 }, true],
  ];

  test.each(cases)('%s', (_name, options, wide) => {
    const memory = memoryOf(256);
    const { sequence = sequenceBase, createdAtMs = timeBaseMs, expiresAtMs = NEVER } = options;
    expect(needsWide(BASE, sequence, createdAtMs, expiresAtMs)).toBe(wide);
    const end = write(memory, 8, options);
    expect(recordExpiresAtMs(memory.words, 8, timeBaseMs)).toBe(expiresAtMs);
    expect(recordCreatedAtMs(memory.words, 8, timeBaseMs)).toBe(createdAtMs);
    expect(recordSequence(memory.words, 8, sequenceBase)).toBe(sequence);
    expect(keyStart(memory.words, 8)).toBe(8 + RECORD_HEADER_BYTES + (wide ? WIDE_BYTES : 0));
    expect(isValid(memory, 8, end)).toBe(true);
  });

  test('a deadline before the time base reads as the time base, which is as expired', () => {
    const memory = memoryOf(256);
    write(memory, 0, { expiresAtMs: timeBaseMs - 1 });
    expect(recordExpiresAtMs(memory.words, 0, timeBaseMs)).toBe(timeBaseMs);
  });

  test('a base at clock 0', () => {
    const memory = memoryOf(256);
    const base = { timeBaseMs: 0, sequenceBase: 0 };
    write(memory, 0, { base, expiresAtMs: 0, createdAtMs: 0, sequence: 0 });
    expect(recordExpiresAtMs(memory.words, 0, 0)).toBe(0);
    expect(recordCreatedAtMs(memory.words, 0, 0)).toBe(0);
    expect(recordSequence(memory.words, 0, 0)).toBe(0);
  });
});

describe('validity', () => {
  test('any one flipped bit is noticed', () => {
    const memory = memoryOf(128);
    const end = write(memory, 8, { expiresAtMs: 2e12, key: new Uint8Array(5) });
    for (let bit = 8 * 8; bit < end * 8; bit++) {
      memory.bytes[bit >> 3]! ^= 1 << (bit & 7);
      // A longer length may end behind the limit, or within.
      expect(isValid(memory, 8, 128)).toBe(false);
      memory.bytes[bit >> 3]! ^= 1 << (bit & 7);
    }
    expect(isValid(memory, 8, 128)).toBe(true);
  });

  test('a record has to end at or before the limit', () => {
    const memory = memoryOf(128);
    const end = write(memory, 8);
    expect(isValid(memory, 8, end)).toBe(true);
    for (let limit = 0; limit < end; limit++) expect(isValid(memory, 8, limit)).toBe(false);
  });

  test("another file's salt, and another place, is another crc", () => {
    const memory = memoryOf(128);
    const end = write(memory, 8);
    memory.bytes.copyWithin(64, 8, end);
    expect(isValid(memory, 64, 128)).toBe(false);
    expect(isValid(memory, 8, end, SALT + 1)).toBe(false);
    expect(isValid(memory, 8, end, SALT + TWO_32)).toBe(true);
  });

  test.each([0, 7])('kind %i is unknown, even with a right crc', (kind) => {
    const memory = memoryOf(128);
    const end = write(memory, 8, { kind });
    expect(isValid(memory, 8, end)).toBe(false);
  });

  test('unused bits are zero, even with a right crc', () => {
    const memory = memoryOf(128);
    for (const [word, bit] of [
      [1, 30],
      [1, 31],
      [2, 31],
    ] as const) {
      const end = write(memory, 8);
      expect(isValid(memory, 8, end)).toBe(true);
      memory.words[2 + word]! |= 1 << bit;
      writeRecordCrc(memory, 8, SALT, wordsCrc32);
      expect(isValid(memory, 8, end)).toBe(false);
    }
  });

  test('zeros, and a length that does not hold header and key, are not records', () => {
    const memory = memoryOf(128);
    memory.bytes.fill(0);
    expect(isValid(memory, 0, 128)).toBe(false);
    for (const length of [0, 8, 16, 24]) {
      write(memory, 0, { key: new Uint8Array(9) });
      memory.words[1] = (memory.words[1]! & ~0xffffff) | (length >> 3);
      memory.words[0] = wordsCrc32(memory, 4, Math.max(length, 4), SALT);
      expect(isValid(memory, 0, 128)).toBe(false);
    }
  });
});
