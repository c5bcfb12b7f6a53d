import type { Random } from '../ports/random.ts';
import type { Crc32 } from './crc32.ts';
import type { LoggedShapes } from './logged-shapes.ts';
import type { Segment } from './segment.ts';
import {
  encodeSegmentHeader,
  type FileId,
  type MainPlace,
  type SegmentHeader,
} from './segment-header.ts';
import type { SegmentTable } from './segment-table.ts';
import type { StoreClock } from './store-clock.ts';

/** What all segments of one opening are made with. */
export interface SegmentOrigin {
  readonly isPersistent: boolean;
  readonly segmentBytes: number;
  readonly epoch: number;
  readonly storeId: Uint8Array;
  readonly hashSeed: number;
  readonly clock: StoreClock;
  readonly random: Random;
  readonly crc32: Crc32;
  readonly shapes: LoggedShapes;
}

/** The header of a file that does not exist yet, under a name of its own. */
export function newHeader(
  { epoch, storeId, hashSeed, random }: SegmentOrigin,
  table: SegmentTable,
  place: Pick<
    SegmentHeader,
    'sequenceBase' | 'timeBaseMs' | 'previous' | 'previousLength' | 'main'
  >,
): SegmentHeader {
  const plain = {
    salt: new Int32Array(random.fill(new Uint8Array(4)).buffer)[0] as number,
    storeId,
    id: { epoch, number: table.nextNumber++ },
    hashSeed,
    ...place,
  };
  return table.keyring.protect(plain, random);
}

/** Makes a segment of `bytes`, its header written into its memory. */
export function openSegment(
  origin: SegmentOrigin,
  table: SegmentTable,
  place: {
    readonly bytes: number;
    readonly sequenceBase: number;
    readonly previous: FileId;
    readonly previousLength: number;
    readonly main: MainPlace | undefined;
  },
): Segment {
  const { bytes, ...chain } = place;
  const capacity = (bytes + 7) & -8;
  const header = newHeader(origin, table, { timeBaseMs: origin.clock.nowMs(), ...chain });
  const memory = table.pool.take(capacity);
  memory.bytes.set(encodeSegmentHeader(header));
  return table.add(header, memory, capacity);
}
