/**
 * Plays one seeded history against the engine and the model: writes of every kind and durability,
 * time, wall clock jumps, crashes at any point (of the opening too), and after each step and each
 * crash compares what is read with what may be read. The properties are those of the design, by
 * number:
 *
 *     S1 a hit was set for exactly that key     S2 nothing older than an acknowledged write
 *     S3 what survives is a prefix              S4 never after expiry
 *     S5 durable and not evicted is there       S6 opening succeeds
 *     S7 bytes bounded, no orphan files         L1 every promise settles
 */
import type { Durability } from '../src/backend/cache-backend.ts';
import type { EngineSettings } from '../src/engine/settings.ts';
import { NEVER } from '../src/expiry/expiry.ts';
import {
  ModelStore,
  type ModelWrite,
  SeededRandom,
  SimulatedDisk,
  type SimulatedRuntime,
  simulatedRuntime,
} from '../src/testing/index.ts';
import {
  EngineUnderTest,
  segmentFiles,
  type ValuesUnderTest,
  withDeadline,
} from './engine-under-test.ts';

export interface HistoryOptions {
  readonly seed: number;
  readonly settings?: Partial<EngineSettings>;
  /** Live records may be missing: a limit makes the engine evict. */
  readonly evicts?: boolean;
  readonly openings?: number;
  readonly steps?: number;
  readonly keys?: number;
  readonly staleSectors?: boolean;
  readonly values?: ValuesUnderTest;
}

const LARGEST_VALUE = 6_000;

/** Thrown with everything needed to play it again. */
export class HistoryFailure extends Error {}

export class History {
  readonly #seed: number;
  readonly #random: SeededRandom;
  readonly #options: HistoryOptions;
  readonly #settings: Partial<EngineSettings>;
  readonly #model = new ModelStore<string>();
  readonly #keys: string[];
  readonly #log: string[] = [];
  #machine: SimulatedRuntime;
  #store: EngineUnderTest | undefined;
  #opening = 0;
  #latestMs = 0;
  #values = 0;
  #pending = new Set<Promise<unknown>>();
  readonly #deadlines: { readonly key: string; readonly expiresAtMs: number }[] = [];
  readonly counts = { crashes: 0, evictions: 0, relocations: 0, torn: 0 };

  constructor(options: HistoryOptions) {
    this.#seed = options.seed;
    this.#options = options;
    this.#random = new SeededRandom(options.seed ^ 0x2545f491);
    const { seed, staleSectors = false } = options;
    this.#machine = simulatedRuntime({ seed, disk: new SimulatedDisk({ seed, staleSectors }) });
    this.#keys = Array.from({ length: options.keys ?? 8 }, (_, index) => `key-${index}`);
    this.#settings = options.settings ?? {};
  }

  async run(): Promise<void> {
    try {
      const { openings = 4, steps = 40 } = this.#options;
      for (this.#opening = 1; this.#opening <= openings; this.#opening++) {
        if (!(await this.#open())) continue;
        const count = 1 + this.#random.below(steps);
        for (let step = 0; step < count; step++) await this.#step();
        await this.#end();
      }
    } catch (error) {
      const { message, stack } = error as Error;
      throw new HistoryFailure(
        `SEED=${this.#seed} ${message}\n  replay: SIM_SEED=${this.#seed} npx vitest run test/survive-crashes.test.ts\n` +
          `  ${this.#log.slice(-60).join('\n  ')}\n${stack}`,
      );
    }
  }

  #note(line: string): void {
    this.#log.push(`${this.#opening}: ${line}`);
  }

  #fail(property: string, what: string): never {
    throw new Error(`${property}: ${what}`);
  }

