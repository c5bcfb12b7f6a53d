import type {
  CacheBackend,
  CacheOperation,
  CacheOperationResult,
  Durability,
  EncodedEntry,
  EncodedValue,
  FillRequest,
  ReadBudget,
} from '../backend/cache-backend.ts';
import { MsgpackEncoder } from '../codec/msgpack-encoder.ts';
import { packPlain } from '../codec/plain-msgpack.ts';
import { isCompressed, plainEncoding } from '../codec/value-compression.ts';
import {
  ENCODING_CUSTOM,
  ENCODING_RECORDS,
  encodingName,
  isInternalEncoding,
  isPublicEncoding,
} from '../codec/value-encoding.ts';
import { copyBytes } from '../engine/copy-bytes.ts';
import { type RecordMemory, recordEncoding, valueEnd, valueStart } from '../engine/record.ts';
import { markTags } from '../engine/stale-mark.ts';
import { HoldfastError } from '../errors.ts';
import { NEVER } from '../expiry/expiry.ts';
import type { CacheSettings } from './cache-options.ts';
import type { CachedValues } from './cached-values.ts';
import type { CallGuard } from './call-guard.ts';
import { ttlMs, writeDeadline } from './deadline.ts';
import type { Fills } from './fills.ts';
import { NO_OPTIONS } from './write-options.ts';

export interface EmbeddedCacheBackendOptions {
  readonly values: CachedValues<unknown>;
  readonly settings: CacheSettings;
  readonly guard: CallGuard;
  readonly fills: Fills;
}

/**
 * Small values share an allocation: one of their own cost 0.8 µs each, a third of what a pipelined
 * get costs the server (`npm run bench -w @holdfast/grpc-sidecar`).
 */
const SLAB_BYTES = 65_536;
const SLAB_SLICE_BYTES_MAX = 4_096;

type WriteOperation = Exclude<CacheOperation, { kind: 'get' }>;
type GetOperation = Extract<CacheOperation, { kind: 'get' }>;
type SetOperation = Extract<CacheOperation, { kind: 'set' }>;
type DeleteOperation = Extract<CacheOperation, { kind: 'delete' }>;
type SetResult = Extract<CacheOperationResult, { kind: 'set' }>;

/** A write whose durability an answer waits for. */
interface DurabilityWait {
  readonly index: number;
  readonly durable: Promise<void>;
}

/** The version of a value that is nowhere but here. */
const NOT_STORED = 0n;

/** The embedded engine behind the server's seam. One promise a call, however many operations. */
export class EmbeddedCacheBackend implements CacheBackend {
  readonly #options: EmbeddedCacheBackendOptions;
  #slab: Uint8Array = new Uint8Array(SLAB_BYTES);
  #slabUsed = 0;
  readonly #encoder = new MsgpackEncoder();

  constructor(options: EmbeddedCacheBackendOptions) {
    this.#options = options;
  }

  get refusal(): HoldfastError | undefined {
    return this.#options.values.engine.refusal;
  }

  async execute(
    operations: readonly CacheOperation[],
    budget?: ReadBudget,
  ): Promise<CacheOperationResult[]> {
    const results: CacheOperationResult[] = [];
    const waits = this.#executeAll(operations, results, budget);
    for (const { index, durable } of waits) {
      try {
        await durable;
      } catch (error) {
        results[index] = failed(error);
      }
    }
    return results;
  }

