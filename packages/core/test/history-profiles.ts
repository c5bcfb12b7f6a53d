import type { HistoryOptions } from './history.ts';

/** Settings that bring out different parts of the engine. */
export const PROFILES: Readonly<Record<string, Omit<HistoryOptions, 'seed'>>> = {
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
};
