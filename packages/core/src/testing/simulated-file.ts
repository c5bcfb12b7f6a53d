/**
 * One file of the simulated disk: what readers see (the page cache), what a power cut would leave
 * (the platter), and, sector by sector, every version written since they last agreed.
 *
 * ```
 *   write ──► cached bytes ──(versions of each dirty sector, sizes)──► datasync ──► durable bytes
 *             ▲ readers                                              after a power cut ▲
 * ```
 * Invariants
 * - A sector without pending versions and without a failed sync reads the same from both sides.
 * - A power cut leaves zeros, or what the sector held before, where a file grew but its sectors did
 *   not arrive.
 * - A power cut leaves a dirty sector as any version since the last sync, as it was, or torn
 *   between two.
 */
import { assert } from '../assert.ts';
import type { SeededRandom } from './seeded-random.ts';

/** How much of what was never synced a power cut keeps: `random` decides piece by piece. */
export type PowerCutOutcome = 'random' | 'lose' | 'keep';

/** What a sector held before it became this file's, if anything: at most `sectorBytes` bytes. */
export type StaleSectors = (sectorBytes: number) => Uint8Array | undefined;

const none: StaleSectors = () => undefined;

/** How a sector rots: one bit, other bytes, zeros, or so that reading it fails. */
export type SectorDamage = 'bit' | 'noise' | 'zeros' | 'unreadable';

/** One write's state of a sector, or of the size: `write` numbers the file's writes from 1. */
interface Version<T> {
  readonly write: number;
  readonly value: T;
}

export class SimulatedFile {
  readonly #sectorBytes: number;
  #cached: Uint8Array = new Uint8Array(0);
  #durable: Uint8Array = new Uint8Array(0);
  #size = 0;
  #durableSize = 0;
  /** Sector number → its versions since the last sync, oldest first. */
  readonly #dirty = new Map<number, Version<Uint8Array>[]>();
  /** The sizes the file has had since the last sync, oldest first. */
  #pendingSizes: Version<number>[] = [];
  #writeCount = 0;
  /** Sectors that cannot be read until they are written again. */
  readonly #unreadable = new Set<number>();
  /** Sectors that a failed sync has left to readers only, until they are written again. */
  readonly #lost = new Set<number>();

  constructor(sectorBytes: number) {
    assert(sectorBytes > 0, 'sectors hold at least one byte');
    this.#sectorBytes = sectorBytes;
  }

  get size(): number {
    return this.#size;
  }

  /** The number of the newest write: what a sync that begins now has to cover. */
  get writeCount(): number {
    return this.#writeCount;
  }

