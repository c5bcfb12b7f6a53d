import type { MainLog } from './main-log.ts';
import type { RecordTable } from './record-table.ts';
import type { SegmentTable } from './segment-table.ts';
import type { EngineSettings } from './settings.ts';
import type { YoungLog } from './young-log.ts';

/** Bytes are given up a slice at a time from this share of the limit on, or so close to it. */
const EARLY_SHARE = 0.95;
const EARLY_SEGMENTS = 2;

/** So far over, no turn is too long: it is what a limit may be overshot by. In segments. */
const FAR_SEGMENTS = 1;

/** How much below what a full disk has held the store stays from then on, in segments. */
const SPARE_SEGMENTS = 2;

export interface BoundsOptions {
  readonly young: YoungLog;
  readonly main: MainLog;
  readonly segments: SegmentTable;
  readonly table: RecordTable;
  readonly settings: EngineSettings;
  readonly segmentBytes: number;
}

/** How many bytes the segments may have: of files, or of memory where there are none. */
export class Bounds {
  readonly #options: BoundsOptions;
  /** What the disk turned out to hold, if that is less than the limit. */
  #diskBytesMax: number;

  constructor(options: BoundsOptions) {
    this.#options = options;
    this.#diskBytesMax = options.settings.diskBytesMax;
  }

  /** Whether anything live may be dropped for room: `diskBytesMax: Infinity` says no, ever. */
  get mayEvict(): boolean {
    return this.#options.settings.diskBytesMax !== Number.POSITIVE_INFINITY;
  }

  /** One segment is always open, so the store is cleaned a segment before its limit. */
  get limit(): number {
    const { settings, table, segmentBytes } = this.#options;
    const { isPersistent, memoryBytesMax } = settings;
    return (isPersistent ? this.#diskBytesMax : memoryBytesMax - table.index.bytes) - segmentBytes;
  }

  get isTight(): boolean {
    const { limit } = this;
    const early = limit - EARLY_SEGMENTS * this.#options.segmentBytes;
    return this.#bytes > Math.max(limit * EARLY_SHARE, early);
  }

  get isOver(): boolean {
    return this.#bytes > this.limit;
  }

  /** Whether cleaning has to come before everything else; until then it goes a slice at a time. */
  get isFarOver(): boolean {
    return this.#bytes > this.limit + FAR_SEGMENTS * this.#options.segmentBytes;
  }

  /** The disk is full: it holds this much, and some of that has to stay free for copies. */
  lower(): void {
    const spare = SPARE_SEGMENTS * this.#options.segmentBytes;
    this.#diskBytesMax = Math.min(this.#diskBytesMax, Math.max(this.#bytes - spare, spare));
  }

  /** Time has passed: there may be room again. It is found out a segment at a time. */
  raise(): void {
    const { settings, segmentBytes } = this.#options;
    this.#diskBytesMax = Math.min(this.#diskBytesMax + segmentBytes, settings.diskBytesMax);
  }

  /** What the limit is about: of segments in memory all that they may fill. */
  get #bytes(): number {
    const { young, main, segments, settings } = this.#options;
    return settings.isPersistent ? young.bytes + main.bytes : segments.pool.usedBytes;
  }
}
