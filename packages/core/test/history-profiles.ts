import { simulatedCipher } from '../src/testing/index.ts';
import { History } from './history.ts';
import type { HistoryOptions } from './history-options.ts';

export type Profile = Omit<HistoryOptions, 'seed' | 'profile'>;

const ENCRYPTION = {
  cipher: simulatedCipher,
  keys: ['spring', 'summer', 'autumn'].map((id, index) => ({
    id,
    key: new Uint8Array(32).fill(index),
  })),
};

/** Settings that bring out different parts of the engine. */
export const PROFILES: Readonly<Record<string, Profile>> = {
  'with room for everything': {},
  'with little memory': { settings: { memoryBytesMax: 4_096 } },
  'with a full disk limit': {
    evicts: true,
    settings: { memoryBytesMax: 16_384, diskBytesMax: 10_240 },
  },
  'in large segments, over sectors that held other files': {
    staleSectors: true,
    settings: { segmentBytes: 16_384 },
  },
  'in many short openings': { openings: 12, steps: 8, keys: 4 },
  'of objects': { values: 'objects', settings: { memoryBytesMax: 4_096 } },
  'of objects, with a full disk limit': {
    values: 'objects',
    evicts: true,
    settings: { memoryBytesMax: 16_384, diskBytesMax: 10_240 },
  },
  'of many keys': { keys: 60, steps: 120, openings: 3, settings: { memoryBytesMax: 8_192 } },
  'with main files by hash prefix': { settings: { hashPrefixLength: 1, memoryBytesMax: 16_384 } },
  'closed more often than killed': { closeChance: 0.8, openings: 6, values: 'objects' },
  'with clocks that jump by days': { jumpMs: 86_400_000, staysBehind: true },
  'encrypted objects, with a full disk limit': {
    values: 'objects',
    evicts: true,
    settings: { memoryBytesMax: 16_384, diskBytesMax: 12_288, encryption: ENCRYPTION },
  },
  'encrypted, with keys that rotate': {
    rotates: true,
    openings: 6,
    settings: { memoryBytesMax: 8_192, encryption: ENCRYPTION },
  },
  'encrypted, with rotting sectors': {
    rotates: true,
    trouble: 'rot',
    settings: { memoryBytesMax: 4_096, encryption: ENCRYPTION },
  },
  'with rotting sectors': { trouble: 'rot', settings: { memoryBytesMax: 4_096 } },
  'with stray writes': { trouble: 'stray writes', settings: { memoryBytesMax: 4_096 } },
  'with syncs that lie': { trouble: 'lies', openings: 6 },
  'on a disk that is full now and then': {
    trouble: 'full disk',
    evicts: true,
    troubleChance: 0.08,
    steps: 80,
    settings: { memoryBytesMax: 16_384 },
  },
  'with failing writes and syncs': {
    trouble: 'failures',
    steps: 120,
    failing: ['write', 'datasync', 'datasync', 'syncDirectory'],
    troubleChance: 0.15,
    // A full disk costs it nothing either.
    settings: { memoryBytesMax: 16_384, diskBytesMax: Number.POSITIVE_INFINITY },
  },
  'encrypted, with failing calls and a full disk limit': {
    trouble: 'failures',
    evicts: true,
    openings: 6,
    settings: { memoryBytesMax: 8_192, diskBytesMax: 12_288, encryption: ENCRYPTION },
  },
  'with failing calls': { trouble: 'failures', openings: 6, settings: { memoryBytesMax: 4_096 } },
};

/** Plays one history of a profile, and says how often what happened in it. */
export async function playProfile(name: string, seed: number): Promise<History['counts']> {
  const history = new History({ ...PROFILES[name], profile: name, seed });
  await history.run();
  return history.counts;
}