  /**
   * Tells which results have to wait. Hot, and in a function of its own: V8 went in and out of
   * optimised code for each batch while this loop was part of an async function.
   */
  #executeAll(
    operations: readonly CacheOperation[],
    results: CacheOperationResult[],
    budget: ReadBudget | undefined,
  ): readonly DurabilityWait[] {
    const waits: DurabilityWait[] = [];
    for (let index = 0; index < operations.length; index++) {
      const operation = operations[index] as CacheOperation;
      try {
        if (operation.kind === 'get') {
          results.push(this.#get(operation, budget));
          continue;
        }
        results.push(this.#write(operation));
        const durability = durabilityOf(operation) ?? this.#options.settings.engine.durability;
        const durable = this.#options.values.engine.settle(durability);
        if (durability !== 'buffered') waits.push({ index, durable });
      } catch (error) {
        results.push(failed(error));
      }
    }
    return waits;
  }

  #get({ key, staleMs = 0 }: GetOperation, budget: ReadBudget | undefined): CacheOperationResult {
    const { guard, values } = this.#options;
    guard.assertOpen();
    if (budget !== undefined && budget.bytesLeft < 0) throw budget.exceeded;
    if (values.findCounted(key)) return { kind: 'get', entry: this.#entryWithin(budget) };
    if (staleMs === 0 || !values.findKept(key, staleMs)) return { kind: 'get', entry: undefined };
    return { kind: 'get', entry: this.#entryWithin(budget), isStale: true };
  }

  #entryWithin(budget: ReadBudget | undefined): EncodedEntry {
    const entry = this.#entry();
    if (budget !== undefined) {
      const { length } = entry.data;
      const isWithin = length <= budget.bytesLeft;
      budget.bytesLeft = isWithin ? budget.bytesLeft - length : -1;
      if (!isWithin) throw budget.exceeded;
    }
    return entry;
  }

  #write(operation: WriteOperation): CacheOperationResult {
    const { values } = this.#options;
    if (operation.kind === 'set' && operation.fillToken !== undefined) {
      return this.#fill(operation, operation.fillToken);
    }
    if (operation.kind === 'delete' && operation.fillToken !== undefined) {
      return this.#fillWithNone(operation, operation.fillToken);
    }
    this.#options.guard.prepareWrite(NO_OPTIONS);
    if (operation.kind === 'set') return this.#set(operation);
    if (operation.kind === 'touch') {
      const expiresAtMs = values.engine.clock.nowMs() + ttlMs(operation.ttlMs, 'ttl');
      return { kind: 'touch', existed: values.touch(operation.key, expiresAtMs, operation.fence) };
    }
    if (operation.kind === 'invalidate') {
      values.invalidateTags(operation.tags, operation.fence);
      return { kind: 'invalidate' };
    }
    return { kind: 'delete', existed: values.remove(operation.key, operation.fence) };
  }

  #set(
    operation: SetOperation,
    nowMs: number = this.#options.values.engine.clock.nowMs(),
    expiresAtMs: number = this.#deadlineOf(operation, nowMs),
  ): SetResult {
    const { values } = this.#options;
    const { engine } = values;
    const { key, value, ifAbsent = false } = operation;
    const isAbsent = ifAbsent ? (): boolean => !engine.find() : undefined;
    const mayStore = values.fenced(operation.fence, isAbsent);
    const keptMs = expiresAtMs === NEVER ? 0 : (operation.keepMs ?? 0);
    const tags = this.#tagsOf(operation, keptMs === 0 ? undefined : expiresAtMs);
    const sequence = values.setEncoded(key, value, expiresAtMs + keptMs, nowMs, mayStore, tags);
    const stored = sequence !== undefined;
    return { kind: 'set', stored, version: BigInt(sequence ?? engine.stamp().sequence) };
  }

  /** What stands before the value, `undefined` if it is nothing of its own. */
  #tagsOf({ tags }: SetOperation, markedMs: number | undefined): Uint8Array | undefined {
    if (tags === undefined && markedMs === undefined) return undefined;
    const bytes = this.#options.values.namespace.tagBytes(tags ?? []);
    return markedMs === undefined ? bytes : markTags(bytes, markedMs);
  }

  #deadlineOf({ ttlMs: ttl, expiresAtMs: expiresAt }: SetOperation, nowMs: number): number {
    return writeDeadline({ ttl, expiresAt }, nowMs, this.#options.settings.defaultTtlMs);
  }

  /** The value of a load goes to all who wait for it, whatever becomes of the write. */
  #fill(operation: SetOperation, token: bigint): SetResult {
    const { guard, fills, values } = this.#options;
    guard.assertOpen();
    const { key, value } = operation;
    const createdAtMs = values.engine.clock.nowMs();
    const expiresAtMs = this.#deadlineOf(operation, createdAtMs);
    const fill = fills.find(token, key, values.namespace.space);
    let result: SetResult | undefined;
    try {
      if (fill !== undefined && !fill.load.isSuperseded) {
        guard.prepareWrite(NO_OPTIONS);
        result = this.#set(operation, createdAtMs, expiresAtMs);
      }
    } finally {
      const version = result?.stored ? result.version : NOT_STORED;
      fill?.give({ ...value, version, createdAtMs, expiresAtMs });
    }
    if (result !== undefined) return result;
    const isThere = values.find(key);
    const version = isThere ? BigInt(values.engine.stamp().sequence) : NOT_STORED;
    return { kind: 'set', stored: false, version };
  }

  /** A load has found none: those who wait are told so, whatever becomes of what is kept of it. */
  #fillWithNone(operation: DeleteOperation, token: bigint): CacheOperationResult {
    const { guard, fills, values } = this.#options;
    guard.assertOpen();
    const { key, fence, negativeTtlMs } = operation;
    const fill = fills.find(token, key, values.namespace.space);
    try {
      if (fill !== undefined && !fill.load.isSuperseded) {
        if (negativeTtlMs !== undefined) {
          fills.noteAbsence(fill, values.engine.clock.nowMs() + negativeTtlMs);
        }
        if (values.findStale(key)) {
          guard.prepareWrite(NO_OPTIONS);
          values.removeStale(key, fence);
        }
      }
    } finally {
      fill?.give(undefined);
    }
    return { kind: 'delete', existed: false };
  }

  getOrLease(request: FillRequest): Promise<EncodedEntry | undefined> {
    const { guard, fills, values } = this.#options;
    const key = new Uint8Array(request.key);
    let isFirst = true;
    return fills.getOrLease({ ...request, key }, values.namespace, () => {
      guard.assertOpen();
      // Who waited may look again, and was counted.
      const isFound = isFirst ? values.findCounted(key) : values.find(key);
      isFirst = false;
      return isFound ? this.#readableEntry() : undefined;
    });
  }

  /** What cannot be read is loaded anew. */
  #readableEntry(): EncodedEntry | undefined {
    try {
      return this.#entry();
    } catch (error) {
      this.#options.settings.engine.onError(HoldfastError.from(error));
      return undefined;
    }
  }

  /**
   * Extended MessagePack and codecs of the user's are an embedded affair: to the outside such a
   * value becomes plain bytes, text or MessagePack.
   */
  #entry(): EncodedEntry {
    const { engine, decoder } = this.#options.values;
    const { memory, offset } = engine.found;
    const { words } = memory;
    let number = recordEncoding(words, offset);
    const start = valueStart(words, offset);
    const end = valueEnd(words, offset);
    const { sequence, createdAtMs, expiresAtMs } = engine.stamp();
    const version = BigInt(sequence);
    let own: Uint8Array | undefined;
    if (isCompressed(number)) {
      own = decoder.decompress(number, memory, start, end);
      number = plainEncoding(number);
    }
    if (isInternalEncoding(number)) {
      const value =
        own === undefined
          ? decoder.decode(number, memory, start, end)
          : decoder.decodeOwn(number, own);
      const plain = number === ENCODING_CUSTOM ? this.#encodePlain(value) : packedPlain(value);
      return { ...plain, version, createdAtMs, expiresAtMs };
    }
    const encoding = encodingName(number);
    if (!isPublicEncoding(encoding)) {
      throw new HoldfastError('CORRUPT', `unknown encoding=${number}`);
    }
    const data = own ?? this.#copy(memory, start, end);
    return { encoding, data, version, createdAtMs, expiresAtMs };
  }

  /** What a codec of the user's gave may be any value at all, or none that can be sent. */
  #encodePlain(value: unknown): EncodedValue {
    const encoder = this.#encoder;
    const number = encoder.encode(value);
    const encoding = encodingName(number);
    if (number === ENCODING_RECORDS || !isPublicEncoding(encoding)) return packedPlain(value);
    const { data, start, length } = encoder;
    return { encoding, data: new Uint8Array(data.subarray(start, start + length)) };
  }

  #copy({ bytes }: RecordMemory, start: number, end: number): Uint8Array {
    const data = this.#slice(end - start);
    copyBytes(bytes, start, data.length, data, 0);
    return data;
  }

  /**
   * Bytes for one value. Nobody else writes to them, and a slab lives as long as any of its values.
   */
  #slice(length: number): Uint8Array {
    if (length > SLAB_SLICE_BYTES_MAX) return new Uint8Array(length);
    if (this.#slabUsed + length > SLAB_BYTES) {
      this.#slab = new Uint8Array(SLAB_BYTES);
      this.#slabUsed = 0;
    }
    const start = this.#slabUsed;
    this.#slabUsed = start + length;
    return new Uint8Array(this.#slab.buffer, start, length);
  }
}

/** A Map becomes a MessagePack map. */
function packedPlain(value: unknown): EncodedValue {
  return { encoding: 'msgpack', data: packPlain(value) };
}

function durabilityOf(operation: CacheOperation): Durability | undefined {
  return 'durability' in operation ? operation.durability : undefined;
}

function failed(error: unknown): CacheOperationResult {
  return { kind: 'error', error: HoldfastError.from(error) };
}
