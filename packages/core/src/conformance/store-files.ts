/** What tests of `cacheConformance` do to the files of a closed store. */

import type { FileSystem } from '../ports/file-system.ts';

/** The superblocks and young segments, by name. */
export async function contents(
  fileSystem: FileSystem,
  directory: string,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for (const name of await fileSystem.list(directory)) {
    if (!/^(y-.*\.seg|superblock-[ab])$/.test(name)) continue;
    found.set(name, await read(fileSystem, `${directory}/${name}`));
  }
  return found;
}

/** Makes `whole` all that there is. */
export async function restore(
  fileSystem: FileSystem,
  directory: string,
  whole: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  for (const name of (await contents(fileSystem, directory)).keys()) {
    await fileSystem.remove(`${directory}/${name}`);
  }
  for (const [name, content] of whole) await replace(fileSystem, `${directory}/${name}`, content);
}

export async function read(fileSystem: FileSystem, path: string): Promise<Uint8Array> {
  const file = await fileSystem.open(path, 'read');
  const content = new Uint8Array(await file.size());
  await file.read(content, 0);
  await file.close();
  return content;
}

export async function replace(
  fileSystem: FileSystem,
  path: string,
  content: Uint8Array,
): Promise<void> {
  await fileSystem.remove(path);
  const file = await fileSystem.open(path, 'create');
  await file.write(content, 0);
  await file.close();
}
