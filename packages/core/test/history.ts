/**
 * Plays one seeded history against the engine and the model: writes of every kind and durability,
 * time, wall clock jumps, crashes at any point (of the opening too), and after each step and crash
 * compares what is read with what may be read. The properties are those of the design:
 *
 *     S1 a hit was set for exactly that key     S2 nothing older than an acknowledged write
 *     S3 what survives is a prefix              S4 never after expiry
 *     S5 durable and not evicted is there       S6 opening succeeds
 *     S7 bytes bounded, no orphan files         L1 every promise settles
 */
import type { Durability } from '../src/backend/cache-backend.ts';
import { HoldfastError } from '../src/errors.ts';
import { NEVER } from '../src/expiry/expiry.ts';
import {
  type ModelWrite,
  SeededRandom,
  SimulatedDisk,
  type SimulatedRuntime,
  simulatedRuntime,
} from '../src/testing/index.ts';
import { DiskTrouble, vouchedRanges } from './disk-trouble.ts';
import { EngineUnderTest, spaceOf, withDeadline } from './engine-under-test.ts';
import { FollowedPromises } from './followed-promises.ts';
import { checkFiles, checkLimits, checkSize, checkWalk, type Deadline } from './history-bounds.ts';
import {
  chooseDurability,
  chooseInvalidation,
  chooseKeys,
  chooseSet,
  modelTags,
} from './history-choices.ts';
import { fail, HistoryFailure } from './history-failure.ts';
import { type CrashSeen, HistoryJudge } from './history-judge.ts';
import { type HistoryOptions, settingsOf } from './history-options.ts';

