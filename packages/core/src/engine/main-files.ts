/**
 * Writes the main generation: its segments, then the manifest that makes them count.
 *
 *     copies ─► write, sync ─► directory sync ─► manifest-a ─► manifest-b ─► sources are unlinked
 *
 * Invariants
 * 1. The manifest names only what is durable, and both of its copies are durable before anything
 *    that it has let go of is unlinked.
 * 2. A file is appended to by the opening that made it only, and never before its length counts.
 * 3. A segment whose write or sync has failed is given another file, and the old one stays until
 *    the manifest names that. So a commit that failed can be called again.
 */

import { assert } from '../assert.ts';
import { HoldfastError } from '../errors.ts';
import type { FileSystem, OpenFile } from '../ports/file-system.ts';
import type { IoCounters } from './io-counters.ts';
import type { MainLog, NotDurable } from './main-log.ts';
import {
  encodeManifest,
  FIRST_MANIFEST,
  MANIFEST_NAMES,
  type Manifest,
  type ManifestFile,
} from './manifest.ts';
import { OldFiles } from './old-files.ts';
import type { Segment } from './segment.ts';
import { compareFileIds, NO_FILE } from './segment-header.ts';
import type { SegmentWrites } from './segment-writes.ts';
import { compareTails } from './superblock.ts';

type Lane = Pick<Manifest, 'laneStart' | 'laneDurable'>;

export class MainFiles {
  readonly #directory: string;
  readonly #fileSystem: FileSystem;
  readonly #main: MainLog;
  readonly #counters: IoCounters;
  readonly #writes: SegmentWrites;
  readonly #oldFiles: OldFiles;
  /** Segments whose files are not trusted any more. */
  readonly #distrusted = new Set<Segment>();
  #manifest: Manifest;
  #version: number;

  constructor(options: {
    directory: string;
    fileSystem: FileSystem;
    main: MainLog;
    counters: IoCounters;
    writes: SegmentWrites;
    /** What was found at the opening. */
    manifest: Manifest;
  }) {
    this.#directory = options.directory;
    this.#fileSystem = options.fileSystem;
    this.#main = options.main;
    this.#counters = options.counters;
    this.#writes = options.writes;
    this.#manifest = options.manifest;
    this.#version = options.manifest.version;
    this.#oldFiles = new OldFiles(options.fileSystem, options.directory);
  }

  /** Of the manifest that counts. */
  get manifestVersion(): number {
    return this.#manifest.version;
  }

  /**
   * Makes everything in main durable, and then the manifest: of what is in main now, and of the
   * segments that `staying` gives. Those have left main, but what went before them goes first, and
   * until then something may rest on them. Young files before `lane.laneStart` do not count any
   * more.
   */
  async commit(staying: () => readonly Segment[], lane: Lane): Promise<void> {
    this.#renewDistrusted(staying);
    const written = [
      ...this.#main.closeBatches(),
      ...staying()
        .filter(({ isDurable }) => !isDurable)
        .map(whole),
    ];
    for (const each of written) await this.#write(each);
    await this.#sync(written);
    await this.#writeManifest([...this.#main.segments, ...staying()], lane);
    await this.#oldFiles.drop();
  }

