/**
 * Reads a store's files while it is opened. That a disk refuses to read says nothing about what is
 * there: what would be given up for it might come back at the next opening, after a miss had been
 * seen. So a read that fails is tried again, and if it goes on failing the opening fails, with
 * nothing given up.
 */

import { HoldfastError } from '../errors.ts';
import type { OpenFile } from '../ports/file-system.ts';
import type { RecordMemory } from './record.ts';

/** The system below has tried as well: more than a hiccup is not to be sat out here. */
const ATTEMPTS = 4;

/**
 * As `file.read`, tried again a few times. Rejects with `IO`, whose `details` name the file, if it
 * goes on failing.
 */
export async function readAgain(
  file: OpenFile,
  name: string,
  into: Uint8Array,
  position: number,
): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await file.read(into, position);
    } catch (error) {
      if (attempt < ATTEMPTS) continue;
      const message = `the store cannot be read and is left as it is file=${name}`;
      const cause = HoldfastError.from(error);
      throw new HoldfastError('IO', message, { details: { ...cause.details, file: name }, cause });
    }
  }
}

/**
 * Fills `memory` with the first `length` bytes of a file, as they are there, and with zeros from
 * where it ends; resolves to how many there were. Closes it if that fails.
 */
export async function readSegment(
  file: OpenFile,
  name: string,
  memory: RecordMemory,
  length: number,
): Promise<number> {
  const into = memory.bytes.subarray(0, length);
  const read = await readAgain(file, name, into, 0).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  // Used memory may be given out again: what is not there must not look like records.
  memory.bytes.fill(0, read, length);
  return read;
}
