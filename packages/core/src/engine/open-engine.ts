import type { Runtime } from '../ports/runtime.ts';
import { createCrc32 } from './crc32.ts';
import { Engine } from './engine.ts';
import { createEngineParts } from './engine-parts.ts';
import { parseSnapshotName } from './index-snapshot.ts';
import { Keyring, NO_KEYS } from './keyring.ts';
import type { LoggedShapes } from './logged-shapes.ts';
import { openStore } from './open-store.ts';
import { recoverStore, takeSnapshot } from './recover-store.ts';
import { closeFiles } from './segment.ts';
import type { EngineSettings } from './settings.ts';
import { StoreClosing } from './store-closing.ts';
import type { Superblock } from './superblock.ts';
import { nextTokenBase } from './token-base.ts';
import { WarmUp } from './warm-up.ts';

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
  const store = await openStore({
    fileSystem,
    random,
    directory,
    hashPrefixLength,
    nowMs: clock.wallMs(),
    onDamage: onError,
    keyring,
  });
  const { lock, superblock, names, manifest } = store;
  const parts = createEngineParts(
    runtime,
    settings,
    superblock,
    shapes,
    keyring,
    manifest.manifest,
  );
  const warmUp = new WarmUp(parts, clock);
  try {
    const recovered =
      (await takeSnapshot(store, { fileSystem, settings, parts, shapes })) ??
      (await recoverStore(store, { fileSystem, settings, parts, shapes, keyring }));
    for (const name of names) {
      // It is of a state that is about to change. Should one stay, it is never of the newest epoch.
      const isSnapshot = parseSnapshotName(name) !== undefined;
      if (isSnapshot) await fileSystem.remove(`${directory}/${name}`).catch(() => {});
    }
    const closing = new StoreClosing({ fileSystem, settings, superblock, parts, shapes, warmUp });
    const engine = new Engine({ clock, settings, parts, lock, recovered, closing });
    if (recovered.report.isFromSnapshot) warmUp.start();
    return engine;
  } catch (error) {
    // The failure that matters is the first one.
    await closeFiles([...parts.log.lane, ...parts.main.segments]).catch(() => {});
    await lock.release();
    throw error;
  }
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
