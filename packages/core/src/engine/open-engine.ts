import type { Runtime } from '../ports/runtime.ts';
import { Engine } from './engine.ts';
import { createEngineParts } from './engine-parts.ts';
import type { LoggedShapes } from './logged-shapes.ts';
import { MainRecovery } from './main-recovery.ts';
import { closeStore, openStore } from './open-store.ts';
import { Recovery } from './recovery.ts';
import { TableRebuild } from './recovery-target.ts';
import { closeFiles } from './segment.ts';
import { parseMainFileName } from './segment-header.ts';
import type { EngineSettings } from './settings.ts';
import type { LaneTail, Superblock } from './superblock.ts';

/** More than an opening writes in hours; 2^29 openings stay exact numbers. */
const SEQUENCES_PER_EPOCH = 2 ** 24;

/**
 * Opens the directory, recovers what it holds and starts the background work. Rejects with
 * `DIRECTORY_LOCKED`, `READ_ONLY`, `NO_SPACE`, `IO`, and `CORRUPT` for a format from the future;
 * the directory is free again then.
 */
export async function openEngine(
  runtime: Runtime,
  settings: EngineSettings,
  shapes: LoggedShapes,
): Promise<Engine> {
  const { fileSystem, random, clock } = runtime;
  if (!settings.isPersistent) {
    const parts = createEngineParts(runtime, settings, volatileStore(runtime), shapes);
    return new Engine({ clock, settings, parts });
  }
  const { directory, hashPrefixLength, onError } = settings;
  const { lock, superblock, listing, names, manifest } = await openStore({
    fileSystem,
    random,
    directory,
    hashPrefixLength,
    nowMs: clock.wallMs(),
    onDamage: onError,
  });
  const parts = createEngineParts(runtime, settings, superblock, shapes, manifest.manifest);
  try {
    const { log, main, segments, table, keys, memoryLimit, crc32, floors } = parts;
    const afterAdopt = (): void => memoryLimit.enforce();
    const target = new TableRebuild({
      ...{ log, main, segments, table, keys, shapes, floors, onError, afterAdopt },
    });
    const { hashSeed, storeId } = superblock;
    const closedTail = superblock.tail;
    const recovery = new Recovery({
      fileSystem,
      directory,
      crc32,
      target,
      hashSeed,
      closedTail,
    });
    const { report } = recovery;
    const mainRecovery = new MainRecovery({
      ...{ fileSystem, directory, crc32, target, report, storeId, hashSeed },
      nowMs: parts.clock.nowMs(),
    });
    await mainRecovery.run(manifest.manifest, new Set(names));
    await recovery.run(listing, storeId);
    target.removeTombstones();
    target.settleFloors();
    if (!manifest.isWhole) await parts.mainFiles?.repair();
    log.missingTail = recovery.missingTail;
    parts.clock.raiseTo(target.storeTimeMs);
    const counting = new Set(main.segments.map(({ fileName }) => fileName));
    const strays = names.filter((name) => isMainFileName(name) && !counting.has(name));
    for (const name of [...recovery.leftovers, ...strays])
      await fileSystem.remove(`${directory}/${name}`);
    // Sequences are versions to users: they rise even where the records that had the last are gone.
    const sequence = Math.max(target.sequence, superblock.epoch * SEQUENCES_PER_EPOCH);
    if (report.damagedRecords + report.damagedFiles > 0) table.mayHideRecords = true;
    const markClosed = (tail: LaneTail | undefined): Promise<void> =>
      closeStore({ fileSystem, directory, superblock, tail, storeTimeMs: parts.clock.nowMs() });
    const { mainFloor, outdated, lostFloor } = target;
    const { hasLosses } = mainRecovery;
    const recovered = { report, sequence, mainFloor, lostFloor, outdated, hasLosses };
    return new Engine({ clock, settings, parts, lock, recovered, markClosed });
  } catch (error) {
    // The failure that matters is the first one.
    await closeFiles([...parts.log.lane, ...parts.main.segments]).catch(() => {});
    await lock.release();
    throw error;
  }
}

function isMainFileName(name: string): boolean {
  return parseMainFileName(name) !== undefined;
}

function volatileStore(runtime: Runtime): Superblock {
  const seed = runtime.random.fill(new Uint8Array(4));
  return {
    // The fencing tokens of a store that forgets everything rise over its restarts all the same.
    epoch: Math.max(1, Math.floor(runtime.clock.wallMs() / 1_000)),
    storeId: new Uint8Array(16),
    hashSeed: new DataView(seed.buffer).getInt32(0, true),
    hashPrefixLength: 0,
    storeTimeMs: 0,
    tail: undefined,
    isClosed: false,
  };
}
