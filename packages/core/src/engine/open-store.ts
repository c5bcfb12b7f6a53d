/**
 * Opens a directory: lock, superblock, new epoch. The epoch is durable before any file is made in
 * its name, so no file name, and no fencing token, is ever used twice.
 */

import { HoldfastError } from '../errors.ts';
import type { DirectoryLock, FileSystem } from '../ports/file-system.ts';
import type { Random } from '../ports/random.ts';
import { assertKeys } from './assert-keys.ts';
import type { Keyring } from './keyring.ts';
import { type LaneListing, listLane } from './lane-listing.ts';
import { type ReadManifest, readManifest } from './read-manifest.ts';
import { readAgain } from './read-segment.ts';
import {
  decodeSuperblock,
  encodeSuperblock,
  type LaneTail,
  SUPERBLOCK_BYTES,
  SUPERBLOCK_NAMES,
  type Superblock,
} from './superblock.ts';
import { nextTokenBase } from './token-base.ts';

export interface OpenStore {
  readonly lock: DirectoryLock;
  readonly superblock: Superblock;
  readonly listing: LaneListing;
  readonly manifest: ReadManifest;
  /** What the last closing wrote; `undefined` after a kill: what can be read may not be durable. */
  readonly closed: Superblock | undefined;
  /** Of all files in the directory. */
  readonly names: readonly string[];
}

export async function openStore(options: {
  fileSystem: FileSystem;
  random: Random;
  directory: string;
  hashPrefixLength: number;
  nowMs: number;
  onDamage: (error: HoldfastError) => void;
  keyring: Keyring;
}): Promise<OpenStore> {
  const { fileSystem, directory } = options;
  await fileSystem.createDirectory(directory);
  const lock = await fileSystem.lockDirectory(directory);
  try {
    const names = await fileSystem.list(directory);
    const { superblock: previous, name: previousName } = await readSuperblocks(
      fileSystem,
      directory,
      names,
    );
    const listing = await listLane(fileSystem, directory, names);
    // Before anything is changed: a format from the future is refused.
    const manifest = await readManifest(fileSystem, directory, names, options.onDamage);
    const newest = listing.files.at(-1)?.header;
    // Likewise a key that was not given.
    const knownStoreId = previous?.storeId ?? newest?.storeId;
    const { keyring } = options;
    await assertKeys(
      { fileSystem, directory, names, keyring, storeId: knownStoreId },
      listing,
      manifest.manifest,
    );
    if (previous === undefined && newest !== undefined) {
      const message = 'no readable superblock; made anew from the segments';
      options.onDamage(new HoldfastError('CORRUPT', message, { details: { directory } }));
    }
    const storeTimeMs = Math.max(previous?.storeTimeMs ?? 0, Math.floor(options.nowMs));
    const superblock: Superblock = {
      epoch: Math.max(previous?.epoch ?? 0, listing.highestEpoch) + 1,
      storeId: previous?.storeId ?? newest?.storeId ?? options.random.fill(new Uint8Array(16)),
      hashSeed: previous?.hashSeed ?? newest?.hashSeed ?? randomWord(options.random),
      hashPrefixLength: options.hashPrefixLength,
      storeTimeMs,
      tail: previous?.tail,
      isClosed: false,
      tokenBase: nextTokenBase(previous?.tokenBase ?? 0, storeTimeMs),
    };
    // Never over the copy that counts until now.
    await writeSuperblock(fileSystem, directory, otherName(previousName), superblock, names);
    const closed = previous?.isClosed ? previous : undefined;
    return { lock, superblock, listing, manifest, closed, names };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Writes down where the lane ended: what is missing before that place later on is damage. */
export async function closeStore(options: {
  fileSystem: FileSystem;
  directory: string;
  superblock: Superblock;
  tail: LaneTail | undefined;
  storeTimeMs: number;
}): Promise<void> {
  const { fileSystem, directory, superblock, tail, storeTimeMs } = options;
  const names = await fileSystem.list(directory);
  const { name } = await readSuperblocks(fileSystem, directory, names);
  const closed = { ...superblock, storeTimeMs, tail, isClosed: true };
  await writeSuperblock(fileSystem, directory, otherName(name), closed, names);
}

function otherName(name: string | undefined): string {
  return SUPERBLOCK_NAMES[name === SUPERBLOCK_NAMES[0] ? 1 : 0];
}

async function writeSuperblock(
  fileSystem: FileSystem,
  directory: string,
  name: string,
  superblock: Superblock,
  names: readonly string[],
): Promise<void> {
  const mode = names.includes(name) ? 'update' : 'create';
  const file = await fileSystem.open(`${directory}/${name}`, mode);
  try {
    await file.write(encodeSuperblock(superblock), 0);
    await file.datasync();
  } finally {
    await file.close();
  }
  await fileSystem.syncDirectory(directory);
}

async function readSuperblocks(
  fileSystem: FileSystem,
  directory: string,
  names: readonly string[],
): Promise<{ superblock: Superblock | undefined; name: string | undefined }> {
  let best: Superblock | undefined;
  let bestName: string | undefined;
  for (const name of SUPERBLOCK_NAMES) {
    if (!names.includes(name)) continue;
    const file = await fileSystem.open(`${directory}/${name}`, 'read');
    try {
      const bytes = new Uint8Array(SUPERBLOCK_BYTES);
      const read = await readAgain(file, name, bytes, 0);
      const found = decodeSuperblock(bytes.subarray(0, read));
      if (found !== undefined && isNewer(found, best)) {
        best = found;
        bestName = name;
      }
    } finally {
      await file.close();
    }
  }
  return { superblock: best, name: bestName };
}

function isNewer(superblock: Superblock, other: Superblock | undefined): boolean {
  if (other === undefined) return true;
  if (superblock.epoch !== other.epoch) return superblock.epoch > other.epoch;
  return superblock.isClosed && !other.isClosed;
}

function randomWord(random: Random): number {
  return new DataView(random.fill(new Uint8Array(4)).buffer).getInt32(0, true);
}
