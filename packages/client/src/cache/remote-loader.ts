/**
 * What `getOrSet` does with a server: one load per key at a time in this process, and one of all
 * clients makes it.
 *
 *     get ─ found ─────────────────────────────────────────────► value
 *      └─ miss ─► GetOrLease ─┬─ entry, of another's load ─────► value
 *                             ├─ lease ─► loader ─► set with it ► value
 *                             └─ no server ─► loader, not stored ► value
 *
 * Invariants
 * 1. Whatever happens to the server, the value of the loader goes to those who wait for it.
 * 2. A value that a write of this client or of another has won over is not stored.
 * 3. The stream of a lease is closed when its load is over, so that nobody waits for nothing.
 */
import {
  assertKnownOptions,
  type GetOrSetOptions as CacheGetOrSetOptions,
  type CacheKey,
  durationMs,
  type Fence,
  HoldfastError,
  InvalidArgumentError,
  type Loader,
} from '@holdfast/core';
import type { CacheOperation, CacheOperationResult, EncodedEntry } from '@holdfast/core/backend';
import {
  assertJitter,
  intervalOption,
  jitteredDeadline,
  keyLockName,
  LEASE_TTL_MS_MAX,
  LOAD_OPTIONS,
  Loads,
  ownKey,
  type RunningLoad,
  startLoadTimer,
  tagIds,
  ttlMs,
} from '@holdfast/core/client';
import { closedError } from '../closed-error.ts';
import { optionalSignal } from '../optional-arguments.ts';
import type { ClientSystem } from '../system.ts';
import type { FillOutcome, FillStream, FillStreams } from './fill-stream.ts';
import type { Pipeline } from './pipeline.ts';
import { decodeValue, encodeValue } from './value-codec.ts';
import {
  encodeKey,
  optionalDurability,
  optionalFence,
  optionalTags,
  setDeadline,
} from './write-arguments.ts';

/**
 * As for the embedded cache. What is about storing counts for the call that starts the load in this
 * process; `timeout` for its loader, and not for waiting for that of another client.
 */
export type GetOrSetOptions = CacheGetOrSetOptions;

/** For the value to arrive after a loader took all of its time. */
const FILL_MARGIN_MS = 5_000;

export interface RemoteLoaderParts {
  readonly pipeline: Pick<Pipeline, 'execute'>;
  readonly fills: FillStreams;
  readonly system: ClientSystem;
  /** Of one call of the server. */
  readonly timeoutMs: number;
  readonly onError: (error: HoldfastError) => void;
  /** The server's. */
  readonly defaultTtlMs: () => Promise<number>;
}

/** The options of one call, checked: whatever the caller does with its objects, these count. */
interface LoadTerms {
  readonly ttlMs: number | undefined;
  readonly expiresAtMs: number | undefined;
  readonly durability: GetOrSetOptions['durability'];
  readonly fence: Fence | undefined;
  readonly jitter: GetOrSetOptions['jitter'];
  readonly timeoutMs: number | undefined;
  readonly negativeTtlMs: number | undefined;
  readonly tags: readonly string[] | undefined;
  /** How old, past its deadline, a value may be: at once, and instead of a failure. */
  readonly revalidateMs: number;
  readonly errorMs: number;
}

/** A key that is asked for, and how it is asked for. */
interface Asked {
  readonly key: CacheKey;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly loader: Loader<unknown>;
  readonly terms: LoadTerms;
}

/** What the server has; or nothing, or no answer. */
type Found = { readonly value: unknown; readonly isStale: boolean } | 'miss' | 'failed';

/** A value as it was loaded here, or as the server has it: then everybody decodes a copy. */
type Loaded = { readonly value: unknown } | { readonly entry: EncodedEntry };

export class RemoteLoader {
  readonly #parts: RemoteLoaderParts;
  readonly #loads: Loads;
  readonly #closing = new AbortController();

  constructor(parts: RemoteLoaderParts) {
    this.#parts = parts;
    this.#loads = new Loads(parts.system.clock);
  }

