import type { FileDamage, VerifyReport } from '../../engine/verification.ts';
import type { FileSystem } from '../../ports/file-system.ts';
import { readFrames } from './journal-format.ts';

/** Of a cache's locks, what `VerifyReport` is of its records. */
export type JournalReport = Pick<VerifyReport, 'files' | 'bytes' | 'damage'>;

export const NO_JOURNAL: JournalReport = { files: 0, bytes: 0, damage: [] };

/** Checks a journal that is in use: each of its `length` bytes has been written. */
export async function verifyJournal(
  fileSystem: FileSystem,
  directory: string,
  name: string,
  length: number,
): Promise<JournalReport> {
  const report = (what: FileDamage['what'], offset: number): JournalReport => ({
    files: 1,
    bytes: length,
    damage: [{ file: name, offset, bytes: length - offset, what }],
  });
  const names = await fileSystem.list(directory);
  if (!names.includes(name)) return report('missing', 0);
  const bytes = new Uint8Array(length);
  try {
    const file = await fileSystem.open(`${directory}/${name}`, 'read');
    try {
      if ((await file.size()) < length) return report('records', await file.size());
      await file.read(bytes, 0);
    } finally {
      await file.close();
    }
  } catch {
    // Why does not matter to who has to replace the disk; the report says which file.
    return report('unreadable', 0);
  }
  const journal = readFrames(bytes);
  if (journal === undefined) return report('header', 0);
  if (journal.end < length) return report('records', journal.end);
  return { files: 1, bytes: length, damage: [] };
}
