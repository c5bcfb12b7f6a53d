/**
 * What the histories hold the engine to: the model of what it was told, how much each
 * acknowledgement is worth on a disk in trouble, and its clock.
 */
import type { Durability } from '../src/backend/cache-backend.ts';
import type { HoldfastError } from '../src/errors.ts';
import { ModelStore, type ModelWrite, type SimulatedRuntime } from '../src/testing/index.ts';
import type { DiskTrouble } from './disk-trouble.ts';
import type { EngineUnderTest } from './engine-under-test.ts';
import { fail } from './history-failure.ts';
import type { HistoryOptions } from './history-options.ts';

export type CrashSeen = 'none' | 'process' | 'power';

export class HistoryJudge {
  readonly model = new ModelStore<string>();
  readonly #evicts: boolean;
  readonly #trouble: DiskTrouble | undefined;
  /** The latest time that any opening has seen, and the one this opening has. */
  #seenMs = 0;
  #latestMs = 0;
  /** The latest time that a write has seen which survives a killed process, and a power cut. */
  #writtenMs = 0;
  #syncedMs = 0;
  #isTimeLost = false;

  /** How far clocks jump, and how long values live. */
  readonly jumpMs: number;

  constructor(options: HistoryOptions, trouble: DiskTrouble | undefined) {
    this.#evicts = options.evicts ?? false;
    this.jumpMs = options.jumpMs ?? 10_000;
    this.#trouble = trouble;
  }

  get #mayMiss(): boolean {
    return this.#evicts || this.#isTimeLost || (this.#trouble?.mayLose ?? false);
  }

  /** Whether the disk has done anything but crash. */
  get hasStruck(): boolean {
    return this.#trouble?.hasStruck ?? false;
  }

  #worth(durability: Durability): Durability {
    return this.#trouble?.worth(durability) ?? durability;
  }

  /** L1: what `onError` heard is what the trouble explains. */
  errors(errors: readonly HoldfastError[]): void {
    const unexpected = errors.filter(({ code }) => !this.#trouble?.mayReport(code));
    if (unexpected.length > 0) fail('L1', `background errors: ${unexpected.join(' | ')}`);
  }

  acknowledge(write: ModelWrite<string>, durability: Durability, calledAtMs: number): void {
    this.model.acknowledge(write, this.#worth(durability));
    // A delete that found nothing wrote nothing, so the time it was called at is not written down.
    if (durability === 'buffered' || write.value === undefined) return;
    this.#writtenMs = Math.max(this.#writtenMs, calledAtMs);
    if (durability === 'synced') this.#syncedMs = Math.max(this.#syncedMs, calledAtMs);
  }

  /** A flush was resolved that was called when `sequence` was the newest write. */
  acknowledgeFlush(sequence: number): void {
    this.model.acknowledgeAll(this.#worth('synced'), sequence);
  }

  acknowledgeClose(nowMs: number): void {
    this.model.acknowledgeAll(this.#worth('synced'));
    this.#writtenMs = nowMs;
    this.#syncedMs = nowMs;
  }

  /** S4, I6: the store's clock is not behind the wall clock, nor behind itself. */
  latestMs({ engine }: EngineUnderTest, wallMs: number): number {
    const nowMs = engine.clock.nowMs();
    if (nowMs < wallMs) fail('S4', `the store clock is behind: ${nowMs}`);
    if (nowMs < this.#latestMs) fail('I6', 'the store clock went back');
    this.#latestMs = nowMs;
    this.#seenMs = Math.max(this.#seenMs, nowMs);
    return nowMs;
  }

  read(key: string, value: string | undefined, nowMs: number): void {
    const reason = this.model.judge(key, value, { nowMs, mayMiss: this.#mayMiss });
    if (reason !== undefined) fail('S1-S5', reason);
  }

  /** What a reader is given that asks for values past their deadline. */
  readKept(key: string, value: string | undefined, nowMs: number): void {
    const view = { nowMs, mayMiss: this.#mayMiss, stale: true };
    const reason = this.model.judge(key, value, view);
    if (reason !== undefined) fail('S1-S5, kept', reason);
  }

  /** Compares everything after an opening, and lets the model forget what was lost. */
  opening(
    store: EngineUnderTest,
    keys: readonly string[],
    crash: CrashSeen,
    { clock, disk }: SimulatedRuntime,
  ): void {
    const wallMs = clock.wallMs();
    this.#checkClock(store, crash);
    const nowMs = this.latestMs(store, wallMs);
    const view = { nowMs, crash, mayMiss: this.#mayMiss, stale: true } as const;
    const state = new Map(keys.map((key) => [key, store.getKeptWithDeadline(key)]));
    const reason = this.model.judgeState(state, view);
    if (reason !== undefined) fail('S1-S5 after a crash', reason);
    this.model.adopt(state, view);
    for (const key of keys) this.read(key, store.getWithDeadline(key), nowMs);
    // What an opening has shown is durable: later writes rest on it.
    const { recovery } = store.engine.statistics();
    this.#trouble?.opened(disk, recovery?.isFromSnapshot === false);
    this.model.acknowledgeAll(this.#worth('synced'));
    if (recovery !== undefined && recovery.damagedRecords > 0 && !this.hasStruck) {
      fail('S6', `damage without any: ${store.errors.join(' | ')}`);
    }
  }

  /** S1: whatever is there was set for that key, once. */
  openingAfterLies(store: EngineUnderTest, keys: readonly string[]): void {
    for (const key of keys) {
      const value = store.get(key);
      if (value !== undefined && !value.startsWith(`${key}#`)) fail('S1', `${key} has ${value}`);
    }
  }

  /** I6: time goes on where the last write that survived had seen it. */
  #checkClock({ engine }: EngineUnderTest, crash: CrashSeen): void {
    if (crash === 'power') this.#writtenMs = this.#syncedMs;
    const floorMs = this.#writtenMs;
    const nowMs = engine.clock.nowMs();
    if (nowMs < floorMs && !this.hasStruck) fail('I6', `${nowMs} after ${floorMs}`);
    // What had been seen to expire may be gone, though a clock that went back says otherwise.
    if (nowMs < this.#seenMs) this.#isTimeLost = true;
    this.#latestMs = nowMs;
  }
}
