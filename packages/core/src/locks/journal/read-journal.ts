import type { EncryptionSettings } from '../../engine/keyring.ts';
import { HoldfastError } from '../../errors.ts';
import type { BootTime } from '../../ports/boot.ts';
import type { Clock } from '../../ports/clock.ts';
import type { FileSystem } from '../../ports/file-system.ts';
import type { RestoredLocks } from '../restored-locks.ts';
import { decodeJournal, journalName, journalNumber, readFrames } from './journal-format.ts';
import { JournalReplay } from './journal-replay.ts';
import { JournalSeal, keyError } from './journal-seal.ts';

export interface ReadJournal {
  /** `undefined` if there is nothing that can be read. */
  readonly locks: RestoredLocks | undefined;
  /** Of all files, readable or not, the newest first. */
  readonly numbers: readonly number[];
}

/**
 * What the journals of a directory say: the newest file that begins whole counts. Files that do not
 * are what a crash left of a beginning, or damaged: reported if none is whole. Rejects with `IO` if
 * one cannot be read: what it holds must not be given to somebody else; with `INVALID_ARGUMENT` if
 * it is encrypted with a key that `encryption` has not.
 */
export async function readLockJournal(options: {
  readonly fileSystem: FileSystem;
  readonly directory: string;
  readonly clock: Clock;
  readonly boot: BootTime | undefined;
  readonly encryption: EncryptionSettings | undefined;
  readonly onDamage: (error: HoldfastError) => void;
}): Promise<ReadJournal> {
  const { fileSystem, directory, clock, boot, encryption } = options;
  const names = await fileSystem.list(directory);
  const numbers = names.flatMap((name) => journalNumber(name) ?? []).sort((a, b) => b - a);
  for (const number of numbers) {
    const bytes = await readWhole(fileSystem, `${directory}/${journalName(number)}`);
    const frames = readFrames(bytes);
    if (frames === undefined) continue;
    const seal = JournalSeal.of(frames.header, encryption);
    const journal = decodeJournal(frames, seal);
    if (journal === undefined) {
      const message = 'the lock journal is encrypted with another key of this id';
      throw keyError(message, seal?.keyId ?? '');
    }
    const replay = new JournalReplay();
    replay.play(journal.start.entries);
    for (const batch of journal.batches) replay.play(batch);
    const isSameBoot = boot !== undefined && journal.start.bootId === boot.id;
    const nowMs = clock.monotonicMs();
    const shiftMs = isSameBoot ? nowMs - boot.uptimeMs : undefined;
    return { locks: replay.result({ nowMs, shiftMs }), numbers };
  }
  if (numbers.length > 0) {
    const message = 'no readable lock journal; leases of earlier processes are over';
    options.onDamage(new HoldfastError('CORRUPT', message, { details: { directory } }));
  }
  return { locks: undefined, numbers };
}

async function readWhole(fileSystem: FileSystem, path: string): Promise<Uint8Array> {
  const file = await fileSystem.open(path, 'read');
  try {
    const bytes = new Uint8Array(await file.size());
    const read = await file.read(bytes, 0);
    return bytes.subarray(0, read);
  } finally {
    await file.close();
  }
}
