import type { FileSystem } from '../ports/file-system.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Keyring } from './keyring.ts';
import type { LoggedShapes } from './logged-shapes.ts';
import { MainRecovery } from './main-recovery.ts';
import type { OpenStore } from './open-store.ts';
import type { Recovered } from './recovered.ts';
import { Recovery } from './recovery.ts';
import { emptyReport } from './recovery-report.ts';
import { TableRebuild } from './recovery-target.ts';
import { parseMainFileName } from './segment-header.ts';
import type { EngineSettings } from './settings.ts';
import { openSnapshot } from './snapshot-opening.ts';
import { mayHaveSnapshot } from './store-closing.ts';

/** For the first size of the index; larger entries leave it too large, by a few per cent. */
const RECOVERED_BYTES_PER_ENTRY = 160;

/** More than an opening writes in hours; 2^29 openings stay exact numbers. */
const SEQUENCES_PER_EPOCH = 2 ** 24;

/** What a store is rebuilt with. */
interface Means {
  readonly fileSystem: FileSystem;
  readonly settings: EngineSettings;
  readonly parts: EngineParts;
  readonly shapes: LoggedShapes;
}

/** Sequences are versions to users: they rise even where the records that had the last are gone. */
function sequenceFrom(known: number, { superblock }: OpenStore): number {
  return Math.max(known, superblock.epoch * SEQUENCES_PER_EPOCH);
}

/** By the last closing's snapshot; `undefined` if there is none that fits. */
export async function takeSnapshot(
  store: OpenStore,
  { fileSystem, settings, parts, shapes }: Means,
): Promise<Recovered | undefined> {
  const { closed, listing, names } = store;
  const { manifest, isWhole } = store.manifest;
  if (closed === undefined || !isWhole || !mayHaveSnapshot(settings)) return undefined;
  const { directory } = settings;
  const found = { fileSystem, directory, names, closed, listing, manifest };
  const known = await openSnapshot(found, parts, shapes);
  if (known === undefined) return undefined;
  const files = parts.log.lane.length + parts.main.segments.length;
  return {
    report: { ...emptyReport(), files, isFromSnapshot: true },
    sequence: sequenceFrom(known, store),
    mainFloor: 0,
    lostFloor: 0,
    outdated: [],
    hasLosses: false,
  };
}

/** From the records of all files. */
export async function recoverStore(
  store: OpenStore,
  { fileSystem, settings, parts, shapes, keyring }: Means & { readonly keyring: Keyring },
): Promise<Recovered> {
  const { superblock, listing, names } = store;
  const { manifest, isWhole } = store.manifest;
  const { directory, onError } = settings;
  const { log, main, segments, table, keys, memoryLimit, crc32, floors } = parts;
  const afterAdopt = (): void => memoryLimit.enforce();
  const target = new TableRebuild({
    ...{ log, main, segments, table, keys, shapes, floors, onError, afterAdopt },
  });
  const { hashSeed, storeId, tail: closedTail } = superblock;
  const recovery = new Recovery({
    ...{ fileSystem, directory, crc32, keyring, target, hashSeed, closedTail },
    laneStart: manifest.laneStart,
    laneDurable: manifest.laneDurable,
  });
  const { report } = recovery;
  const mainRecovery = new MainRecovery({
    ...{ fileSystem, directory, crc32, keyring, target, report, storeId, hashSeed },
    nowMs: parts.clock.nowMs(),
  });
  const bytes = listing.files.reduce((sum, { size }) => sum + size, 0);
  const mainBytes = manifest.files.reduce((sum, { length }) => sum + length, 0);
  table.index.reserve((bytes + mainBytes) / RECOVERED_BYTES_PER_ENTRY);
  await mainRecovery.run(manifest, new Set(names));
  await recovery.run(listing, storeId);
  target.removeTombstones();
  target.settleFloors();
  // Before anything is removed for what it says.
  if (store.closed === undefined || !isWhole) await parts.mainFiles?.settle(isWhole);
  log.missingTail = recovery.missingTail;
  parts.clock.raiseTo(target.storeTimeMs);
  const counting = new Set(main.segments.map(({ fileName }) => fileName));
  const strays = names.filter((name) => isMainFileName(name) && !counting.has(name));
  await removeFiles(fileSystem, directory, [...recovery.leftovers, ...strays]);
  if (report.damagedRecords + report.damagedFiles > 0) table.mayHideRecords = true;
  const { mainFloor, outdated, lostFloor } = target;
  const { hasLosses } = mainRecovery;
  const sequence = sequenceFrom(target.sequence, store);
  return { report, sequence, mainFloor, lostFloor, outdated, hasLosses };
}

async function removeFiles(
  fileSystem: FileSystem,
  directory: string,
  names: readonly string[],
): Promise<void> {
  for (const name of names) await fileSystem.remove(`${directory}/${name}`);
  // If one came back, an opening that has lost files of this one would miss what it follows.
  if (names.length > 0) await fileSystem.syncDirectory(directory);
}

function isMainFileName(name: string): boolean {
  return parseMainFileName(name) !== undefined;
}
