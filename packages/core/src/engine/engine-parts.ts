import type { HoldfastError } from '../errors.ts';
import type { Runtime } from '../ports/runtime.ts';
import { Bounds } from './bounds.ts';
import { Cleaner } from './cleaner.ts';
import { type Crc32, createCrc32 } from './crc32.ts';
import { Floors } from './floors.ts';
import { GroupCommit } from './group-commit.ts';
import type { IoCounters } from './io-counters.ts';
import { KeyEncoder } from './key-encoder.ts';
import { KeyPrefix } from './key-prefix.ts';
import type { Keyring } from './keyring.ts';
import type { LoggedShapes } from './logged-shapes.ts';
import { MainFiles } from './main-files.ts';
import { MainLog } from './main-log.ts';
import { FIRST_MANIFEST, type Manifest } from './manifest.ts';
import { MemoryLimit } from './memory-limit.ts';
import { ReadCache } from './read-cache.ts';
import { RecordReader } from './record-reader.ts';
import { RecordTable } from './record-table.ts';
import { Room } from './room.ts';
import { SegmentTable } from './segment-table.ts';
import { SegmentWrites } from './segment-writes.ts';
import { chooseSegmentBytes, type EngineSettings, expectedEntriesMax } from './settings.ts';
import { StoreClock } from './store-clock.ts';
import type { Superblock } from './superblock.ts';
import { Verification } from './verification.ts';
import { YoungLog } from './young-log.ts';

/** What an engine is made of; each knows only those above it. */
export interface EngineParts {
  readonly epoch: number;
  readonly tokenBase: number;
  readonly crc32: Crc32;
  readonly keys: KeyEncoder;
  readonly clock: StoreClock;
  readonly log: YoungLog;
  readonly main: MainLog;
  readonly segments: SegmentTable;
  readonly counters: IoCounters;
  readonly reader: RecordReader;
  readonly table: RecordTable;
  readonly floors: Floors;
  /** `undefined` for a store in memory only. */
  readonly commit: GroupCommit | undefined;
  readonly mainFiles: MainFiles | undefined;
  readonly cleaner: Cleaner;
  readonly memoryLimit: MemoryLimit;
  readonly verification: Verification;
}

/** The list of shapes stands in every segment, and counts as garbage there. */
const SHAPES_SHARE_MAX = 1 / 16;
const SHAPES_BYTES_MAX = 4096;

/** Of the memory, for copies of what is hot and only on disk; taken when there are any. */
const READ_CACHE_SHARE = 1 / 4;

export function createEngineParts(
  runtime: Runtime,
  settings: EngineSettings,
  store: Superblock,
  shapes: LoggedShapes,
  keyring: Keyring,
  manifest: Manifest = FIRST_MANIFEST,
): EngineParts {
  const { random, fileSystem } = runtime;
  const { isPersistent, directory, flushIntervalMs, syncIntervalMs } = settings;
  // A turn later: a handler that uses the cache must not do so in the middle of an operation.
  const onError = (error: HoldfastError): void => {
    Promise.resolve().then(() => settings.onError(error));
  };
  const { epoch, storeId, hashSeed, tokenBase } = store;
  const segmentBytes = chooseSegmentBytes(settings);
  shapes.bytesMax = Math.min(segmentBytes * SHAPES_SHARE_MAX, SHAPES_BYTES_MAX);
  const entriesMax = expectedEntriesMax(settings);
  const crc32 = createCrc32(runtime.accelerators);
  const keys = new KeyEncoder(hashSeed);
  const clock = new StoreClock(runtime.clock, store.storeTimeMs);
  const identity = { epoch, storeId, hashSeed };
  const origin = { isPersistent, segmentBytes, ...identity, clock, random, crc32, shapes };
  const segments = new SegmentTable(segmentBytes, keyring);
  const log = new YoungLog(origin, segments);
  const main = new MainLog(origin, segments);
  const readCache = new ReadCache(settings.memoryBytesMax * READ_CACHE_SHARE);
  const reader = new RecordReader(crc32, readCache);
  const table = new RecordTable({ entriesMax, segments, reader, onError });
  const floors = new Floors();
  const counters: IoCounters = { bytesWritten: 0, writes: 0, syncs: 0, stalls: 0, rewrites: 0 };
  const writes = new SegmentWrites({ directory, fileSystem, counters });
  const files = { directory, fileSystem, counters, writes };
  const mainFiles = isPersistent ? new MainFiles({ ...files, main, manifest }) : undefined;
  const intervals = { flushIntervalMs, syncIntervalMs };
  const commit =
    mainFiles &&
    new GroupCommit({
      ...files,
      ...intervals,
      clock: runtime.clock,
      ...{ log, main, segments, mainFiles, onError },
    });
  const generations = { young: log, main, segments, table, commit };
  const own = { ...settings, onError };
  const memoryLimit = new MemoryLimit({ ...generations, readCache, mainFiles, settings: own });
  readCache.onGrown = () => memoryLimit.freeWritten();
  const bounds = new Bounds({ ...generations, settings, segmentBytes });
  const cleaner = new Cleaner({
    ...generations,
    ...{ clock, memoryLimit, bounds, segmentBytes, crc32, floors },
    keys: new KeyEncoder(hashSeed),
    keyPrefix: new KeyPrefix(settings.hashPrefixLength, runtime.accelerators),
    timers: runtime.clock,
    settings: own,
  });
  if (commit !== undefined && mainFiles !== undefined) {
    const tools = { segments, mainFiles, commit, cleaner, clock, bounds, segmentBytes };
    const room = new Room({ ...files, young: log, main, ...tools });
    commit.makeRoom = (isLaneMoving) => room.make(isLaneMoving);
  }
  return {
    epoch,
    tokenBase,
    crc32,
    keys,
    clock,
    log,
    main,
    segments,
    counters,
    reader,
    table,
    floors,
    commit,
    mainFiles,
    cleaner,
    memoryLimit,
    verification: new Verification({ directory, fileSystem, log, main, crc32 }),
  };
}
