import type { HoldfastError } from '../errors.ts';
import type { Runtime } from '../ports/runtime.ts';
import { Cleaner } from './cleaner.ts';
import { type Crc32, createCrc32 } from './crc32.ts';
import { GroupCommit } from './group-commit.ts';
import { KeyEncoder } from './key-encoder.ts';
import type { LoggedShapes } from './logged-shapes.ts';
import { RecordReader } from './record-reader.ts';
import { RecordTable } from './record-table.ts';
import { chooseSegmentBytes, type EngineSettings, expectedEntriesMax } from './settings.ts';
import { StoreClock } from './store-clock.ts';
import type { Superblock } from './superblock.ts';
import { YoungLog } from './young-log.ts';

/** What an engine is made of; each knows only those above it. */
export interface EngineParts {
  readonly epoch: number;
  readonly crc32: Crc32;
  readonly keys: KeyEncoder;
  readonly clock: StoreClock;
  readonly log: YoungLog;
  readonly reader: RecordReader;
  readonly table: RecordTable;
  /** `undefined` for a store in memory only. */
  readonly commit: GroupCommit | undefined;
  readonly cleaner: Cleaner;
}

/** The list of shapes stands in every segment, and counts as garbage there. */
const SHAPES_SHARE_MAX = 1 / 16;
const SHAPES_BYTES_MAX = 4096;

export function createEngineParts(
  runtime: Runtime,
  settings: EngineSettings,
  store: Superblock,
  shapes: LoggedShapes,
): EngineParts {
  const { random, fileSystem } = runtime;
  const { isPersistent, directory, flushIntervalMs, syncIntervalMs } = settings;
  // A turn later: a handler that uses the cache must not do so in the middle of an operation.
  const onError = (error: HoldfastError): void => {
    Promise.resolve().then(() => settings.onError(error));
  };
  const { epoch, storeId, hashSeed } = store;
  const segmentBytes = chooseSegmentBytes(settings);
  shapes.bytesMax = Math.min(segmentBytes * SHAPES_SHARE_MAX, SHAPES_BYTES_MAX);
  const entriesMax = expectedEntriesMax(settings);
  const crc32 = createCrc32(runtime.accelerators);
  const keys = new KeyEncoder(hashSeed);
  const clock = new StoreClock(runtime.clock, store.storeTimeMs);
  const identity = { epoch, storeId, hashSeed };
  const log = new YoungLog({
    isPersistent,
    segmentBytes,
    ...identity,
    clock,
    random,
    crc32,
    shapes,
  });
  const reader = new RecordReader(crc32);
  const table = new RecordTable({ entriesMax, log, reader, onError });
  const intervals = { flushIntervalMs, syncIntervalMs };
  const files = { directory, fileSystem, clock: runtime.clock };
  const commit = isPersistent
    ? new GroupCommit({ ...files, ...intervals, log, onError })
    : undefined;
  const tools = { keys, clock, settings: { ...settings, onError }, segmentBytes, crc32 };
  const cleaner = new Cleaner({ log, table, commit, ...tools });
  return { epoch, crc32, keys, clock, log, reader, table, commit, cleaner };
}
