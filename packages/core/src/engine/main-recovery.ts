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
import type { FileSystem, OpenFile } from '../ports/file-system.ts';
import type { Crc32 } from './crc32.ts';
import { FileWalk } from './file-walk.ts';
import { readFrame } from './frame.ts';
import type { Keyring } from './keyring.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import { readAgain, readSegment } from './read-segment.ts';
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
import { type BatchReplay, replayBatch, replayBeforeHole } from './replay-batch.ts';
import type { Damage, Segment } from './segment.ts';
import {
  compareFileIds,
  decodeSegmentHeader,
  mainFileName,
  SEGMENT_HEADER_BYTES,
  type SegmentHeader,
} from './segment-header.ts';

/** What a file has lost while it was hiding something. */
interface Loss {
  readonly file: ManifestFile;
  /** Of the lost record; `undefined` if it cannot be known what was lost. */
  readonly hash: number | undefined;
}

export class MainRecovery {
  readonly #fileSystem: FileSystem;
  readonly #directory: string;
  readonly #crc32: Crc32;
  readonly #keyring: Keyring;
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
    this.#fileSystem = options.fileSystem;
    this.#directory = options.directory;
    this.#crc32 = options.crc32;
    this.#keyring = options.keyring;
    this.#target = options.target;
    this.#report = options.report;
    this.#storeId = options.storeId;
    this.#hashSeed = options.hashSeed;
    this.#nowMs = options.nowMs;
  }

  /** `names` are those of all files in the directory. */
  async run({ files }: Manifest, names: ReadonlySet<string>): Promise<void> {
    for (const file of files) {
      const name = mainFileName(file.id, file.main);
      if (names.has(name)) await this.#readFile(file, name);
      else this.#lostFile(file, name, 'missing');
    }
    for (const { file, hash } of this.#losses) {
      if (hash === undefined) {
        this.#target.forgetHiddenBy(file.sequenceMax, file.untilMs);
        this.#target.loseFloorsBelow(file.sequenceMax + 1);
      } else this.#target.forgetHash(hash);
    }
  }

  async #readFile(file: ManifestFile, name: string): Promise<void> {
    const handle = await this.#fileSystem.open(`${this.#directory}/${name}`, 'read');
    const segment = await this.#adopt(handle, file, name).catch(async (error: unknown) => {
      await handle.close();
      throw error;
    });
    if (segment === undefined) {
      await handle.close();
      this.#lostFile(file, name, 'unreadable');
      return;
    }
    const memory = segment.memory as RecordMemory;
    const length = segment.head;
    this.#report.files++;
    segment.untilMs = file.untilMs;
    segment.sequenceMax = file.sequenceMax;
    segment.damage = this.#walk(segment, memory, file, length);
    segment.goesFirst ||= segment.damage.length > 0;
  }

  /** `undefined` if it is not the file that the manifest means. */
  async #adopt(handle: OpenFile, file: ManifestFile, name: string): Promise<Segment | undefined> {
    const header = await this.#readHeader(handle, file, name);
    if (header === undefined) return undefined;
    const length = Math.min(file.length, await handle.size());
    const memory = this.#target.allocate(Math.max(length, SEGMENT_HEADER_BYTES));
    await readSegment(handle, name, memory, length, this.#keyring.cipherOf(header));
    return this.#target.adopt(header, memory, length, handle);
  }

  /** Goes through the batches; returns what was skipped. */
  #walk(segment: Segment, memory: RecordMemory, file: ManifestFile, length: number): Damage[] {
    const walk = new FileWalk(memory, length, segment.header.salt, this.#crc32);
    const replay = this.#replay(segment, memory, file);
    const damage: Damage[] = [];
    for (;;) {
      const found = walk.nextBatch();
      if (found === 'end' && walk.committedEnd >= file.length) return damage;
      if (found === 'batch') {
        const { storeTimeMs } = readFrame(memory.words, keyStart(memory.words, walk.frameAt));
        this.#target.noteStoreTime(storeTimeMs);
        replayBatch(memory, walk, replay);
        continue;
      }
      const start = walk.damageStart;
      const end = walk.skipDamage();
      if (end > start) damage.push({ start, end });
      if (end < length) continue;
      segment.goesFirst = true;
      replayBeforeHole(walk, file.length, replay);
      return damage;
    }
  }

  #replay(segment: Segment, memory: RecordMemory, file: ManifestFile): BatchReplay {
    const { fileName } = segment;
    return {
      isEncrypted: segment.isEncrypted,
      onRecord: (offset) => this.#apply(segment, memory, offset, file),
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
  }

  #apply(segment: Segment, memory: RecordMemory, offset: number, file: ManifestFile): void {
    const kind = recordKind(memory.words, offset);
    if (kind === KIND_SHAPES) {
      if (this.#target.applyShapes(segment, memory, offset)) return;
      this.#damage(`other shapes than before file=${segment.fileName}`, segment.fileName);
      this.#target.forgetAll();
    } else if (kind === KIND_FLOOR) {
      this.#target.applyFloor(segment, memory, offset);
    } else if (kind === KIND_DELETE || this.#target.isReadable(segment, memory, offset)) {
      this.#target.applyMain(segment, memory, offset);
    } else if (kind === KIND_PUT) {
      this.#damage(`value of unknown shape file=${segment.fileName}`, segment.fileName);
      this.#lose(file, this.#target.hashOf(memory, offset));
    }
  }

  /** Both copies of the header name the file, or it is not the one that the manifest means. */
  async #readHeader(
    handle: OpenFile,
    file: ManifestFile,
    name: string,
  ): Promise<SegmentHeader | undefined> {
    const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
    const read = await readAgain(handle, name, bytes, 0);
    const header = decodeSegmentHeader(bytes.subarray(0, read), file.main);
    if (header === undefined || compareFileIds(header.id, file.id) !== 0) return undefined;
    return header.storeId.every((byte, index) => byte === this.#storeId[index])
      ? header
      : undefined;
  }

  #lostFile(file: ManifestFile, name: string, how: string): void {
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