  #renewDistrusted(staying: () => readonly Segment[]): void {
    for (const segment of this.#distrusted) {
      // One that goes now goes with its file.
      if (this.#main.segments.includes(segment) || staying().includes(segment)) {
        this.#main.restoreMemory(segment);
        this.#oldFiles.keep(segment);
        this.#main.renew(segment);
        this.#counters.rewrites++;
      }
      this.#distrusted.delete(segment);
    }
  }

  /**
   * Makes the manifest durable without `segments`, and without the young files before `laneStart`:
   * on a full disk, where nothing else can be written.
   */
  async letGo(segments: readonly Segment[], laneStart: Segment | undefined): Promise<void> {
    const manifest = this.#manifest;
    const isLeaving = ({ id }: ManifestFile): boolean =>
      segments.some(({ header }) => compareFileIds(header.id, id) === 0);
    const start = laneStart?.header.id ?? NO_FILE;
    await this.#writeCopies({
      ...manifest,
      laneStart: compareFileIds(start, manifest.laneStart) > 0 ? start : manifest.laneStart,
      files: manifest.files.filter((file) => !isLeaving(file)),
    });
  }

  /** Sees to it that there is a manifest: on a full disk `letGo` can only write over one. */
  async ensureManifest(): Promise<void> {
    if (this.#manifest.version === FIRST_MANIFEST.version) await this.#writeCopies(this.#manifest);
  }

  /**
   * Makes the manifest as durable as everybody counts on: what a killed process has written of it
   * can be read, and a power cut could still take it. `isWhole`: both of its copies were found.
   */
  async settle(isWhole: boolean): Promise<void> {
    // Before one copy is written over: the other may be the one that was never synced.
    const names = await this.#fileSystem.list(this.#directory);
    const present = MANIFEST_NAMES.filter((name) => names.includes(name));
    for (const name of present) {
      const file = await this.#fileSystem.open(`${this.#directory}/${name}`, 'update');
      await file.datasync().finally(() => file.close());
    }
    if (present.length > 0) await this.#fileSystem.syncDirectory(this.#directory);
    if (!isWhole) await this.#writeCopies(this.#manifest);
  }

  /** Writes one segment, blocking: for a caller that fills memory without ever yielding. */
  writeNow(segment: Segment): void {
    if (segment.memory === undefined || segment.isWriting || segment.isWritten) return;
    if (this.#distrusted.has(segment)) return;
    try {
      this.#writes.writeNow(segment);
    } catch (error) {
      this.#distrustUnlessFull(segment, error);
      throw error;
    }
  }

  async #write({ segment, end }: NotDurable): Promise<void> {
    // It has left main meanwhile.
    if (segment.memory === undefined) return;
    try {
      await this.#writes.write(segment, end);
    } catch (error) {
      this.#distrustUnlessFull(segment, error);
      throw error;
    }
  }

  /** What found no space can be written again where it was to go. */
  #distrustUnlessFull(segment: Segment, error: unknown): void {
    if (HoldfastError.from(error).code !== 'NO_SPACE') this.#distrusted.add(segment);
  }

  async #sync(written: readonly NotDurable[]): Promise<void> {
    for (const { segment, end } of written) {
      if (segment.file === undefined) continue;
      try {
        await segment.file.datasync();
      } catch (error) {
        this.#distrusted.add(segment);
        throw error;
      }
      this.#counters.syncs++;
      segment.durableTo = Math.max(segment.durableTo, end);
    }
    const unnamed = written.map(({ segment }) => segment).filter(({ isNamed }) => !isNamed);
    if (unnamed.length === 0) return;
    try {
      await this.#fileSystem.syncDirectory(this.#directory);
    } catch (error) {
      for (const segment of unnamed) this.#distrusted.add(segment);
      throw error;
    }
    for (const segment of unnamed) segment.isNamed = true;
  }

  async #writeManifest(segments: readonly Segment[], lane: Lane): Promise<void> {
    const files = segments
      .filter((segment) => segment.isNamed && segment.durableTo > 0)
      .map(manifestFile)
      .sort((left, right) => compareFileIds(left.id, right.id));
    const { laneStart, laneDurable } = this.#manifest;
    const isLater = compareFileIds(lane.laneStart, laneStart) > 0;
    if (!isLater && isSameList(files, this.#manifest.files)) return;
    await this.#writeCopies({
      laneStart: isLater ? lane.laneStart : laneStart,
      laneDurable: compareTails(lane.laneDurable, laneDurable) > 0 ? lane.laneDurable : laneDurable,
      files,
    });
  }

  async #writeCopies(content: Omit<Manifest, 'version'>): Promise<void> {
    // Of an attempt that failed one copy may be there: no other one has its version.
    this.#version++;
    const manifest = { ...content, version: this.#version };
    const bytes = encodeManifest(manifest);
    for (const name of MANIFEST_NAMES) {
      const file = await this.#openManifest(name);
      try {
        await file.write(bytes, 0);
        this.#counters.writes++;
        this.#counters.bytesWritten += bytes.length;
        await file.datasync();
        this.#counters.syncs++;
      } finally {
        await file.close();
      }
      await this.#fileSystem.syncDirectory(this.#directory);
    }
    this.#manifest = manifest;
  }

  async #openManifest(name: string): Promise<OpenFile> {
    const path = `${this.#directory}/${name}`;
    const names = await this.#fileSystem.list(this.#directory);
    return this.#fileSystem.open(path, names.includes(name) ? 'update' : 'create');
  }
}

function whole(segment: Segment): NotDurable {
  return { segment, end: segment.head };
}

function manifestFile(segment: Segment): ManifestFile {
  const { header, durableTo: length, untilMs, sequenceMax } = segment;
  assert(header.main !== undefined, 'only main segments stand in the manifest');
  return { id: header.id, main: header.main, length, untilMs, sequenceMax };
}

function isSameList(left: readonly ManifestFile[], right: readonly ManifestFile[]): boolean {
  if (left.length !== right.length) return false;
  return left.every((file, index) => {
    const other = right[index] as ManifestFile;
    return compareFileIds(file.id, other.id) === 0 && file.length === other.length;
  });
}
