import type { EngineSettings } from '../src/engine/settings.ts';
import type { DiskCallKind } from '../src/testing/index.ts';
import type { DiskTroubleKind } from './disk-trouble.ts';
import type { ValuesUnderTest } from './engine-under-test.ts';

export interface HistoryOptions {
  readonly seed: number;
  readonly settings?: Partial<EngineSettings>;
  /** Live records may be missing: a limit makes the engine evict. */
  readonly evicts?: boolean;
  readonly openings?: number;
  readonly steps?: number;
  readonly keys?: number;
  readonly staleSectors?: boolean;
  readonly values?: ValuesUnderTest;
  /** What goes wrong with the disk besides crashes. */
  readonly trouble?: DiskTroubleKind;
  /** How often trouble begins, for each step. Default 0.04. */
  readonly troubleChance?: number;
  /** Which calls may fail, if that is the trouble. Default: any. */
  readonly failing?: readonly DiskCallKind[];
  /** How far the wall clock is set forward or back, and how long values live. Default 10 s. */
  readonly jumpMs?: number;
  /** Whether a clock that was set back may still be behind at the next opening. */
  readonly staysBehind?: boolean;
  /** The keys of `settings.encryption` take turns in being the first. */
  readonly rotates?: boolean;
  /** How often an opening ends with a closing rather than a crash. Default 0.1. */
  readonly closeChance?: number;
  /** The profile's name, to say how the history is played again. */
  readonly profile?: string;
}

/** What the opening of that number is opened with. */
export function settingsOf(options: HistoryOptions, opening: number): Partial<EngineSettings> {
  const { rotates = false } = options;
  // Every closing leaves a snapshot, however few entries there are.
  const settings = { snapshotEntriesMin: 1, ...options.settings };
  if (!rotates || settings.encryption === undefined) return settings;
  const { cipher, keys } = settings.encryption;
  const first = opening % keys.length;
  return {
    ...settings,
    encryption: { cipher, keys: [...keys.slice(first), ...keys.slice(0, first)] },
  };
}
