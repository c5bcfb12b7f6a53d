/**
 * Rebuilds the index from the files of the young lane, oldest first, without writing into any of
 * them.
 *
 *     files by id   [epoch 3: 1 2 3~torn] [epoch 4: 1 2] [epoch 7: 1 2 3~torn?]
 *     links         each header names the file before it and how much of that one counts
 *
 * A batch counts once its FRAME is whole. Damage is one of two things:
 * - a torn tail: only in the newest epoch, behind where the store was last closed, and only where
 *   no FRAME says that this place had been synced. The lane ends there; nothing acknowledged as
 *   durable is lost.
 * - rot: everything else. The FRAME of the damaged batch names what it held: each record that
 *   cannot be read becomes a delete of its hash. Where even the names are lost, all older records
 *   go: any of them may have been replaced by what was there.
 *
 * A file whose predecessor is missing counts only if a FRAME, or a later epoch, says that the
 * predecessor had been durable: then it was removed on purpose. Otherwise a power cut took it, and
 * what was written after it goes as well.
 *
 * Invariants
 * 1. Recovering twice, or being killed while recovering and starting again, gives the same state.
 * 2. A value is never shown if something newer for its key may have been lost.
 * 3. Damage never fails the opening. A format from the future does, before anything is changed, and
 *    so does a file that cannot be read: that is no damage yet.
 * 4. What was recovered is durable before anything is written after it.
 */

import { HoldfastError } from '../errors.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { Crc32 } from './crc32.ts';
import { FileWalk, highestMark } from './file-walk.ts';
import { comparePositions, LOG_START, type LogPosition, readFrame } from './frame.ts';
import type { Keyring } from './keyring.ts';
import {
  filesSkippedByLinks,
  isSameStore,
  type LaneFile,
  type LaneListing,
  type UnreadableFile,
} from './lane-listing.ts';
import { readMark, type StoreFiles } from './read-mark.ts';
import {
  KIND_CLEAR,
  KIND_DELETE,
  KIND_FLOOR,
  KIND_PUT,
  KIND_SHAPES,
  keyStart,
  type RecordMemory,
  recordKind,
} from './record.ts';
import { emptyReport, type RecoveryReport } from './recovery-report.ts';
import type { RecoveryTarget } from './recovery-target.ts';
import { type BatchHandler, BatchReplay } from './replay-batch.ts';
import type { Damage, Segment } from './segment.ts';
import {
  compareFileIds,
  type FileId,
  NO_FILE,
  SEGMENT_HEADER_BYTES,
  youngFileName,
} from './segment-header.ts';
import { type FileToRead, SegmentReads } from './segment-reads.ts';
import { compareTails, type LaneTail, laterTail } from './superblock.ts';
import { TailSync } from './tail-sync.ts';

export class Recovery {
  readonly report: RecoveryReport = emptyReport();
  /** Files that hold nothing any more, to be removed once the store is open. */
  readonly leftovers: string[] = [];
  /**
   * The newest file, if it is missed: the next one has to follow it, and not what is left, or the
   * next opening would not miss it any more.
   */
  missingTail: LaneTail | undefined;
  readonly #options: StoreFiles;
  readonly #crc32: Crc32;
  readonly #target: RecoveryTarget;
  readonly #reads: SegmentReads;
  readonly #tailSync: TailSync;
  readonly #hashSeed: number;
  readonly #closedTail: LaneTail | undefined;
  readonly #laneStart: FileId;
  /** All before it had been durable: what is missing there is damage. */
  readonly #vouched: LaneTail;
  /** The furthest durable mark of the epoch that was read last. */
  #mark: LogPosition = LOG_START;
  #markEpoch = 0;

