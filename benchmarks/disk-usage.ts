import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that the files under a directory take of the disk, in whole blocks. */
export function diskBytesUnder(directory: string): number {
  return filesUnder(directory).reduce((bytes, { blocks }) => bytes + blocks * 512, 0);
}

export function filesUnder(directory: string): Stats[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const entry = statSync(join(directory, name), { throwIfNoEntry: false });
    return entry?.isFile() ? [entry] : [];
  });
}
