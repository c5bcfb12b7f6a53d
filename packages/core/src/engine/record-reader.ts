import { assert } from '../assert.ts';
import type { Crc32 } from './crc32.ts';
import type { ReadCache } from './read-cache.ts';
import { isValidRecord, RECORD_HEADER_BYTES, type RecordMemory, recordLength } from './record.ts';
import type { Segment } from './segment.ts';

/** One read of this size holds most records whole. */
const FIRST_READ_BYTES = 4096;

/**
 * Reads single records from the files of segments that have no memory, checked, into a buffer of
 * its own, where the last one stays; or finds them in the cache.
 */
export class RecordReader {
  /** Where the last record is, at `start`. */
  memory: RecordMemory = memoryOf(FIRST_READ_BYTES);
  start = 0;
  readonly cache: ReadCache;
  readonly #crc32: Crc32;
  #buffer: RecordMemory = this.memory;
  /** What the buffer holds, so that a read ahead is not read again. */
  #segment: Segment | undefined;
  #offset = 0;

  constructor(crc32: Crc32, cache: ReadCache) {
    this.#crc32 = crc32;
    this.cache = cache;
  }

  get bytes(): number {
    return this.#buffer.bytes.length;
  }

  /** Copies the last record to the cache, unless it was found there. */
  keep(segment: Segment, offset: number): void {
    if (this.memory === this.#buffer) this.cache.add(segment, offset, this.memory, this.start);
  }

  /** False if the record's bytes are damaged. Throws `IO` when the file cannot be read. */
  readSync(segment: Segment, offset: number): boolean {
    const at = this.cache.find(segment, offset);
    this.memory = at === undefined ? this.#buffer : (this.cache.memory as RecordMemory);
    this.start = at ?? 0;
    return at !== undefined || this.#readSync(segment, offset);
  }

  #readSync(segment: Segment, offset: number): boolean {
    if (this.#segment === segment && this.#offset === offset) return true;
    assert(segment.file !== undefined, 'a segment without memory has no file');
    this.#segment = undefined;
    const first = Math.min(FIRST_READ_BYTES, segment.head - offset);
    segment.file.readSync(this.#buffer.bytes.subarray(0, first), offset);
    const length = this.#lengthRead(segment, offset);
    if (length === undefined) return false;
    if (length > first) {
      this.#grow(length, first);
      segment.file.readSync(this.#buffer.bytes.subarray(first, length), offset + first);
    }
    return this.#check(segment, offset, length);
  }

  /** As `readSync`, without blocking; damage and failures are left for `readSync` to find. */
  async readAhead(segment: Segment, offset: number): Promise<RecordMemory | undefined> {
    try {
      return await this.#read(segment, offset);
    } catch {
      // The segment may have been cleaned away meanwhile, its file closed; if not, `readSync` fails
      // as well.
      return undefined;
    }
  }

  async #read(segment: Segment, offset: number): Promise<RecordMemory | undefined> {
    const { file } = segment;
    if (file === undefined) return undefined;
    let memory = memoryOf(FIRST_READ_BYTES);
    const first = Math.min(FIRST_READ_BYTES, segment.head - offset);
    await file.read(memory.bytes.subarray(0, first), offset);
    const length = recordLength(memory.words, 0);
    if (length < RECORD_HEADER_BYTES || offset + length > segment.head) return undefined;
    if (length > first) {
      const whole = memoryOf(length);
      whole.bytes.set(memory.bytes.subarray(0, first));
      memory = whole;
      await file.read(memory.bytes.subarray(first, length), offset + first);
    }
    return memory;
  }

  /** Makes a record read ahead the last one read. */
  accept(segment: Segment, offset: number, memory: RecordMemory): void {
    this.#buffer = memory;
    this.#segment = undefined;
    this.#check(segment, offset, recordLength(memory.words, 0));
  }

  #lengthRead(segment: Segment, offset: number): number | undefined {
    const length = recordLength(this.#buffer.words, 0);
    return length < RECORD_HEADER_BYTES || offset + length > segment.head ? undefined : length;
  }

  #check(segment: Segment, offset: number, length: number): boolean {
    if (!isValidRecord(this.#buffer, 0, length, segment.header.salt ^ offset, this.#crc32))
      return false;
    const { cipher } = segment;
    if (cipher !== undefined && !cipher.decrypt(this.#buffer, 0, offset)) return false;
    this.#segment = segment;
    this.#offset = offset;
    return true;
  }

  #grow(length: number, keep: number): void {
    if (this.#buffer.bytes.length >= length) return;
    const grown = memoryOf(length);
    grown.bytes.set(this.#buffer.bytes.subarray(0, keep));
    this.#buffer = grown;
    this.memory = grown;
  }
}

function memoryOf(bytes: number): RecordMemory {
  const buffer = new ArrayBuffer((bytes + 7) & -8);
  return { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
}