  async getOrSet(
    key: CacheKey,
    loader: Loader<unknown>,
    options: GetOrSetOptions,
  ): Promise<unknown> {
    assertKnownOptions(options, LOAD_OPTIONS, 'getOrSet');
    if (typeof loader !== 'function') throw new InvalidArgumentError('loader must be a function');
    const terms = checkedTerms(options);
    const signal = optionalSignal(options.signal);
    signal?.throwIfAborted();
    if (this.#isClosed) throw closedError();
    const own = ownKey(key);
    const asked = { key: own, name: keyLockName(own), bytes: encodeKey(own), loader, terms };
    const found = await this.#find(asked.bytes, terms.revalidateMs, signal);
    if (typeof found === 'object') {
      if (found.isStale) this.#refresh(asked);
      return found.value;
    }
    const isThere = found === 'miss';
    if (terms.errorMs === 0) return this.#join(asked, signal, isThere);
    return this.#joinOrKept(asked, signal, isThere);
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Joins the load under way in this process, or starts one; alone unless the server is there. */
  async #join(asked: Asked, signal: AbortSignal | undefined, isThere: boolean): Promise<unknown> {
    const start = (load: RunningLoad): Promise<Loaded> => this.#load(load, asked, isThere);
    const tags = tagIds(asked.terms.tags ?? []);
    const limits = { signal, timeoutMs: undefined, tags };
    const loaded = await this.#loads.run(asked.name, asked.key, start, limits, () => {});
    return 'entry' in loaded ? decodeValue(loaded.entry) : loaded.value;
  }

  /** Nobody waits for it; whoever asks meanwhile may join. */
  #refresh(asked: Asked): void {
    if (this.#loads.has(asked.name)) return;
    this.#join(asked, this.#closing.signal, true).catch((error) => this.#reportLoader(error));
  }

  async #joinOrKept(
    asked: Asked,
    signal: AbortSignal | undefined,
    isThere: boolean,
  ): Promise<unknown> {
    const isFirst = !this.#loads.has(asked.name);
    try {
      return await this.#join(asked, signal, isThere);
    } catch (error) {
      if (signal?.aborted || this.#isClosed) throw error;
      // Asked only now: what was deleted or invalidated during the load is not given.
      const kept = await this.#find(asked.bytes, asked.terms.errorMs, signal);
      if (typeof kept !== 'object') throw error;
      if (isFirst) this.#reportLoader(error);
      return kept.value;
    }
  }

  /** A write of this client has been made, or may have been: it wins over a load under way. */
  supersede(key: Uint8Array): void {
    this.#loads.supersede(key, '');
  }

  /** The same for the loads of values that are to have one of the tags. */
  supersedeTags(tags: readonly string[]): void {
    this.#loads.supersedeTags(new Set(tagIds(tags)));
  }

  /** Loads go on for those who wait for them, and are not stored. */
  close(): void {
    this.#closing.abort(closedError());
    this.#parts.fills.close();
  }

  async #find(key: Uint8Array, staleMs: number, signal: AbortSignal | undefined): Promise<Found> {
    const operation =
      staleMs === 0 ? ({ kind: 'get', key } as const) : ({ kind: 'get', key, staleMs } as const);
    try {
      const { entry, isStale = false } = (await this.#execute(operation, signal)) as GetResult;
      return entry === undefined ? 'miss' : { value: decodeValue(entry), isStale };
    } catch (error) {
      if (signal?.aborted === true) throw error;
      const known = HoldfastError.from(error);
      if (WRONG_CALL.has(known.code)) throw known;
      this.#report(known);
      // What cannot be read is loaded anew, and that is stored in its place.
      return known.code === 'CORRUPT' ? 'miss' : 'failed';
    }
  }

  async #load(
    load: RunningLoad,
    { bytes: key, loader, terms }: Asked,
    isThere: boolean,
  ): Promise<Loaded> {
    const { timeoutMs, tags } = terms;
    const ttlMs =
      timeoutMs === undefined ? undefined : Math.min(timeoutMs + FILL_MARGIN_MS, LEASE_TTL_MS_MAX);
    const stream = isThere ? this.#parts.fills.open({ key, ttlMs, tags }) : undefined;
    const leave = (): void => stream?.close();
    load.signal.addEventListener('abort', leave, { once: true });
    try {
      const outcome = await this.#outcomeOf(stream);
      load.signal.throwIfAborted();
      if (outcome?.kind === 'absent') return { value: undefined };
      if (outcome?.kind === 'entry' && this.#isReadable(outcome.entry)) return outcome;
      const value = await this.#callLoader(load, loader, timeoutMs);
      const lost = outcome?.kind === 'lease' ? stream?.error : undefined;
      if (lost !== undefined) this.#report(lost);
      else if (outcome?.kind === 'lease' && !load.isSuperseded) {
        const storing = this.#store(key, value, terms, outcome.token);
        // Whether it was set or nobody wants it any more: the answer to the set has no news.
        await Promise.race([storing, stream?.ended]);
      }
      return { value };
    } finally {
      load.signal.removeEventListener('abort', leave);
      leave();
    }
  }

  async #outcomeOf(stream: FillStream | undefined): Promise<FillOutcome | undefined> {
    try {
      return await stream?.outcome;
    } catch (error) {
      this.#report(HoldfastError.from(error));
      return undefined;
    }
  }