  constructor(options: {
    fileSystem: FileSystem;
    directory: string;
    crc32: Crc32;
    keyring: Keyring;
    target: RecoveryTarget;
    hashSeed: number;
    closedTail: LaneTail | undefined;
    /** Up to here the lane was durable once, according to the manifest. */
    laneDurable: LaneTail;
    /** Files before it were removed, whether they are back or not. */
    laneStart: FileId;
  }) {
    this.#options = options;
    this.#crc32 = options.crc32;
    this.#target = options.target;
    this.#reads = new SegmentReads(options);
    this.#tailSync = new TailSync(options);
    this.#hashSeed = options.hashSeed;
    this.#closedTail = options.closedTail;
    this.#laneStart = options.laneStart;
    this.#vouched = laterTail(options.closedTail, options.laneDurable);
  }

  async run(listing: LaneListing, storeId: Uint8Array): Promise<void> {
    this.#setAside(listing.unreadable, storeId);
    const files = await this.#cutUnproven(this.#lane(listing, storeId));
    await this.#startSyncing(files);
    try {
      await this.#readLane(files);
      await this.#tailSync.finish(this.#unsynced(files, this.#markEpoch, this.#mark));
    } finally {
      await this.#reads.drop();
      await this.#tailSync.drop();
    }
  }

