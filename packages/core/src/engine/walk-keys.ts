import type { Slot } from './index-slot.ts';
import { isTextKey, keyLength, keyStart } from './record.ts';
import type { RecordTable } from './record-table.ts';

export type WalkedKey = { readonly key: Uint8Array; readonly isText: boolean };

/**
 * Walks the keys of all records that `isLive` says are, each exactly once, in no particular order,
 * some at a time. It is asked with the record in `table.found`. Keys that are set or deleted
 * meanwhile may or may not be seen.
 */
export function* walkKeys(
  table: RecordTable,
  isLive: () => boolean,
): Generator<readonly WalkedKey[]> {
  const { index, found } = table;
  const { bucketCount } = index;
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const keys: WalkedKey[] = [];
    const visit = (slot: Slot): void => {
      if (!table.load(slot) || !isLive()) return;
      const { memory, offset } = found;
      const start = keyStart(memory.words, offset);
      const key = new Uint8Array(keyLength(memory.words, offset));
      key.set(memory.bytes.subarray(start, start + key.length));
      keys.push({ key, isText: isTextKey(memory.words, offset) });
    };
    index.visitBucket(bucket, bucketCount, visit);
    if (keys.length > 0) yield keys;
  }
}
