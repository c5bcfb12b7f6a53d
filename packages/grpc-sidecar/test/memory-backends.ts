import { HoldfastError } from '@holdfast/core';
import type { CacheBackend, CacheOperation, CacheOperationResult } from '@holdfast/core/backend';
import type { Clock } from '@holdfast/core/ports';
import { SeededRandom } from '@holdfast/core/testing';
import {
  EmbeddedLockBackend,
  type LeaseTableLimits,
  tokensAfter,
} from '../../core/src/locks/index.ts';
import type { Backends } from '../src/backends/backends.ts';

interface Slot {
  readonly encoding: 'bytes' | 'text' | 'json' | 'msgpack';
  readonly data: Uint8Array;
  readonly version: bigint;
  readonly createdAtMs: number;
  expiresAtMs: number;
}

/** A cache in a Map, with exact deadlines by a clock that tests move. */
export class MemoryCacheBackend implements CacheBackend {
  readonly valueBytesMax: number = 16_777_216;
  readonly #clock: Clock;
  readonly #slots = new Map<string, Slot>();
  #version = 2n ** 60n;
  /** Fails every write, as a store does whose disk failed. */
  failWrites: HoldfastError | undefined;
  /** Holds back all answers until it is resolved. */
  gate: Promise<void> = Promise.resolve();
  /** Largest number of batches that waited at once. */
  inFlightMost = 0;
  #inFlight = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get refusal(): HoldfastError | undefined {
    return this.failWrites;
  }

  async execute(operations: readonly CacheOperation[]): Promise<CacheOperationResult[]> {
    const results = operations.map((operation) => this.#execute(operation));
    this.#inFlight += 1;
    this.inFlightMost = Math.max(this.inFlightMost, this.#inFlight);
    await this.gate;
    this.#inFlight -= 1;
    return results;
  }

  #execute(operation: CacheOperation): CacheOperationResult {
    const key = Buffer.from(operation.key).toString('latin1');
    const slot = this.#live(key);
    if (this.failWrites !== undefined && operation.kind !== 'get') {
      return { kind: 'error', error: this.failWrites };
    }
    switch (operation.kind) {
      case 'get':
        return { kind: 'get', entry: slot };
      case 'set': {
        if (operation.value.data.length > this.valueBytesMax) {
          const details = { limit: this.valueBytesMax };
          const error = new HoldfastError('TOO_LARGE', 'the value is too large', { details });
          return { kind: 'error', error };
        }
        if (operation.ifAbsent && slot)
          return { kind: 'set', stored: false, version: slot.version };
        const version = ++this.#version;
        const nowMs = this.#clock.wallMs();
        this.#slots.set(key, {
          encoding: operation.value.encoding,
          data: Uint8Array.from(operation.value.data),
          version,
          createdAtMs: nowMs,
          expiresAtMs: operation.expiresAtMs ?? nowMs + (operation.ttlMs ?? 3_600_000),
        });
        return { kind: 'set', stored: true, version };
      }
      case 'delete':
        this.#slots.delete(key);
        return { kind: 'delete', existed: slot !== undefined };
      case 'touch':
        if (slot) slot.expiresAtMs = this.#clock.wallMs() + operation.ttlMs;
        return { kind: 'touch', existed: slot !== undefined };
    }
  }

  #live(key: string): Slot | undefined {
    const slot = this.#slots.get(key);
    if (slot === undefined || slot.expiresAtMs > this.#clock.wallMs()) return slot;
    this.#slots.delete(key);
    return undefined;
  }
}

export interface MemoryBackends extends Backends {
  readonly cache: MemoryCacheBackend;
  readonly locks: EmbeddedLockBackend;
  readonly closes: string[];
}

export function memoryBackends(clock: Clock, lockLimits?: LeaseTableLimits): MemoryBackends {
  const cache = new MemoryCacheBackend(clock);
  const locks = new EmbeddedLockBackend({
    clock,
    random: new SeededRandom(7),
    tokens: tokensAfter(),
    ...(lockLimits === undefined ? {} : { limits: lockLimits }),
  });
  const closes: string[] = [];
  return {
    cache,
    locks,
    closes,
    admin: {
      store: {
        directory: undefined,
        defaultDurability: 'buffered',
        defaultTtlMs: 3_600_000,
        valueBytesMax: cache.valueBytesMax,
      },
      stats: async () => ({ records: 3 }),
      flush: async () => {},
      compact: async () => ({ bytesBefore: 300, bytesAfter: 100, segmentsFreed: 2 }),
      verify: async () => ({ files: 0, bytes: 0, records: 0, damage: [] }),
    },
    async close() {
      closes.push('backends');
      locks.dispose();
    },
  };
}
