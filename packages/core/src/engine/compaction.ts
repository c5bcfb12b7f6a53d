/**
 * Frees the space of what is dead when the caller wants it, rather than when it is needed.
 *
 *     young: all of it, if enough is dead    ─┐
 *     main: each segment with enough dead    ─┴─► the cleaner's next, one by one ─► files gone
 *
 * What is live is copied to main, as in any reclaim. Each segment goes once: what comes to be in
 * the meantime is left for the next time.
 */

import { HoldfastError } from '../errors.ts';
import { isExpired, NEVER } from '../expiry/expiry.ts';
import type { EngineParts } from './engine-parts.ts';
import { purgeInvalidated } from './floors.ts';
import type { Segment } from './segment.ts';

/** What a compaction has done. */
export interface CompactionResult {
  /** Bytes of all segments when it began, and when it ended. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Segments that were freed. */
  readonly segmentsFreed: number;
}

/** Less than this is not worth a file: a quarter, since FRAMEs alone may be a sixth. */
const DEAD_SHARE_MIN = 0.25;
const DEAD_BYTES_MIN = 4096;

/** A segment that is still in use after so many turns stays. */
const TURNS_MAX = 1_000;

/** Rejects with `CLOSED` when the engine closes meanwhile, and with why nothing can be written. */
export async function compact(
  parts: EngineParts,
  engine: { readonly isClosed: () => boolean; readonly nextTurn: () => Promise<void> },
): Promise<CompactionResult> {
  const { log, main, commit, cleaner } = parts;
  const assertWorking = (): void => {
    if (engine.isClosed()) throw new HoldfastError('CLOSED', 'the store was closed before');
    if (commit?.refusal !== undefined) throw commit.refusal;
  };
  assertWorking();
  const bytesBefore = log.bytes + main.bytes;
  const wanted = chooseSegments(parts);
  await commit?.reach('synced');
  assertWorking();
  cleaner.wanted = [...wanted];
  let turns = 0;
  for (let left = cleaner.wanted.length; ; ) {
    cleaner.clean();
    if (cleaner.wanted.length === 0) break;
    turns = cleaner.wanted.length < left ? 0 : turns + 1;
    left = cleaner.wanted.length;
    if (turns === TURNS_MAX) cleaner.wanted.shift();
    await engine.nextTurn();
    assertWorking();
  }
  // Removals are done in order: with this one, all before it are.
  await commit?.remove([]);
  const { slots } = parts.segments;
  return {
    bytesBefore,
    bytesAfter: log.bytes + main.bytes,
    segmentsFreed: wanted.filter((each) => slots[each.tableSlot] !== each).length,
  };
}

/** Stops appending to what is to go, and names it: young from its oldest end, then main. */
function chooseSegments(parts: EngineParts): Segment[] {
  const { log, main, table, cleaner, commit, clock } = parts;
  const nowMs = clock.nowMs();
  purgeInvalidated(parts);
  const mayBeExpired = table.expiry.expiredBytes(nowMs) >= DEAD_BYTES_MIN;
  const isMeant = (segment: Segment): boolean =>
    isWorthIt(segment.head, isExpired(segment.lastExpiryMs, nowMs) ? 0 : segment.liveBytes) ||
    (mayBeExpired && segment.lastExpiryMs !== NEVER);
  main.sealThose(isMeant);
  const fromMain = main.segments.filter((segment) => segment.isSealed && isMeant(segment));
  let bytesLive = 0;
  for (const segment of log.lane) bytesLive += segment.liveBytes;
  if (isWorthIt(log.bytes, bytesLive) || (mayBeExpired && bytesLive > 0)) {
    const fromYoung = [...log.lane];
    log.seal();
    // The lane's newest file always stays: this one is empty.
    if (commit !== undefined) log.closeEmptyBatch();
    return [...fromYoung, ...fromMain];
  }
  // Rule N7: what an earlier opening has left goes before anything of main does.
  const isEarlier = ({ header }: Segment): boolean => header.id.epoch < log.epoch;
  const needed = fromMain.length > 0 && cleaner.hasEarlierYoung ? log.lane.filter(isEarlier) : [];
  if (needed.length === log.lane.length && needed.length > 0) log.closeEmptyBatch();
  return [...needed, ...fromMain];
}

function isWorthIt(bytes: number, bytesLive: number): boolean {
  const dead = bytes - bytesLive;
  return dead >= DEAD_BYTES_MIN && dead > bytes * DEAD_SHARE_MIN;
}
