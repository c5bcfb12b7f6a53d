/** The `Fence` of a write, decoded as the rest of operation-decoder.ts is. */
import type { Fence } from '@holdfast/core/backend';
import { LOCK_NAME_BYTES_MAX } from '@holdfast/core/client';
import { assertAtEnd, type Reader, readUint64, skipField } from '../wire/message-reader.ts';
import { textOf } from './utf8-text.ts';

export function readFence(reader: Reader, end: number): Fence {
  let name = '';
  let token = 0n;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x0a) name = textOf(reader.bytes(), LOCK_NAME_BYTES_MAX);
    else if (tag === 0x10) token = readUint64(reader);
    else skipField(reader, tag);
  }
  assertAtEnd(reader, end);
  return { name, token };
}

/** Whether it names no lock. */
export function isInvalidFence(fence: Fence | undefined): boolean {
  return fence !== undefined && fence.name === '';
}
