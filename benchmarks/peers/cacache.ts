import { join } from 'node:path';
import type { Contestant } from './contestant.ts';
import { FileStore } from './file-store.ts';
import { requirePeer } from './installed.ts';

interface Cacache {
  put(directory: string, key: string, data: string): Promise<unknown>;
  get(directory: string, key: string): Promise<{ data: Buffer }>;
}

// Two files a set, found through a hash of the content: about a millisecond.
const KEY_SHARE = 0.002;

export const cacache: Contestant = {
  name: 'cacache',
  note: 'persistent, JSON, content checked by SHA-512; no TTL, no bound, no sync; 0.2 % of the keys',
  keyShare: KEY_SHARE,
  open(directory) {
    const { put, get } = requirePeer<Cacache>('cacache');
    const folder = join(directory, 'cacache');
    return new FileStore({
      set: (key, value) => put(folder, key, JSON.stringify(value)),
      get: async (key) => JSON.parse((await get(folder, key)).data.toString()),
    });
  },
};
