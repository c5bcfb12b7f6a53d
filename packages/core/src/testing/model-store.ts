/**
 * The cache as a test understands it: every write in order, with how much each was acknowledged to
 * have survived. After a crash it says which values a key may have, and whether all of them
 * together are the state after some prefix of the writes (the store may have lost a tail, never a
 * write from the middle).
 *
 * ```
 *   writes   1  2  3  4  5  6  7
 *            └─ acknowledged ─┘      prefixes 1..5, 1..6 and 1..7 are allowed after the crash
 * ```
 * A miss for a reason the model does not know (eviction, a damaged file) is allowed only if the
 * test says so.
 */
import { assert } from '../assert.ts';
import { isExpired, NEVER } from '../expiry/expiry.ts';

/** What a write was acknowledged to have survived, weakest first; `undefined` before that. */
export type AcknowledgedDurability = 'buffered' | 'written' | 'synced';

export interface ModelWrite<V> {
  /** Counts the writes from 1. */
  readonly sequence: number;
  /** `undefined` for `clear`, and for an invalidation. */
  readonly key: string | undefined;
  /** `undefined` for a deletion. */
  readonly value: V | undefined;
  readonly expiresAtMs: number;
  /** Up to when a reader may see it that asks for stale values: the deadline, or later. */
  readonly keptUntilMs: number;
  readonly tags: readonly string[];
  /** The tag that was invalidated, if it is that. */
  readonly invalidates: string | undefined;
  acknowledged: AcknowledgedDurability | undefined;
}

export interface ModelView {
  /** The store's clock: what is expired now has to be a miss. */
  readonly nowMs: number;
  /** Default `none`: nobody crashed, so the newest write of each key is the only answer. */
  readonly crash?: 'none' | 'process' | 'power';
  /** Whether a live record may be missing (evicted, damaged). Default false. */
  readonly mayMiss?: boolean;
  /** Whether the reader asked for stale values. Default false. */
  readonly stale?: boolean;
}

export class ModelStore<V> {
  #writes: ModelWrite<V>[] = [];
  #sequence = 0;

  /** A `set` that was called just now; visible at once, promised nothing until acknowledged. */
  set(
    key: string,
    value: V,
    expiresAtMs: number = NEVER,
    tags: readonly string[] = [],
    keptUntilMs: number = expiresAtMs,
  ): ModelWrite<V> {
    return this.#append({ key, value, expiresAtMs, tags, keptUntilMs });
  }

  /** Everything set before with that tag is gone. */
  invalidate(tag: string): ModelWrite<V> {
    return this.#append({ invalidates: tag });
  }

  /** The tags of what the key has now. */
  tagsOf(key: string): readonly string[] {
    return this.#newest(key, this.#sequence)?.tags ?? [];
  }

  /** For how long past its deadline what the key has now may be seen by who asks for it. */
  keptMs(key: string): number {
    const { keptUntilMs = 0, expiresAtMs = 0 } = this.#newest(key, this.#sequence) ?? {};
    return keptUntilMs === expiresAtMs ? 0 : keptUntilMs - expiresAtMs;
  }

  delete(key: string): ModelWrite<V> {
    return this.#append({ key });
  }

  clear(): ModelWrite<V> {
    return this.#append({});
  }

  /** The call's promise resolved with this durability. */
  acknowledge(write: ModelWrite<V>, durability: AcknowledgedDurability): void {
    write.acknowledged = durability;
  }

  /**
   * `flush` resolved: every write before `sequence` (default: every write so far) survives a power
   * cut.
   */
  acknowledgeAll(durability: AcknowledgedDurability, sequence: number = this.#sequence): void {
    for (const write of this.#writes) {
      if (write.sequence <= sequence) write.acknowledged = stronger(write.acknowledged, durability);
    }
  }

