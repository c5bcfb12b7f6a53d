/** Values and times between a terminal and the wire. */
import { durationMs, HoldfastError, InvalidArgumentError } from '@holdfast/core';
import { unpackPlain } from '@holdfast/core/client';
import type { Duration, Timestamp__Output, Value, Value__Output } from '@holdfast/protos';
import { duration } from '../wire/duration.ts';

export const ENCODINGS = ['text', 'bytes', 'json'] as const;

export type InputEncoding = (typeof ENCODINGS)[number];

/** Throws `InvalidArgumentError` for bytes that are not of the encoding they are said to be. */
export function wireValue(data: Uint8Array, encoding: InputEncoding): Value {
  if (encoding === 'bytes') return { data: Buffer.from(data), encoding: 'ENCODING_BYTES' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch (cause) {
    throw new InvalidArgumentError('the value is not UTF-8: use --encoding bytes', {}, { cause });
  }
  if (encoding === 'text') return { data: Buffer.from(data), encoding: 'ENCODING_TEXT' };
  try {
    // As JSON.parse gives it: what is stored is without its blanks.
    const json = JSON.stringify(JSON.parse(text));
    return { data: Buffer.from(json), encoding: 'ENCODING_JSON' };
  } catch (cause) {
    throw new InvalidArgumentError('the value is not JSON', {}, { cause });
  }
}

/** What was set: bytes, a text, or what JSON or MessagePack say. */
export function decodedValue({ data, encoding }: Value__Output): unknown {
  try {
    if (encoding === 'ENCODING_TEXT')
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(data);
    if (encoding === 'ENCODING_JSON') return JSON.parse(data.toString());
    if (encoding === 'ENCODING_MSGPACK') {
      return unpackPlain(new Uint8Array(data), { start: 0, end: data.length });
    }
    return new Uint8Array(data);
  } catch (cause) {
    throw new HoldfastError('CORRUPT', 'the value is not of its encoding', { cause });
  }
}

export function encodingOf({ encoding }: Value__Output): string {
  return String(encoding).replace('ENCODING_', '').toLowerCase();
}

/** Shows what JSON has no form for: bytes as base64, large integers as text, sets as arrays. */
export function jsonOf(value: unknown, indent?: number): string {
  const show = (_name: string, item: unknown): unknown => {
    if (typeof item === 'bigint') return String(item);
    if (item instanceof Uint8Array) return Buffer.from(item).toString('base64');
    if (item instanceof Set) return [...item];
    return item;
  };
  return JSON.stringify(value, show, indent);
}

/** Text of a `--ttl`. */
export function parseTtl(text: string): number {
  return text === 'never' ? Number.POSITIVE_INFINITY : durationMs(text as '1s', 'ttl');
}

/** As requests have it; nothing at all for the server's default. */
export function wireTtl(ttlMs: number | undefined): { ttl?: Duration; neverExpires?: boolean } {
  if (ttlMs === undefined) return {};
  return ttlMs === Number.POSITIVE_INFINITY ? { neverExpires: true } : { ttl: duration(ttlMs) };
}

/** Unix milliseconds; `null` for no time at all. */
export function millisecondsOf(time: Timestamp__Output | null): number | null {
  return time === null ? null : Number(time.seconds) * 1_000 + Math.floor(time.nanos / 1_000_000);
}
