/**
 * Loads that are made elsewhere. The first who misses a key *leads*: it is given a token and sets
 * the value with that. Who asks meanwhile waits.
 *
 *     miss, the first ─► LEADS ─┬─ sets in time ─► stored, and given to all who wait
 *                               ├─ sets, but the key was written meanwhile: given to those who had
 *                               │  been waiting, and not stored
 *                               ├─ says that there is none: so are told all who wait
 *                               └─ gives up, or its time is over ─► the next in line leads
 *
 * Who gives up costs the others nothing: the load goes on, and only the next in line hears of it.
 *
 * They are `Loads` as those of `getOrSet` are, in a set of their own: what one of these gives is an
 * encoded value. A program that uses both for one key in one process may load it twice.
 */
import type { EncodedEntry, FillRequest } from '../backend/cache-backend.ts';
import type { CacheKey } from '../engine/key-encoder.ts';
import { HoldfastError } from '../errors.ts';
import { keyLockName } from '../locks/key-name.ts';
import type { TokenSource } from '../locks/token-source.ts';
import type { Clock } from '../ports/clock.ts';
import type { WritableCounters } from './cached-values.ts';
import { type Loads, type RunningLoad, startLoadTimer } from './loads.ts';
import type { Namespace } from './namespace.ts';

/** A load whose value is awaited from its leader. */
export interface Fill {
  readonly load: RunningLoad;
  /** That of the key, in its namespace. */
  readonly name: string;
  /** Ends it: all who wait are given the value, or told that there is none. */
  readonly give: (entry: EncodedEntry | undefined) => void;
}

/** One who asks, from its call to its answer. */
interface Caller extends FillRequest {
  /** Of the key. */
  readonly name: string;
  /** The ids of its value's, those of the namespace included. */
  readonly tagIds: readonly number[];
  /** Its time to load is over; the load itself goes on. */
  endLate: (error: HoldfastError) => void;
  isLate: boolean;
}

/** What a leader has set. */
interface Outcome {
  readonly entry: EncodedEntry | undefined;
}

/** In the order in which they lead. */
type Line = Set<Caller>;

export class Fills {
  readonly #loads: Loads;
  readonly #tokens: TokenSource;
  readonly #clock: Clock;
  readonly #counters: WritableCounters;
  readonly #nowMs: () => number;
  readonly #byToken = new Map<bigint, Fill>();
  /** Of the loads that can be joined, by the names of their keys. */
  readonly #lines = new Map<string, Line>();

  constructor(components: {
    loads: Loads;
    tokens: TokenSource;
    clock: Clock;
    counters: WritableCounters;
    /** The time by which values expire. */
    nowMs: () => number;
  }) {
    this.#loads = components.loads;
    this.#tokens = components.tokens;
    this.#clock = components.clock;
    this.#counters = components.counters;
    this.#nowMs = components.nowMs;
  }

  /**
   * As `CacheBackend.getOrLease`, of a key in that namespace; `find` gives the value that is there,
   * and throws when closed.
   */
  async getOrLease(
    request: FillRequest,
    namespace: Namespace,
    find: () => EncodedEntry | undefined,
  ): Promise<EncodedEntry | undefined> {
    const { key, signal, tags = [] } = request;
    namespace.tagBytes(tags);
    const tagIds = [...namespace.ids, ...namespace.tagIds(tags)];
    const name = keyLockName(key, namespace.space);
    const caller: Caller = { ...request, name, tagIds, endLate: () => {}, isLate: false };
    for (;;) {
      signal.throwIfAborted();
      const found = find();
      if (found !== undefined) return found;
      if (this.#loads.absences.has(name, this.#nowMs())) return undefined;
      const line = this.#lineOf(name);
      line.add(caller);
      try {
        return await this.#join(caller, line);
      } catch (error) {
        // Otherwise the caller has left, or a write has won over a load whose leader gave up: there
        // is a newer one.
        if (caller.isLate) throw error;
      } finally {
        line.delete(caller);
        if (line.size === 0 && this.#lines.get(name) === line) this.#lines.delete(name);
      }
    }
  }

  /** The load of that key, in the namespace of that space, with that token, if it is not over. */
  find(token: bigint, key: CacheKey, space: string): Fill | undefined {
    const fill = this.#byToken.get(token);
    return fill?.name === keyLockName(key, space) ? fill : undefined;
  }

  /** A load has found none: until then nobody has to load that key. A write makes it forgotten. */
  noteAbsence({ name }: Fill, untilMs: number): void {
    this.#loads.absences.note(name, untilMs);
  }

  #lineOf(name: string): Line {
    const known = this.#lines.get(name);
    if (known !== undefined && this.#loads.has(name)) return known;
    const line: Line = new Set();
    this.#lines.set(name, line);
    return line;
  }

  #join(caller: Caller, line: Line): Promise<EncodedEntry | undefined> {
    const { key, name, tagIds: tags, signal } = caller;
    const options = { signal, timeoutMs: undefined, tags };
    const start = (load: RunningLoad): Promise<EncodedEntry | undefined> =>
      this.#loadInTurn(load, line);
    return new Promise((resolve, reject) => {
      caller.endLate = reject;
      // The leader's set has stored it already.
      this.#loads.run(name, key, start, options, () => {}).then(resolve, reject);
    });
  }

  /** The value of the first in line who sets one. */
  async #loadInTurn(load: RunningLoad, line: Line): Promise<EncodedEntry | undefined> {
    // Who comes meanwhile is at the end of it.
    for (const caller of line) {
      const outcome = await this.#lead(load, caller);
      if (outcome !== undefined) return outcome.entry;
      if (load.isSuperseded) break;
    }
    throw new HoldfastError('UNAVAILABLE', 'nobody is left to load it');
  }

  /** Resolves to `undefined` once the caller has given up, or its time is over. */
  #lead(load: RunningLoad, caller: Caller): Promise<Outcome | undefined> {
    const { name, signal, ttlMs, onLease } = caller;
    if (signal.aborted) return Promise.resolve(undefined);
    load.tags = caller.tagIds;
    const token = this.#tokens.next();
    return new Promise((resolve) => {
      const end = (outcome: Outcome | undefined): void => {
        this.#byToken.delete(token);
        timer.cancel();
        signal.removeEventListener('abort', giveUp);
        resolve(outcome);
      };
      const giveUp = (): void => end(undefined);
      const timer = startLoadTimer(ttlMs, this.#clock, (error) => {
        caller.isLate = true;
        caller.endLate(error);
        giveUp();
      });
      signal.addEventListener('abort', giveUp, { once: true });
      this.#byToken.set(token, { load, name, give: (entry) => end({ entry }) });
      this.#counters.loads++;
      onLease(token);
    });
  }
}
