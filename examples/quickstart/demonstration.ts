import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Cache, openCache } from '@holdfast/node';
import type { ChildProcesses } from './child-processes.ts';
import { type DocumentList, readDocument } from './documents.ts';
import type { Report } from './report.ts';

/** What the sections share. */
export interface Demonstration {
  readonly report: Report;
  readonly processes: ChildProcesses;
  /** For sockets and notes; removed at the end. */
  readonly temporaryFolder: string;
  /** Where the store is. */
  readonly directory: string;
  readonly sourceFolder: string;
  readonly documents: DocumentList;
  /** Of each document, which revision the store holds: see `storedValue`. */
  readonly revisions: Uint32Array;
  readonly memoryBytesMax: number;
}

/** The document is not in the store. */
export const NO_REVISION = 0;
/** The document as section 1 loads it. */
export const FIRST_REVISION = 1;

/** The first revision of a document is the file's content itself; later ones are wrapped. */
export function storedValue(content: unknown, revision: number): unknown {
  if (revision === NO_REVISION) return undefined;
  return revision === FIRST_REVISION ? content : { revision, content };
}

/**
 * Opens the store. It may grow as it likes, since nothing of the demonstration is to be evicted.
 */
export function openStore(demonstration: Demonstration): Promise<Cache> {
  const { directory, memoryBytesMax, report } = demonstration;
  return openCache({
    directory,
    memoryBytesMax,
    diskBytesMax: Number.POSITIVE_INFINITY,
    onError: (error) => report.figure('store says', error.message),
  });
}

/**
 * Reads the files again and compares. Resolves to the paths of the documents that are not what they
 * ought to be.
 */
export async function compareAll(
  { documents, sourceFolder, revisions, report }: Demonstration,
  readMany: (paths: readonly string[]) => Promise<readonly unknown[]>,
): Promise<string[]> {
  const wrong: string[] = [];
  const progress = report.progress('comparing', documents.paths.length);
  for (const chunk of chunksOf(scattered(documents.paths.length))) {
    const values = await readMany(chunk.map((index) => documents.paths[index]!));
    for (const [at, index] of chunk.entries()) {
      const path = documents.paths[index]!;
      const content = readDocument(sourceFolder, path).value;
      const isRight = isDeepStrictEqual(values[at], storedValue(content, revisions[index]!));
      if (!isRight) wrong.push(path);
    }
    await progress.advance(chunk.length);
  }
  progress.finish();
  return wrong;
}

/** What a check says when it fails: how many, and which for example. */
export function examplesOf(paths: readonly string[]): string {
  if (paths.length === 0) return '';
  return `${paths.length} are not, such as ${paths.slice(0, 3).join(', ')}`;
}

export function* chunksOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += CHUNK) yield all.slice(at, at + CHUNK);
}

export function folderBytes(folder: string): { files: number; bytes: number } {
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  return { files: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

/** How much is done between two chances for timers, children and signals. */
const CHUNK = 128;

/** All indexes in an order that has nothing to do with that of the files. */
function scattered(count: number): number[] {
  const stride = count % 7_919 === 0 ? 1 : 7_919;
  return Array.from({ length: count }, (_, index) => (index * stride) % count);
}
