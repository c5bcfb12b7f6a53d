/**
 * Loads that are made elsewhere. The first who misses a key *leads*: it is given a token and sets
 * the value with that. Who asks meanwhile waits.
 *
 *     miss, the first ─► LEADS ─┬─ sets in time ─► stored, and given to all who wait
 *                               ├─ sets, but the key was written meanwhile: given to those who had
 *                               │  been waiting, and not stored
 *                               └─ gives up, or its time is over ─► the next in line leads
 *
 * They are `Loads` as those of `getOrSet` are, in a set of their own: what one of these gives is an
 * encoded value. A program that uses both for one key in one process may load it twice.
 */
import type { EncodedEntry, FillRequest } from '../backend/cache-backend.ts';
import type { CacheKey } from '../engine/key-encoder.ts';
import { HoldfastError } from '../errors.ts';
import { keyLockName } from '../locks/key-name.ts';
import type { TokenSource } from '../locks/token-source.ts';
import type { Loads, RunningLoad } from './loads.ts';

/** A load whose value is awaited from its leader. */
export interface Fill {
  readonly load: RunningLoad;
  /** Ends it: all who wait are given the value. */
  readonly give: (entry: EncodedEntry) => void;
}

export class Fills {
  readonly #loads: Loads;
  readonly #tokens: TokenSource;
  readonly #byToken = new Map<bigint, Fill>();

  constructor(loads: Loads, tokens: TokenSource) {
    this.#loads = loads;
    this.#tokens = tokens;
  }

  /** Loads under way. */
  get size(): number {
    return this.#byToken.size;
  }

  /** As `CacheBackend.getOrLease`; `find` gives the value that is there, and throws when closed. */
  async getOrLease(
    { key, ttlMs, signal, onLease }: FillRequest,
    find: () => EncodedEntry | undefined,
  ): Promise<EncodedEntry> {
    const name = keyLockName(key);
    for (;;) {
      signal.throwIfAborted();
      const found = find();
      if (found !== undefined) return found;
      let leads = false;
      const lead = (load: RunningLoad): Promise<EncodedEntry> => {
        leads = true;
        return this.#lead(load, signal, onLease);
      };
      try {
        const options = { signal, timeoutMs: ttlMs, tags: [] };
        // The leader's set has stored it already.
        return await this.#loads.run(name, key, lead, options, () => {});
      } catch (error) {
        // Another's load came to nothing: who is told first is the next to lead.
        if (leads || signal.aborted) throw error;
      }
    }
  }

  /** The load of that key with that token, if it is not over. */
  find(token: bigint, key: CacheKey): Fill | undefined {
    const fill = this.#byToken.get(token);
    if (fill === undefined || keyLockName(fill.load.key) !== keyLockName(key)) return undefined;
    return fill;
  }

  #lead(
    load: RunningLoad,
    signal: AbortSignal,
    onLease: (token: bigint) => void,
  ): Promise<EncodedEntry> {
    const token = this.#tokens.next();
    const leading = new Promise<EncodedEntry>((resolve, reject) => {
      const end = (): void => {
        this.#byToken.delete(token);
        load.signal.removeEventListener('abort', giveUp);
        signal.removeEventListener('abort', giveUp);
      };
      const giveUp = (): void => {
        end();
        reject(new HoldfastError('UNAVAILABLE', 'the one who was to load it gave up'));
      };
      const give = (entry: EncodedEntry): void => {
        end();
        resolve(entry);
      };
      this.#byToken.set(token, { load, give });
      load.signal.addEventListener('abort', giveUp, { once: true });
      signal.addEventListener('abort', giveUp, { once: true });
      if (load.signal.aborted || signal.aborted) giveUp();
    });
    if (this.#byToken.has(token)) onLease(token);
    return leading;
  }
}
