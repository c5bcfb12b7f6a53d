/**
 * One file of the simulated disk: what readers see (the page cache), what a power cut would leave (the
 * platter), and, sector by sector, every version written since they last agreed.
 *
 * ```
 *   write ──► cached bytes ──(versions of each dirty sector, sizes)──► datasync ──► durable bytes
 *                 ▲ readers                                                             ▲ after a power cut
 * ```
 * Invariants
 * - A sector without pending versions and without a failed sync reads the same from both sides.
 * - A power cut leaves zeros where a file grew but its sectors did not arrive.
 * - A power cut leaves a dirty sector as any version since the last sync, as it was, or torn between two.
 */
import { assert } from '../assert.ts';
import type { SeededRandom } from './seeded-random.ts';

/** How much of what was never synced a power cut keeps: `random` decides piece by piece. */
export type PowerCutOutcome = 'random' | 'lose' | 'keep';

export class SimulatedFile {
  readonly #sectorBytes: number;
  #cached: Uint8Array = new Uint8Array(0);
  #durable: Uint8Array = new Uint8Array(0);
  #size = 0;
  #durableSize = 0;
  /** Sector number → its versions since the last sync, oldest first. */
  readonly #dirty = new Map<number, Uint8Array[]>();
  /** The sizes the file has had since the last sync, oldest first. */
  #pendingSizes: number[] = [];

  constructor(sectorBytes: number) {
    assert(sectorBytes > 0, 'sectors hold at least one byte');
    this.#sectorBytes = sectorBytes;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether a power cut now could change anything a reader sees. */
  get isDurable(): boolean {
    return this.#dirty.size === 0 && this.#pendingSizes.length === 0;
  }

  read(into: Uint8Array, position: number): number {
    assert(position >= 0, 'read before the start of a file');
    const count = Math.max(0, Math.min(into.length, this.#size - position));
    into.set(this.#cached.subarray(position, position + count));
    return count;
  }

  /** A copy of what readers see now. */
  bytes(): Uint8Array {
    return this.#cached.slice(0, this.#size);
  }

  write(from: Uint8Array, position: number): void {
    assert(position >= 0, 'write before the start of a file');
    if (from.length === 0) return;
    const end = position + from.length;
    this.#cached = this.#roomFor(this.#cached, end);
    this.#cached.set(from, position);
    if (end > this.#size) {
      this.#size = end;
      this.#pendingSizes.push(end);
    }
    const last = Math.floor((end - 1) / this.#sectorBytes);
    for (let sector = Math.floor(position / this.#sectorBytes); sector <= last; sector++) {
      const versions = this.#dirty.get(sector) ?? [];
      versions.push(this.#sectorOf(this.#cached, sector).slice());
      this.#dirty.set(sector, versions);
    }
  }

  /** Everything written is durable from here on, except sectors an earlier failed sync lost. */
  sync(): void {
    for (const [sector, versions] of this.#dirty) this.#persist(sector, versions.at(-1)!);
    this.#durableSize = this.#size;
    this.#durable = this.#roomFor(this.#durable, this.#size);
    this.#forgetPending();
  }

  /**
   * A sync that failed: some sectors arrived, the others are marked clean although they did not. Readers
   * still see them, and a later successful sync does not write them (as Linux does since 4.13).
   */
  failSync(random: SeededRandom): void {
    for (const [sector, versions] of this.#dirty) {
      if (random.chance(0.5)) this.#persist(sector, versions.at(-1)!);
    }
    if (random.chance(0.5)) this.#durableSize = this.#size;
    this.#durable = this.#roomFor(this.#durable, this.#durableSize);
    this.#forgetPending();
    if (this.#durableSize !== this.#size) this.#pendingSizes = [this.#size];
  }

  /** What is left when the power goes. */
  cutPower(random: SeededRandom, outcome: PowerCutOutcome): void {
    if (outcome === 'keep') this.sync();
    if (outcome === 'random') this.#keepSome(random);
    this.#forgetPending();
    this.#durable.fill(0, this.#durableSize);
    this.#size = this.#durableSize;
    this.#cached = this.#durable.slice();
  }

  #keepSome(random: SeededRandom): void {
    // One probability per file and cut: rare losses and rare survivals both get their share of seeds.
    const survival = random.next();
    for (const [sector, versions] of this.#dirty) {
      if (!random.chance(survival)) continue;
      const chosen = random.chance(0.7) ? versions.length - 1 : random.below(versions.length);
      const content = versions[chosen]!.slice();
      if (random.chance(0.3)) {
        const older = versions[chosen - 1] ?? this.#durableSector(sector);
        const cut = random.below(this.#sectorBytes);
        if (random.chance(0.5)) content.set(older.subarray(cut), cut);
        else content.set(older.subarray(0, cut));
      }
      this.#persist(sector, content);
    }
    if (this.#pendingSizes.length > 0 && random.chance(survival)) {
      this.#durableSize = this.#pendingSizes[random.below(this.#pendingSizes.length)]!;
    }
    this.#durable = this.#roomFor(this.#durable, this.#durableSize);
  }

  /** Replaces the content, durably, as somebody with an editor would. */
  replace(bytes: Uint8Array): void {
    this.#size = bytes.length;
    this.#durableSize = bytes.length;
    this.#cached = this.#roomFor(new Uint8Array(0), bytes.length);
    this.#cached.set(bytes);
    this.#durable = this.#cached.slice();
    this.#forgetPending();
  }

  /** Flips the bits of `mask` in one byte, wherever that byte is kept. */
  flip(offset: number, mask: number): void {
    assert(offset >= 0 && offset < this.#size, 'flip outside the file');
    this.#cached[offset] = this.#cached[offset]! ^ mask;
    if (offset < this.#durableSize) this.#durable[offset] = this.#durable[offset]! ^ mask;
    const within = offset % this.#sectorBytes;
    for (const version of this.#dirty.get(Math.floor(offset / this.#sectorBytes)) ?? []) {
      version[within] = version[within]! ^ mask;
    }
  }

  clone(): SimulatedFile {
    const copy = new SimulatedFile(this.#sectorBytes);
    copy.#cached = this.#cached.slice();
    copy.#durable = this.#durable.slice();
    copy.#size = this.#size;
    copy.#durableSize = this.#durableSize;
    copy.#pendingSizes = [...this.#pendingSizes];
    for (const [sector, versions] of this.#dirty) {
      copy.#dirty.set(
        sector,
        versions.map((version) => version.slice()),
      );
    }
    return copy;
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