  /** How many writes there have been. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Every key ever written. */
  keys(): Set<string> {
    return new Set(this.#writes.flatMap(({ key }) => (key === undefined ? [] : [key])));
  }

  /** What a reader must see now. */
  get(key: string, nowMs: number): V | undefined {
    return this.#visible(this.#newest(key, this.#sequence), { nowMs });
  }

  /**
   * Why `value` is not a value `key` may have (properties S1, S2, S4 and S5), or undefined if it
   * may.
   */
  judge(key: string, value: V | undefined, view: ModelView): string | undefined {
    const floor = this.#floor(view.crash ?? 'none');
    const allowed = this.#writes
      .filter((write) => write.sequence > floor && concerns(write, key))
      .concat(this.#newest(key, floor) ?? [])
      .map((write) => this.#visible(write, view));
    if (this.#newest(key, floor) === undefined || view.mayMiss === true) allowed.push(undefined);
    if (allowed.includes(value)) return undefined;
    return `key=${key} has ${String(value)}, allowed ${allowed.map(String).join(' | ')}`;
  }

  /**
   * Why `state` (what every key of `keys()` reads as; a miss may be left out) is not the state
   * after a prefix of the writes that holds all acknowledged ones (property S3), or undefined if it
   * is.
   */
  judgeState(state: ReadonlyMap<string, V | undefined>, view: ModelView): string | undefined {
    for (const key of new Set([...this.keys(), ...state.keys()])) {
      const reason = this.judge(key, state.get(key), view);
      if (reason !== undefined) return reason;
    }
    if (this.#longestPrefix(state, view) !== undefined) return undefined;
    return `no prefix of ${this.#sequence} writes gives this state`;
  }

  /** After a crash that was judged and allowed: the lost tail never happened, the rest goes on. */
  adopt(state: ReadonlyMap<string, V | undefined>, view: ModelView): void {
    const sequence = this.#longestPrefix(state, view);
    assert(sequence !== undefined, 'adopt only what judgeState allows');
    this.#writes = this.#writes.filter((write) => write.sequence <= sequence);
  }

  #longestPrefix(state: ReadonlyMap<string, V | undefined>, view: ModelView): number | undefined {
    const floor = this.#floor(view.crash ?? 'none');
    const keys = this.keys();
    const agrees = (key: string, sequence: number): boolean => {
      const value = state.get(key);
      if (value === undefined && view.mayMiss === true) return true;
      return value === this.#visible(this.#newest(key, sequence), view);
    };
    for (let sequence = this.#sequence; sequence >= floor; sequence--) {
      if ([...keys].every((key) => agrees(key, sequence))) return sequence;
    }
    return undefined;
  }

  /**
   * The last write that cannot have been lost: all before it are in the same log, so they cannot
   * either.
   */
  #floor(crash: 'none' | 'process' | 'power'): number {
    if (crash === 'none') return this.#sequence;
    const survivors = this.#writes.filter(
      ({ acknowledged }) =>
        acknowledged === 'synced' || (crash === 'process' && acknowledged === 'written'),
    );
    return survivors.at(-1)?.sequence ?? 0;
  }

  #newest(key: string, sequence: number): ModelWrite<V> | undefined {
    const invalidated = new Map<string, ModelWrite<V>>();
    for (let index = this.#writes.length - 1; index >= 0; index--) {
      const write = this.#writes[index] as ModelWrite<V>;
      if (write.sequence > sequence || !concerns(write, key)) continue;
      if (write.invalidates !== undefined) invalidated.set(write.invalidates, write);
      else {
        const tag = write.tags.find((each) => invalidated.has(each));
        return tag === undefined ? write : invalidated.get(tag);
      }
    }
    return undefined;
  }

  #visible(write: ModelWrite<V> | undefined, { nowMs, stale }: ModelView): V | undefined {
    if (write === undefined) return undefined;
    const untilMs = stale === true ? write.keptUntilMs : write.expiresAtMs;
    return isExpired(untilMs, nowMs) ? undefined : write.value;
  }

  #append(what: Partial<ModelWrite<V>>): ModelWrite<V> {
    const write = {
      key: undefined,
      value: undefined,
      expiresAtMs: NEVER,
      keptUntilMs: NEVER,
      tags: [],
      invalidates: undefined,
      ...what,
      sequence: ++this.#sequence,
      acknowledged: undefined,
    };
    this.#writes.push(write);
    return write;
  }
}

/** An invalidation may concern any key. */
function concerns(write: ModelWrite<unknown>, key: string): boolean {
  return write.key === undefined || write.key === key;
}

function stronger(
  before: AcknowledgedDurability | undefined,
  now: AcknowledgedDurability,
): AcknowledgedDurability {
  const order = ['buffered', 'written', 'synced'] as const;
  return order.indexOf(before ?? 'buffered') > order.indexOf(now) ? before! : now;
}
