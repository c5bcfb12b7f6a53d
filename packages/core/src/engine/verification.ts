/**
 * Reads every segment's file back and checks every record in it, some at a time, so that no turn is
 * long. Tells what is damaged and changes nothing. What an opening has found damaged, and paid for,
 * is told again for as long as its file is there.
 */

import { HoldfastError } from '../errors.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { Crc32 } from './crc32.ts';
import type { MainLog } from './main-log.ts';
import {
  isValidRecord,
  RECORD_ALIGNMENT,
  RECORD_HEADER_BYTES,
  type RecordMemory,
  recordLength,
} from './record.ts';
import type { Segment } from './segment.ts';
import { decodeSegmentHeader, SEGMENT_HEADER_BYTES } from './segment-header.ts';
import type { YoungLog } from './young-log.ts';

/** A stretch of a file that is not what was written. */
export interface FileDamage {
  readonly file: string;
  /** Bytes from the file's start; 0 if the file as a whole is meant. */
  readonly offset: number;
  readonly bytes: number;
  /**
   * - `missing`: the file is not in the directory any more.
   * - `unreadable`: the disk gave an error instead of the bytes.
   * - `header`: neither copy of the file's header is right.
   * - `records`: what lies there fails its check; of the lock journal, nothing there counts.
   */
  readonly what: 'missing' | 'unreadable' | 'header' | 'records';
}

/** What `verify` has found. All zero for a cache in memory only: it has no files. */
export interface VerifyReport {
  readonly files: number;
  /** Bytes that were looked at. What is written while it runs may be left out. */
  readonly bytes: number;
  /** Records that are whole: of all kinds, those that are dead included; none of the journal. */
  readonly records: number;
  /** Empty if everything is as it was written; the first 1,000 places otherwise. */
  readonly damage: readonly FileDamage[];
}

/** Checked in one turn: at the crc's slowest about a millisecond. */
const PIECE_BYTES = 256 * 1024;
const DAMAGE_MAX = 1_000;

interface VerificationOptions {
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly log: YoungLog;
  readonly main: MainLog;
  readonly crc32: Crc32;
}

export class Verification {
  readonly #options: VerificationOptions;

  constructor(options: VerificationOptions) {
    this.#options = options;
  }

  /** Rejects only if the directory cannot be listed. */
  async run(): Promise<VerifyReport> {
    const { directory, fileSystem, log, main, crc32 } = this.#options;
    const report = { files: 0, bytes: 0, records: 0, damage: [] as FileDamage[] };
    const isInUse = (segment: Segment): boolean =>
      log.lane.includes(segment) || main.segments.includes(segment);
    const segments = [...log.lane, ...main.segments].filter(({ file }) => file !== undefined);
    if (segments.length === 0) return report;
    const names = new Set(await fileSystem.list(directory));
    for (const segment of segments) {
      if (!isInUse(segment)) continue;
      const check = new FileCheck(segment, segment.writtenTo, crc32);
      if (!names.has(segment.fileName)) check.note(0, 0, 'missing');
      else await check.run();
      // Cleaned away meanwhile: its file was closed while it was read.
      if (!isInUse(segment)) continue;
      report.files++;
      report.bytes += check.end;
      report.records += check.records;
      report.damage.push(...check.damage.slice(0, DAMAGE_MAX - report.damage.length));
    }
    return report;
  }
}

/** Goes through one file, a piece at a time. */
class FileCheck {
  records = 0;
  readonly end: number;
  readonly damage: FileDamage[] = [];
  readonly #segment: Segment;
  readonly #crc32: Crc32;

  constructor(segment: Segment, end: number, crc32: Crc32) {
    this.#segment = segment;
    this.end = end;
    this.#crc32 = crc32;
  }

  async run(): Promise<void> {
    const { header } = this.#segment;
    const start = await this.#read(0, Math.min(SEGMENT_HEADER_BYTES, this.end));
    const found = start && decodeSegmentHeader(start.bytes, header.main);
    if (start !== undefined && found?.salt !== header.salt) {
      this.note(0, SEGMENT_HEADER_BYTES, 'header');
    }
    for (let at = SEGMENT_HEADER_BYTES; at < this.end; ) at = await this.#checkPiece(at);
  }

  /** Stretches that touch are one. */
  note(offset: number, bytes: number, what: FileDamage['what']): void {
    const last = this.damage.at(-1);
    if (last?.what === what && last.offset + last.bytes === offset) {
      this.damage[this.damage.length - 1] = { ...last, bytes: last.bytes + bytes };
    } else if (this.damage.length < DAMAGE_MAX) {
      this.damage.push({ file: this.#segment.fileName, offset, bytes, what });
    }
  }

  /** Checks what begins at `at`, as far as one piece goes; resolves to where to go on. */
  async #checkPiece(at: number): Promise<number> {
    let piece = await this.#read(at, Math.min(PIECE_BYTES, this.end - at));
    if (piece === undefined) return Math.min(at + PIECE_BYTES, this.end);
    const first = recordLength(piece.words, 0);
    if (first > piece.bytes.length && at + first <= this.end) {
      // A large record; if its length is damaged, its pieces are looked at after this.
      piece = (await this.#read(at, first)) ?? piece;
    }
    const { salt } = this.#segment.header;
    const length = piece.bytes.length;
    let offset = 0;
    while (offset < length) {
      // A record's crc starts from its place in the file.
      if (isValidRecord(piece, offset, length, salt ^ (at + offset) ^ offset, this.#crc32)) {
        this.records++;
        offset += recordLength(piece.words, offset);
        continue;
      }
      if (offset > 0 && this.#mayGoOn(piece, offset, at + offset)) break;
      this.note(at + offset, Math.min(RECORD_ALIGNMENT, length - offset), 'records');
      offset += RECORD_ALIGNMENT;
    }
    return Math.min(at + offset, this.end);
  }

  /** The piece may have cut it off: it is looked at again as the first of the next one. */
  #mayGoOn(piece: RecordMemory, offset: number, at: number): boolean {
    const isCut = at - offset + piece.bytes.length < this.end;
    if (!isCut) return false;
    if (offset + RECORD_HEADER_BYTES > piece.bytes.length) return true;
    const length = recordLength(piece.words, offset);
    return offset + length > piece.bytes.length && at + length <= this.end;
  }

  async #read(at: number, bytes: number): Promise<RecordMemory | undefined> {
    const buffer = new ArrayBuffer((bytes + 7) & -8);
    const memory = { bytes: new Uint8Array(buffer, 0, bytes), words: new Int32Array(buffer) };
    try {
      const { file } = this.#segment;
      if (file === undefined) throw new HoldfastError('IO', 'the file is gone');
      await file.read(memory.bytes, at);
      return memory;
    } catch {
      // Told in the report, or its segment is gone by now and nobody asks any more.
      this.note(at, bytes, 'unreadable');
      return undefined;
    }
  }
}
