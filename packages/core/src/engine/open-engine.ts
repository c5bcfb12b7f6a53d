import type { Runtime } from '../ports/runtime.ts';
import { createCrc32 } from './crc32.ts';
import { Engine } from './engine.ts';
import { createEngineParts } from './engine-parts.ts';
import { Keyring, NO_KEYS } from './keyring.ts';
import type { LoggedShapes } from './logged-shapes.ts';
import { MainRecovery } from './main-recovery.ts';
import { closeStore, openStore } from './open-store.ts';
import { Recovery } from './recovery.ts';
import { TableRebuild } from './recovery-target.ts';
import { closeFiles } from './segment.ts';
import { parseMainFileName } from './segment-header.ts';
import type { EngineSettings } from './settings.ts';
import type { LaneTail, Superblock } from './superblock.ts';
import { nextTokenBase } from './token-base.ts';

/** For the first size of the index; larger entries leave it too large, by a few per cent. */
const RECOVERED_BYTES_PER_ENTRY = 160;

/** More than an opening writes in hours; 2^29 openings stay exact numbers. */
const SEQUENCES_PER_EPOCH = 2 ** 24;

/**
 * Opens the directory, recovers what it holds and starts the background work. Rejects with
 * `DIRECTORY_LOCKED`, `READ_ONLY`, `NO_SPACE`, `IO`, `INVALID_ARGUMENT` for a store encrypted with
 * a key that was not given, and `CORRUPT` for a format from the future; the directory is free again
 * then.
 */
export async function openEngine(
  runtime: Runtime,
  settings: EngineSettings,
  shapes: LoggedShapes,
): Promise<Engine> {
  const { fileSystem, random, clock } = runtime;
  if (!settings.isPersistent) {
    const parts = createEngineParts(runtime, settings, volatileStore(runtime), shapes, NO_KEYS);
    return new Engine({ clock, settings, parts });
  }
  const { directory, hashPrefixLength, onError } = settings;
  const keyring = new Keyring(settings.encryption, createCrc32(runtime.accelerators));
  const { lock, superblock, listing, names, manifest, wasClosed } = await openStore({
    fileSystem,
    random,
    directory,
    hashPrefixLength,
    nowMs: clock.wallMs(),
    onDamage: onError,
    keyring,
  });
  const parts = createEngineParts(
    runtime,
    settings,
    superblock,
    shapes,
    keyring,
    manifest.manifest,
  );
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
      keyring,
      target,
      hashSeed,
      closedTail,
      laneStart: manifest.manifest.laneStart,
      laneDurable: manifest.manifest.laneDurable,
    });
    const { report } = recovery;
    const mainRecovery = new MainRecovery({
      ...{ fileSystem, directory, crc32, keyring, target, report, storeId, hashSeed },
      nowMs: parts.clock.nowMs(),
    });
    const bytes = listing.files.reduce((sum, { size }) => sum + size, 0);
    const mainBytes = manifest.manifest.files.reduce((sum, { length }) => sum + length, 0);
    table.index.reserve((bytes + mainBytes) / RECOVERED_BYTES_PER_ENTRY);
    await mainRecovery.run(manifest.manifest, new Set(names));
    await recovery.run(listing, storeId);
    target.removeTombstones();
    target.settleFloors();
    const { isWhole } = manifest;
    if (!wasClosed || !isWhole) await parts.mainFiles?.settle(isWhole);
    log.missingTail = recovery.missingTail;
    parts.clock.raiseTo(target.storeTimeMs);
    const counting = new Set(main.segments.map(({ fileName }) => fileName));
    const strays = names.filter((name) => isMainFileName(name) && !counting.has(name));
    const removed = [...recovery.leftovers, ...strays];
    for (const name of removed) await fileSystem.remove(`${directory}/${name}`);
    // If one came back, an opening that has lost files of this one would miss what it follows.
    if (removed.length > 0) await fileSystem.syncDirectory(directory);
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
    epoch: 1,
    storeId: new Uint8Array(16),
    hashSeed: new DataView(seed.buffer).getInt32(0, true),
    hashPrefixLength: 0,
    storeTimeMs: 0,
    tail: undefined,
    isClosed: false,
    // The tokens of a store that forgets everything rise over its restarts all the same.
    tokenBase: nextTokenBase(0, runtime.clock.wallMs()),
  };
}
