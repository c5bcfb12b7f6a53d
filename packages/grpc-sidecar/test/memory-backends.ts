import { type HoldfastError, openCacheOn } from '@holdfast/core';
import type {
  CacheBackend,
  CacheOperation,
  CacheOperationResult,
  EncodedEntry,
  FillRequest,
  ReadBudget,
} from '@holdfast/core/backend';
import { type ManualClock, simulatedRuntime } from '@holdfast/core/testing';
import {
  EmbeddedLockBackend,
  type LeaseTableLimits,
  tokensAfter,
} from '../../core/src/locks/index.ts';
import type { Backends } from '../src/backends/backends.ts';

/** Above 2^53, so that a version that is rounded anywhere shows. */
const VERSION_OFFSET = 2n ** 60n;

/** The embedded cache in memory, by a clock that tests move, with ways to make it fail or wait. */
export class MemoryCacheBackend implements CacheBackend {
  readonly #inner: CacheBackend;
  /** Fails every write, as a store does whose disk failed. */
  failWrites: HoldfastError | undefined;
  /** Holds back all answers until it is resolved. */
  gate: Promise<void> = Promise.resolve();
  /** Largest number of batches that waited at once. */
  inFlightMost = 0;
  #inFlight = 0;

  constructor(inner: CacheBackend) {
    this.#inner = inner;
  }

  get refusal(): HoldfastError | undefined {
    return this.failWrites;
  }

  async execute(
    operations: readonly CacheOperation[],
    budget?: ReadBudget,
  ): Promise<CacheOperationResult[]> {
    const error = this.failWrites;
    const executing = this.#inner.execute(
      error === undefined ? operations : operations.filter(({ kind }) => kind === 'get'),
      budget,
    );
    this.#inFlight += 1;
    this.inFlightMost = Math.max(this.inFlightMost, this.#inFlight);
    await this.gate;
    this.#inFlight -= 1;
    const results = (await executing).map(withLargeVersion);
    if (error === undefined) return results;
    return operations.map(({ kind }) =>
      kind === 'get' ? (results.shift() as CacheOperationResult) : { kind: 'error', error },
    );
  }

  getOrLease(request: FillRequest): Promise<EncodedEntry | undefined> {
    return this.#inner.getOrLease(request);
  }
}

function withLargeVersion(result: CacheOperationResult): CacheOperationResult {
  if (result.kind === 'set' && result.version > 0n) {
    return { ...result, version: result.version + VERSION_OFFSET };
  }
  if (result.kind !== 'get' || result.entry === undefined) return result;
  const { entry } = result;
  return { ...result, entry: { ...entry, version: entry.version + VERSION_OFFSET } };
}

export interface MemoryBackends extends Backends {
  readonly cache: MemoryCacheBackend;
  readonly closes: string[];
  /** The token of the n-th grant, as text. */
  readonly nthToken: (n: number) => string;
}

/** With limits for locks, those are not the cache's own: it knows nothing of their leases. */
export async function memoryBackends(
  clock: ManualClock,
  limits: LeaseTableLimits | undefined,
): Promise<MemoryBackends> {
  const runtime = simulatedRuntime({ seed: 7, clock });
  const cache = await openCacheOn(runtime, { persistent: false, defaultTtl: '1h' });
  const tokens = tokensAfter();
  const locks =
    limits === undefined
      ? cache.lockBackend()
      : new EmbeddedLockBackend({ clock, random: runtime.random, tokens, limits });
  const before = await locks.acquireLease({ name: 'x', ttlMs: 1_000, waitMs: 0, clientName: '' });
  if (before.kind !== 'granted') throw new Error('the lock of a new table is busy');
  await locks.releaseLease(before.leaseId, before.token);
  const closes: string[] = [];
  return {
    cache: new MemoryCacheBackend(cache.backend()),
    locks,
    closes,
    nthToken: (n) => String(before.token + BigInt(n)),
    admin: {
      store: {
        directory: undefined,
        defaultDurability: 'buffered',
        defaultTtlMs: 3_600_000,
        valueBytesMax: 16_777_216,
      },
      stats: async () => {
        const { hits, misses, loads } = cache.stats();
        return { records: 3, hits, misses, loads };
      },
      flush: async () => {},
      compact: async () => ({ bytesBefore: 300, bytesAfter: 100, segmentsFreed: 2 }),
      verify: async () => ({ files: 0, bytes: 0, records: 0, damage: [] }),
    },
    async close() {
      closes.push('backends');
      await cache.close();
    },
  };
}
