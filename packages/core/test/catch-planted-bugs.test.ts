// Goal: the simulated histories are worth their time: each of these bugs is caught by them.
// Method: a method of the engine, or of the simulated disk, is replaced by one with a bug; then
// histories are played until one fails. Every bug is one that could be written by mistake.
// Not covered: bugs that only damage or failing calls bring out (the tests of those), and that an
// opening believes a manifest that is not durable (trust-no-manifest-of-a-killed-process).
import { afterEach, expect, test } from 'vitest';
import { ShapeDictionary } from '../src/codec/shape-dictionary.ts';
import { Engine } from '../src/engine/engine.ts';
import { Floors } from '../src/engine/floors.ts';
import { BatchEntries } from '../src/engine/frame.ts';
import { GroupCommit } from '../src/engine/group-commit.ts';
import { HashIndex } from '../src/engine/hash-index.ts';
import { NO_SLOT } from '../src/engine/index-slot.ts';
import { KeyEncoder } from '../src/engine/key-encoder.ts';
import { LaneRewrite } from '../src/engine/lane-rewrite.ts';
import { MainFiles } from '../src/engine/main-files.ts';
import { MainLog } from '../src/engine/main-log.ts';
import { OldFiles } from '../src/engine/old-files.ts';
import { isNamed, KIND_DELETE, keyEnd, keyStart, TAG_BYTES } from '../src/engine/record.ts';
import { RecordReader } from '../src/engine/record-reader.ts';
import { RecordTable } from '../src/engine/record-table.ts';
import { TableRebuild } from '../src/engine/recovery-target.ts';
import { ReplayQueue } from '../src/engine/replay-queue.ts';
import { Segment } from '../src/engine/segment.ts';
import { SegmentTable } from '../src/engine/segment-table.ts';
import { StoreClock } from '../src/engine/store-clock.ts';
import { TaggedCounts } from '../src/engine/tagged-counts.ts';
import { TailSync } from '../src/engine/tail-sync.ts';
import { YoungLog } from '../src/engine/young-log.ts';
import { ExpiryCounter } from '../src/expiry/expiry-counter.ts';
import { SimulatedDisk, SimulatedFileSystem } from '../src/testing/index.ts';
import { History } from './history.ts';
import { HistoryFailure } from './history-failure.ts';
import { PROFILES } from './history-profiles.ts';

/** Most are caught by the first few. */
const SEEDS = 150;

// biome-ignore lint/suspicious/noExplicitAny: methods are replaced whatever their types.
type Method = (this: any, ...given: any[]) => any;
const undo: (() => void)[] = [];

/** Replaces a method until the test ends; `make` gets the right one. */
function replace(prototype: object, name: string, make: (right: Method) => Method): void {
  const target = prototype as Record<string, Method>;
  const right = target[name]!;
  target[name] = make(right);
  undo.push(() => {
    target[name] = right;
  });
}

afterEach(() => {
  for (const each of undo.splice(0)) each();
});

async function openFilePrototype(): Promise<object> {
  const fileSystem = new SimulatedDisk().mount();
  await fileSystem.createDirectory('/d');
  return Object.getPrototypeOf(await fileSystem.open('/d/file', 'create')) as object;
}

