import { HoldfastError } from '../errors.ts';
import type { FileSystem } from '../ports/file-system.ts';
import { decodeManifest, FIRST_MANIFEST, MANIFEST_NAMES, type Manifest } from './manifest.ts';
import { readAgain } from './read-segment.ts';

export interface ReadManifest {
  readonly manifest: Manifest;
  /**
   * False if the copies are not both there and the same: they are to be written again. The newer
   * one of a killed process may never have been synced.
   */
  readonly isWhole: boolean;
}

/**
 * The newest manifest of the directory. Throws `CORRUPT` for a format from the future, and `IO` if
 * no copy is whole and one cannot be read; damage to both is reported and means that no main file
 * counts.
 */
export async function readManifest(
  fileSystem: FileSystem,
  directory: string,
  names: readonly string[],
  onDamage: (error: HoldfastError) => void,
): Promise<ReadManifest> {
  const present = MANIFEST_NAMES.filter((name) => names.includes(name));
  const found: Manifest[] = [];
  let failure: HoldfastError | undefined;
  for (const name of present) {
    try {
      const manifest = await readCopy(fileSystem, directory, name);
      if (manifest !== undefined) found.push(manifest);
    } catch (error) {
      failure = HoldfastError.from(error);
      if (failure.code === 'CORRUPT') throw failure;
    }
  }
  if (failure !== undefined) {
    if (found.length === 0) throw failure;
    // The other one is not older than what files were removed for, and is about to replace it.
    onDamage(failure);
  }
  // A first manifest may have been torn in the making: then there is one copy, and nothing lost.
  if (found.length === 0 && present.length === MANIFEST_NAMES.length) {
    const message = 'no readable manifest; the main generation is lost';
    onDamage(new HoldfastError('CORRUPT', message, { details: { directory } }));
  }
  const manifest = found.reduce(
    (newest, each) => (each.version > newest.version ? each : newest),
    FIRST_MANIFEST,
  );
  const isCurrent = found.filter(({ version }) => version === manifest.version);
  const isWhole = present.length === 0 || isCurrent.length === MANIFEST_NAMES.length;
  return { manifest, isWhole };
}

async function readCopy(
  fileSystem: FileSystem,
  directory: string,
  name: string,
): Promise<Manifest | undefined> {
  const file = await fileSystem.open(`${directory}/${name}`, 'read');
  try {
    const bytes = new Uint8Array(await file.size());
    const read = await readAgain(file, name, bytes, 0);
    return decodeManifest(bytes.subarray(0, read));
  } finally {
    await file.close();
  }
}
