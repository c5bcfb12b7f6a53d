/**
 * One seeded history of the model: writes, time, crashes and work in the background, judged by one
 * property that needs no exceptions:
 *
 *     what was acknowledged, or seen by a reader, is never followed by anything older
 *
 * A miss counts as seen, too: what was deleted, evicted, cleared or expired never comes back. A
 * miss itself is always allowed, this being a cache; a write in flight at a crash may be there or
 * not.
 */
import { isExpired, NEVER } from '../../src/expiry/expiry.ts';
import { SeededRandom } from '../../src/testing/index.ts';
import type { Rules } from './rules.ts';
import { Crash, Store } from './store.ts';

const KEYS = 3;
const STEPS = 80;
const TTLS = [2, 5, 20, NEVER] as const;

/** Why the history breaks the property, with everything that happened in it; or undefined. */
export function playHistory(rules: Rules, seed: number): string | undefined {
  const history = new JudgedHistory(rules, new SeededRandom(seed));
  for (let step = 0; step < STEPS; step++) {
    history.step();
    if (history.violation !== undefined) return `SEED=${seed} ${history.violation}`;
  }
  return undefined;
}

class JudgedHistory {
  violation: string | undefined;
  readonly #random: SeededRandom;
  readonly #store: Store;
  /** Every write has the next version; those of puts have a key and a deadline as well. */
  #version = 0;
  readonly #puts = new Map<number, { readonly key: number; readonly expiresAt: number }>();
  /** By key: the oldest version that may still be read. */
  readonly #oldest: number[] = Array.from({ length: KEYS }, () => 1);

  constructor(rules: Rules, random: SeededRandom) {
    this.#random = random;
    this.#store = new Store(rules, random);
  }

  step(): void {
    try {
      this.#act();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.#store.recover();
      for (let key = 0; key < KEYS; key++) this.#read(key);
    }
  }

  #act(): void {
    const random = this.#random;
    const key = random.below(KEYS);
    const dice = random.below(100);
    if (dice < 24) this.#put(key, (version, at) => this.#store.set(key, version, at));
    else if (dice < 30) this.#put(key, (version, at) => this.#store.touch(key, version, at));
    else if (dice < 40) this.#remove([key], () => this.#store.delete(key));
    else if (dice < 42) this.#remove([...this.#oldest.keys()], () => this.#store.clear());
    else if (dice < 50) this.#read(key);
    else if (dice < 60) this.#store.nowMs += random.below(4);
    else if (dice < 65) throw new Crash();
    else this.#store.work();
  }

  #put(key: number, write: (version: number, expiresAt: number) => void): void {
    const expiresAt = this.#store.nowMs + TTLS[this.#random.below(TTLS.length)]!;
    const version = ++this.#version;
    this.#puts.set(version, { key, expiresAt });
    write(version, expiresAt);
    this.#oldest[key] = version;
  }

  #remove(keys: readonly number[], remove: () => void): void {
    const version = ++this.#version;
    remove();
    for (const key of keys) this.#oldest[key] = version;
  }

  #read(key: number): void {
    const version = this.#store.get(key);
    if (version === undefined) {
      this.#oldest[key] = this.#version + 1;
      return;
    }
    const put = this.#puts.get(version);
    const isRight =
      put !== undefined && put.key === key && !isExpired(put.expiresAt, this.#store.nowMs);
    if (isRight && version >= this.#oldest[key]!) this.#oldest[key] = version;
    else {
      this.violation ??= `key=${key} read version=${version} after version=${this.#oldest[key]}\n  ${this.#store.log.join('\n  ')}`;
    }
  }
}