  get #nowMs(): number {
    return this.#machine.clock.wallMs();
  }

  /** False if the machine crashed meanwhile. */
  async #open(): Promise<boolean> {
    const opening = EngineUnderTest.open(this.#machine, this.#settings, this.#options.values);
    if (this.#random.chance(0.25)) {
      opening.catch(() => {
        // Judged by what the next opening finds.
      });
      const turns = this.#random.below(150);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      const kind = this.#random.chance(0.5) ? 'power' : 'process';
      this.#note(`open, ${kind} after ${turns} turns`);
      this.#machine = this.#machine.crash(kind);
      this.counts.crashes++;
      // What an opening shows, it may have made durable; nothing else changed, and nothing was
      // promised.
      if (kind === 'power') this.#sawPower = true;
      await opening.then(
        () => undefined,
        () => undefined,
      );
      return false;
    }
    try {
      this.#store = await opening;
    } catch (error) {
      this.#fail('S6', `open failed: ${error}`);
    }
    this.#note(`open: ${JSON.stringify(this.#store.engine.statistics().recovery)}`);
    this.#latestMs = this.#latest();
    this.counts.torn += this.#store.engine.statistics().recovery?.tornBytes ?? 0;
    this.#judge();
    return true;
  }

  #crash: 'none' | 'process' | 'power' = 'none';
  #sawPower = false;

  /** Compares everything after an opening, and lets the model forget what was lost. */
  #judge(): void {
    const store = this.#store!;
    if (this.#sawPower && this.#crash !== 'none') this.#crash = 'power';
    const view = {
      nowMs: this.#latest(),
      crash: this.#sawPower ? 'power' : this.#crash,
      mayMiss: this.#options.evicts ?? false,
    } as const;
    const state = new Map(this.#keys.map((key) => [key, store.getWithDeadline(key)]));
    const reason = this.#model.judgeState(state, view);
    if (reason !== undefined) this.#fail('S1-S5 after a crash', reason);
    this.#model.adopt(state, view);
    // What an opening has shown is durable: later writes rest on it.
    this.#model.acknowledgeAll('synced');
    const { recovery } = store.engine.statistics();
    if (recovery !== undefined && recovery.damagedRecords > 0) {
      this.#fail('S6', `damage without any: ${store.errors.join(' | ')}`);
    }
    this.#crash = 'none';
    this.#sawPower = false;
  }

  async #step(): Promise<void> {
    const random = this.#random;
    const store = this.#store!;
    const key = this.#keys[random.below(this.#keys.length)]!;
    const dice = random.below(100);
    if (dice < 45) this.#set(key);
    else if (dice < 53)
      this.#write(
        `delete ${key}`,
        () => this.#model.delete(key),
        (durability) => store.delete(key, durability),
      );
    else if (dice < 58) this.#touch(key);
    else if (dice < 68) this.#read(key);
    else if (dice < 72) await this.#readAsync(key);
    else if (dice < 74) this.#clear();
    else if (dice < 78) this.#flush();
    else if (dice < 83)
      for (let burst = random.below(30); burst >= 0; burst--)
        this.#set(this.#keys[random.below(this.#keys.length)]!);
    else if (dice < 90)
      for (let turn = random.below(30); turn >= 0; turn--) await Promise.resolve();
    else if (dice < 98) await this.#advance(1 + random.below(random.chance(0.3) ? 3_000 : 120));
    else this.#jump();
    if (store.errors.length > 0) this.#fail('L1', `background errors: ${store.errors.join(' | ')}`);
  }

  #set(key: string): void {
    const random = this.#random;
    const size = random.chance(0.03)
      ? random.below(LARGEST_VALUE)
      : random.below(random.chance(0.2) ? 900 : 120);
    const value = `${key}#${++this.#values}`.padEnd(size, 'x');
    const expiresAtMs = this.#deadline(key);
    this.#write(
      `set ${key} ${value.slice(0, 14)} ${value.length} ${expiresAtMs}`,
      () => this.#model.set(key, withDeadline(value, expiresAtMs), expiresAtMs),
      (durability) => this.#store!.set(key, value, expiresAtMs, durability),
    );
  }

  #touch(key: string): void {
    this.#read(key);
    const value = this.#store!.get(key);
    if (value === undefined) return;
    const expiresAtMs = this.#deadline(key);
    this.#write(
      `touch ${key} ${value.slice(0, 14)} ${expiresAtMs}`,
      () => this.#model.set(key, withDeadline(value, expiresAtMs), expiresAtMs),
      (durability) => this.#store!.touch(key, expiresAtMs, durability)!,
    );
  }

  #clear(): void {
    const write = this.#model.clear();
    this.#note('clear');
    this.#acknowledge(write, 'synced', this.#store!.engine.clear());
  }

  #flush(): void {
    const { sequence } = this.#model;
    this.#note('flush');
    const { crashes } = this.counts;
    this.#follow(
      this.#store!.engine.flush().then(() => {
        if (this.counts.crashes === crashes) this.#model.acknowledgeAll('synced', sequence);
      }),
    );
  }

  #deadline(key: string): number {
    if (this.#random.chance(0.5)) return NEVER;
    const ttlMs = 1 + this.#random.below(this.#random.chance(0.5) ? 200 : 10_000);
    const expiresAtMs = this.#latest() + ttlMs;
    this.#deadlines.push({ key, expiresAtMs });
    return expiresAtMs;
  }

  #latest(): number {
    const nowMs = this.#store!.engine.clock.nowMs();
    if (nowMs < this.#nowMs) this.#fail('S4', `the store clock is behind: ${nowMs}`);
    return nowMs;
  }

  #write(
    what: string,
    model: () => ModelWrite<string>,
    act: (durability: Durability) => Promise<void>,
  ): void {
    const durability = (['buffered', 'buffered', 'written', 'synced'] as const)[
      this.#random.below(4)
    ]!;
    this.#note(`${what} ${durability}`);
    const promise = act(durability);
    this.#acknowledge(model(), durability, promise);
  }

  #acknowledge(write: ModelWrite<string>, durability: Durability, promise: Promise<void>): void {
    const { crashes } = this.counts;
    this.#follow(
      promise.then(() => {
        if (this.counts.crashes !== crashes) return;
        this.#note(`  acknowledged ${durability} ${write.sequence}`);
        this.#model.acknowledge(write, durability);
      }),
    );
  }

  /** L1: none of these may be left when everything has come to rest. */
  #follow(promise: Promise<unknown>): void {
    const { crashes } = this.counts;
    const followed: Promise<unknown> = promise.then(
      () => void this.#pending.delete(followed),
      (error: unknown) => {
        this.#pending.delete(followed);
        if (this.counts.crashes === crashes) this.#note(`  REJECTED ${error}`);
      },
    );
    this.#pending.add(followed);
  }

  #read(key: string): void {
    this.#check(key, this.#store!.getWithDeadline(key));
  }

  async #readAsync(key: string): Promise<void> {
    this.#note(`getAsync ${key}`);
    await this.#store!.getAsync(key);
    this.#read(key);
  }

  #check(key: string, value: string | undefined): void {
    const nowMs = this.#latest();
    if (nowMs < this.#latestMs) this.#fail('I6', 'the store clock went back');
    this.#latestMs = nowMs;
    const reason = this.#model.judge(key, value, { nowMs, mayMiss: this.#options.evicts ?? false });
    if (reason !== undefined) this.#fail('S1-S5', reason);
  }

  async #advance(ms: number): Promise<void> {
    this.#note(`advance ${ms}`);
    await this.#machine.clock.advance(ms);
  }

  #jump(): void {
    const ms = this.#random.below(20_000) - 10_000;
    this.#note(`wall jumps by ${ms}`);
    this.#machine.clock.setWallMs(this.#nowMs + ms);
    this.#latest();
  }

  async #end(): Promise<void> {
    const store = this.#store!;
    for (const key of this.#keys) this.#read(key);
    this.#checkWalk();
    const { evictions, relocations } = store.engine.statistics();
    // A clock that is still behind at the next opening is another test's affair: what was seen to
    // expire may be gone.
    this.#machine.clock.setWallMs(Math.max(this.#nowMs, this.#latest()));
    const dice = this.#random.below(10);
    if (dice < 1) {
      this.#note('close');
      await store.engine.close();
      this.#model.acknowledgeAll('synced');
      if (this.#machine.clock.pendingTimers > 0) this.#fail('L1', 'timers after close');
      this.#crash = 'none';
      await this.#allSettled();
      this.#machine = this.#machine.fork();
    } else {
      if (dice < 4) await this.#rest();
      for (let turn = this.#random.below(60); turn > 0; turn--) await Promise.resolve();
      this.#machine.clock.setWallMs(Math.max(this.#nowMs, this.#latest()));
      const kind = this.#random.chance(0.5) ? 'power' : 'process';
      this.#note(`crash ${kind}`);
      this.#crash = kind;
      this.counts.crashes++;
      this.#machine = this.#machine.crash(kind);
      await this.#allSettled();
    }
    this.counts.evictions += evictions;
    this.counts.relocations += relocations;
    this.#store = undefined;
  }

  /**
   * Everything is written, cleaned and removed: now limits hold, and files are those of the log.
   */
  async #rest(): Promise<void> {
    const store = this.#store!;
    this.#note('rest');
    this.#flush();
    await this.#machine.clock.advance(2_100);
    this.#flush();
    await this.#machine.clock.settle();
    if (this.#pending.size > 0) this.#fail('L1', `${this.#pending.size} promises left`);
    if (store.errors.length > 0) this.#fail('L1', `background errors: ${store.errors.join(' | ')}`);
    const { engine } = store;
    const { segmentBytes = 2048, diskBytesMax = NEVER, memoryBytesMax = NEVER } = this.#settings;
    const slack = 2 * segmentBytes + LARGEST_VALUE + 512;
    const { segments } = engine.statistics();
    const files = segmentFiles(this.#machine);
    if (files.length !== segments)
      this.#fail('S7', `${files.length} files, ${segments} segments: ${files}`);
    if (engine.diskBytes > diskBytesMax + slack)
      this.#fail('S7', `${engine.diskBytes} bytes on disk`);
    const memory = engine.memoryBytes();
    if (memory.records > Math.max(0, memoryBytesMax - memory.index) + slack) {
      this.#fail('S7', `${memory.records} bytes in memory`);
    }
    for (const key of this.#keys) this.#read(key);
    this.#checkWalk();
  }

  #checkWalk(): void {
    const store = this.#store!;
    const live = this.#keys.filter((key) => store.get(key) !== undefined).sort();
    const walked = store.walk().sort();
    if (walked.join() !== live.join()) this.#fail('S1', `walk gave ${walked}, live are ${live}`);
    const nowMs = this.#latest();
    const recent = this.#deadlines.filter(
      ({ expiresAtMs }) => expiresAtMs <= nowMs && nowMs - expiresAtMs < 64,
    );
    const slack = new Set(recent.map(({ key }) => key)).size;
    const { size } = store.engine;
    if (size < live.length || size > live.length + slack) {
      this.#fail('size', `${size}, live ${live.length}, just expired ${slack}`);
    }
  }

  async #allSettled(): Promise<void> {
    const { disk } = this.#machine;
    await disk.idle();
    for (let turn = 0; turn < 200 && this.#pending.size > 0; turn++) await Promise.resolve();
    if (this.#pending.size > 0) this.#fail('L1', `${this.#pending.size} promises never settled`);
  }
}