const BUGS: Readonly<Record<string, () => void | Promise<void>>> = {
  'synced resolves after the write': () =>
    replace(GroupCommit.prototype, 'reach', (right) => {
      return function (durability) {
        const promise: unknown = right.call(this, durability);
        return durability === 'synced' ? right.call(this, 'written') : promise;
      };
    }),
  'written resolves at once': () =>
    replace(GroupCommit.prototype, 'reach', (right) => {
      return function (durability) {
        const promise: unknown = right.call(this, durability);
        return durability === 'written' ? Promise.resolve() : promise;
      };
    }),
  'files are not synced': async () =>
    replace(await openFilePrototype(), 'datasync', () => async () => {}),
  'names are not synced': () =>
    replace(SimulatedFileSystem.prototype, 'syncDirectory', () => async () => {}),
  'files are not removed': () =>
    replace(SimulatedFileSystem.prototype, 'remove', () => async () => {}),
  'a cleaned segment goes before its copies are durable': () =>
    replace(GroupCommit.prototype, 'remove', (right) => {
      return function (segments) {
        const own = Object.getOwnPropertyDescriptor(YoungLog.prototype, 'newestBatch')!;
        Object.defineProperty(YoungLog.prototype, 'newestBatch', {
          get: () => undefined,
          configurable: true,
        });
        const done: unknown = right.call(this, segments);
        Object.defineProperty(YoungLog.prototype, 'newestBatch', own);
        return done;
      };
    }),
  'cleaning forgets live records': () =>
    replace(RecordTable.prototype, 'findAt', () => () => NO_SLOT),
  'recovery ignores deletes': () => replace(TableRebuild.prototype, 'applyDelete', () => () => {}),
  'recovery ignores clear': () => replace(TableRebuild.prototype, 'applyClear', () => () => {}),
  'recovery does not cut the torn tail off': () =>
    replace(YoungLog.prototype, 'truncate', () => () => {}),
  'a FRAME calls itself durable': () =>
    replace(YoungLog.prototype, 'closeBatch', (right) => {
      return function () {
        const { segment } = this.newestBatch ?? {};
        if (segment !== undefined) {
          const { number, epoch } = segment.header.id;
          if (epoch === this.epoch) this.durable = { number, offset: segment.head + 1 };
        }
        right.call(this);
      };
    }),
  'recovery ignores shapes': () => replace(TableRebuild.prototype, 'applyShapes', () => () => true),
  'shapes are logged once, not in every segment': () =>
    replace(ShapeDictionary.prototype, 'encode', (right) => {
      const logged = new WeakSet<object>();
      return function () {
        if (logged.has(this)) return undefined;
        logged.add(this);
        return right.call(this);
      };
    }),
  'recovery takes unknown shapes for known ones': () => {
    replace(TableRebuild.prototype, 'applyShapes', () => () => true);
    replace(TableRebuild.prototype, 'isReadable', () => () => true);
  },
  'the clock lags': () =>
    replace(StoreClock.prototype, 'nowMs', (right) => {
      return function () {
        return right.call(this) - 10;
      };
    }),
  'a touched value never expires': () =>
    replace(Engine.prototype, 'putAgain', (right) => {
      return function () {
        return right.call(this, Number.POSITIVE_INFINITY);
      };
    }),
  'the index keeps a removed slot': () =>
    replace(HashIndex.prototype, 'remove', () => {
      return function () {
        this.count--;
      };
    }),
  'the index gives a replaced slot the old place': () =>
    replace(HashIndex.prototype, 'replace', () => () => {}),
  'expired records are counted twice': () =>
    replace(ExpiryCounter.prototype, 'remove', () => () => {}),
  'the reader takes one record for another of its segment': () => {
    let last: unknown;
    replace(RecordReader.prototype, 'readSync', (right) => {
      return function (segment, offset) {
        if (last === segment) return true;
        last = segment;
        return right.call(this, segment, offset);
      };
    });
  },
  'main does not know what is in its segments': () =>
    replace(Segment.prototype, 'noteRecord', () => () => {}),
  'tombstones are not carried to main': () =>
    replace(MainLog.prototype, 'append', (right) => {
      return function (record, place) {
        const isTombstone = record.kind === KIND_DELETE;
        return right.call(this, isTombstone ? { ...record, hash: 0, keyBytes: 0 } : record, place);
      };
    }),
  'main becomes durable before what it was copied from': () => {
    const { prototype } = MainLog;
    const own = Object.getOwnPropertyDescriptor(prototype, 'areSourcesDurable')!;
    Object.defineProperty(prototype, 'areSourcesDurable', { get: () => true, configurable: true });
    undo.push(() => Object.defineProperty(prototype, 'areSourcesDurable', own));
  },
  'the manifest is not written': () =>
    replace(MainFiles.prototype, 'commit', (right) => {
      let commits = 0;
      return function (...given) {
        return ++commits % 3 === 0 ? Promise.resolve() : right.apply(this, given);
      };
    }),
  'recovery ignores the records of main': () =>
    replace(TableRebuild.prototype, 'applyMain', () => () => {}),
  'a cleared main segment is left in main': () =>
    replace(MainLog.prototype, 'remove', (right) => {
      return function (segment) {
        if (segment.liveCount === 0 && segment.sequenceMax % 3 === 0) this.segments.push(segment);
        right.call(this, segment);
      };
    }),
  'a failed sync is tried again, of the same file': () =>
    replace(LaneRewrite.prototype, 'run', () => {
      return async (batches) => {
        for (const { segment, end } of batches) {
          if (end > segment.writtenTo) {
            await segment.file.write(segment.bytesToWrite(end), segment.writtenTo);
            segment.writtenTo = end;
          }
          await segment.file.datasync();
          segment.durableTo = end;
          segment.isNamed = true;
        }
      };
    }),
  'a full disk drops files that still count': () =>
    replace(MainFiles.prototype, 'letGo', () => async () => {}),
  'the old file goes before the new one counts': () =>
    replace(OldFiles.prototype, 'keep', (right) => {
      return function (segment) {
        right.call(this, segment);
        this.drop();
      };
    }),
  'what moves to another file names its predecessor by the old one': () =>
    replace(YoungLog.prototype, 'renew', (right) => {
      return function (segments) {
        for (const segment of segments) right.call(this, [segment]);
      };
    }),
  'what was promised before a clear is dropped unwritten': () =>
    replace(YoungLog.prototype, 'removeOldest', (right) => {
      return function () {
        const segment = right.call(this);
        segment.writtenTo = segment.head;
        return segment;
      };
    }),
  'recovery ignores that tags were invalidated and namespaces cleared': () =>
    replace(TableRebuild.prototype, 'applyFloor', () => () => {}),
  'clearing a namespace spares those within it': () =>
    replace(Floors.prototype, 'covers', (right) => {
      return function (found) {
        const { words, bytes } = found.memory;
        if (!isNamed(words, found.offset)) return right.call(this, found);
        const own = keyEnd(words, found.offset) + 1;
        const outer = bytes.subarray(own + TAG_BYTES, own + 2 * TAG_BYTES);
        const kept = outer.slice();
        if (bytes[keyStart(words, found.offset)] === 2) outer.fill(0);
        const isCovered: unknown = right.call(this, found);
        outer.set(kept);
        return isCovered;
      };
    }),
  'a key is taken for that of another namespace': () =>
    replace(KeyEncoder.prototype, 'encode', (right) => {
      return function (key) {
        right.call(this, key);
      };
    }),
  'a read shows what is kept past its deadline': () =>
    replace(Engine.prototype, 'find', () => Engine.prototype.findKept),
  'a value is not kept past its deadline': () =>
    replace(Engine.prototype, 'findKept', () => Engine.prototype.find),
  'an index is taken over, and its segments get other places': () =>
    replace(SegmentTable.prototype, 'add', (right) => {
      return function (header, memory, capacity) {
        return right.call(this, header, memory, capacity);
      };
    }),
  'a snapshot says nothing of deadlines': () =>
    replace(ExpiryCounter.prototype, 'restore', () => () => {}),
  'values of namespaces count as the others do': () =>
    replace(TaggedCounts.prototype, 'add', () => () => {}),
  'what a killed process did not sync stays like that': () => {
    replace(TailSync.prototype, 'start', () => () => {});
    replace(TailSync.prototype, 'finish', () => async () => {});
  },
  'a FRAME names keys by hashes that are not theirs': () =>
    replace(BatchEntries.prototype, 'add', (right) => {
      return function (hash, offset, kind) {
        right.call(this, hash ^ 1, offset, kind);
      };
    }),
  'records that go to the index together go in any order': () => {
    const { add } = ReplayQueue.prototype;
    replace(ReplayQueue.prototype, 'add', () => {
      return function (offset, hash) {
        this.held ??= [];
        this.held.unshift([offset, hash]);
      };
    });
    replace(ReplayQueue.prototype, 'flush', (right) => {
      return function () {
        for (const [offset, hash] of this.held?.splice(0) ?? []) add.call(this, offset, hash);
        right.call(this);
      };
    });
  },
};

async function firstFailure(): Promise<string | undefined> {
  for (let seed = 1; seed <= SEEDS; seed++) {
    for (const [name, profile] of Object.entries(PROFILES)) {
      try {
        await new History({ ...profile, seed }).run();
      } catch (error) {
        if (!(error instanceof HistoryFailure)) throw error;
        return `${name}: ${error.message}`;
      }
    }
  }
  return undefined;
}

test.each(Object.entries(BUGS))(
  '%s: caught',
  async (_name, plant) => {
    await plant();
    expect(await firstFailure()).toContain('SEED=');
  },
  120_000,
);
