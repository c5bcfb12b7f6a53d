import { HoldfastError } from '../errors.ts';
import type { FileSystem } from '../ports/file-system.ts';
import { decodeManifest, FIRST_MANIFEST, MANIFEST_NAMES, type Manifest } from './manifest.ts';

export interface ReadManifest {
  readonly manifest: Manifest;
  /**
   * False if the copies are not both there and the same: they are to be written again. The newer
   * one of a killed process may never have been synced.
   */
  readonly isWhole: boolean;
}

/**
 * The newest manifest of the directory. Throws `CORRUPT` for a format from the future; damage to
 * both copies is reported and means that no main file counts.
 */
export async function readManifest(
  fileSystem: FileSystem,
  directory: string,
  names: readonly string[],
  onDamage: (error: HoldfastError) => void,
): Promise<ReadManifest> {
  const present = MANIFEST_NAMES.filter((name) => names.includes(name));
  const found: Manifest[] = [];
  for (const name of present) {
    const manifest = await readCopy(fileSystem, `${directory}/${name}`, onDamage);
    if (manifest !== undefined) found.push(manifest);
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
  path: string,
  onDamage: (error: HoldfastError) => void,
): Promise<Manifest | undefined> {
  const file = await fileSystem.open(path, 'read');
  try {
    const bytes = new Uint8Array(await file.size());
    const read = await file.read(bytes, 0);
    return decodeManifest(bytes.subarray(0, read));
  } catch (error) {
    const failure = HoldfastError.from(error);
    if (failure.code === 'CORRUPT') throw failure;
    onDamage(failure);
    return undefined;
  } finally {
    await file.close();
  }
}
