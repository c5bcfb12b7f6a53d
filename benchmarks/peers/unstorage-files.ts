import { join } from 'node:path';
import type { Contestant } from './contestant.ts';
import { FileStore } from './file-store.ts';
import { requirePeer } from './installed.ts';

interface Storage {
  setItem(key: string, value: unknown): Promise<void>;
  getItem(key: string): Promise<unknown>;
}

type FileDriver = (options: { base: string }) => unknown;

// A file a key.
const KEY_SHARE = 0.01;

export const unstorageFiles: Contestant = {
  name: 'unstorage, files',
  note: 'persistent, JSON, a file a key; no TTL, no bound, no sync; 1 % of the keys',
  keyShare: KEY_SHARE,
  open(directory) {
    const { createStorage } = requirePeer<{
      createStorage: (options: { driver: unknown }) => Storage;
    }>('unstorage');
    const driver = requirePeer<FileDriver>('unstorage/drivers/fs');
    const storage = createStorage({ driver: driver({ base: join(directory, 'unstorage') }) });
    return new FileStore({
      set: (key, value) => storage.setItem(key, value),
      get: async (key) => (await storage.getItem(key)) ?? undefined,
    });
  },
};