  read(into: Uint8Array, position: number): number {
    assert(position >= 0, 'read before the start of a file');
    const count = Math.max(0, Math.min(into.length, this.#size - position));
    into.set(this.#cached.subarray(position, position + count));
    return count;
  }

  /** Whether a read of these bytes fails. */
  isUnreadable(position: number, length: number): boolean {
    const end = Math.min(position + length, this.#size);
    return [...this.#unreadable].some(
      (sector) => sector * this.#sectorBytes < end && (sector + 1) * this.#sectorBytes > position,
    );
  }

  /** A copy of what readers see now. */
  bytes(): Uint8Array {
    return this.#cached.slice(0, this.#size);
  }

  write(from: Uint8Array, position: number): void {
    assert(position >= 0, 'write before the start of a file');
    if (from.length === 0) return;
    const end = position + from.length;
    const write = ++this.#writeCount;
    this.#cached = this.#roomFor(this.#cached, end);
    this.#cached.set(from, position);
    if (end > this.#size) {
      this.#size = end;
      this.#pendingSizes.push({ write, value: end });
    }
    const last = Math.floor((end - 1) / this.#sectorBytes);
    for (let sector = Math.floor(position / this.#sectorBytes); sector <= last; sector++) {
      const versions = this.#dirty.get(sector) ?? [];
      versions.push({ write, value: this.#sectorOf(this.#cached, sector).slice() });
      this.#dirty.set(sector, versions);
      this.#unreadable.delete(sector);
      this.#lost.delete(sector);
    }
  }

  /** Whether a power cut would take what every later sync has called durable. */
  get hasLostSectors(): boolean {
    return this.#lost.size > 0;
  }

  /**
   * As `write`, but the sector of byte `astray` keeps what it held. Returns what was meant for it.
   */
  writeAstray(from: Uint8Array, position: number, astray: number): Uint8Array {
    const sector = Math.floor((position + astray) / this.#sectorBytes);
    this.#cached = this.#roomFor(this.#cached, position + from.length);
    const before = this.#sectorOf(this.#cached, sector).slice();
    this.write(from, position);
    const meant = this.#sectorOf(this.#cached, sector).slice();
    this.#sectorOf(this.#cached, sector).set(before);
    this.#dirty.get(sector)!.at(-1)!.value.set(before);
    return meant;
  }

  /**
   * Writes up to number `through` are durable from here on, except in sectors an earlier failed
   * sync lost. Later ones finished while the sync was under way: they stay pending, for they were
   * not promised.
   */
  sync(through: number = this.#writeCount): void {
    for (const [sector, versions] of this.#dirty) {
      const newest = versions.findLast((version) => version.write <= through);
      if (newest !== undefined) this.#persist(sector, newest.value);
      const later = versions.filter((version) => version.write > through);
      if (later.length > 0) this.#dirty.set(sector, later);
      else this.#dirty.delete(sector);
    }
    const size = this.#pendingSizes.findLast((version) => version.write <= through);
    if (size !== undefined) this.#setDurableSize(size.value);
    this.#pendingSizes = this.#pendingSizes.filter((version) => version.write > through);
  }

  /**
   * A sync that failed: some sectors arrived, the others are marked clean although they did not.
   * Readers still see them, and a later successful sync does not write them (Linux does this).
   */
  failSync(random: SeededRandom): void {
    for (const [sector, versions] of this.#dirty) {
      if (random.chance(0.5)) this.#persist(sector, versions.at(-1)!.value);
      else this.#lost.add(sector);
    }
    // The size belongs to the journal: it stays pending, and the next good sync writes it.
    this.#dirty.clear();
  }

  /** What is left when the power goes. */
  cutPower(random: SeededRandom, outcome: PowerCutOutcome, stale: StaleSectors = none): void {
    if (outcome === 'keep') this.sync();
    if (outcome === 'random') this.#keepSome(random, stale);
    this.#lost.clear();
    this.#forgetPending();
    this.#durable.fill(0, this.#durableSize);
    this.#size = this.#durableSize;
    this.#cached = this.#durable.slice();
  }

  #keepSome(random: SeededRandom, stale: StaleSectors): void {
    // One probability per file and cut: rare losses and rare survivals both get their share of
    // seeds.
    const survival = random.next();
    for (const [sector, versions] of this.#dirty) {
      if (!random.chance(survival)) {
        const isNew = sector * this.#sectorBytes >= this.#durableSize;
        const old = isNew ? stale(this.#sectorBytes) : undefined;
        if (old !== undefined) this.#persist(sector, old);
        continue;
      }
      const chosen = random.chance(0.7) ? versions.length - 1 : random.below(versions.length);
      const content = versions[chosen]!.value.slice();
      if (random.chance(0.3)) {
        const older = versions[chosen - 1]?.value ?? this.#durableSector(sector);
        const cut = random.below(this.#sectorBytes);
        if (random.chance(0.5)) content.set(older.subarray(cut), cut);
        else content.set(older.subarray(0, cut));
      }
      this.#persist(sector, content);
    }
    if (this.#pendingSizes.length > 0 && random.chance(survival)) {
      this.#setDurableSize(this.#pendingSizes[random.below(this.#pendingSizes.length)]!.value);
    }
  }

  /** Replaces the content, durably, as somebody with an editor would. */
  replace(bytes: Uint8Array): void {
    this.#size = bytes.length;
    this.#durableSize = bytes.length;
    this.#cached = this.#roomFor(new Uint8Array(0), bytes.length);
    this.#cached.set(bytes);
    this.#durable = this.#cached.slice();
    this.#unreadable.clear();
    this.#lost.clear();
    this.#forgetPending();
  }

  /** Flips the bits of `mask` in one byte, wherever that byte is kept. */
  flip(offset: number, mask: number): void {
    assert(offset >= 0 && offset < this.#size, 'flip outside the file');
    this.#cached[offset] = this.#cached[offset]! ^ mask;
    if (offset < this.#durableSize) this.#durable[offset] = this.#durable[offset]! ^ mask;
    const within = offset % this.#sectorBytes;
    for (const { value } of this.#dirty.get(Math.floor(offset / this.#sectorBytes)) ?? []) {
      value[within] = value[within]! ^ mask;
    }
  }

  /** Replaces a sector's content, wherever it is kept; the file's size stays. */
  overwriteSector(sector: number, content: Uint8Array): void {
    this.#damage(sector, (bytes) => bytes.set(content));
  }

  rot(sector: number, damage: SectorDamage, random: SeededRandom): void {
    const noise = random.fill(new Uint8Array(this.#sectorBytes));
    const at = random.below(Math.min(this.#sectorBytes, this.#size - sector * this.#sectorBytes));
    const mask = 1 << random.below(8);
    this.#damage(sector, (bytes) => {
      if (damage === 'bit') bytes[at] = bytes[at]! ^ mask;
      if (damage === 'noise') bytes.set(noise);
      if (damage === 'zeros') bytes.fill(0);
    });
    if (damage === 'unreadable') this.#unreadable.add(sector);
  }

  #damage(sector: number, change: (bytes: Uint8Array) => void): void {
    assert(sector >= 0 && sector * this.#sectorBytes < this.#size, 'no such sector in the file');
    change(this.#sectorOf(this.#cached, sector));
    const durable = this.#durableSector(sector);
    change(durable);
    this.#persist(sector, durable);
    for (const { value } of this.#dirty.get(sector) ?? []) change(value);
  }

  clone(): SimulatedFile {
    const copy = new SimulatedFile(this.#sectorBytes);
    copy.#cached = this.#cached.slice();
    copy.#durable = this.#durable.slice();
    copy.#size = this.#size;
    copy.#durableSize = this.#durableSize;
    copy.#writeCount = this.#writeCount;
    copy.#pendingSizes = [...this.#pendingSizes];
    for (const sector of this.#unreadable) copy.#unreadable.add(sector);
    for (const sector of this.#lost) copy.#lost.add(sector);
    for (const [sector, versions] of this.#dirty) {
      copy.#dirty.set(
        sector,
        versions.map(({ write, value }) => ({ write, value: value.slice() })),
      );
    }
    return copy;
  }

  #setDurableSize(size: number): void {
    this.#durableSize = size;
    this.#durable = this.#roomFor(this.#durable, size);
  }

  #persist(sector: number, content: Uint8Array): void {
    const start = sector * this.#sectorBytes;
    this.#durable = this.#roomFor(this.#durable, start + this.#sectorBytes);
    this.#durable.set(content, start);
  }

  #durableSector(sector: number): Uint8Array {
    this.#durable = this.#roomFor(this.#durable, (sector + 1) * this.#sectorBytes);
    return this.#sectorOf(this.#durable, sector).slice();
  }

  #sectorOf(bytes: Uint8Array, sector: number): Uint8Array {
    return bytes.subarray(sector * this.#sectorBytes, (sector + 1) * this.#sectorBytes);
  }

  #forgetPending(): void {
    this.#dirty.clear();
    this.#pendingSizes = [];
  }

  /** `bytes`, or a longer copy with zeros behind; always whole sectors. */
  #roomFor(bytes: Uint8Array, size: number): Uint8Array {
    if (bytes.length >= size) return bytes;
    const sectors = Math.ceil(Math.max(size, bytes.length * 2) / this.#sectorBytes);
    const longer = new Uint8Array(sectors * this.#sectorBytes);
    longer.set(bytes);
    return longer;
  }
}