  async #readLane(files: readonly LaneFile[]): Promise<void> {
    let tail: { readonly id: FileId; readonly end: number } | undefined;
    for (const [index, file] of files.entries()) {
      const later = files.slice(index + 1);
      const { previous } = file.header;
      const isLinked = compareFileIds(previous, tail?.id ?? NO_FILE) === 0;
      // The lane's first file follows one that was removed: the manifest knows.
      if (!isLinked && !this.#wasRemoved(previous)) {
        this.report.damagedFiles++;
        this.#failClosed(`missing or unreadable segment before file=${file.name}`, file.name);
      }
      const next = later[0];
      const isNextLinked =
        next !== undefined && compareFileIds(next.header.previous, file.header.id) === 0;
      const expectedEnd = isNextLinked ? next.header.previousLength : this.#lastEnd(file);
      const end = await this.#readFile(file, expectedEnd, later);
      if (end === undefined) {
        this.#discard(later);
        return;
      }
      tail = { id: file.header.id, end };
    }
    const { id } = this.#vouched;
    if (compareFileIds(tail?.id ?? NO_FILE, id) < 0 && !this.#wasRemoved(id)) {
      this.report.damagedFiles++;
      this.missingTail = this.#vouched;
      this.#failClosed('missing newest segment', youngFileName(id));
    }
  }

  /** Where the lane's last file has to end: a closed store says so, another has what is there. */
  #lastEnd(file: LaneFile): number {
    const closed = this.#closedTail;
    const { id } = file.header;
    if (closed !== undefined && compareFileIds(closed.id, id) === 0) return closed.length;
    const isVouched = compareFileIds(this.#vouched.id, id) === 0;
    return isVouched ? Math.max(file.size, this.#vouched.length) : file.size;
  }

  #wasRemoved(id: FileId): boolean {
    return compareFileIds(id, this.#laneStart) < 0;
  }

  /** Whether a closing, or a manifest, says that this place had been synced. */
  #wasVouchedFor(id: FileId, offset: number): boolean {
    return compareTails({ id, length: offset }, this.#vouched) < 0;
  }

  /**
   * A header that cannot be read is damage only if its file is missed: it may never have got there.
   * Sectors that never arrived may even show a header of ours, of a file that is gone.
   */
  #setAside(unreadable: readonly UnreadableFile[], storeId: Uint8Array): void {
    for (const { name, size, header } of unreadable) {
      if (header === undefined || isSameStore(header, storeId)) {
        this.report.tornBytes += size;
        this.leftovers.push(name);
      } else this.#foreign(name);
    }
  }

  #foreign(name: string): void {
    this.report.damagedFiles++;
    this.#damage(`segment of another store file=${name}`, name);
  }

  /** Leaves out other stores' files, and what an earlier recovery had cut off: links skip both. */
  #lane(listing: LaneListing, storeId: Uint8Array): LaneFile[] {
    const own = listing.files.filter((file) => {
      const isOwn = isSameStore(file.header, storeId);
      if (!isOwn) this.#foreign(file.name);
      return isOwn;
    });
    const left = own.filter(({ header }) => !this.#wasRemoved(header.id));
    const skipped = filesSkippedByLinks(left);
    const lane = left.filter((file) => !skipped.has(file));
    for (const file of own) if (!lane.includes(file)) this.leftovers.push(file.name);
    return lane;
  }

  /** The files up to the first whose predecessor never came to be: nothing from there on counts. */
  async #cutUnproven(files: LaneFile[]): Promise<LaneFile[]> {
    for (const [index, { header }] of files.entries()) {
      const { epoch, number } = header.previous;
      if (compareFileIds(header.previous, files[index - 1]?.header.id ?? NO_FILE) === 0) continue;
      if (this.#wasRemoved(header.previous)) continue;
      const place = { number, offset: SEGMENT_HEADER_BYTES };
      if (await this.#wasDurable(epoch, place, files.slice(index))) continue;
      this.#discard(files.slice(index));
      return files.slice(0, index);
    }
    return files;
  }

  /**
   * Applies one file; resolves to where its last whole batch ends, `undefined` if the lane ends
   * here.
   */
  async #readFile(
    file: LaneFile,
    expectedEnd: number,
    later: readonly LaneFile[],
  ): Promise<number | undefined> {
    const { handle, memory } = await this.#reads.take(toRead(file), later[0] && toRead(later[0]));
    this.report.files++;
    const limit = Math.min(expectedEnd, file.size);
    const segment = this.#target.adopt(file.header, memory, limit, handle);
    const walk = new FileWalk(memory, limit, file.header.salt, this.#crc32);
    const replay = this.#replay(segment, memory);
    const damage: Damage[] = [];
    let isTorn = false;
    for (;;) {
      const found = walk.nextBatch();
      if (found === 'end' && walk.committedEnd >= expectedEnd) break;
      if (found === 'batch') {
        this.#applyBatch(segment, memory, walk, replay);
        continue;
      }
      const at = walk.damageStart;
      if (!(await this.#isRot(file, walk.committedEnd, memory, limit, later))) {
        isTorn = true;
        break;
      }
      const end = walk.skipDamage();
      damage.push({ start: at, end });
      if (end >= limit) {
        replay.endAtHole(walk, expectedEnd);
        break;
      }
    }
    replay.end();
    if (isTorn) this.report.tornBytes += file.size - walk.committedEnd;
    segment.damage = damage;
    const end = isTorn ? walk.committedEnd : limit;
    this.#target.truncate(segment, end);
    if (!isTorn && expectedEnd > end) segment.missingTo = expectedEnd;
    return isTorn ? undefined : end;
  }

  #applyBatch(segment: Segment, memory: RecordMemory, walk: FileWalk, replay: BatchReplay): void {
    const frame = readFrame(memory.words, keyStart(memory.words, walk.frameAt));
    this.#target.noteStoreTime(frame.storeTimeMs);
    this.#noteMark(segment.header.id.epoch, frame.durable);
    replay.add(walk);
  }

  #replay(segment: Segment, memory: RecordMemory): BatchReplay {
    const { fileName, header } = segment;
    const handler: BatchHandler = {
      onRecord: (offset, hash) => this.#applyRecord(segment, memory, offset, hash),
      onLostRecord: (hash, kind) => {
        this.report.damagedRecords++;
        this.#damage(`unreadable record file=${fileName}`, fileName);
        if (kind === KIND_SHAPES) segment.shapeCount = 0;
        else if (kind === KIND_FLOOR) this.#target.loseFloor();
        else if (kind === KIND_CLEAR) this.#target.forgetAll();
        else if (header.hashSeed !== this.#hashSeed) this.#target.forgetAll();
        else this.#target.forgetHash(hash);
      },
      onLostFrame: () => {
        this.report.damagedRecords++;
        this.#damage(`unreadable FRAME file=${fileName}`, fileName);
      },
      onLostBatch: () => {
        this.report.damagedRecords++;
        this.#failClosed(`unreadable batch file=${fileName}`, fileName);
        // Shapes may have been among what is lost.
        segment.shapeCount = 0;
      },
    };
    const hashSeed = this.#hashSeed;
    return new BatchReplay({ segment, memory, target: this.#target, hashSeed, handler });
  }

  #noteMark(epoch: number, mark: LogPosition): void {
    if (epoch !== this.#markEpoch) this.#mark = LOG_START;
    this.#markEpoch = epoch;
    if (comparePositions(mark, this.#mark) > 0) this.#mark = mark;
  }

  #applyRecord(segment: Segment, memory: RecordMemory, offset: number, hash: number): void {
    const kind = recordKind(memory.words, offset);
    if (kind === KIND_PUT) this.#applyPut(segment, memory, offset, hash);
    else if (kind === KIND_DELETE) this.#target.applyDelete(segment, memory, offset, hash);
    else if (kind === KIND_CLEAR) this.#target.applyClear(segment, memory, offset);
    else if (kind === KIND_FLOOR) this.#target.applyFloor(segment, memory, offset);
    else if (kind === KIND_SHAPES && !this.#target.applyShapes(segment, memory, offset)) {
      this.#failClosed(`other shapes than before file=${segment.fileName}`, segment.fileName);
    }
  }

  /** A value whose shapes are lost hides what came before it, and is gone. */
  #applyPut(segment: Segment, memory: RecordMemory, offset: number, hash: number): void {
    if (this.#target.isReadable(segment, memory, offset)) {
      this.#target.applyPut(segment, memory, offset, hash);
      return;
    }
    this.report.damagedRecords++;
    this.#damage(`value of unknown shape file=${segment.fileName}`, segment.fileName);
    this.#target.applyDelete(segment, memory, offset, hash);
  }

  /** Rot, unless it may be the tail that the newest epoch was writing when it ended. */
  async #isRot(
    file: LaneFile,
    at: number,
    memory: RecordMemory,
    limit: number,
    later: readonly LaneFile[],
  ): Promise<boolean> {
    const { epoch, number } = file.header.id;
    if (later.some((other) => other.header.id.epoch > epoch)) return true;
    if (this.#wasVouchedFor(file.header.id, at)) return true;
    const place = { number, offset: at };
    const mark = highestMark(memory, at, limit, file.header.salt, this.#crc32);
    return comparePositions(mark, place) > 0 || this.#wasDurable(epoch, place, later);
  }

  async #wasDurable(
    epoch: number,
    place: LogPosition,
    files: readonly LaneFile[],
  ): Promise<boolean> {
    if (this.#wasVouchedFor({ epoch, number: place.number }, place.offset)) return true;
    for (const file of files) {
      if (file.header.id.epoch > epoch) return true;
      if (comparePositions(await readMark(file, this.#options), place) > 0) return true;
    }
    return false;
  }

  /** Files that are not known to have been synced: all before the mark have been. */
  #unsynced(files: readonly LaneFile[], markEpoch: number, mark: LogPosition): LaneFile[] {
    const newest = files.at(-1)?.header.id.epoch;
    return files.filter(({ name, header: { id } }) => {
      const isKnown = markEpoch === id.epoch && id.number < mark.number;
      return id.epoch === newest && !isKnown && !this.leftovers.includes(name);
    });
  }

  /** Starts with those that the newest file, read before the others, knows nothing of. */
  async #startSyncing(files: readonly LaneFile[]): Promise<void> {
    const newest = files.at(-1);
    if (newest === undefined) return;
    const mark = files.length === 1 ? LOG_START : await readMark(newest, this.#options);
    this.#tailSync.start(this.#unsynced(files, newest.header.id.epoch, mark));
  }

  #discard(files: readonly LaneFile[]): void {
    for (const file of files) {
      this.report.tornBytes += file.size;
      this.leftovers.push(file.name);
    }
  }

  #failClosed(message: string, file: string): void {
    this.report.failedClosed++;
    this.#target.forgetAll();
    this.#damage(`${message}; everything older was given up`, file);
  }

  #damage(message: string, file: string): void {
    this.#target.onDamage(new HoldfastError('CORRUPT', message, { details: { file } }));
  }
}

/** Its header has been read. */
function toRead({ name, size, header }: LaneFile): FileToRead {
  return { name, length: size, header: () => header };
}