export class History {
  readonly #random: SeededRandom;
  readonly #options: HistoryOptions;
  readonly #judge: HistoryJudge;
  readonly #keys: string[];
  readonly #log: string[] = [];
  #machine: SimulatedRuntime;
  #store: EngineUnderTest | undefined;
  #opening = 0;
  #values = 0;
  readonly #promises = new FollowedPromises();
  readonly #deadlines: Deadline[] = [];
  readonly #trouble: DiskTrouble | undefined;
  readonly counts = { crashes: 0, evictions: 0, relocations: 0, torn: 0, troubles: 0 };

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#random = new SeededRandom(options.seed ^ 0x2545f491);
    const { seed, staleSectors = false } = options;
    this.#machine = simulatedRuntime({ seed, disk: new SimulatedDisk({ seed, staleSectors }) });
    this.#keys = chooseKeys(options.keys ?? 8);
    const { trouble, failing } = options;
    if (trouble !== undefined) this.#trouble = new DiskTrouble(trouble, seed, failing);
    this.#judge = new HistoryJudge(options, this.#trouble);
  }

  async run(): Promise<void> {
    try {
      const { openings = 4, steps = 40 } = this.#options;
      for (this.#opening = 1; this.#opening <= openings; this.#opening++) {
        if (!(await this.#open())) continue;
        if (this.#trouble?.wasCaughtLying) return;
        const count = 1 + this.#random.below(steps);
        for (let step = 0; step < count; step++) await this.#step();
        await this.#end();
      }
    } catch (error) {
      throw new HistoryFailure(this.#options, this.#log, error as Error);
    }
  }

  #note(line: string): void {
    this.#log.push(`${this.#opening}: ${line}`);
  }

  get #nowMs(): number {
    return this.#machine.clock.wallMs();
  }

  /** False if the machine crashed meanwhile. */
  async #open(): Promise<boolean> {
    await this.#meddle(0.3);
    const settings = settingsOf(this.#options, this.#opening);
    const opening = EngineUnderTest.open(this.#machine, settings, this.#options.values);
    if (this.#random.chance(0.25)) {
      opening.catch(() => {
        // Judged by what the next opening finds.
      });
      const turns = this.#random.below(150);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      const kind = this.#random.chance(0.5) ? 'power' : 'process';
      this.#note(`open, ${kind} after ${turns} turns`);
      this.#crashMachine(kind);
      // What an opening shows, it may have made durable; nothing else changed, and nothing was
      // promised.
      if (kind === 'power') this.#sawPower = true;
      await opening.catch(() => undefined);
      return false;
    }
    try {
      this.#store = await opening;
    } catch (error) {
      const failure = HoldfastError.from(error);
      if (!this.#trouble?.mayFailToOpen(failure.code)) fail('S6', `open failed: ${error}`);
      const repair = this.#trouble.repair(this.#machine.disk, failure);
      this.#note(`open failed: ${error}; ${repair}`);
      this.#machine = this.#machine.fork();
      return false;
    }
    this.#note(`open: ${JSON.stringify(this.#store.engine.statistics().recovery)}`);
    this.counts.torn += this.#store.engine.statistics().recovery?.tornBytes ?? 0;
    this.#judgeOpening(this.#store);
    return true;
  }

  #crash: CrashSeen = 'none';
  #sawPower = false;

  #judgeOpening(store: EngineUnderTest): void {
    if (this.#sawPower) this.#crash = 'power';
    // A read that fails once would hide from the model what there is.
    this.#trouble?.end(this.#machine.disk);
    if (this.#trouble?.wasCaughtLying) this.#judge.openingAfterLies(store, this.#keys);
    else this.#judge.opening(store, this.#keys, this.#crash, this.#machine);
    this.#crash = 'none';
    this.#sawPower = false;
  }

  async #meddle(probability: number): Promise<void> {
    const trouble = this.#trouble;
    if (!trouble?.happens(probability)) return;
    if (this.#store !== undefined && trouble.needsVouching) await this.#vouch(trouble);
    const what = trouble.meddle(this.#machine.disk);
    if (what === undefined) return;
    this.#note(what);
    this.counts.troubles++;
  }

  /** Everything so far is durable, and a later FRAME, durable as well, says so. */
  async #vouch(trouble: DiskTrouble): Promise<void> {
    const { engine } = this.#store!;
    if (engine.refusal !== undefined) return;
    await engine.flush();
    const ranges = vouchedRanges(this.#machine.disk, 'open');
    const { sequence } = this.#judge.model;
    this.#set(this.#keys[0]!);
    await engine.flush();
    this.#judge.acknowledgeFlush(sequence);
    trouble.vouch(ranges);
  }

  async #step(): Promise<void> {
    await this.#meddle(this.#options.troubleChance ?? 0.04);
    const random = this.#random;
    const store = this.#store!;
    const key = this.#keys[random.below(this.#keys.length)]!;
    const dice = random.below(100);
    if (dice < 43) this.#set(key);
    else if (dice < 45) this.#invalidate();
    else if (dice < 53)
      this.#write(
        `delete ${key}`,
        () => this.#judge.model.delete(key),
        (durability) => store.delete(key, durability),
      );
    else if (dice < 58) this.#touch(key);
    else if (dice < 68) this.#read(key);
    else if (dice < 72) await this.#readAsync(key);
    else if (dice < 74) this.#clear();
    else if (dice < 77) this.#flush();
    else if (dice < 78) this.#compact();
    else if (dice < 83)
      for (let burst = random.below(30); burst >= 0; burst--)
        this.#set(this.#keys[random.below(this.#keys.length)]!);
    else if (dice < 90)
      for (let turn = random.below(30); turn >= 0; turn--) await Promise.resolve();
    else if (dice < 98) {
      const ms = 1 + random.below(random.chance(0.3) ? 3_000 : 120);
      this.#note(`advance ${ms}`);
      await this.#machine.clock.advance(ms);
    } else this.#jump();
    this.#judge.errors(this.#store!.errors);
  }

  #set(key: string): void {
    const expiresAtMs = this.#deadline(key);
    const { value, tags, keptMs } = chooseSet(this.#random, key, ++this.#values, expiresAtMs);
    const shown = withDeadline(value, expiresAtMs);
    const all = modelTags(spaceOf(key), tags);
    this.#write(
      `set ${key} ${value.slice(0, 14)} ${value.length} ${expiresAtMs}+${keptMs} ${tags}`,
      () => this.#judge.model.set(key, shown, expiresAtMs, all, expiresAtMs + keptMs),
      (durability) => this.#store!.set(key, value, expiresAtMs, durability, tags, keptMs),
    );
  }

  #touch(key: string): void {
    this.#read(key);
    const value = this.#store!.get(key);
    if (value === undefined) return;
    const expiresAtMs = this.#deadline(key);
    const { model } = this.#judge;
    const tags = model.tagsOf(key);
    const untilMs = expiresAtMs + model.keptMs(key);
    this.#write(
      `touch ${key} ${value.slice(0, 14)} ${expiresAtMs}`,
      () => model.set(key, withDeadline(value, expiresAtMs), expiresAtMs, tags, untilMs),
      (durability) => this.#store!.touch(key, expiresAtMs, durability),
    );
  }

  #invalidate(): void {
    const { space, tag } = chooseInvalidation(this.#random);
    this.#write(
      `invalidate ${space}${tag}`,
      () => this.#judge.model.invalidate(space + tag),
      (durability) => this.#store!.invalidate(space, tag, durability),
    );
  }

  #clear(): void {
    if (this.#isRefused()) return;
    const write = this.#judge.model.clear();
    this.#note('clear');
    this.#acknowledge(write, 'synced', this.#store!.engine.clear());
  }

  #compact(): void {
    this.#note('compact');
    // It may wait for time to pass, which it does not for a process that has crashed.
    this.#store!.engine.maintenance.compact().catch(() => {});
  }

  #flush(): void {
    const { sequence } = this.#judge.model;
    this.#note('flush');
    this.#follow('flush', this.#store!.engine.flush(), () =>
      this.#judge.acknowledgeFlush(sequence),
    );
  }

  #deadline(key: string): number {
    if (this.#random.chance(0.5)) return NEVER;
    const ttlMs = 1 + this.#random.below(this.#random.chance(0.5) ? 200 : this.#judge.jumpMs);
    const expiresAtMs = this.#latest() + ttlMs;
    this.#deadlines.push({ key, expiresAtMs });
    return expiresAtMs;
  }

  #latest(): number {
    return this.#judge.latestMs(this.#store!, this.#nowMs);
  }

  #write(
    what: string,
    model: () => ModelWrite<string>,
    act: (durability: Durability) => Promise<void> | undefined,
  ): void {
    const durability = chooseDurability(this.#random);
    if (this.#isRefused()) return;
    this.#note(`${what} ${durability}`);
    const promise = act(durability);
    if (promise === undefined && this.#trouble === undefined) fail('S5', `is not there: ${what}`);
    // A read that failed since the value was seen may have lost it.
    if (promise !== undefined) this.#acknowledge(model(), durability, promise);
  }

  /** As `Cache` does: nothing is written while the store says that it cannot be. */
  #isRefused(): boolean {
    return this.#trouble !== undefined && this.#store!.engine.refusal !== undefined;
  }

  #acknowledge(write: ModelWrite<string>, durability: Durability, promise: Promise<void>): void {
    const calledAtMs = this.#latest();
    this.#follow(`${durability} ${write.sequence}`, promise, () => {
      this.#note(`  acknowledged ${durability} ${write.sequence}`);
      this.#judge.acknowledge(write, durability, calledAtMs);
    });
  }

  /** What a process that has crashed since says is not heard. */
  #follow(what: string, promise: Promise<unknown>, onResolved: () => void): void {
    const { crashes } = this.counts;
    const isAlive = (): boolean => this.counts.crashes === crashes;
    this.#promises.follow(
      what,
      promise.then(() => isAlive() && onResolved()),
      (error) => isAlive() && this.#note(`  REJECTED ${error}`),
    );
  }

  #read(key: string): void {
    this.#judge.read(key, this.#store!.getWithDeadline(key), this.#latest());
    this.#judge.readKept(key, this.#store!.getKeptWithDeadline(key), this.#latest());
  }

  async #readAsync(key: string): Promise<void> {
    this.#note(`getAsync ${key}`);
    await this.#store!.getAsync(key);
    this.#read(key);
  }

  #jump(): void {
    const ms = this.#random.below(2 * this.#judge.jumpMs) - this.#judge.jumpMs;
    this.#note(`wall jumps by ${ms}`);
    this.#machine.clock.setWallMs(this.#nowMs + ms);
    this.#latest();
  }

  async #end(): Promise<void> {
    const store = this.#store!;
    for (const key of this.#keys) this.#read(key);
    this.#checkWalk();
    const { evictions, relocations } = store.engine.statistics();
    this.#catchUp();
    const dice = this.#random.below(10);
    if (this.#trouble?.happens(0.4) || dice < 10 * (this.#options.closeChance ?? 0.1)) {
      await this.#close(store);
    } else {
      if (dice < 4) await this.#rest();
      for (let turn = this.#random.below(60); turn > 0; turn--) await Promise.resolve();
      this.#catchUp();
      this.#crash = this.#random.chance(0.5) ? 'power' : 'process';
      this.#note(`crash ${this.#crash}`);
      this.#crashMachine(this.#crash);
      // What waits for another attempt, of a process that is dead, waits for ever.
      if (!this.#trouble?.isPassing) await this.#allSettled();
      this.#promises.forget();
    }
    this.counts.evictions += evictions;
    this.counts.relocations += relocations;
    this.#store = undefined;
  }

  async #close(store: EngineUnderTest): Promise<void> {
    this.#note('close');
    const trouble = this.#trouble;
    try {
      await store.engine.close();
      this.#judge.acknowledgeClose(this.#latest());
      this.#crash = trouble?.trust === 'buffered' ? 'process' : 'none';
    } catch (error) {
      if (!trouble?.mayReport(HoldfastError.from(error).code)) throw error;
      this.#note(`close failed: ${error}`);
      this.#crash = 'process';
    }
    if (this.#machine.clock.pendingTimers > 0) fail('L1', 'timers after close');
    await this.#allSettled();
    const what = trouble?.meddleWhileClosed(this.#machine.disk);
    if (what !== undefined) this.#note(what);
    this.#machine = this.#machine.fork();
  }

  #crashMachine(kind: 'process' | 'power'): void {
    this.#machine = this.#machine.crash(kind);
    this.#trouble?.crashed(kind, this.#machine.disk);
    this.counts.crashes++;
  }

  /** A clock that is behind at the next opening makes it hard to say what has expired. */
  #catchUp(): void {
    const nowMs = this.#latest();
    if (!this.#options.staysBehind) this.#machine.clock.setWallMs(Math.max(this.#nowMs, nowMs));
  }

  /** Everything is written, cleaned and removed: limits hold, and files are those of the log. */
  async #rest(): Promise<void> {
    const store = this.#store!;
    this.#note('rest');
    this.#flush();
    this.#trouble?.end(this.#machine.disk);
    await this.#machine.clock.advance(2_100);
    this.#flush();
    await this.#machine.clock.settle();
    this.#promises.check();
    this.#judge.errors(this.#store!.errors);
    if (store.engine.refusal === undefined) checkLimits(store, this.#options.settings);
    if (!this.#judge.hasStruck) checkFiles(store, this.#machine);
    for (const key of this.#keys) this.#read(key);
    this.#checkWalk();
  }

  #checkWalk(): void {
    // A read that fails leaves a key out.
    if (this.#options.trouble !== 'failures') checkWalk(this.#store!, this.#keys);
    if (!this.#judge.hasStruck) checkSize(this.#store!, this.#keys, this.#deadlines);
  }

  async #allSettled(): Promise<void> {
    const { disk } = this.#machine;
    await disk.idle();
    await this.#promises.settle();
    this.#promises.check();
  }
}
