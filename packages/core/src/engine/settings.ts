import type { Durability } from '../backend/cache-backend.ts';
import type { HoldfastError } from '../errors.ts';
import type { EncryptionSettings } from './keyring.ts';

/**
 * What the engine is opened with: `CacheOptions` after its defaults and checks, times in
 * milliseconds.
 */
export interface EngineSettings {
  readonly directory: string;
  readonly isPersistent: boolean;
  readonly hashPrefixLength: number;
  readonly cleanupIntervalMs: number;
  readonly memoryBytesMax: number;
  readonly diskBytesMax: number;
  readonly valueBytesMax: number;
  readonly durability: Durability;
  readonly flushIntervalMs: number;
  readonly syncIntervalMs: number;
  /** Absent: new files are not encrypted, and encrypted ones refused. */
  readonly encryption?: EncryptionSettings | undefined;
  readonly onError: (error: HoldfastError) => void;
  /**
   * A closing writes a snapshot of the index from so many entries on; `Infinity`: never, and none
   * is read. Default 16,384.
   */
  readonly snapshotEntriesMin?: number | undefined;
  /** Tests make them tiny, so that every path is walked. */
  readonly segmentBytes?: number | undefined;
}

/** Every segment's file is open: so many, and no more, in a store of up to 2 GiB. */
const FILES_MAX = 1024;
const SEGMENT_BYTES_MIN = 16 * 1024;
const SEGMENT_BYTES_MAX = 2 * 1024 * 1024;

/**
 * A power of two that gives a full store about 128 segments: one is what a limit may be overshot
 * by.
 */
export function chooseSegmentBytes(settings: EngineSettings): number {
  if (settings.segmentBytes !== undefined) return settings.segmentBytes;
  const limit = settings.isPersistent
    ? Math.min(settings.memoryBytesMax, settings.diskBytesMax)
    : settings.memoryBytesMax;
  const wanted = 2 ** Math.floor(Math.log2(limit / 128));
  const least = settings.isPersistent ? settings.diskBytesMax / FILES_MAX : 0;
  const enough = 2 ** Math.ceil(Math.log2(Math.max(least, SEGMENT_BYTES_MIN)));
  return Math.min(Math.max(wanted, enough), SEGMENT_BYTES_MAX);
}

/** A live record takes about this much, at least: header, key, value and its FRAME entry. */
const RECORD_BYTES_TYPICAL = 64;

/** How many entries the index reserves room for; more still fit, in longer chains. */
export function expectedEntriesMax(settings: EngineSettings): number {
  const limit = settings.isPersistent
    ? Math.max(settings.memoryBytesMax, Math.min(settings.diskBytesMax, 64 * 2 ** 30))
    : settings.memoryBytesMax;
  return Math.ceil(limit / RECORD_BYTES_TYPICAL);
}
