/**
 * What stands in a snapshot beside the index: everything else that an opening would find out from
 * the records. Plain data, for JSON, which writes `Infinity` as `null`: where a field may be one,
 * `null` is read as the other.
 */

import type { ExpiryState } from '../expiry/expiry-counter.ts';
import type { EngineParts } from './engine-parts.ts';
import type { FloorsState } from './floors.ts';
import type { IndexState } from './index-size.ts';
import type { Segment } from './segment.ts';
import { type SegmentHeader, segmentFileName } from './segment-header.ts';
import type { TaggedState } from './tagged-counts.ts';

export interface StoreState {
  /** The highest one given. */
  readonly sequence: number;
  readonly manifestVersion: number;
  readonly liveCount: number;
  readonly liveBytes: number;
  readonly index: IndexState;
  readonly expiry: ExpiryState;
  readonly tagged: TaggedState;
  readonly floors: FloorsState;
  /** The lane, oldest first, and main, in the order the segments were made. */
  readonly lane: readonly SegmentState[];
  readonly main: readonly SegmentState[];
}

export interface SegmentState {
  readonly name: string;
  readonly salt: number;
  /** What index slots know it by. */
  readonly tableSlot: number;
  readonly generation: number;
  /** Where its last record ends. */
  readonly head: number;
  readonly liveCount: number;
  readonly liveBytes: number;
  readonly lastExpiryMs: number | null;
  readonly untilMs: number | null;
  readonly hasTags: boolean;
  readonly recordCount: number;
  readonly tombstoneCount: number;
  readonly sequenceMax: number;
  readonly valueSequenceMin: number | null;
  readonly shapeCount: number;
  /** Of `SegmentTally`: values kept past their deadline, and those of each namespace. */
  readonly kept: number;
  readonly named: readonly (readonly [number, number])[];
}

/**
 * What of a store can be written down; `undefined` if an opening has to look for itself: not all of
 * it is durable, or something in it was lost.
 */
export function stateOf(parts: EngineParts, sequence: number): StoreState | undefined {
  const { log, main, table, floors, mainFiles, commit } = parts;
  if (mainFiles === undefined || commit === undefined) return undefined;
  const segments = [...log.lane, ...main.segments];
  const isWhole = !table.mayHideRecords && log.missingTail === undefined;
  const isSettled = !commit.isPoisoned && !commit.isRemoving;
  if (!isWhole || !isSettled || !segments.every(isPlain)) return undefined;
  const { index } = table;
  // What is left behind by segments that are gone would not be told from what is there.
  if (index.mayHoldStale) index.sweep(0, index.bucketCount);
  return {
    sequence,
    manifestVersion: mainFiles.manifestVersion,
    liveCount: table.liveCount,
    liveBytes: table.liveBytes,
    index: index.state,
    expiry: table.expiry.state,
    tagged: table.tagged.state,
    floors: floors.state,
    lane: log.lane.map(segmentState),
    main: main.segments.map(segmentState),
  };
}

/** All of it is on the disk, and nothing about it is out of the ordinary. */
function isPlain(segment: Segment): boolean {
  const { isDurable, isEncrypted, damage, goesFirst, rivals, missingTo } = segment;
  const isAsWritten = damage.length === 0 && missingTo === undefined && rivals === undefined;
  return isDurable && !isEncrypted && isAsWritten && !goesFirst;
}

function segmentState(segment: Segment): SegmentState {
  const { tally } = segment;
  return {
    name: segment.fileName,
    salt: segment.header.salt,
    tableSlot: segment.tableSlot,
    generation: segment.generation,
    head: segment.head,
    liveCount: segment.liveCount,
    liveBytes: segment.liveBytes,
    lastExpiryMs: segment.lastExpiryMs,
    untilMs: segment.untilMs,
    hasTags: segment.hasTags,
    recordCount: segment.recordCount,
    tombstoneCount: segment.tombstoneCount,
    sequenceMax: segment.sequenceMax,
    valueSequenceMin: segment.valueSequenceMin,
    shapeCount: segment.shapeCount,
    kept: tally?.kept ?? 0,
    named: [...(tally?.named ?? [])],
  };
}

/** Whether a file's header is that of the segment. */
export function isHeaderOf(state: SegmentState, header: SegmentHeader): boolean {
  return segmentFileName(header) === state.name && header.salt === state.salt;
}

/** Gives a segment that was just adopted what was known of it. */
export function restoreSegment(segment: Segment, state: SegmentState): void {
  segment.liveCount = state.liveCount;
  segment.liveBytes = state.liveBytes;
  segment.lastExpiryMs = state.lastExpiryMs ?? Number.POSITIVE_INFINITY;
  segment.untilMs = state.untilMs ?? Number.POSITIVE_INFINITY;
  segment.hasTags = state.hasTags;
  segment.recordCount = state.recordCount;
  segment.tombstoneCount = state.tombstoneCount;
  segment.sequenceMax = state.sequenceMax;
  segment.valueSequenceMin = state.valueSequenceMin ?? Number.POSITIVE_INFINITY;
  segment.shapeCount = state.shapeCount;
  if (state.kept > 0 || state.named.length > 0) {
    segment.tally = { kept: state.kept, named: new Map(state.named) };
  }
}
