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
  Loads,
  ownKey,
  type RunningLoad,
  startLoadTimer,
  ttlMs,
} from '@holdfast/core/client';
import { closedError } from '../closed-error.ts';
import { optionalSignal } from '../optional-arguments.ts';
import type { ClientSystem } from '../system.ts';
import type { FillOutcome, FillStream, FillStreams } from './fill-stream.ts';
import type { Pipeline } from './pipeline.ts';
import { decodeValue, encodeValue } from './value-codec.ts';
import { encodeKey, optionalDurability, optionalFence, setDeadline } from './write-arguments.ts';

/**
 * As for the embedded cache. What is about storing counts for the call that starts the load in this
 * process; `timeout` for its loader, and not for waiting for that of another client.
 */
export type GetOrSetOptions = Pick<
  CacheGetOrSetOptions,
  'ttl' | 'expiresAt' | 'durability' | 'fence' | 'signal' | 'timeout' | 'jitter' | 'negativeTtl'
>;

const LOAD_OPTIONS: ReadonlySet<string> = new Set<keyof GetOrSetOptions>([
  'ttl',
  'expiresAt',
  'durability',
  'fence',
  'signal',
  'timeout',
  'jitter',
  'negativeTtl',
]);

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
}

/** A value as it was loaded here, or as the server has it: then everybody decodes a copy. */
type Loaded = { readonly value: unknown } | { readonly entry: EncodedEntry };

export class RemoteLoader {
  readonly #parts: RemoteLoaderParts;
  readonly #loads: Loads;
  #isClosed = false;

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
    const bytes = encodeKey(own);
    const found = await this.#find(bytes, signal);
    if (typeof found === 'object') return found.value;
    const start = (load: RunningLoad): Promise<Loaded> =>
      this.#load(load, bytes, loader, terms, found === 'miss');
    const limits = { signal, timeoutMs: undefined, tags: [] };
    const loaded = await this.#loads.run(keyLockName(own), own, start, limits, () => {});
    return 'entry' in loaded ? decodeValue(loaded.entry) : loaded.value;
  }

  /** A write of this client has been made, or may have been: it wins over a load under way. */
  supersede(key: Uint8Array): void {
    this.#loads.supersede(key, '');
  }

  /** Loads go on for those who wait for them, and are not stored. */
  close(): void {
    this.#isClosed = true;
    this.#parts.fills.close();
  }

  async #find(
    key: Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly value: unknown } | 'miss' | 'failed'> {
    try {
      const { entry } = (await this.#execute({ kind: 'get', key }, signal)) as GetResult;
      return entry === undefined ? 'miss' : { value: decodeValue(entry) };
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
    key: Uint8Array,
    loader: Loader<unknown>,
    terms: LoadTerms,
    isThere: boolean,
  ): Promise<Loaded> {
    const { timeoutMs } = terms;
    const ttlMs =
      timeoutMs === undefined ? undefined : Math.min(timeoutMs + FILL_MARGIN_MS, LEASE_TTL_MS_MAX);
    const stream = isThere ? this.#parts.fills.open({ key, ttlMs }) : undefined;
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
    const { durability, fence, negativeTtlMs } = terms;
    const options = { key, durability, fence, fillToken };
    if (value === undefined) return { kind: 'delete', ...options, negativeTtlMs };
    const encoded = encodeValue(value);
    return { kind: 'set', ...options, value: encoded, ...(await this.#deadlineOf(terms)) };
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
    negativeTtlMs: negativeTtl === undefined ? undefined : ttlMs(negativeTtl, 'negativeTtl'),
  };
}
