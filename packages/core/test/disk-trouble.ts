/**
 * What goes wrong with the disk in a history besides crashes, and what is left of the disk's word
 * then: an acknowledgement is worth as much as `trust` says when it is given.
 *
 *     rot           damage is noticed: a miss, never another value         synced, as before
 *     stray writes  what was written since may be gone, though memory      buffered, until the
 *                   shows it; what the sector fell on is rot               next opening
 *     lies          what was written since survives the process only; a    written, until the
 *                   power cut ends the history                             power cut
 *     failures      the same, from an opening on that finds files which    power cut
 *                   only the page cache holds, for a sync of them failed
 *
 *     full disk     writes find no space, until files go or there is more     synced, as before
 *
 * Rot falls only on what a later FRAME or a closing has vouched for: damage behind that looks like
 * a torn tail, and there is no telling the two apart.
 */

import { assert } from '../src/assert.ts';
import type { Durability } from '../src/backend/cache-backend.ts';
import { parseSnapshotName } from '../src/engine/index-snapshot.ts';
import type { HoldfastError, HoldfastErrorCode } from '../src/errors.ts';
import {
  type DiskCallKind,
  type Fault,
  type SectorDamage,
  type SectorPlace,
  SeededRandom,
  type SimulatedDisk,
} from '../src/testing/index.ts';
import { DIRECTORY } from './engine-under-test.ts';

export type DiskTroubleKind = 'rot' | 'stray writes' | 'lies' | 'failures' | 'full disk';

const SECTOR_BYTES = 512;
const ROT: readonly SectorDamage[] = ['bit', 'noise', 'zeros', 'unreadable'];
const FAILING: readonly DiskCallKind[] = [
  'list',
  'open',
  'remove',
  'syncDirectory',
  'read',
  'write',
  'datasync',
  'close',
];
const ERRORS: Readonly<Record<DiskTroubleKind, readonly HoldfastErrorCode[]>> = {
  rot: ['CORRUPT', 'IO'],
  'stray writes': ['CORRUPT'],
  lies: ['CORRUPT'],
  failures: ['CORRUPT', 'IO', 'NO_SPACE', 'READ_ONLY'],
  'full disk': ['NO_SPACE'],
};

export class DiskTrouble {
  /** What an acknowledgement of `synced` is worth now. */
  trust: Durability = 'synced';
  /** Whether anything has been damaged, or may be missing, so far. */
  hasStruck = false;
  readonly #kind: DiskTroubleKind;
  readonly #failing: readonly DiskCallKind[];
  readonly #random: SeededRandom;
  /** By path, the bytes that a power cut could not take, nor look as if it had taken them. */
  #vouched = new Map<string, Range>();
  #stray: Fault | undefined;
  /**
   * The power took what was said to be durable. What had been unlinked for it is gone as well,
   * while what is older may be there: such a disk leaves no more to ask for than S1.
   */
  wasCaughtLying = false;
  #wasDoubted = false;
  #unreadable: SectorPlace | undefined;
  /** Since the last opening, which has dealt with what was before. */
  #isRotten = false;

  constructor(kind: DiskTroubleKind, seed: number, failing: readonly DiskCallKind[] = FAILING) {
    this.#kind = kind;
    this.#failing = failing;
    // Apart from the history's, so that one without trouble does the same as ever.
    this.#random = new SeededRandom(seed ^ 0x7207b1e5);
  }

  /** Whether what is durable may be missed: writes and syncs that fail cost nothing. */
  get mayLose(): boolean {
    return this.#failing.includes('read') ? this.hasStruck : this.#wasDoubted;
  }

  /** Whether it is time for something that happens with this probability. */
  happens(probability: number): boolean {
    return this.#random.chance(probability);
  }

  /** Whether it damages only what is vouched for. */
  get needsVouching(): boolean {
    return this.#kind === 'rot' || this.#kind === 'stray writes';
  }

  /** Whether calls fail that succeed another time. */
  get isPassing(): boolean {
    return this.#kind === 'failures' || this.#kind === 'full disk';
  }

  /** Nothing fails any more until the next trouble. */
  end(disk: SimulatedDisk): void {
    if (!this.isPassing) return;
    disk.clearFaults();
    disk.capacityBytes = Number.POSITIVE_INFINITY;
  }

