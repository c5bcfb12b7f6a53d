/**
 * Knows how many live records, and bytes of them, have passed their deadline without anybody having
 * looked: counts by deadline, in ticks, so that a million records with one TTL cost a few dozen map
 * entries.
 *
 * A record counts as expired up to one tick after its deadline, never before. Only `size` and the
 * decision to clean rest on this; reads look at the record's own deadline.
 */

import { NEVER } from './expiry.ts';

export const EXPIRY_TICK_MS = 64;
const NO_TICK = Number.NEGATIVE_INFINITY;

interface Tally {
  count: number;
  bytes: number;
}

/** Plain data: what a counter has come to. */
export interface ExpiryState {
  /** Tick, count and bytes of each deadline that lies ahead. */
  readonly ticks: readonly (readonly [number, number, number])[];
  /** Deadlines up to it have passed; `null` = none was looked for. */
  readonly lastTick: number | null;
  readonly expiredCount: number;
  readonly expiredBytes: number;
}

export class ExpiryCounter {
  readonly #ticks = new Map<number, Tally>();
  #lastTick = NO_TICK;
  /** The tally added to last, while it is in `#ticks`. */
  #recentTick = NO_TICK;
  #recent: Tally = { count: 0, bytes: 0 };
  #expiredCount = 0;
  #expiredBytes = 0;

  add(expiresAtMs: number, bytes: number): void {
    if (expiresAtMs === NEVER) return;
    const tick = Math.ceil(expiresAtMs / EXPIRY_TICK_MS);
    if (tick <= this.#lastTick) {
      this.#expiredCount++;
      this.#expiredBytes += bytes;
      return;
    }
    const tally = tick === this.#recentTick ? this.#recent : this.#tallyOf(tick);
    tally.count++;
    tally.bytes += bytes;
  }

  /** Records set together tend to share their deadline's tick: it is found once for all of them. */
  #tallyOf(tick: number): Tally {
    let tally = this.#ticks.get(tick);
    if (tally === undefined) {
      tally = { count: 0, bytes: 0 };
      this.#ticks.set(tick, tally);
    }
    this.#recentTick = tick;
    this.#recent = tally;
    return tally;
  }

  /** The record is gone from the index, for whatever reason. */
  remove(expiresAtMs: number, bytes: number): void {
    if (expiresAtMs === NEVER) return;
    const tick = Math.ceil(expiresAtMs / EXPIRY_TICK_MS);
    if (tick <= this.#lastTick) {
      this.#expiredCount--;
      this.#expiredBytes -= bytes;
      return;
    }
    const tally = this.#ticks.get(tick);
    if (tally === undefined) return;
    tally.count--;
    tally.bytes -= bytes;
    if (tally.count === 0) this.#forget(tick);
  }

  /**
   * So many records that passed their deadline a tick ago, or earlier, are gone from the index.
   */
  removeExpired(count: number, bytes: number, nowMs: number): void {
    this.#advance(nowMs);
    this.#expiredCount -= count;
    this.#expiredBytes -= bytes;
  }

  /** Records still in the index whose deadline has passed. */
  expiredCount(nowMs: number): number {
    this.#advance(nowMs);
    return this.#expiredCount;
  }

  expiredBytes(nowMs: number): number {
    this.#advance(nowMs);
    return this.#expiredBytes;
  }

  get state(): ExpiryState {
    return {
      ticks: [...this.#ticks].map(([tick, { count, bytes }]) => [tick, count, bytes]),
      lastTick: this.#lastTick === NO_TICK ? null : this.#lastTick,
      expiredCount: this.#expiredCount,
      expiredBytes: this.#expiredBytes,
    };
  }

  /** Takes the place of an empty counter's state. */
  restore(state: ExpiryState): void {
    for (const [tick, count, bytes] of state.ticks) this.#ticks.set(tick, { count, bytes });
    this.#lastTick = state.lastTick ?? NO_TICK;
    this.#expiredCount = state.expiredCount;
    this.#expiredBytes = state.expiredBytes;
  }

  clear(): void {
    this.#ticks.clear();
    this.#recentTick = NO_TICK;
    this.#expiredCount = 0;
    this.#expiredBytes = 0;
  }

  #advance(nowMs: number): void {
    const nowTick = Math.floor(nowMs / EXPIRY_TICK_MS);
    if (nowTick <= this.#lastTick) return;
    const passed = nowTick - this.#lastTick;
    if (passed > this.#ticks.size) {
      for (const [tick, tally] of this.#ticks) if (tick <= nowTick) this.#expire(tick, tally);
    } else {
      for (let tick = this.#lastTick + 1; tick <= nowTick; tick++) {
        const tally = this.#ticks.get(tick);
        if (tally !== undefined) this.#expire(tick, tally);
      }
    }
    this.#lastTick = nowTick;
  }

  #expire(tick: number, tally: Tally): void {
    this.#expiredCount += tally.count;
    this.#expiredBytes += tally.bytes;
    this.#forget(tick);
  }

  #forget(tick: number): void {
    this.#ticks.delete(tick);
    if (tick === this.#recentTick) this.#recentTick = NO_TICK;
  }
}
