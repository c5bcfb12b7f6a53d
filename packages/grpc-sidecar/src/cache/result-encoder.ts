/**
 * Results of the cache seam → bytes of the responses of cache.proto: the other half of
 * operation-decoder.ts, for the same reason, and held to proto-loader by the same test.
 */
import { HoldfastError } from '@holdfast/core';
import type { CacheOperationResult, EncodedEntry, ValueEncoding } from '@holdfast/core/backend';
import { encodeStatus } from '../status/status.ts';
import { BackwardWriter } from '../wire/backward-writer.ts';

/** The answer to a batch of a pipeline. */
export interface BatchAnswer {
  readonly id: number;
  readonly results: readonly CacheOperationResult[];
  /** The batch as a whole was refused. */
  readonly error?: HoldfastError;
}

/** By number of the enum `Encoding`. */
const ENCODING_NUMBERS: Readonly<Record<ValueEncoding, number>> = {
  bytes: 1,
  text: 2,
  json: 3,
  msgpack: 4,
};

/**
 * What an entry takes beside its data, at most; so a buffer of the right size is allocated at once.
 */
export const ENTRY_OVERHEAD_BYTES = 72;

/** The end of the year 9999, in milliseconds: a Timestamp may not say more. */
const TIMESTAMP_MS_MAX = 253_402_300_799_999;

type SucceededResult = Exclude<CacheOperationResult, { kind: 'error' }>;

/** `GetResponse`, `SetResponse`, `DeleteResponse` or `TouchResponse`, as the result says. */
export function encodeResponse(result: SucceededResult): Buffer {
  const writer = new BackwardWriter(sizeExpected([result]));
  writeResponse(writer, result);
  return writer.finish();
}

export function encodeGetManyResponse(results: readonly CacheOperationResult[]): Buffer {
  const writer = new BackwardWriter(sizeExpected(results));
  for (let index = results.length - 1; index >= 0; index--) {
    const result = results[index] as CacheOperationResult;
    const mark = writer.mark();
    // A GetManyResult holds the entry under the same number as a GetResponse does.
    if (result.kind === 'error') writeError(writer, result.error);
    else writeResponse(writer, result);
    writer.closeMessage(0x0a, mark);
  }
  return writer.finish();
}

export function encodeSetManyResponse(results: readonly CacheOperationResult[]): Buffer {
  const writer = new BackwardWriter(sizeExpected(results));
  for (let index = results.length - 1; index >= 0; index--) {
    const result = results[index] as CacheOperationResult;
    const mark = writer.mark();
    if (result.kind === 'error') writeError(writer, result.error);
    else {
      const inner = writer.mark();
      writeResponse(writer, result);
      writer.closeMessage(0x0a, inner);
    }
    writer.closeMessage(0x0a, mark);
  }
  return writer.finish();
}

export function encodeBatchResponse(results: readonly CacheOperationResult[]): Buffer {
  const writer = new BackwardWriter(sizeExpected(results));
  writeResults(writer, 0x0a, results);
  return writer.finish();
}

export function encodePipelineResponse(answer: BatchAnswer): Buffer {
  const writer = new BackwardWriter(sizeExpected(answer.results));
  if (answer.error !== undefined) writeError(writer, answer.error);
  writeResults(writer, 0x12, answer.results);
  if (answer.id !== 0) writer.varintField(0x08, answer.id);
  return writer.finish();
}

function writeResults(
  writer: BackwardWriter,
  tag: number,
  results: readonly CacheOperationResult[],
): void {
  for (let index = results.length - 1; index >= 0; index--) {
    const result = results[index] as CacheOperationResult;
    const mark = writer.mark();
    if (result.kind === 'error') writeError(writer, result.error);
    else {
      const inner = writer.mark();
      writeResponse(writer, result);
      writer.closeMessage(RESULT_TAGS[result.kind], inner);
    }
    writer.closeMessage(tag, mark);
  }
}

/** In an OperationResult. */
const RESULT_TAGS: Readonly<Record<SucceededResult['kind'], number>> = {
  get: 0x0a,
  set: 0x12,
  delete: 0x1a,
  touch: 0x22,
  invalidate: 0x2a,
};

function writeResponse(writer: BackwardWriter, result: SucceededResult): void {
  switch (result.kind) {
    case 'get':
      if (result.isStale) writer.varintField(0x10, 1);
      if (result.entry !== undefined) writeEntry(writer, result.entry);
      return;
    case 'set':
      writer.bigVarintField(0x10, result.version);
      if (result.stored) writer.varintField(0x08, 1);
      return;
    case 'invalidate':
      return;
    default:
      if (result.existed) writer.varintField(0x08, 1);
  }
}

/** An Entry under number 1, with its tag. */
function writeEntry(writer: BackwardWriter, entry: EncodedEntry): void {
  const mark = writer.mark();
  if (entry.expiresAtMs !== Number.POSITIVE_INFINITY) {
    writeTimestamp(writer, 0x22, entry.expiresAtMs);
  }
  writeTimestamp(writer, 0x1a, entry.createdAtMs);
  writer.bigVarintField(0x10, entry.version);
  const valueMark = writer.mark();
  writer.varintField(0x10, ENCODING_NUMBERS[entry.encoding]);
  if (entry.data.length > 0) writer.bytesField(0x0a, entry.data);
  writer.closeMessage(0x0a, valueMark);
  writer.closeMessage(0x0a, mark);
}

/** Rounded down to a millisecond and clamped to the years 1970 to 9999. */
function writeTimestamp(writer: BackwardWriter, tag: number, unixMs: number): void {
  const clampedMs = Math.min(Math.max(Math.floor(unixMs), 0), TIMESTAMP_MS_MAX);
  const seconds = Math.floor(clampedMs / 1_000);
  const nanos = (clampedMs - seconds * 1_000) * 1_000_000;
  const mark = writer.mark();
  if (nanos !== 0) writer.varintField(0x10, nanos);
  if (seconds !== 0) writer.varintField(0x08, seconds);
  writer.closeMessage(tag, mark);
}

/** A google.rpc.Status under number 15, which all messages have for it. */
function writeError(writer: BackwardWriter, error: Error): void {
  writer.bytesField(0x7a, encodeStatus(HoldfastError.from(error)));
}

function sizeExpected(results: readonly CacheOperationResult[]): number {
  let size = 32;
  for (const result of results) {
    size += ENTRY_OVERHEAD_BYTES;
    if (result.kind === 'get' && result.entry !== undefined) size += result.entry.data.length;
  }
  return size;
}