  mayReport(code: HoldfastErrorCode): boolean {
    return this.hasStruck && ERRORS[this.#kind].includes(code);
  }

  /** Whether an opening may fail, to succeed another time. */
  mayFailToOpen(code: HoldfastErrorCode): boolean {
    if (this.#unreadable !== undefined) return code === 'IO';
    return this.isPassing && this.mayReport(code) && code !== 'CORRUPT';
  }

  /** What somebody does when an opening says that it cannot read that file, if it is no hiccup. */
  repair(disk: SimulatedDisk, { details }: HoldfastError): string {
    const place = this.#unreadable;
    if (place === undefined) return 'it is tried again';
    const path = `${DIRECTORY}/${details.file}`;
    assert(place.path === path, 'an opening failed for another file');
    this.#unreadable = undefined;
    if (this.#random.chance(0.5)) {
      disk.remove(path);
      return 'the file is removed';
    }
    const bytes = disk.read(path).slice();
    const start = place.sector * SECTOR_BYTES;
    bytes.fill(0, start, start + SECTOR_BYTES);
    disk.replace(path, bytes);
    return `${describe(place)} is replaced by zeros`;
  }

  /** An acknowledgement arrives: what it is worth. */
  worth(durability: Durability): Durability {
    if (this.trust === 'synced' || durability === 'buffered') return durability;
    return this.trust;
  }

  /** What was durable when something newer was written and synced. */
  vouch(ranges: ReadonlyMap<string, Range>): void {
    this.#vouched = new Map(ranges);
  }

  /** Before an opening, and now and then while the store is open. Says what it did. */
  meddle(disk: SimulatedDisk): string | undefined {
    switch (this.#kind) {
      case 'rot':
        return this.#rot(disk);
      case 'stray writes':
        return this.#strayWrite(disk);
      case 'lies':
        return this.#lie(disk);
      case 'failures':
        return this.#failCalls(disk);
      case 'full disk':
        return this.#fill(disk);
    }
  }

  /** After a closing everything is vouched for, and the directory can be damaged at leisure. */
  meddleWhileClosed(disk: SimulatedDisk): string | undefined {
    this.vouch(vouchedRanges(disk, 'closed'));
    if (this.#kind !== 'rot') return undefined;
    const snapshot = disk.list(DIRECTORY).find((name) => parseSnapshotName(name) !== undefined);
    if (snapshot !== undefined && this.#random.chance(0.2))
      return this.#damageSnapshot(disk, snapshot);
    const isFileLeaving = this.#unreadable !== undefined;
    if (!this.#random.chance(0.15) || isFileLeaving) return this.#rot(disk);
    const superblock = `${DIRECTORY}/superblock-${this.#random.chance(0.5) ? 'a' : 'b'}`;
    if (!disk.exists(superblock)) return undefined;
    // It may be the one that says where the log ended: then there is nobody left to vouch for that.
    // So it stays where a file is to be removed.
    this.#vouched.clear();
    return this.#damage(disk, { path: superblock, sector: 0 });
  }

  /** It costs nothing: what the snapshot says can be read from the records. */
  #damageSnapshot(disk: SimulatedDisk, name: string): string {
    const path = `${DIRECTORY}/${name}`;
    const sectors = Math.ceil(disk.read(path).length / SECTOR_BYTES);
    const sector = this.#random.below(sectors);
    disk.rot(path, sector, this.#random.chance(0.5) ? 'bit' : 'zeros');
    return `${describe({ path, sector })} rots, which costs nothing`;
  }

  crashed(kind: 'process' | 'power', disk: SimulatedDisk): void {
    this.#stray?.cancel();
    this.#stray = undefined;
    if (kind === 'process') return;
    if (this.trust !== 'synced' && this.#kind === 'lies') this.wasCaughtLying = true;
    disk.syncLies = false;
    if (this.#kind !== 'stray writes') this.trust = 'synced';
  }

  /** What an opening has found is what there is, if it has read all of it. */
  opened(disk: SimulatedDisk, hasReadAll: boolean): void {
    if (hasReadAll) {
      this.#isRotten = false;
      this.#unreadable = undefined;
    }
    const files = disk.list(DIRECTORY).map((name) => `${DIRECTORY}/${name}`);
    if (files.some((path) => disk.hasLostSectors(path))) {
      this.trust = 'written';
      this.#wasDoubted = true;
    }
    const isArmed = this.#stray?.firedCount === 0;
    if (this.#kind === 'stray writes' && !isArmed) this.trust = 'synced';
  }

  #strayWrite(disk: SimulatedDisk): string | undefined {
    if (this.#vouched.size === 0) return undefined;
    const onto = this.#random.chance(0.3) ? undefined : this.#vouchedSector(disk);
    const nth = 1 + this.#random.below(4);
    this.#stray?.cancel();
    this.#stray = disk.strayWrite(onto === undefined ? { nth } : { nth, onto });
    this.trust = 'buffered';
    this.hasStruck = true;
    return `a write will land ${onto === undefined ? 'nowhere' : `on ${describe(onto)}`}`;
  }

  /**
   * Of data only: a disk that lies about names as well may bring a removed file back without the
   * next one, which had what replaced it.
   */
  #lie(disk: SimulatedDisk): string | undefined {
    disk.syncLies = disk.syncLies === false ? 'data' : false;
    if (!disk.syncLies) return 'syncs are honest again';
    this.trust = 'written';
    this.hasStruck = true;
    return 'syncs lie';
  }

  #fill(disk: SimulatedDisk): string {
    const isFreed = disk.capacityBytes < Number.POSITIVE_INFINITY && this.#random.chance(0.3);
    const left = isFreed ? Number.POSITIVE_INFINITY : this.#random.below(3_000);
    disk.capacityBytes = disk.bytesUsed + left;
    this.hasStruck = true;
    return `${left} bytes are left on the disk`;
  }

  #failCalls(disk: SimulatedDisk): string {
    const random = this.#random;
    const kind = this.#failing[random.below(this.#failing.length)]!;
    const nth = 1 + random.below(kind === 'write' || kind === 'read' ? 20 : 6);
    const code = random.chance(0.6) ? 'EIO' : 'ENOSPC';
    disk.failNth(nth, code, { kind, times: 1 + random.below(3) });
    this.hasStruck = true;
    return `${kind} number ${nth} from now will fail with ${code}`;
  }

  #rot(disk: SimulatedDisk): string | undefined {
    const place = this.#vouchedSector(disk);
    return place && this.#damage(disk, place);
  }

  #damage(disk: SimulatedDisk, place: SectorPlace): string {
    // An opening that cannot read a file fails, and somebody may remove that: with it goes what
    // vouches for something else that rots.
    const mayBeUnreadable = !this.#isRotten;
    const kinds = mayBeUnreadable ? ROT : ROT.filter((kind) => kind !== 'unreadable');
    const damage = kinds[this.#random.below(kinds.length)]!;
    disk.rot(place.path, place.sector, damage);
    this.#isRotten = true;
    if (damage === 'unreadable') {
      this.#vouched.clear();
      this.#unreadable = place;
    }
    this.hasStruck = true;
    return `${describe(place)} rots: ${damage}`;
  }

  #vouchedSector(disk: SimulatedDisk): SectorPlace | undefined {
    const places = [...this.#vouched].flatMap(([path, { from, to }]) => {
      if (!disk.exists(path)) return [];
      const first = from / SECTOR_BYTES;
      const count = Math.max(0, Math.floor(to / SECTOR_BYTES) - first);
      return Array.from({ length: count }, (_, index) => ({ path, sector: first + index }));
    });
    return places[this.#random.below(places.length)];
  }
}

/** Bytes of a file. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * By path, what is vouched for of each segment file. Of the newest one of an open store the header
 * is not: without it the file looks as if it had never arrived.
 */
export function vouchedRanges(disk: SimulatedDisk, store: 'open' | 'closed'): Map<string, Range> {
  const names = disk.list(DIRECTORY).filter((name) => name.endsWith('.seg'));
  return new Map(
    names.map((name, index) => {
      const path = `${DIRECTORY}/${name}`;
      const isNewest = store === 'open' && index === names.length - 1;
      return [path, { from: isNewest ? SECTOR_BYTES : 0, to: disk.read(path).length }];
    }),
  );
}

function describe({ path, sector }: SectorPlace): string {
  return `sector ${sector} of ${path}`;
}
