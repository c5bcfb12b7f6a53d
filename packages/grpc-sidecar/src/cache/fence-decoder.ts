/** The `Fence` of a write, decoded as the rest of operation-decoder.ts is. */
import type { Fence } from '@holdfast/core/backend';
import { LOCK_NAME_BYTES_MAX } from '@holdfast/core/client';
import { assertAtEnd, type Reader, readUint64, skipField } from '../wire/message-reader.ts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function readFence(reader: Reader, end: number): Fence {
  let name = '';
  let token = 0n;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === 0x0a) name = textOf(reader.bytes());
    else if (tag === 0x10) token = readUint64(reader);
    else skipField(reader, tag);
  }
  assertAtEnd(reader, end);
  return { name, token };
}

/** Empty for what no lock can be called. */
function textOf(bytes: Uint8Array): string {
  if (bytes.length > LOCK_NAME_BYTES_MAX) return '';
  try {
    return strictUtf8.decode(bytes);
  } catch {
    // Not UTF-8: the same answer as for no name.
    return '';
  }
}

/** Whether it names no lock. */
export function isInvalidFence(fence: Fence | undefined): boolean {
  return fence !== undefined && fence.name === '';
}
