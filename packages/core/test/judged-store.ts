/**
 * A store together with the model of what it was told: for stories about disks that fail, where a
 * write may be refused and a record may become unreadable, but nothing wrong may ever be read.
 */
import type { Durability } from '../src/backend/cache-backend.ts';
import type { EngineSettings } from '../src/engine/settings.ts';
import { HoldfastError } from '../src/errors.ts';
import { NEVER } from '../src/expiry/expiry.ts';
import { ModelStore, type ModelWrite, type SimulatedRuntime } from '../src/testing/index.ts';
import { EngineUnderTest, withDeadline } from './engine-under-test.ts';

export class JudgedStore {
  readonly model = new ModelStore<string>();
  readonly keys = new Set<string>();
  machine: SimulatedRuntime;
  store: EngineUnderTest | undefined;
  /** Everything that was rejected, in order. */
  readonly rejections: HoldfastError[] = [];
  readonly #settings: Partial<EngineSettings>;
  /** What an earlier opening still says is not heard. */
  #opening = 0;
  #pending = 0;

  constructor(machine: SimulatedRuntime, settings: Partial<EngineSettings> = {}) {
    this.machine = machine;
    this.#settings = settings;
  }

  async open(): Promise<EngineUnderTest> {
    this.store = await EngineUnderTest.open(this.machine, this.#settings);
    return this.store;
  }

  /** Does what `Cache` does: refused while the store cannot be written. */
  set(
    key: string,
    value: string,
    durability: Durability = 'buffered',
    expiresAtMs: number = NEVER,
  ): void {
    this.keys.add(key);
    if (this.#isRefused()) return;
    const promise = this.store!.set(key, value, expiresAtMs, durability);
    this.#follow(
      this.model.set(key, withDeadline(value, expiresAtMs), expiresAtMs),
      promise,
      durability,
    );
  }

  delete(key: string, durability: Durability = 'buffered'): void {
    this.keys.add(key);
    if (this.#isRefused()) return;
    const promise = this.store!.delete(key, durability);
    this.#follow(this.model.delete(key), promise, durability);
  }

  clear(): void {
    if (this.#isRefused()) return;
    const promise = this.store!.engine.clear();
    this.#follow(this.model.clear(), promise, 'synced');
  }

  /** Resolves to the error of a flush that failed. */
  async flush(): Promise<HoldfastError | undefined> {
    const { sequence } = this.model;
    try {
      await this.store!.engine.flush();
      this.model.acknowledgeAll('synced', sequence);
      return undefined;
    } catch (error) {
      return HoldfastError.from(error);
    }
  }

  /** Why what is read now may not be read, if so. */
  judge(mayMiss: boolean): string | undefined {
    const nowMs = this.store!.engine.clock.nowMs();
    for (const key of this.keys) {
      const reason = this.model.judge(key, this.store!.getWithDeadline(key), { nowMs, mayMiss });
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  /** Crashes, opens again and says why what is found may not be there, if so. */
  async crashAndJudge(kind: 'process' | 'power', mayMiss: boolean): Promise<string | undefined> {
    this.#opening++;
    this.machine = this.machine.crash(kind);
    await this.machine.disk.idle();
    return this.#openAndJudge(kind, mayMiss);
  }

  /**
   * Closes, opens again on whatever a closing that failed has left, and says why what is found may
   * not be there, if so. `mayMiss` is asked when the closing is over.
   */
  async closeAndJudge(mayMiss: () => boolean): Promise<string | undefined> {
    const { sequence } = this.model;
    const error = await this.store!.engine.close().then(() => undefined, HoldfastError.from);
    if (error === undefined) this.model.acknowledgeAll('synced', sequence);
    else this.rejections.push(error);
    await this.machine.disk.idle();
    this.#opening++;
    this.machine = this.machine.fork();
    return this.#openAndJudge(error === undefined ? 'none' : 'process', mayMiss());
  }

  async #openAndJudge(
    crash: 'none' | 'process' | 'power',
    mayMiss: boolean,
  ): Promise<string | undefined> {
    this.machine.disk.clearFaults();
    await this.open();
    const view = { nowMs: this.store!.engine.clock.nowMs(), crash, mayMiss } as const;
    const state = new Map([...this.keys].map((key) => [key, this.store!.getWithDeadline(key)]));
    return this.model.judgeState(state, view);
  }

  /** Promises that have not settled. */
  get pendingCount(): number {
    return this.#pending;
  }

  #isRefused(): boolean {
    const { refusal } = this.store!.engine;
    if (refusal === undefined) return false;
    this.rejections.push(refusal);
    return true;
  }

  #follow(write: ModelWrite<string>, promise: Promise<void>, durability: Durability): void {
    this.#pending++;
    const opening = this.#opening;
    promise.then(
      () => {
        this.#pending--;
        if (this.#opening === opening) this.model.acknowledge(write, durability);
      },
      (error: unknown) => {
        this.#pending--;
        if (this.#opening === opening) this.rejections.push(HoldfastError.from(error));
      },
    );
  }
}
