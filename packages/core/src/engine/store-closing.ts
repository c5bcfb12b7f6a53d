import type { FileSystem } from '../ports/file-system.ts';
import type { EngineParts } from './engine-parts.ts';
import { snapshotName, writeSnapshot } from './index-snapshot.ts';
import { stateOf } from './index-state.ts';
import type { LoggedShapes } from './logged-shapes.ts';
import { closeStore } from './open-store.ts';
import type { EngineSettings } from './settings.ts';
import type { LaneTail, Superblock } from './superblock.ts';
import type { WarmUp } from './warm-up.ts';

/** A store of fewer entries is opened in no time as it is. */
const SNAPSHOT_ENTRIES_MIN = 16_384;

/** Whether a snapshot is written, or read, at all. What it says of keys would be in the clear. */
export function mayHaveSnapshot({ snapshotEntriesMin, encryption }: EngineSettings): boolean {
  return encryption === undefined && snapshotEntriesMin !== Number.POSITIVE_INFINITY;
}

export interface StoreClosingOptions {
  readonly fileSystem: FileSystem;
  readonly settings: EngineSettings;
  readonly superblock: Superblock;
  readonly parts: EngineParts;
  readonly shapes: LoggedShapes;
  readonly warmUp: WarmUp;
}

/** What is done for a store's next opening when this one ends. */
export class StoreClosing {
  readonly #options: StoreClosingOptions;

  constructor(options: StoreClosingOptions) {
    this.#options = options;
  }

  /** Before the last sync: what is to be written down has to be durable. */
  async prepare(): Promise<void> {
    const { parts, warmUp } = this.#options;
    const { commit, main } = parts;
    warmUp.stop();
    if (commit === undefined || commit.refusal !== undefined || !this.#wantsSnapshot) return;
    if (!commit.isRemoving && main.segments.every(({ isDurable }) => isDurable)) return;
    // Without it there is no snapshot, and nothing else amiss. It is not waited for: on a disk that
    // is full it may never come to it.
    commit.remove([]).catch(() => {});
    await commit.idle();
  }

  /** After it: writes down where the lane ended, and what the index has come to. */
  async finish(tail: LaneTail | undefined, sequence: number): Promise<void> {
    const { fileSystem, superblock, parts, settings } = this.#options;
    const { directory } = settings;
    const storeTimeMs = parts.clock.nowMs();
    if (this.#wantsSnapshot) await this.#writeSnapshot(sequence);
    await closeStore({ fileSystem, directory, superblock, tail, storeTimeMs });
  }

  get #wantsSnapshot(): boolean {
    const { settings, parts } = this.#options;
    const { snapshotEntriesMin = SNAPSHOT_ENTRIES_MIN } = settings;
    return mayHaveSnapshot(settings) && parts.table.liveCount >= snapshotEntriesMin;
  }

  async #writeSnapshot(sequence: number): Promise<void> {
    const { fileSystem, superblock, parts, settings, shapes } = this.#options;
    const state = stateOf(parts, sequence);
    if (state === undefined) return;
    const encoded = shapes.count === 0 ? new Uint8Array(0) : shapes.encode();
    const path = `${settings.directory}/${snapshotName(superblock.epoch)}`;
    try {
      const file = await fileSystem.open(path, 'create');
      const { index } = parts.table;
      const content = { shapes: encoded, state };
      await writeSnapshot(file, superblock, index, content, parts.crc32).finally(() =>
        file.close(),
      );
    } catch {
      // Without a snapshot the next opening reads the records. Half of one would only take room.
      await fileSystem.remove(path).catch(() => {});
    }
  }
}
