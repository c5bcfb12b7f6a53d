import type { Rules } from './rules.ts';

/** What becomes of the property when one rule is taken away. */
export interface Mutant {
  readonly without: keyof Rules;
  /** What it is that goes wrong, in a word; or why nothing does. */
  readonly reason: string;
  /** Where to start looking for what is rare. Default 1. */
  readonly firstSeed?: number;
}

/** Each of these brings old data back. */
export const HARMFUL: readonly Mutant[] = [
  {
    without: 'hidesRecordsInMain',
    reason: 'the replacing record is freed first, and what it replaced is the newest there is',
  },
  {
    without: 'hidesRecordsBeingFreed',
    reason: 'the replaced record had been copied a moment before: the copy is what comes back',
  },
  {
    without: 'copiesHiding',
    reason: 'the copy is freed without a tombstone, while what its original hid is still there',
  },
  {
    without: 'leavesTombstones',
    reason: 'a delete is freed from the young log, and the record in main is back',
  },
  {
    without: 'leavesTombstonesForDeadPuts',
    reason: 'a replaced put was the only one to hide something, and goes without a trace',
  },
  {
    without: 'leavesTombstonesForColdPuts',
    reason: 'a miss by eviction becomes a hit on an older value',
  },
  {
    without: 'comparesHiding',
    reason: 'the newer record goes early, having nothing to hide, and the older one went before it',
  },
  {
    without: 'copiesKeepSequence',
    reason: 'recovery cannot tell that a file lies there twice, and frees the copy first',
  },
  {
    without: 'dropsOnlyWhatHidesNothing',
    reason: 'a short-lived value hid a long-lived one, and its file is dropped when it expires',
  },
  {
    without: 'syncsBeforeUnlinking',
    reason: 'the tombstone was lost, the record it stood for was gone',
  },
  {
    without: 'forgetsAfterUnlinking',
    reason: 'a delete finds nothing, writes nothing, and the file survives the crash',
  },
  {
    without: 'syncsUnlinks',
    reason: 'the same: what memory has forgotten is back in the directory',
  },
  {
    without: 'expiredRecordsHide',
    reason: 'a value set for a second expires, and the one before it is back',
  },
  {
    without: 'mainWinsTies',
    reason: 'the index knows the original only, and a delete does not know of the copy',
  },
  {
    without: 'freesYoungInOrder',
    reason: 'the newest record of the log is freed, the older one behind it stays',
  },
  {
    without: 'freesEarlierYoungFirst',
    reason: 'the copy is evicted, a delete finds nothing, and the original is still in the log',
  },
  {
    without: 'freesInterruptedFirst',
    reason: 'the same, with the original in main',
  },
  {
    without: 'dropsWaitForLeftovers',
    reason: 'a tombstone expires before the record it was left for, which the crash had kept',
    firstSeed: 78_000,
  },
  {
    without: 'syncsClearsFirst',
    reason: 'the crash takes the clear, and the unlinks took the tombstones',
  },
  {
    without: 'clearsLeaveFloor',
    reason: 'the clear is freed from the young log before all that it hides is gone',
  },
];

/**
 * And these do not, in a million histories each (seeds from 1): they save bytes, or give freedom.
 * What is said of them is the argument; the histories only fail to refute it.
 */
export const HARMLESS: readonly Mutant[] = [
  {
    without: 'inheritsHiding',
    reason:
      'the replaced record leaves its own tombstone when it is freed, since the newer hides less',
  },
  {
    without: 'savesNeedlessTombstones',
    reason: 'a tombstone with nothing to hide hides nothing',
  },
  {
    without: 'copiesGoToNewerFiles',
    reason: 'whichever of the two counts, the file of the other one is freed first',
  },
  {
    without: 'tombstonesWinTies',
    reason: 'the record was still served when its tombstone was written, and may be again',
  },
  {
    without: 'freesMainInAnyOrder',
    reason: 'oldest first is one of the orders',
  },
];
