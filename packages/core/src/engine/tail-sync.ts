/**
 * Makes durable what recovery counts on: what a killed process wrote and did not sync can be read,
 * and a power cut could still take it. Most of it is done while records are read, since a sync
 * takes the disk's time and not the processor's.
 */

import type { FileSystem } from '../ports/file-system.ts';
import type { LaneFile } from './lane-listing.ts';

/** Of the four threads that a runtime has for files, one goes on reading. */
const SYNCS_AT_ONCE = 3;

export class TailSync {
  readonly #fileSystem: FileSystem;
  readonly #directory: string;
  readonly #begun = new Set<LaneFile>();
  #left: LaneFile[] = [];
  #underWay: Promise<void> = Promise.resolve();

  constructor({ fileSystem, directory }: { fileSystem: FileSystem; directory: string }) {
    this.#fileSystem = fileSystem;
    this.#directory = directory;
  }

  /** In the background: `finish` tells whether it failed. */
  start(files: readonly LaneFile[]): void {
    this.#underWay = this.#syncAll(files);
    this.#underWay.catch(() => {});
  }

  /** Resolves once all that was started is durable, and these as well; rejects if one is not. */
  async finish(files: readonly LaneFile[]): Promise<void> {
    await this.#underWay;
    await this.#syncAll(files);
  }

  /** The opening has failed: resolves once nothing is under way any more. */
  async drop(): Promise<void> {
    this.#left = [];
    await this.#underWay.catch(() => {});
  }

  async #syncAll(files: readonly LaneFile[]): Promise<void> {
    this.#left = files.filter((file) => !this.#begun.has(file));
    const ends = await Promise.allSettled(
      Array.from({ length: SYNCS_AT_ONCE }, async () => await this.#syncNext()),
    );
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  async #syncNext(): Promise<void> {
    for (;;) {
      const next = this.#left.shift();
      if (next === undefined) return;
      this.#begun.add(next);
      await this.#sync(next).catch((error: unknown) => {
        this.#left = [];
        throw error;
      });
    }
  }

  async #sync({ name }: LaneFile): Promise<void> {
    // Blocking, for some microseconds: whoever reads records seldom yields.
    const file = this.#fileSystem.openSync(`${this.#directory}/${name}`, 'update');
    try {
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}
