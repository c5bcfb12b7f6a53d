import type { Slot } from './index-slot.ts';
import { isNamed, isTextKey, keyLength, keyStart } from './record.ts';
import type { RecordTable } from './record-table.ts';

export type WalkedKey = { readonly key: Uint8Array; readonly isText: boolean };

/**
 * Walks the keys of all records that `isLive` says are, each exactly once, in no particular order,
 * some at a time: those of the namespace with that prefix, without it, or if it is empty those in
 * none. `isLive` is asked with the record in `table.found`. Keys that are set or deleted meanwhile
 * may or may not be seen.
 */
export function* walkKeys(
  table: RecordTable,
  isLive: () => boolean,
  prefix: Uint8Array,
): Generator<readonly WalkedKey[]> {
  const { index, found } = table;
  const { bucketCount } = index;
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const keys: WalkedKey[] = [];
    const visit = (slot: Slot): void => {
      if (!table.load(slot)) return;
      const { words, bytes } = found.memory;
      const { offset } = found;
      if (isNamed(words, offset) !== prefix.length > 0) return;
      const start = keyStart(words, offset);
      const length = keyLength(words, offset);
      const whole = bytes.subarray(start, start + length);
      if (!prefix.every((byte, index) => whole[index] === byte) || !isLive()) return;
      // A copy: the record may move before anybody looks at it.
      const key = new Uint8Array(length - prefix.length);
      key.set(whole.subarray(prefix.length));
      keys.push({ key, isText: isTextKey(words, offset) });
    };
    index.visitBucket(bucket, bucketCount, visit);
    if (keys.length > 0) yield keys;
  }
}
