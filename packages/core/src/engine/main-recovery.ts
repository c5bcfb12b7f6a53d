/**
 * Reads the main generation back: the files that the manifest names, as far as it says, in any
 * order. What else lies there never came to count, or no longer does.
 *
 * Damage is always rot here: everything that the manifest names had been durable. A record that
 * cannot be read costs itself; it also costs what it may have hidden in other main files, but only
 * while the manifest says that this file hides anything at all.
 */

import { HoldfastError } from '../errors.ts';
import { isExpired } from '../expiry/expiry.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { Crc32 } from './crc32.ts';
import { FileWalk } from './file-walk.ts';
import { readFrame } from './frame.ts';
import type { Keyring } from './keyring.ts';
import { isSameStore } from './lane-listing.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import {
  KIND_DELETE,
  KIND_FLOOR,
  KIND_PUT,
  KIND_SHAPES,
  keyStart,
  type RecordMemory,
  recordKind,
} from './record.ts';
import type { RecoveryReport } from './recovery-report.ts';
import type { RecoveryTarget } from './recovery-target.ts';
import { type BatchHandler, BatchReplay } from './replay-batch.ts';
import type { Damage, Segment } from './segment.ts';
import {
  compareFileIds,
  decodeSegmentHeader,
  mainFileName,
  type SegmentHeader,
} from './segment-header.ts';
import { type FileToRead, type SegmentRead, SegmentReads } from './segment-reads.ts';

/** What a file has lost while it was hiding something. */
interface Loss {
  readonly file: ManifestFile;
  /** Of the lost record; `undefined` if it cannot be known what was lost. */
  readonly hash: number | undefined;
}

export class MainRecovery {
  readonly #crc32: Crc32;
  readonly #reads: SegmentReads;
  readonly #target: RecoveryTarget;
  readonly #report: RecoveryReport;
  readonly #storeId: Uint8Array;
  readonly #hashSeed: number;
  readonly #nowMs: number;
  readonly #losses: Loss[] = [];
  /** The manifest names something that is not there any more. */
  hasLosses = false;

  constructor(options: {
    fileSystem: FileSystem;
    directory: string;
    crc32: Crc32;
    keyring: Keyring;
    target: RecoveryTarget;
    report: RecoveryReport;
    storeId: Uint8Array;
    hashSeed: number;
    nowMs: number;
  }) {
    this.#crc32 = options.crc32;
    this.#reads = new SegmentReads(options);
    this.#target = options.target;
    this.#report = options.report;
    this.#storeId = options.storeId;
    this.#hashSeed = options.hashSeed;
    this.#nowMs = options.nowMs;
  }

  /** `names` are those of all files in the directory. */
  async run({ files }: Manifest, names: ReadonlySet<string>): Promise<void> {
    try {
      await this.#readFiles(files, names);
    } finally {
      await this.#reads.drop();
    }
    for (const { file, hash } of this.#losses) {
      if (hash === undefined) {
        this.#target.forgetHiddenBy(file.sequenceMax, file.untilMs);
        this.#target.loseFloorsBelow(file.sequenceMax + 1);
      } else this.#target.forgetHash(hash);
    }
  }

