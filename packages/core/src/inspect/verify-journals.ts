/**
 * Checks the lock journals of a store that nobody has open. The newest that begins whole is the one
 * an opening reads; older ones are left over, and newer ones are what a crash left of a beginning.
 */
import type { HoldfastError } from '../errors.ts';
import { hasFrameBehind, journalNumber, readFrames } from '../locks/journal/journal-format.ts';
import type { FileSystem } from '../ports/file-system.ts';
import type { InspectedDamage } from './inspection.ts';
import { readAround } from './read-around.ts';
import type { VerifiedFile, VerifiedStore } from './verify-store.ts';

export interface VerifiedJournals {
  readonly files: ReadonlyMap<string, VerifiedFile>;
  readonly problems: VerifiedStore['problems'];
}

export async function verifyJournals(
  fileSystem: FileSystem,
  directory: string,
  names: readonly string[],
): Promise<VerifiedJournals> {
  const newestFirst = names
    .filter((name) => journalNumber(name) !== undefined)
    .sort((a, b) => Number(journalNumber(b)) - Number(journalNumber(a)));
  const files = new Map<string, VerifiedFile>();
  const beginnings: VerifiedFile[] = [];
  for (const name of newestFirst) {
    if (files.size > 0) {
      files.set(name, leftover(name));
      continue;
    }
    const { bytes, failure } = await readJournal(fileSystem, `${directory}/${name}`);
    const file = checkJournal(name, bytes);
    if (failure !== undefined) {
      // An opening fails for it, whatever else there is.
      const problem = { file: name, message: failure.message };
      return { files: files.set(name, file), problems: [problem] };
    }
    if (file.damage[0]?.offset === 0) beginnings.push(file);
    else files.set(name, file);
  }
  const isLost = files.size === 0 && beginnings.length > 0;
  for (const file of beginnings) files.set(file.name, isLost ? file : leftover(file.name));
  const message = 'no readable lock journal; leases of earlier processes are over';
  return { files, problems: isLost ? [{ message }] : [] };
}

function leftover(name: string): VerifiedFile {
  return { name, role: 'leftover', damage: [], torn: [] };
}

function checkJournal(name: string, bytes: Uint8Array): VerifiedFile {
  const { length } = bytes;
  const verified = { name, role: 'journal', bytes: length, damage: [], torn: [] } as const;
  const stretch = (offset: number, reason: string): InspectedDamage[] => [
    { type: 'damage', offset, bytes: length - offset, reason },
  ];
  const journal = readFrames(bytes);
  if (journal === undefined) return { ...verified, damage: stretch(0, 'it does not begin whole') };
  const { end, header } = journal;
  if (end === length) return verified;
  if (!hasFrameBehind(bytes, header.salt, end)) {
    return { ...verified, torn: stretch(end, 'a write under way') };
  }
  const reason = 'a frame whose checksum is wrong; it and what follows do not count';
  return { ...verified, damage: stretch(end, reason) };
}

/** What cannot be read is zeros, and damage like any other. */
async function readJournal(
  fileSystem: FileSystem,
  path: string,
): Promise<{ readonly bytes: Uint8Array; readonly failure: HoldfastError | undefined }> {
  const file = await fileSystem.open(path, 'read');
  try {
    const bytes = new Uint8Array(await file.size());
    return { bytes, failure: await readAround(file, bytes) };
  } finally {
    await file.close();
  }
}
