/**
 * Why the engine never serves older data than it has acknowledged, or shown: every rule that is
 * needed for it, each with what goes wrong without it. `store.ts` follows them and `mutants.ts`
 * takes them away one by one. N1 to N8 are the numbers of the design.
 *
 * The trouble: a key may have several records on disk, and a crash brings back whatever files are
 * there. Recovery shows the record with the highest sequence, so an older one is harmless for as
 * long as the newer one exists. But files are freed in no order: once the newer record's file is
 * gone, the older one is the newest there is, and it is back from the dead.
 *
 * ```
 *   young log   y1 ─► y2 ─► y3      every write; freed oldest first, so nothing older than what is
 *                │ hot records      freed stays behind *in the young log*
 *                ▼
 *   main        m4   m5   m6        copies; freed in any order, by expiry or for room
 * ```
 * The answer: a record knows until when something older of its key may lie in main (`hidesUntil`,
 * in the design `until`). Freed before that time, it leaves a tombstone in another main file.
 */
export interface Rules {
  // ---- N2: what a write remembers of the record it replaces

  /** If that lies in main, it must stay hidden until it would have expired. */
  readonly hidesRecordsInMain: boolean;
  /** So must one whose file is being freed: it may have been copied to main already. */
  readonly hidesRecordsBeingFreed: boolean;
  /** What the replaced record was hiding has to stay hidden as well. */
  readonly inheritsHiding: boolean;
  /** A copy in main goes on hiding what its original hid. */
  readonly copiesHiding: boolean;

  // ---- N3: what a file leaves behind when it is freed

  /** A record that still hides something leaves a tombstone in main. */
  readonly leavesTombstones: boolean;
  /** So does a put that was replaced or has expired: being dead, it hides as before. */
  readonly leavesTombstonesForDeadPuts: boolean;
  /** So does a live put that nobody wants any more. */
  readonly leavesTombstonesForColdPuts: boolean;
  /** A newer record makes a tombstone needless only if it hides for as long. */
  readonly comparesHiding: boolean;
  /** No tombstone if nothing older of any key lies in another main file. Saves bytes. */
  readonly savesNeedlessTombstones: boolean;
  /** A copy keeps its record's sequence: it is the same write. */
  readonly copiesKeepSequence: boolean;

  // ---- N4: what may be dropped without reading it

  /** A file is dropped once its records have expired *and* hide nothing any more. */
  readonly dropsOnlyWhatHidesNothing: boolean;

  // ---- N5: the order of I/O

  /** Copies and tombstones are synced before the file they come from is unlinked. */
  readonly syncsBeforeUnlinking: boolean;
  /**
   * The index forgets a freed record only when its file is gone, not while a crash may bring it.
   */
  readonly forgetsAfterUnlinking: boolean;
  /** Gone means that the directory was synced. */
  readonly syncsUnlinks: boolean;

  // ---- N6: which record recovery shows

  /** An expired record hides older ones, as a live one does. */
  readonly expiredRecordsHide: boolean;
  /** Between a record and its copy, the one in main counts: N2 has to know that it is there. */
  readonly mainWinsTies: boolean;
  /** Between a record of main and its copy, the copy counts: it was made in a newer file. */
  readonly copiesGoToNewerFiles: boolean;
  /**
   * Between a record and the tombstone it left, the tombstone counts. The engine lets the record
   * count: what made it dead may not be durable there, while here every write is.
   */
  readonly tombstonesWinTies: boolean;

  // ---- N7 and what N2 relies on: the order of freeing

  /** The young log is freed oldest first: only main can hold something older. */
  readonly freesYoungInOrder: boolean;
  /** Young files of an earlier opening, whose copies nobody remembers, go before any of main. */
  readonly freesEarlierYoungFirst: boolean;
  /** So does a file of main that was being freed when the crash came: its records lie twice. */
  readonly freesInterruptedFirst: boolean;
  /**
   * Nor is any other file of main dropped before, though all in it has expired: a tombstone there
   * may be what holds back the very record it was left for, which lives longer.
   */
  readonly dropsWaitForLeftovers: boolean;
  /** Main files are freed in any order, not by age. Freedom, not safety. */
  readonly freesMainInAnyOrder: boolean;

  // ---- N8: clear is a record; what has a lower sequence than it is hidden

  /** Files that hold cleared records only are unlinked once the clear is durable. */
  readonly syncsClearsFirst: boolean;
  /** Before a clear's file goes, the superblock takes its sequence over as a floor. */
  readonly clearsLeaveFloor: boolean;
}

export const ALL_RULES: Rules = {
  hidesRecordsInMain: true,
  hidesRecordsBeingFreed: true,
  inheritsHiding: true,
  copiesHiding: true,
  leavesTombstones: true,
  leavesTombstonesForDeadPuts: true,
  leavesTombstonesForColdPuts: true,
  comparesHiding: true,
  savesNeedlessTombstones: true,
  copiesKeepSequence: true,
  dropsOnlyWhatHidesNothing: true,
  syncsBeforeUnlinking: true,
  forgetsAfterUnlinking: true,
  syncsUnlinks: true,
  expiredRecordsHide: true,
  mainWinsTies: true,
  copiesGoToNewerFiles: true,
  tombstonesWinTies: true,
  freesYoungInOrder: true,
  freesEarlierYoungFirst: true,
  freesInterruptedFirst: true,
  dropsWaitForLeftovers: true,
  freesMainInAnyOrder: true,
  syncsClearsFirst: true,
  clearsLeaveFloor: true,
};