  async #readFiles(files: readonly ManifestFile[], names: ReadonlySet<string>): Promise<void> {
    const isThere = ({ id, main }: ManifestFile): boolean => names.has(mainFileName(id, main));
    const left = files.filter(isThere);
    for (const file of files) {
      if (!isThere(file)) {
        this.#lostFile(file, 'missing');
        continue;
      }
      left.shift();
      const next = left[0];
      const read = await this.#reads.take(this.#toRead(file), next && this.#toRead(next));
      if (read.header !== undefined) this.#apply(file, read, read.header);
      else {
        await this.#reads.giveBack(read);
        this.#lostFile(file, 'unreadable');
      }
    }
  }

  #toRead(file: ManifestFile): FileToRead {
    const name = mainFileName(file.id, file.main);
    return { name, length: file.length, header: (start) => this.#headerOf(file, start) };
  }

  #apply(file: ManifestFile, { handle, memory, length }: SegmentRead, header: SegmentHeader): void {
    const segment = this.#target.adopt(header, memory, length, handle);
    this.#report.files++;
    segment.untilMs = file.untilMs;
    segment.sequenceMax = file.sequenceMax;
    segment.damage = this.#walk(segment, memory, file, length);
    segment.goesFirst ||= segment.damage.length > 0;
  }

  /** Goes through the batches; returns what was skipped. */
  #walk(segment: Segment, memory: RecordMemory, file: ManifestFile, length: number): Damage[] {
    const walk = new FileWalk(memory, length, segment.header.salt, this.#crc32);
    const replay = this.#replay(segment, memory, file);
    const damage: Damage[] = [];
    for (;;) {
      const found = walk.nextBatch();
      if (found === 'end' && walk.committedEnd >= file.length) break;
      if (found === 'batch') {
        const { storeTimeMs } = readFrame(memory.words, keyStart(memory.words, walk.frameAt));
        this.#target.noteStoreTime(storeTimeMs);
        replay.add(walk);
        continue;
      }
      const start = walk.damageStart;
      const end = walk.skipDamage();
      if (end > start) damage.push({ start, end });
      if (end < length) continue;
      segment.goesFirst = true;
      replay.endAtHole(walk, file.length);
      break;
    }
    replay.end();
    return damage;
  }

  #replay(segment: Segment, memory: RecordMemory, file: ManifestFile): BatchReplay {
    const { fileName } = segment;
    const handler: BatchHandler = {
      onRecord: (offset, hash) => this.#applyRecord(segment, memory, offset, hash, file),
      onLostRecord: (hash, kind) => {
        this.#damage(`unreadable record file=${fileName}`, fileName);
        if (kind === KIND_SHAPES) segment.shapeCount = 0;
        else if (kind === KIND_FLOOR) this.#target.loseFloorsBelow(file.sequenceMax + 1);
        else this.#lose(file, segment.header.hashSeed === this.#hashSeed ? hash : undefined);
      },
      onLostFrame: () => this.#damage(`unreadable FRAME file=${fileName}`, fileName),
      onLostBatch: () => {
        this.#damage(`unreadable batch file=${fileName}`, fileName);
        this.#lose(file, undefined);
        // Shapes may have been among what is lost.
        segment.shapeCount = 0;
      },
    };
    const hashSeed = this.#hashSeed;
    return new BatchReplay({ segment, memory, target: this.#target, hashSeed, handler });
  }

  #applyRecord(
    segment: Segment,
    memory: RecordMemory,
    offset: number,
    hash: number,
    file: ManifestFile,
  ): void {
    const kind = recordKind(memory.words, offset);
    if (kind === KIND_SHAPES) {
      if (this.#target.applyShapes(segment, memory, offset)) return;
      this.#damage(`other shapes than before file=${segment.fileName}`, segment.fileName);
      this.#target.forgetAll();
    } else if (kind === KIND_FLOOR) {
      this.#target.applyFloor(segment, memory, offset);
    } else if (kind === KIND_DELETE || this.#target.isReadable(segment, memory, offset)) {
      this.#target.applyMain(segment, memory, offset, hash);
    } else if (kind === KIND_PUT) {
      this.#damage(`value of unknown shape file=${segment.fileName}`, segment.fileName);
      this.#lose(file, hash);
    }
  }

  /** Both copies of the header name the file, or it is not the one that the manifest means. */
  #headerOf(file: ManifestFile, start: Uint8Array): SegmentHeader | undefined {
    const header = decodeSegmentHeader(start, file.main);
    if (header === undefined || compareFileIds(header.id, file.id) !== 0) return undefined;
    return isSameStore(header, this.#storeId) ? header : undefined;
  }

  #lostFile(file: ManifestFile, how: string): void {
    const name = mainFileName(file.id, file.main);
    this.#report.damagedFiles++;
    this.#target.onDamage(
      new HoldfastError('CORRUPT', `${how} segment file=${name}`, { details: { file: name } }),
    );
    this.#lose(file, undefined);
  }

  #lose(file: ManifestFile, hash: number | undefined): void {
    this.hasLosses = true;
    if (!isExpired(file.untilMs, this.#nowMs)) this.#losses.push({ file, hash });
  }

  #damage(message: string, file: string): void {
    this.#report.damagedRecords++;
    this.#target.onDamage(new HoldfastError('CORRUPT', message, { details: { file } }));
  }
}