  #isReadable(entry: EncodedEntry): boolean {
    try {
      decodeValue(entry);
      return true;
    } catch (error) {
      this.#report(HoldfastError.from(error));
      return false;
    }
  }

  /** The time of the load is that of its loader: who waits for another's has no part in it. */
  #callLoader(
    { key, signal: left }: RunningLoad,
    loader: Loader<unknown>,
    timeoutMs: number | undefined,
  ): Promise<unknown> {
    const late = new AbortController();
    const signal = timeoutMs === undefined ? left : AbortSignal.any([left, late.signal]);
    const loaded = Promise.resolve().then(() => loader({ key, signal }));
    if (timeoutMs === undefined) return loaded;
    return new Promise((resolve, reject) => {
      const timer = startLoadTimer(timeoutMs, this.#parts.system.clock, (error) => {
        reject(error);
        late.abort(error);
      });
      const cancel = (): void => timer.cancel();
      left.addEventListener('abort', cancel, { once: true });
      loaded.then(resolve, reject).finally(() => {
        cancel();
        left.removeEventListener('abort', cancel);
      });
    });
  }

  /** What does not come of it is no matter of those who wait for the value. */
  async #store(key: Uint8Array, value: unknown, terms: LoadTerms, token: bigint): Promise<void> {
    try {
      await this.#execute(await this.#outcomeOperation(key, value, terms, token), undefined);
    } catch (error) {
      this.#report(HoldfastError.from(error));
    }
  }

  async #outcomeOperation(
    key: Uint8Array,
    value: unknown,
    terms: LoadTerms,
    fillToken: bigint,
  ): Promise<CacheOperation> {
    const { durability, fence, negativeTtlMs, tags } = terms;
    const options = { key, durability, fence, fillToken };
    if (value === undefined) return { kind: 'delete', ...options, negativeTtlMs };
    const encoded = encodeValue(value);
    const keptMs = Math.max(terms.revalidateMs, terms.errorMs);
    const keepMs = keptMs === 0 ? undefined : keptMs;
    const deadline = await this.#deadlineOf(terms);
    return { kind: 'set', ...options, value: encoded, tags, keepMs, ...deadline };
  }

  async #deadlineOf(terms: LoadTerms): Promise<Pick<LoadTerms, 'ttlMs' | 'expiresAtMs'>> {
    const { ttlMs, expiresAtMs, jitter } = terms;
    if (jitter === undefined) return { ttlMs, expiresAtMs };
    const { clock, random } = this.#parts.system;
    if (expiresAtMs !== undefined) {
      const deadlineMs = jitteredDeadline(expiresAtMs, clock.wallMs(), jitter, random);
      return { ttlMs, expiresAtMs: deadlineMs };
    }
    const longestMs = ttlMs ?? (await this.#parts.defaultTtlMs());
    return { ttlMs: jitteredDeadline(longestMs, 0, jitter, random), expiresAtMs };
  }

  #execute(
    operation: CacheOperation,
    signal: AbortSignal | undefined,
  ): Promise<CacheOperationResult> {
    const { pipeline, system, timeoutMs } = this.#parts;
    const deadlineMs = system.clock.monotonicMs() + timeoutMs;
    return pipeline.execute(operation, { deadlineMs, signal, isHurried: true });
  }

  /** Nobody was told: an old value was given instead. */
  #reportLoader(cause: unknown): void {
    this.#report(new HoldfastError('UNAVAILABLE', 'a value was not refreshed', { cause }));
  }

  #report(error: HoldfastError): void {
    if (this.#isClosed) return;
    // In a turn of its own: what it throws is the program's, and not the load's.
    queueMicrotask(() => this.#parts.onError(error));
  }
}

type GetResult = Extract<CacheOperationResult, { kind: 'get' }>;

/** Not what happened to the cache, but what the caller did. */
const WRONG_CALL: ReadonlySet<string> = new Set(['INVALID_ARGUMENT', 'TOO_LARGE', 'CLOSED']);

function checkedTerms(options: GetOrSetOptions): LoadTerms {
  const { jitter, timeout, negativeTtl } = options;
  if (jitter !== undefined) assertJitter(jitter);
  return {
    ...setDeadline(options),
    durability: optionalDurability(options.durability),
    fence: optionalFence(options.fence),
    jitter,
    timeoutMs: timeout === undefined ? undefined : intervalOption(timeout, 1, 'timeout'),
    tags: optionalTags(options.tags),
    revalidateMs: durationMs(options.staleWhileRevalidate ?? 0, 'staleWhileRevalidate'),
    errorMs: durationMs(options.staleIfError ?? 0, 'staleIfError'),
    negativeTtlMs: negativeTtl === undefined ? undefined : ttlMs(negativeTtl, 'negativeTtl'),
  };
}
