/**
 * Files whose segments have been given other files, because a write or a sync of them failed. What
 * was durable in such a file may be nowhere else until its successor counts: then it is unlinked.
 * If that fails, it is tried again, and the next opening would do it as well: nothing counts there.
 */

import type { FileSystem } from '../ports/file-system.ts';
import type { Segment } from './segment.ts';

interface OldFile {
  readonly name: string;
  readonly closed: Promise<void>;
}

export class OldFiles {
  readonly #fileSystem: FileSystem;
  readonly #directory: string;
  #files: OldFile[] = [];

  constructor(fileSystem: FileSystem, directory: string) {
    this.#fileSystem = fileSystem;
    this.#directory = directory;
  }

  /** To be called before the segment gets another one. No sync of that descriptor ever follows. */
  keep(segment: Segment): void {
    if (segment.file !== undefined) this.#files.push(leave(segment));
  }

  /**
   * What segments were being moved to when that failed as well. In their order: while the first is
   * there it may count, and then the others have to be there.
   */
  async abandon(segments: readonly Segment[]): Promise<void> {
    const files = segments.map(leave);
    while (files.length > 0 && (await this.#unlink(files[0] as OldFile))) files.shift();
    this.#files.push(...files);
  }

  /** What took the place of all of them counts. */
  async drop(): Promise<void> {
    const files = this.#files;
    this.#files = [];
    for (const file of files) if (!(await this.#unlink(file))) this.#files.push(file);
  }

  async #unlink({ name, closed }: OldFile): Promise<boolean> {
    await closed;
    return this.#fileSystem.remove(`${this.#directory}/${name}`).then(
      () => true,
      () => false,
    );
  }
}

function leave(segment: Segment): OldFile {
  const { file, fileName: name } = segment;
  segment.file = undefined;
  // Its bytes are not trusted any more: there is nothing left that a failing close could tell.
  return { name, closed: file?.close().catch(() => {}) ?? Promise.resolve() };
}
