// Goal: each file is synced once, a few at a time, and an opening knows of one that could not be.
// Method: files whose syncs end when the test says so.
// Not covered: that a power cut takes nothing that was recovered (the simulated histories).
import { expect, test } from 'vitest';
import type { FileSystem, OpenFile } from '../ports/file-system.ts';
import type { LaneFile } from './lane-listing.ts';
import { TailSync } from './tail-sync.ts';

interface Sync {
  readonly name: string;
  end(error?: Error): void;
}

function openTailSync() {
  const syncs: Sync[] = [];
  const open: string[] = [];
  const openSync = (path: string): OpenFile => {
    const name = path.slice('/d/'.length);
    open.push(name);
    const file: Pick<OpenFile, 'datasync' | 'close'> = {
      datasync: () =>
        new Promise((resolve, reject) => {
          syncs.push({ name, end: (error) => (error === undefined ? resolve() : reject(error)) });
        }),
      close: async () => {
        open.splice(open.indexOf(name), 1);
      },
    };
    return file as OpenFile;
  };
  const fileSystem = { openSync } as unknown as FileSystem;
  return { tailSync: new TailSync({ fileSystem, directory: '/d' }), syncs, open };
}

const FILES = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name }) as LaneFile);

/** Lets everything go on that waits for nothing else. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

test('three are synced at a time, each once', async () => {
  const { tailSync, syncs, open } = openTailSync();
  tailSync.start(FILES.slice(0, 4));
  const finished = tailSync.finish(FILES);
  expect(syncs.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  for (let ended = 0; ended < FILES.length; ended++) {
    expect(open.length).toBeLessThanOrEqual(3);
    syncs[ended]!.end();
    await settle();
  }
  await finished;
  expect(syncs.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(open).toEqual([]);
});

test('after one that failed none is begun, and finishing fails', async () => {
  const { tailSync, syncs, open } = openTailSync();
  tailSync.start(FILES);
  syncs[0]!.end(new Error('EIO'));
  await settle();
  const finished = tailSync.finish(FILES);
  for (const { end } of syncs.slice(1)) end();
  await expect(finished).rejects.toThrow('EIO');
  expect(syncs.length).toBe(3);
  expect(open).toEqual([]);
});

test('an opening that has failed waits for those under way, and begins no others', async () => {
  const { tailSync, syncs, open } = openTailSync();
  tailSync.start(FILES);
  const dropped = tailSync.drop();
  expect(open).toEqual(['a', 'b', 'c']);
  for (const { end } of syncs) end();
  await dropped;
  expect(syncs.length).toBe(3);
  expect(open).toEqual([]);
});
